"""Log retention in days, as CloudWatch takes it."""

from __future__ import annotations

from aws_cdk import aws_logs as logs

from infra.errors import DeploymentError

_BY_DAYS = {
    7: logs.RetentionDays.ONE_WEEK,
    14: logs.RetentionDays.TWO_WEEKS,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    180: logs.RetentionDays.SIX_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


def log_retention(days: int) -> logs.RetentionDays:
    """Returns CloudWatch's constant for that many days. Raises DeploymentError when it has none."""
    if days not in _BY_DAYS:
        raise DeploymentError(f"log_retention_days={days}: choose one of {', '.join(map(str, _BY_DAYS))}.")
    return _BY_DAYS[days]
