"""The payload samples of ``samples/instantly``: deliveries as Instantly sends them, each with its expected outcome.

A file is one delivery. In its body these strings stand for what only the moment of posting knows, wherever a value is
exactly one of them: ``${timestamp}`` (ISO 8601) and ``${epoch_ms}`` (a number), both ``minutes_ago`` before now;
``${campaign_id}`` and ``${campaign_name}``, of the campaign that the file names. Files are posted in the order of
their names.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from shared.domain.vocabulary import DecisionAction, LeadStatus, SuppressionReason, Tag

SAMPLES = Path(__file__).resolve().parent.parent / "samples" / "instantly"

WORKSPACE_ID = "8c1e9d7a-1111-4000-8000-000000000001"
"""The workspace that the samples come from, for a client that is registered with one."""

type CampaignName = Literal["auto", "draft"]  # the AUTO_SEND campaign, and the DRAFT_ONLY one


class SampleError(ValueError):
    """A mistake in a sample file; the message names the file and what to change."""


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Delivery(_Model):
    """The body to post: a JSON object, a text that is none, or the very bytes of an earlier sample."""

    body: dict[str, Any] | None = None
    body_text: str | None = None
    redelivers: str | None = None  # the name of the earlier sample
    headers: dict[str, str] = Field(default_factory=dict)
    minutes_ago: float = Field(default=5.0, ge=0)

    @model_validator(mode="after")
    def _is_one_of_three(self) -> Self:
        if [self.body, self.body_text, self.redelivers].count(None) != 2:
            raise ValueError("give exactly one of body, body_text and redelivers")
        return self


class Expectation(_Model):
    """The webhook's response, and the state once every job has ended.

    ``tag``, ``is_auto_reply``, ``draft``, ``decision`` and ``sent`` are of the message that the delivery made (or
    belongs to); ``lead_status``, ``suppressed`` and ``overall_score`` of its lead. None means that there must be none:
    no message (``tag``, ``is_auto_reply``), no lead (``lead_status``), no decision, no score, not suppressed.
    """

    http_status: int = Field(ge=100, le=599)
    status: Literal["accepted", "duplicate", "ignored", "quarantined"]
    reason: str | None = None  # the reason in a quarantined response; None: any
    same_message_as: str | None = None  # the earlier sample whose message id the response names
    tag: Tag | None = None
    lead_status: LeadStatus | None = None
    suppressed: SuppressionReason | None = None
    is_auto_reply: bool | None = None
    draft: bool = False
    decision: DecisionAction | None = None
    sent: bool = False
    overall_score: tuple[int, int] | None = None  # the lowest and the highest that is right, 1 to 4
    dead_letters: int = Field(default=0, ge=0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.sent and not self.draft:
            raise ValueError("what is sent is a draft: sent needs draft")
        if (self.decision is not None) != self.draft:
            raise ValueError("a draft has a decision, and only a draft has one")
        if (self.tag is None) != (self.is_auto_reply is None):
            raise ValueError("a message has both tag and is_auto_reply")
        if self.overall_score is not None:
            lowest, highest = self.overall_score
            if not 1 <= lowest <= highest <= 4:
                raise ValueError("overall_score must be [lowest, highest] within 1 to 4")
        return self


class Sample(_Model):
    name: str  # the file's, without its ending
    title: str = Field(min_length=1)
    campaign: CampaignName | None
    delivery: Delivery
    expect: Expectation

    @property
    def lead_email(self) -> str | None:
        """The address of the body's lead, in lower case; None for a redelivery and for a body that is no event."""
        body = self.delivery.body or {}
        address = body.get("lead_email") or body.get("contact_email")
        return address.lower() if isinstance(address, str) else None


@dataclass(frozen=True, slots=True)
class SampleCampaign:
    """The campaign that replaces "auto" or "draft"."""

    provider_campaign_id: str
    name: str


def load_samples(folder: Path = SAMPLES) -> tuple[Sample, ...]:
    """Reads all samples of a folder, in the order in which they are posted.

    Raises SampleError naming the file and the field when one is wrong or names a sample that does not come before it.
    """
    samples: list[Sample] = []
    names: set[str] = set()
    for path in sorted(folder.glob("*.json")):
        sample = _load(path)
        for earlier in (sample.delivery.redelivers, sample.expect.same_message_as):
            if earlier is not None and earlier not in names:
                raise SampleError(f"{path.name}: there is no earlier sample {earlier!r}")
        samples.append(sample)
        names.add(sample.name)
    if not samples:
        raise SampleError(f"no samples (*.json) in {folder}")
    return tuple(samples)


def raw_bodies(
    samples: Iterable[Sample], campaigns: Mapping[CampaignName, SampleCampaign], now: datetime
) -> dict[str, bytes]:
    """Returns the bytes to post for each sample, by name.

    ``now``: an aware time, the same for the whole run, so that a redelivery is the same bytes. JSON is written as
    JavaScript does, without blanks.
    """
    bodies: dict[str, bytes] = {}
    for sample in samples:
        delivery = sample.delivery
        if delivery.redelivers is not None:
            bodies[sample.name] = bodies[delivery.redelivers]
            continue
        values = _values(campaigns[sample.campaign] if sample.campaign else None, now, delivery.minutes_ago)
        if delivery.body_text is not None:
            text = delivery.body_text
            for placeholder, value in values.items():
                text = text.replace(placeholder, str(value))
        else:
            text = json.dumps(_filled(delivery.body, values), separators=(",", ":"), ensure_ascii=False)
        bodies[sample.name] = text.encode()
    return bodies


def _load(path: Path) -> Sample:
    try:
        fields = json.loads(path.read_text())
    except ValueError as error:
        raise SampleError(f"{path.name}: not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise SampleError(f"{path.name}: expected a JSON object")
    try:
        return Sample.model_validate({"name": path.stem} | fields)
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'the sample'}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SampleError(f"{path.name}: {problems}") from None


def _values(campaign: SampleCampaign | None, now: datetime, minutes_ago: float) -> dict[str, str | int]:
    moment = now - timedelta(minutes=minutes_ago)
    values: dict[str, str | int] = {
        "${timestamp}": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "${epoch_ms}": int(moment.timestamp() * 1000),
    }
    if campaign is not None:
        values["${campaign_id}"] = campaign.provider_campaign_id
        values["${campaign_name}"] = campaign.name
    return values


def _filled(value: Any, values: Mapping[str, str | int]) -> Any:
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return value
