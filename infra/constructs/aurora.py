"""An Aurora PostgreSQL Serverless v2 cluster in its own VPC, open to our functions alone."""

from __future__ import annotations

from collections.abc import Mapping

from aws_cdk import CrossStackReferences, Duration, ReferenceStrength, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_rds as rds
from constructs import Construct

from infra.config import Aurora
from infra.constructs.acknowledgements import acknowledge
from infra.constructs.database import DatabaseLogin, Placement
from shared.db.server_settings import SERVER_SETTINGS

PERIOD = Duration.minutes(5)
DATABASE_NAME = "replies"
ADMIN_USER = "administrator"
MIGRATE_USER = "migrate"
APP_USER = "app"
AMAZON_LINUX_BUCKET = "de612dc2"  # how the name of its packages' bucket ends in every region
# The major version is one that CI runs the tests on. Newer minor versions are applied by RDS itself in the maintenance
# window; a first deployment should not have to wait for one to get their security fixes.
ENGINE_VERSION = rds.AuroraPostgresEngineVersion.VER_16_13


class AuroraDatabase(Construct):
    """The network, the cluster, and one login for the functions and one for migrations, both by IAM token."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        config: Aurora,
        retain: bool,
        protected: bool,
        log_retention: logs.RetentionDays,
    ) -> None:
        super().__init__(scope, id)
        vpc = self._network(config, log_retention)
        functions = ec2.SecurityGroup(
            self, "Functions", vpc=vpc, description="Functions of the reply pipeline", allow_all_outbound=False
        )
        functions.add_egress_rule(ec2.Peer.any_ipv4(), ec2.Port.tcp(443), "AWS, OpenAI and the providers")
        self.placement: Placement | None = Placement(
            vpc, ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS), functions
        )
        self.cluster = self._cluster(config, vpc, retain, protected, log_retention)
        self.cluster.connections.allow_default_port_from(functions, "Functions of the reply pipeline")
        self._weaken_references_to_instances()
        self.app = DatabaseLogin(
            variables={"DATABASE_URL": self._url(APP_USER), "DATABASE_IAM_AUTH": "true"},
            grant=lambda role: self._grant_connect(role, APP_USER),
        )
        self.migrate = DatabaseLogin(
            variables={
                "DATABASE_URL": self._url(MIGRATE_USER),
                "DATABASE_IAM_AUTH": "true",
                "DATABASE_ADMIN_SECRET": self._admin_secret_arn,
                "DATABASE_APP_USER": APP_USER,
            },
            grant=self._grant_migrate,
        )

    def load_metrics(self) -> Mapping[str, cloudwatch.IMetric]:
        load_of_instances = {
            f"instance{number}": cloudwatch.Metric(
                namespace="AWS/RDS",
                metric_name="DBLoad",
                dimensions_map={"DBInstanceIdentifier": instance},
                statistic="Average",
                period=PERIOD,
            )
            for number, instance in enumerate(self.cluster.instance_identifiers)
        }
        return {
            "capacity": self.cluster.metric_acu_utilization(period=PERIOD, statistic="Average"),
            "connections": self.cluster.metric_database_connections(period=PERIOD, statistic="Maximum"),
            "load": cloudwatch.MathExpression(
                expression=f"MAX([{', '.join(load_of_instances)}])",
                using_metrics=load_of_instances,
                label="sessions at work on the busiest instance",
                period=PERIOD,
            ),
        }

    @property
    def _admin_secret_arn(self) -> str:
        if self.cluster.secret is None:
            raise AssertionError("RDS keeps the administrator's password in a secret")
        return self.cluster.secret.secret_arn

    def _network(self, config: Aurora, log_retention: logs.RetentionDays) -> ec2.Vpc:
        vpc = ec2.Vpc(
            self,
            "Network",
            max_azs=2,  # Aurora wants two zones; a third would cost another NAT gateway
            nat_gateways=config.nat_gateways,
            restrict_default_security_group=False,  # nothing uses it, and restricting it takes a custom resource
            subnet_configuration=[
                ec2.SubnetConfiguration(name="Public", subnet_type=ec2.SubnetType.PUBLIC, cidr_mask=24),
                ec2.SubnetConfiguration(name="Functions", subnet_type=ec2.SubnetType.PRIVATE_WITH_EGRESS, cidr_mask=22),
                ec2.SubnetConfiguration(name="Database", subnet_type=ec2.SubnetType.PRIVATE_ISOLATED, cidr_mask=26),
            ],
        )
        flow_logs = logs.LogGroup(self, "FlowLogs", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        vpc.add_flow_log(
            "Rejected",
            destination=ec2.FlowLogDestination.to_cloud_watch_logs(flow_logs),
            traffic_type=ec2.FlowLogTrafficType.REJECT,  # what was refused is what an investigation asks for
        )
        # Free, and keeps what goes to S3 off the NAT gateway. Into buckets of this account only: nothing else of the
        # functions' is there (Lambda fetches their code by a way of its own).
        endpoint = vpc.add_gateway_endpoint("S3", service=ec2.GatewayVpcEndpointAwsService.S3)
        endpoint.add_to_policy(
            iam.PolicyStatement(
                principals=[iam.AnyPrincipal()],
                actions=["s3:*"],
                resources=["*"],
                conditions={"StringEquals": {"aws:ResourceAccount": Stack.of(self).account}},
            )
        )
        # A person's CloudShell in this network installs psql from there (docs/deploy.md, "SQL by hand").
        packages = f"arn:{Stack.of(self).partition}:s3:::al2023-repos-{Stack.of(self).region}-{AMAZON_LINUX_BUCKET}/*"
        endpoint.add_to_policy(
            iam.PolicyStatement(principals=[iam.AnyPrincipal()], actions=["s3:GetObject"], resources=[packages])
        )
        return vpc

    def _weaken_references_to_instances(self) -> None:
        """Lets the service stack read instances' names without an export, which would keep each of them for ever.

        Only what watches the database names them, and a reader may go. Whatever functions depend on (the network, the
        endpoint, the secrets) is exported: an accidental replacement is refused (docs/deploy.md, "When an export is in
        the way").
        """
        for child in self.cluster.node.find_all():
            if isinstance(child, rds.CfnDBInstance):
                CrossStackReferences.of(child).produce(ReferenceStrength.WEAK)

    def _cluster(
        self, config: Aurora, vpc: ec2.Vpc, retain: bool, protected: bool, log_retention: logs.RetentionDays
    ) -> rds.DatabaseCluster:
        engine = rds.DatabaseClusterEngine.aurora_postgres(version=ENGINE_VERSION)
        cluster = rds.DatabaseCluster(
            self,
            "Cluster",
            engine=engine,
            vpc=vpc,
            vpc_subnets=ec2.SubnetSelection(subnet_type=ec2.SubnetType.PRIVATE_ISOLATED),
            writer=rds.ClusterInstance.serverless_v2(
                "Writer", publicly_accessible=False, enable_performance_insights=True
            ),
            readers=[
                # Scales with the writer, so that after a failover it is as large as what it replaces.
                rds.ClusterInstance.serverless_v2(
                    f"Reader{number}",
                    scale_with_writer=True,
                    publicly_accessible=False,
                    enable_performance_insights=True,
                )
                for number in range(1, config.readers + 1)
            ],
            serverless_v2_min_capacity=config.min_acu,
            serverless_v2_max_capacity=config.max_acu,
            default_database_name=DATABASE_NAME,
            # RDS makes and rotates the administrator's password; only the migrate function may read it.
            manage_master_user_password=True,
            credentials=rds.Credentials.from_username(ADMIN_USER),
            iam_authentication=True,
            storage_encrypted=True,
            backup=rds.BackupProps(retention=Duration.days(config.backup_retention_days)),
            copy_tags_to_snapshot=True,
            deletion_protection=protected,
            removal_policy=RemovalPolicy.SNAPSHOT if retain else RemovalPolicy.DESTROY,
            cloudwatch_logs_exports=["postgresql"],
            cloudwatch_logs_retention=log_retention,
            enable_performance_insights=True,  # DBLoad, the metric that says whether the database keeps up
            parameter_group=rds.ParameterGroup(
                self,
                "Parameters",
                engine=engine,
                parameters={"rds.force_ssl": "1", **SERVER_SETTINGS},
            ),
        )
        acknowledge(
            cluster,
            {
                "AwsSolutions-RDS11": "The port is no secret: the cluster has no public address and its security group"
                " lets only the functions in.",
            }
            | (
                {}
                if protected
                else {
                    "AwsSolutions-RDS10": "A development stage is thrown away, and so is a first deployment that fails;"
                    " what matters is protected once it is there."
                }
            ),
        )
        return cluster

    def _url(self, user: str) -> str:
        endpoint = self.cluster.cluster_endpoint
        return f"postgresql://{user}@{endpoint.hostname}:{endpoint.port}/{DATABASE_NAME}?sslmode=verify-full"

    def _grant_connect(self, role: iam.IRole, user: str) -> None:
        self.cluster.grant_connect(role, user)

    def _grant_migrate(self, role: iam.IRole) -> None:
        self._grant_connect(role, MIGRATE_USER)
        if self.cluster.secret is not None:
            self.cluster.secret.grant_read(role)
