"""The system as plain data: providers, queues, functions, event sources, schedules and routes.

The CDK stacks build AWS from this table and the local stack builds the local one from it, so the two cannot drift
apart. Times are in seconds. Imports nothing but the standard library.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

DAY_S = 86_400


@dataclass(frozen=True)
class Queue:
    """A FIFO queue. ``name`` is its local name and, in the cloud, part of the construct id, never a physical name."""

    name: str
    url_variable: str | None  # the environment variable with its URL, for functions; None: no function sends to it
    visibility_timeout_s: float
    dead_letter_queue: str | None = None  # None: no redrive policy
    max_receive_count: int | None = None
    retention_s: int = 14 * DAY_S  # not scaled: it only has to outlast an incident
    operator_variable: str | None = None  # the one for the operator's command line, when functions get none

    @property
    def variable(self) -> str | None:
        """The environment variable that gives the operator's command line its URL."""
        return self.url_variable or self.operator_variable


@dataclass(frozen=True)
class Bucket:
    """A bucket whose objects are read once. ``name`` as a queue's: never the physical one."""

    name: str
    variable: str  # the environment variable with its physical name, for functions
    expires_after_days: int  # of what nobody has read


@dataclass(frozen=True)
class Function:
    """A Lambda function. ``concurrency`` is how many copies the local stack may run at once."""

    name: str
    handler: str
    timeout_s: float
    memory_mb: int
    concurrency: int
    variables: tuple[str, ...]  # the settings it takes besides COMMON_VARIABLES
    cloud_variables: tuple[str, ...] = ()  # settings that only the cloud gives it; the local stack leaves them out
    never_sends_to: tuple[str, ...] = ()  # of the queues whose URLs are among its variables


@dataclass(frozen=True)
class EventSource:
    """An SQS event source mapping: always one message per call, always with partial batch responses."""

    queue: str
    function: str
    maximum_concurrency: int  # AWS takes 2 to 1,000
    batch_size: int = 1


@dataclass(frozen=True)
class Schedule:
    name: str
    function: str
    every_s: float
    payload: dict[str, str]


@dataclass(frozen=True)
class Route:
    """A route of the HTTP API: payload format 2.0, straight to a function."""

    method: str
    path: str
    function: str


@dataclass(frozen=True)
class Provider:
    """A provider of messages: its webhook's function, and the paths that its deliveries come in at.

    ``name`` is the one of the vocabulary, in lower case. ``variables`` are those that only its webhook takes.
    """

    name: str
    webhook: str
    paths: tuple[str, ...]
    variables: tuple[str, ...] = ()

    @property
    def keys_variable(self) -> str:
        """The variable that says what the credentials of its accounts are resolved from."""
        return f"{self.name.upper()}_API_KEYS"

    @property
    def url_variable(self) -> str:
        """The variable that replaces the root of its API."""
        return f"{self.name.upper()}_BASE_URL"


@dataclass(frozen=True)
class Topology:
    queues: tuple[Queue, ...]
    functions: tuple[Function, ...]
    event_sources: tuple[EventSource, ...]
    schedules: tuple[Schedule, ...]
    routes: tuple[Route, ...]
    time_scale: float = 1.0  # functions get it as TIME_SCALE: leases, backoff and delays of jobs follow it
    buckets: tuple[Bucket, ...] = ()
    providers: tuple[Provider, ...] = ()

    def queue(self, name: str) -> Queue:
        return next(queue for queue in self.queues if queue.name == name)

    def bucket(self, name: str) -> Bucket:
        return next(bucket for bucket in self.buckets if bucket.name == name)

    def function(self, name: str) -> Function:
        return next(function for function in self.functions if function.name == name)

    @property
    def webhooks(self) -> tuple[Function, ...]:
        """The functions that take the providers' deliveries."""
        return tuple(self.function(provider.webhook) for provider in self.providers)


COMMON_VARIABLES = ("LOG_LEVEL", "POWERTOOLS_SERVICE_NAME", "TIME_SCALE")

PARKED_BODIES = "parked-bodies"

DATABASE = "DATABASE_URL"
CLOUD_DATABASE = ("DATABASE_IAM_AUTH",)
JOB_QUEUES = ("POST_PROCESS_QUEUE_URL", "LEAD_SCORING_QUEUE_URL")
INGEST_QUEUE = "INGEST_QUEUE_URL"  # what it holds is believed: a webhook has checked who sent it
PARKING = (INGEST_QUEUE, "PARKED_BODIES_BUCKET")
OPENAI = ("OPENAI_API_KEY", "OPENAI_BASE_URL")
SIGNING_KEYS = "WEBHOOK_SIGNING_KEYS"
ADDRESS_HASH_KEY = "ADDRESS_HASH_KEY"  # of whatever takes deliveries in or learns addresses, and of what erases

POST_PROCESS_TIMEOUT_S = 180.0  # four model calls and two provider calls, each with a deadline well inside
LEAD_SCORING_TIMEOUT_S = 60.0
INGEST_REPLAY_TIMEOUT_S = 30.0
VISIBILITY_FACTOR = 6  # AWS asks for at least six times the function's time-out
MAX_RECEIVE_COUNT = 10

PROVIDERS = (
    Provider(name="instantly", webhook="webhook-instantly", paths=("/webhooks/instantly",)),
    Provider(name="smartlead", webhook="webhook-smartlead", paths=("/webhooks/smartlead",)),
)
ACCOUNTS = tuple(variable for each in PROVIDERS for variable in (each.keys_variable, each.url_variable))


def _webhook(provider: Provider) -> Function:
    return Function(
        name=provider.webhook,
        handler=f"functions.{provider.webhook.replace('-', '_')}.handler.handler",
        timeout_s=15,
        memory_mb=1769,  # one full vCPU: start-up is bound by imports
        concurrency=4,
        variables=(DATABASE, *JOB_QUEUES, *PARKING, SIGNING_KEYS, ADDRESS_HASH_KEY, *provider.variables),
        cloud_variables=CLOUD_DATABASE,
    )


TOPOLOGY = Topology(
    providers=PROVIDERS,
    queues=(
        Queue(
            name="post-process.fifo",
            url_variable="POST_PROCESS_QUEUE_URL",
            visibility_timeout_s=VISIBILITY_FACTOR * POST_PROCESS_TIMEOUT_S,
            dead_letter_queue="post-process-dlq.fifo",
            max_receive_count=MAX_RECEIVE_COUNT,
        ),
        Queue(
            name="post-process-dlq.fifo",
            url_variable=None,
            visibility_timeout_s=30,
            operator_variable="POST_PROCESS_DLQ_URL",
        ),
        Queue(
            name="lead-scoring.fifo",
            url_variable="LEAD_SCORING_QUEUE_URL",
            visibility_timeout_s=VISIBILITY_FACTOR * LEAD_SCORING_TIMEOUT_S,
            dead_letter_queue="lead-scoring-dlq.fifo",
            max_receive_count=MAX_RECEIVE_COUNT,
        ),
        Queue(
            name="lead-scoring-dlq.fifo",
            url_variable=None,
            visibility_timeout_s=30,
            operator_variable="LEAD_SCORING_DLQ_URL",
        ),
        # No redrive policy: a day-long outage of Postgres must not dead-letter what waits here.
        Queue(
            name="ingest.fifo",
            url_variable=INGEST_QUEUE,
            visibility_timeout_s=VISIBILITY_FACTOR * INGEST_REPLAY_TIMEOUT_S,
        ),
    ),
    # What ingest.fifo cannot carry. An object outlives its message, and the days that S3 may be late with expiring it.
    buckets=(Bucket(name=PARKED_BODIES, variable="PARKED_BODIES_BUCKET", expires_after_days=21),),
    functions=(
        *(_webhook(provider) for provider in PROVIDERS),
        Function(
            name="ingest-replay",
            handler="functions.ingest_replay.handler.handler",
            timeout_s=INGEST_REPLAY_TIMEOUT_S,
            memory_mb=1024,
            concurrency=2,
            variables=(DATABASE, *JOB_QUEUES, *PARKING, ADDRESS_HASH_KEY),
            cloud_variables=CLOUD_DATABASE,
            never_sends_to=(INGEST_QUEUE,),
        ),
        Function(
            name="post-process",
            handler="functions.post_process.handler.handler",
            timeout_s=POST_PROCESS_TIMEOUT_S,
            memory_mb=1024,
            concurrency=4,
            variables=(DATABASE, *JOB_QUEUES, *OPENAI, *ACCOUNTS, "MAX_RECEIVE_COUNT", ADDRESS_HASH_KEY),
            cloud_variables=CLOUD_DATABASE,
        ),
        Function(
            name="lead-scoring",
            handler="functions.lead_scoring.handler.handler",
            timeout_s=LEAD_SCORING_TIMEOUT_S,
            memory_mb=1024,
            concurrency=2,
            variables=(DATABASE, *JOB_QUEUES, *OPENAI, "MAX_RECEIVE_COUNT"),
            cloud_variables=CLOUD_DATABASE,
        ),
        Function(
            name="maintenance",
            handler="functions.maintenance.handler.handler",
            timeout_s=300,
            memory_mb=512,
            concurrency=2,
            variables=(DATABASE, *JOB_QUEUES, *ACCOUNTS, ADDRESS_HASH_KEY),
            cloud_variables=CLOUD_DATABASE,
        ),
        Function(
            name="migrate",
            handler="functions.migrate.handler.handler",
            timeout_s=300,
            memory_mb=512,
            concurrency=1,
            variables=(DATABASE,),
            cloud_variables=(*CLOUD_DATABASE, "DATABASE_ADMIN_SECRET", "DATABASE_APP_USER"),
        ),
    ),
    event_sources=(
        EventSource(queue="post-process.fifo", function="post-process", maximum_concurrency=10),
        EventSource(queue="lead-scoring.fifo", function="lead-scoring", maximum_concurrency=5),
        EventSource(queue="ingest.fifo", function="ingest-replay", maximum_concurrency=2),
    ),
    schedules=(
        Schedule(name="maintain", function="maintenance", every_s=60, payload={"task": "maintain"}),
        Schedule(name="recover", function="maintenance", every_s=900, payload={"task": "recover"}),
    ),
    routes=(
        *(
            Route(method="POST", path=path, function=provider.webhook)
            for provider in PROVIDERS
            for path in provider.paths
        ),
        Route(method="GET", path="/health", function=PROVIDERS[0].webhook),
    ),
)

# In the cloud only: runs the operator's command line beside the database, which nobody outside the VPC can reach.
OPERATIONS = Function(
    name="operations",
    handler="ops.operations_function.handler",
    timeout_s=900,
    memory_mb=1024,
    concurrency=1,
    variables=(
        DATABASE,
        *(queue.variable for queue in TOPOLOGY.queues if queue.variable is not None),
        SIGNING_KEYS,
        ADDRESS_HASH_KEY,
        *OPENAI,
        *ACCOUNTS,
        "API_URL",
    ),
    cloud_variables=CLOUD_DATABASE,
    never_sends_to=(INGEST_QUEUE,),
)


def scaled(factor: float, topology: Topology = TOPOLOGY) -> Topology:
    """Returns the topology with every time-out, visibility, lease, backoff and schedule multiplied by ``factor``.

    For tests: 0.05 turns a retry of a minute into one of three seconds. SQS takes whole seconds, so visibilities are
    rounded up (at least 1). Time-outs of functions keep a floor of 3 s, since a process has to start within them; those
    of functions behind the HTTP API stay as they are, since their callers' patience does, and with it what they allow
    Postgres and SQS.
    """
    if factor <= 0:
        raise ValueError(f"a time scale must be positive, got {factor}")
    behind_http = {route.function for route in topology.routes}
    return replace(
        topology,
        queues=tuple(
            replace(queue, visibility_timeout_s=max(1, ceil(queue.visibility_timeout_s * factor)))
            for queue in topology.queues
        ),
        functions=tuple(
            function
            if function.name in behind_http
            else replace(function, timeout_s=max(3.0, function.timeout_s * factor))
            for function in topology.functions
        ),
        schedules=tuple(replace(schedule, every_s=schedule.every_s * factor) for schedule in topology.schedules),
        time_scale=topology.time_scale * factor,
    )
