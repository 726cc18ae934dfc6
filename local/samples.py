"""The payload samples: deliveries as each provider sends them, each with its expected outcome.

``samples/<provider>/NN_name.json`` is one delivery of that provider, posted in the order of the names:

* ``title``: a line for the report. ``campaign``: "auto" (its drafts are sent), "draft" (a person approves) or null.
* ``delivery``: ``body`` (a JSON object), ``body_text`` (a text that is none) or ``redelivers`` (the name of an earlier
  sample, whose bytes are posted again); ``headers`` besides those that every delivery has; ``minutes_ago``;
  ``webhook``, of a provider with several addresses: its name in stack.json (null: the provider's only one).
* ``expect``: see ``Expectation``. A sample of another provider is named with its folder, "instantly/01_interested".

What proves whose delivery it is (a header, a token in the address, a secret field of the body) is no part of a sample:
it is set when the sample is posted (``local.webhooks``), over what a sample has there. In a body these strings stand
for what only that moment knows, wherever a value is exactly one of them: ``${timestamp}`` (ISO 8601) and
``${epoch_ms}`` (a number), both ``minutes_ago`` before now; ``${campaign_id}`` and ``${campaign_name}``, of the
sample's campaign; ``${webhook_url}``, the address with its token. In a header, ``${hmac_sha256}`` stands for the
signature of the posted bytes.

``samples/<provider>/_about.json`` is no sample: it names the two campaigns, and the body of the delivery that `make up`
proposes to post.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from infra.topology import TOPOLOGY
from shared.domain.vocabulary import DecisionAction, LeadStatus, Provider, Source, SuppressionReason, Tag
from shared.providers.protocol import Unreadable
from shared.providers.registry import PROVIDERS

SAMPLES = Path(__file__).resolve().parent.parent / "samples"
ABOUT = "_about.json"
FOLDERS = tuple(SAMPLES / provider.name for provider in TOPOLOGY.providers)

WORKSPACE_ID = "8c1e9d7a-1111-4000-8000-000000000001"
"""The workspace that Instantly's samples come from, for a client that is registered with one."""

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
    webhook: str | None = None
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
    provider: str  # the folder's name
    name: str  # the file's, without its ending
    title: str = Field(min_length=1)
    campaign: CampaignName | None
    delivery: Delivery
    expect: Expectation

    @property
    def key(self) -> str:
        """Its name with the folder's, which no other sample has."""
        return f"{self.provider}/{self.name}"

    def key_of(self, name: str | None) -> str | None:
        """Returns the key of the sample that this one names."""
        return name if name is None or "/" in name else f"{self.provider}/{name}"


class SampleCampaign(_Model):
    """The campaign that replaces "auto" or "draft"; its id is in the type that the provider writes it in."""

    id: str | int
    name: str


class About(_Model):
    """The part of a folder that is about all of its samples."""

    campaigns: dict[CampaignName, SampleCampaign] = Field(default_factory=dict)
    first_reply: dict[str, Any]


def load_about(folder: Path) -> About:
    """Reads what a folder says of its samples. Raises SampleError."""
    return _validated(About, folder / ABOUT)


def load_samples(*folders: Path) -> tuple[Sample, ...]:
    """Reads all samples of the folders (those of every provider), in the order in which they are posted.

    Raises SampleError naming the file and the field when one is wrong or names a sample that does not come before it.
    """
    samples: list[Sample] = []
    for folder in folders or FOLDERS:
        found = [path for path in sorted(folder.glob("*.json")) if path.name != ABOUT]
        if not found:
            raise SampleError(f"no samples (*.json) in {folder}")
        for path in found:
            sample = _validated(Sample, path, provider=folder.name, name=path.stem)
            for earlier in (sample.delivery.redelivers, sample.expect.same_message_as):
                if earlier is not None and sample.key_of(earlier) not in {one.key for one in samples}:
                    raise SampleError(f"{path.name}: there is no earlier sample {earlier!r}")
            samples.append(sample)
    return tuple(samples)


def raw_bodies(
    samples: Iterable[Sample], abouts: Mapping[str, About], now: datetime, urls: Mapping[str, str]
) -> dict[str, bytes]:
    """Returns the bytes to post for each sample, by its key, before secrets are set in them.

    ``abouts``: by provider. ``now``: an aware time, the same for the whole run, so that a redelivery is the same bytes.
    ``urls``: the webhooks' addresses, by their names. JSON is written as JavaScript does, without blanks.
    """
    bodies: dict[str, bytes] = {}
    for sample in samples:
        delivery = sample.delivery
        if delivery.redelivers is not None:
            bodies[sample.key] = bodies[str(sample.key_of(delivery.redelivers))]
            continue
        values = _values(now, delivery.minutes_ago) | {"${webhook_url}": urls[delivery.webhook or sample.provider]}
        if sample.campaign is not None:
            campaign = abouts[sample.provider].campaigns[sample.campaign]
            values |= {"${campaign_id}": campaign.id, "${campaign_name}": campaign.name}
        if delivery.body_text is not None:
            text = delivery.body_text
            for placeholder, value in values.items():
                text = text.replace(placeholder, str(value))
        else:
            text = json.dumps(_filled(delivery.body, values), separators=(",", ":"), ensure_ascii=False)
        bodies[sample.key] = text.encode()
    return bodies


def lead_of(sample: Sample, body: bytes) -> str | None:
    """Returns the address of a delivery's lead, in lower case; None where it names none, or is no event."""
    try:
        event = PROVIDERS[Provider(sample.provider.upper())].read_event(body, Source.HOOK)
    except Unreadable:
        return None
    return event.header.person.email


def _validated[M: _Model](model: type[M], path: Path, **known: str) -> M:
    try:
        fields = json.loads(path.read_text())
    except OSError as error:
        raise SampleError(f"{path}: {error.strerror}") from None
    except ValueError as error:
        raise SampleError(f"{path.name}: not JSON: {error}") from None
    if not isinstance(fields, dict):
        raise SampleError(f"{path.name}: expected a JSON object")
    try:
        return model.model_validate({**known, **fields})
    except ValidationError as error:
        problems = "; ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'the sample'}: {problem['msg']}"
            for problem in error.errors(include_input=False, include_url=False)
        )
        raise SampleError(f"{path.name}: {problems}") from None


def _values(now: datetime, minutes_ago: float) -> dict[str, str | int]:
    moment = now - timedelta(minutes=minutes_ago)
    return {
        "${timestamp}": moment.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "${epoch_ms}": int(moment.timestamp() * 1000),
    }


def _filled(value: Any, values: Mapping[str, str | int]) -> Any:
    if isinstance(value, str):
        return values.get(value, value)
    if isinstance(value, dict):
        return {key: _filled(item, values) for key, item in value.items()}
    if isinstance(value, list):
        return [_filled(item, values) for item in value]
    return value
