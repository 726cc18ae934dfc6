"""The monthly cost of a deployment by component, and the limits that it reaches first as it grows.

    python -m infra.cost --replies-per-day 10000
    python -m infra.cost --table          the three scales of docs/cost.md

Every price is a list price and every figure about our own traffic an assumption; both are data below, shown with the
result, and each assumption can be set from the command line.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields

from infra.config import STAGES, Aurora
from infra.topology import TOPOLOGY, Function
from shared.ai.models import DRAFT_MODEL, EVALUATION_MODEL, SCORING_MODEL, SENTIMENT_MODEL, Usage, cost

PRICES_READ = "November 2026"
HOURS = 730.0  # a month
DAYS = HOURS / 24
DAY_S = 86_400.0
GB = 1e9
SCALES = (1_000, 100_000, 10_000_000)


@dataclass(frozen=True)
class Prices:
    """USD, us-east-1, before free tiers and discounts [list price, us-east-1, check]."""

    api_per_million: float = 1.00  # HTTP API, the first 300 million; 0.90 beyond
    api_per_million_beyond: float = 0.90
    lambda_gb_second: float = 0.0000133334  # arm64
    lambda_per_million: float = 0.20
    sqs_fifo_per_million: float = 0.50
    aurora_acu_hour: float = 0.12
    aurora_gb_month: float = 0.10
    aurora_io_per_million: float = 0.20
    aurora_backup_gb_month: float = 0.021
    nat_hour: float = 0.045
    nat_per_gb: float = 0.045
    logs_per_gb: float = 0.50
    metric_month: float = 0.30
    alarm_month: float = 0.10
    dashboard_month: float = 3.00
    secret_month: float = 0.40
    secret_per_10k: float = 0.05
    scheduler_per_million: float = 1.00


@dataclass(frozen=True)
class Assumptions:
    """Our assumptions about traffic; options of the same names replace them with measured figures."""

    other_events_per_reply: float = 50.0  # the hook brings every event: with replies to 2 % of emails, 50 email_sent
    duplicate_deliveries: float = 0.10  # redeliveries and second event types, per reply
    peak_factor: float = 5.0  # the busiest minute against the day's average
    webhook_reply_ms: float = 60.0
    webhook_other_ms: float = 20.0
    post_process_s: float = 9.0  # mostly waiting for the model
    lead_scoring_s: float = 3.0
    sqs_calls_per_job: float = 5.0  # send (batched), receive, visibility, delete, and a retry now and then
    model_share: float = 0.70  # replies that no certain rule decides
    drafted_share: float = 0.40
    evaluated_share: float = 0.30
    log_bytes_per_reply: float = 6_000.0
    log_bytes_per_event: float = 900.0
    egress_bytes_per_reply: float = 60_000.0
    database_bytes_per_reply: float = 25_000.0
    retention_days: float = 365.0
    io_per_reply: float = 40.0
    acu_per_transaction_s: float = 0.01  # one ACU carries some 100 of our short transactions a second
    transactions_per_reply: float = 30.0
    transactions_per_event: float = 1.0


@dataclass(frozen=True)
class ModelUse:
    """One AI task: its model, the share of replies that need it, and the tokens of a call.

    ``cached_tokens`` are those of the input that every call begins with, read from the model's cache.
    """

    task: str
    model: str
    share: float
    input_tokens: int
    cached_tokens: int
    output_tokens: int  # reasoning included


@dataclass(frozen=True)
class Line:
    component: str
    usd: float
    how: str


@dataclass(frozen=True)
class Limit:
    """One part's limit: the demand at a given scale, and the capacity as it is set up."""

    what: str
    needed: float
    available: float
    unit: str
    moved_by: str

    @property
    def use(self) -> float:
        return self.needed / self.available


def model_uses(assumed: Assumptions) -> tuple[ModelUse, ...]:
    """Returns the tasks. Inputs are those of the demo, and 500 tokens more for conversations that are longer."""
    return (
        ModelUse("sentiment", SENTIMENT_MODEL, assumed.model_share, 2_900, 2_100, 250),
        ModelUse("draft", DRAFT_MODEL, assumed.drafted_share, 3_200, 2_300, 700),
        ModelUse("reply evaluation", EVALUATION_MODEL, assumed.evaluated_share, 2_300, 1_100, 400),
        ModelUse("lead score", SCORING_MODEL, assumed.model_share, 2_000, 1_200, 250),
    )


def monthly_cost(replies_per_day: float, assumed: Assumptions, prices: Prices) -> list[Line]:
    """Returns the bill of a month in prod's configuration, by component."""
    replies = replies_per_day * DAYS
    deliveries = replies * (1 + assumed.duplicate_deliveries)
    events = replies * assumed.other_events_per_reply
    requests = deliveries + events
    lines = [
        Line("OpenAI", _models(replies, assumed), "four tasks, see below"),
        Line(
            "API Gateway",
            (min(requests, 300e6) * prices.api_per_million + max(0.0, requests - 300e6) * prices.api_per_million_beyond)
            / 1e6,
            f"{_count(requests)} requests",
        ),
    ]
    webhook_s = (deliveries * assumed.webhook_reply_ms + events * assumed.webhook_other_ms) / 1000
    # What the providers bring costs the same wherever it comes in, so they are taken to bring equally much.
    share = 1 / len(TOPOLOGY.webhooks)
    lines += [_lambda(webhook.name, share * requests, share * webhook_s, prices) for webhook in TOPOLOGY.webhooks]
    lines.append(_lambda("post-process", replies, replies * assumed.post_process_s, prices))
    lines.append(_lambda("lead-scoring", replies, replies * assumed.lead_scoring_s, prices))
    runs = sum(HOURS * 3600 / schedule.every_s for schedule in TOPOLOGY.schedules)
    lines.append(_lambda("maintenance", runs, runs * 2.0, prices))
    calls = 2 * replies * assumed.sqs_calls_per_job
    idle = 5 * 3 * 60 * HOURS * len(TOPOLOGY.event_sources)  # five pollers a queue, a long poll of 20 s each
    lines.append(
        Line(
            "SQS",
            (calls + idle) / 1e6 * prices.sqs_fifo_per_million,
            f"{_count(calls)} calls, {_count(idle)} idle polls",
        )
    )
    lines += _database(replies_per_day, assumed, prices)
    aurora = _aurora()
    traffic_gb = replies * assumed.egress_bytes_per_reply / GB
    lines.append(
        Line(
            "NAT gateways",
            aurora.nat_gateways * HOURS * prices.nat_hour + traffic_gb * prices.nat_per_gb,
            f"{aurora.nat_gateways} gateways, {traffic_gb:,.0f} GB",
        )
    )
    logs_gb = (replies * assumed.log_bytes_per_reply + requests * assumed.log_bytes_per_event) / GB
    # An alarm of several metrics counts as several: of a webhook's eight, four have two.
    metrics, alarms = 75, 48 + 12 * len(TOPOLOGY.webhooks)
    lines.append(
        Line(
            "CloudWatch",
            logs_gb * prices.logs_per_gb
            + metrics * prices.metric_month
            + alarms * prices.alarm_month
            + prices.dashboard_month,
            f"{logs_gb:,.1f} GB of logs, {metrics} metrics, {alarms} alarms",
        )
    )
    secret_reads = 3 * 12 * HOURS * 20  # three of them, every five minutes, some twenty warm environments
    lines.append(
        Line("Secrets", 4 * prices.secret_month + secret_reads / 1e4 * prices.secret_per_10k, "4 secrets, cached 5 min")
    )
    return lines


def limits(replies_per_day: float, assumed: Assumptions) -> list[Limit]:
    """Compares the busiest minute's needs of each part with its setting, the tightest first."""
    peak = replies_per_day / DAY_S * assumed.peak_factor  # replies a second
    events = peak * (1 + assumed.duplicate_deliveries + assumed.other_events_per_reply)
    prod = STAGES["prod"]
    concurrency = {source.function: source.maximum_concurrency for source in TOPOLOGY.event_sources}
    webhook_s = peak * assumed.webhook_reply_ms / 1000 + (events - peak) * assumed.webhook_other_ms / 1000
    running = peak * (assumed.post_process_s + assumed.lead_scoring_s) + webhook_s
    tokens = 60 * peak * sum(use.share * (use.input_tokens + use.output_tokens) for use in model_uses(assumed))
    acu = _acu(replies_per_day * assumed.peak_factor, assumed)
    found = [
        Limit(
            "post_process at once",
            peak * assumed.post_process_s,
            concurrency["post-process"],
            "runs",
            "maximum_concurrency in infra/topology.py (AWS: 1,000 per mapping)",
        ),
        Limit(
            "lead_scoring at once",
            peak * assumed.lead_scoring_s,
            concurrency["lead-scoring"],
            "runs",
            "maximum_concurrency in infra/topology.py",
        ),
        Limit(
            "webhook requests",
            events,
            len(TOPOLOGY.webhooks) * prod.webhook_throttle.rate,
            "per s",
            "webhook_throttle in infra/config.py (account: 10,000 per s)",
        ),
        Limit(
            "webhook at once",
            webhook_s,
            len(TOPOLOGY.webhooks) * (prod.webhook_reserved_concurrency or 1000),
            "runs",
            "webhook_reserved_concurrency in infra/config.py",
        ),
        Limit("Lambda in the account", running, 1000, "runs", "Service Quotas: concurrent executions"),
        Limit(
            "database capacity", acu, _aurora().max_acu, "ACU", "max_acu in infra/config.py (AWS: 256), then partitions"
        ),
        Limit(
            "database connections",
            running,
            2000,
            "connections",
            "RDS Proxy between functions and cluster, from some 200 environments on",
        ),
        Limit(
            "OpenAI tokens", tokens, 30_000_000, "per min", "the usage tier and its rate limits [check the account's]"
        ),
        Limit(
            "FIFO messages", 2 * peak, 9_000, "per s", "high-throughput quota of the region [check], then more queues"
        ),
    ]
    return sorted(found, key=lambda limit: -limit.use)


def _models(replies: float, assumed: Assumptions) -> float:
    return sum(replies * use.share * _call(use) for use in model_uses(assumed))


def _call(use: ModelUse) -> float:
    usage = Usage(input_tokens=use.input_tokens, cached_tokens=use.cached_tokens, output_tokens=use.output_tokens)
    price = cost(use.model, usage)
    if price is None:
        raise LookupError(f"no price is known for {use.model}")
    return float(price)


def _lambda(name: str, calls: float, seconds: float, prices: Prices) -> Line:
    function: Function = TOPOLOGY.function(name)
    gb_seconds = seconds * function.memory_mb / 1024
    usd = gb_seconds * prices.lambda_gb_second + calls / 1e6 * prices.lambda_per_million
    return Line(f"Lambda {name}", usd, f"{_count(calls)} calls, {_count(gb_seconds)} GB-s")


def _aurora() -> Aurora:
    aurora = STAGES["prod"].database
    if not isinstance(aurora, Aurora):
        raise LookupError("prod has no cluster of its own")
    return aurora


def _acu(replies_per_day: float, assumed: Assumptions) -> float:
    transactions = assumed.transactions_per_reply + assumed.transactions_per_event * (
        assumed.other_events_per_reply + 1
    )
    return replies_per_day * transactions / DAY_S * assumed.acu_per_transaction_s


def _database(replies_per_day: float, assumed: Assumptions, prices: Prices) -> list[Line]:
    aurora = _aurora()
    acu = max(aurora.min_acu, _acu(replies_per_day, assumed))
    instances = 1 + aurora.readers
    stored_gb = replies_per_day * assumed.retention_days * assumed.database_bytes_per_reply / GB
    io = replies_per_day * DAYS * assumed.io_per_reply
    return [
        Line(
            "Aurora capacity",
            instances * acu * HOURS * prices.aurora_acu_hour,
            f"{instances} instances, {acu:,.1f} ACU each on average",
        ),
        Line(
            "Aurora storage",
            stored_gb * (prices.aurora_gb_month + prices.aurora_backup_gb_month)
            + io / 1e6 * prices.aurora_io_per_million,
            f"{stored_gb:,.0f} GB after {assumed.retention_days:.0f} days, {_count(io)} I/O",
        ),
    ]


def _count(value: float) -> str:
    for limit, unit in ((1e9, "bn"), (1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:,.1f} {unit}"
    return f"{value:,.0f}"


def _usd(value: float) -> str:
    return f"{value:,.2f}" if value < 1000 else f"{value:,.0f}"


def scales_table(assumed: Assumptions, prices: Prices) -> str:
    """Returns the three scales side by side, as Markdown."""
    bills = [monthly_cost(scale, assumed, prices) for scale in SCALES]
    head = " | ".join(f"{scale:,} a day" for scale in SCALES)
    lines = [f"| US$ a month | {head} |", "|---|" + "---:|" * len(SCALES)]
    lines += [
        f"| {rows[0].component} | {' | '.join(_usd(row.usd) for row in rows)} |" for rows in zip(*bills, strict=True)
    ]
    totals = [sum(line.usd for line in bill) for bill in bills]
    lines.append(f"| **Total** | {' | '.join(f'**{_usd(total)}**' for total in totals)} |")
    each = [total / (scale * DAYS) for total, scale in zip(totals, SCALES, strict=True)]
    lines.append(f"| per reply | {' | '.join(f'{value:.4f}' for value in each)} |")
    return "\n".join(lines) + "\n"


def limits_table(replies_per_day: float, assumed: Assumptions, rows: int = 6) -> str:
    """Returns the limits that one scale reaches first, as Markdown."""
    lines = ["| at the peak | needed | set | use | what moves it |", "|---|---:|---:|---:|---|"]
    lines += [
        f"| {limit.what} | {limit.needed:,.1f} {limit.unit} | {limit.available:,.0f} | {limit.use:,.0%} |"
        f" {limit.moved_by} |"
        for limit in limits(replies_per_day, assumed)[:rows]
    ]
    return "\n".join(lines) + "\n"


def models_table(assumed: Assumptions) -> str:
    lines = ["| task | model | replies | tokens in (cached) / out | US$ a call |", "|---|---|---:|---:|---:|"]
    lines += [
        f"| {use.task} | {use.model} | {use.share:.0%} |"
        f" {use.input_tokens:,} ({use.cached_tokens:,}) / {use.output_tokens:,} | {_call(use):.6f} |"
        for use in model_uses(assumed)
    ]
    return "\n".join(lines) + "\n"


def assumptions_table(assumed: Assumptions) -> str:
    lines = ["| assumption | value |", "|---|---:|"]
    lines += [f"| --{each.name.replace('_', '-')} | {getattr(assumed, each.name):g} |" for each in fields(assumed)]
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.cost", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--replies-per-day", type=float, default=10_000, metavar="N")
    parser.add_argument("--table", action="store_true", help="the three scales of docs/cost.md, as Markdown")
    for each in fields(Assumptions):
        parser.add_argument(f"--{each.name.replace('_', '-')}", type=float, default=each.default, metavar="X")
    options = parser.parse_args(arguments)
    if options.replies_per_day <= 0:
        parser.error("--replies-per-day must be positive")
    assumed = Assumptions(**{each.name: getattr(options, each.name) for each in fields(Assumptions)})
    prices = Prices()
    if options.table:
        sys.stdout.write(document(assumed, prices))
        return 0
    bill = monthly_cost(options.replies_per_day, assumed, prices)
    total = sum(line.usd for line in bill)
    sys.stdout.write(
        f"{options.replies_per_day:,.0f} replies a day, list prices of us-east-1 ({PRICES_READ}), US$ a month\n\n"
    )
    for line in bill:
        sys.stdout.write(f"{line.component:<26}{_usd(line.usd):>12}  {line.how}\n")
    sys.stdout.write(f"{'Total':<26}{_usd(total):>12}  {total / (options.replies_per_day * DAYS):.4f} per reply\n\n")
    sys.stdout.write("What gives way first, at the busiest minute\n\n")
    for limit in limits(options.replies_per_day, assumed)[:5]:
        sys.stdout.write(
            f"{limit.what:<26}{limit.needed:>12,.1f} of {limit.available:,.0f} {limit.unit} ({limit.use:.0%}):"
            f" {limit.moved_by}\n"
        )
    return 0


def document(assumed: Assumptions, prices: Prices) -> str:
    """Returns every table that docs/cost.md quotes, in its order."""
    parts = [scales_table(assumed, prices), models_table(assumed)]
    parts += [f"### {scale:,} replies a day\n\n{limits_table(scale, assumed)}" for scale in SCALES]
    parts.append(assumptions_table(assumed))
    return "\n".join(parts)


if __name__ == "__main__":
    sys.exit(main())
