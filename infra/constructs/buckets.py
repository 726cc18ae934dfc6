"""The buckets of the topology: private, encrypted, over TLS only; objects that nobody reads expire."""

from __future__ import annotations

from aws_cdk import Duration
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.acknowledgements import acknowledge
from infra.constructs.names import construct_id
from infra.constructs.removal import removal
from infra.topology import Topology


class Buckets(Construct):
    """Every bucket of ``topology``, by its name there."""

    def __init__(self, scope: Construct, id: str, *, topology: Topology, retain: bool) -> None:
        super().__init__(scope, id)
        self.by_name: dict[str, s3.Bucket] = {}
        for bucket in topology.buckets:
            made = s3.Bucket(
                self,
                construct_id(bucket.name),
                block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
                object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
                encryption=s3.BucketEncryption.S3_MANAGED,
                enforce_ssl=True,
                minimum_tls_version=1.2,
                lifecycle_rules=[
                    s3.LifecycleRule(
                        id="NeverRead",
                        expiration=Duration.days(bucket.expires_after_days),
                        abort_incomplete_multipart_upload_after=Duration.days(1),
                    )
                ],
                removal_policy=removal(retain=retain),
            )
            acknowledge(
                made,
                {
                    "AwsSolutions-S1": "A log of accesses would be a second bucket beside objects that live for"
                    " minutes; the two functions that may read or write them log what they do."
                },
            )
            self.by_name[bucket.name] = made
