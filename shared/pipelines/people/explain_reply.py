"""The verdict of the rules, and if wanted a model, on replies that are in no database: no stack, no environment.

The reading is the pipeline's own: the same events, the same cleaning, the same certain rules, the same conditions under
which a model's opt-out suppresses. Only what needs the lead's history (an earlier suppression, a booked
meeting) is absent or has to be said.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from shared.ai.client import ModelClient, Record
from shared.ai.context import LeadFacts, ThreadMessage
from shared.ai.deadline import Deadline
from shared.ai.models import SENTIMENT_MODEL
from shared.ai.tasks.sentiment import SentimentInput, classify_sentiment
from shared.domain.channels import CHANNELS, ChannelRules
from shared.domain.events import Bounced, Content, Event, InboundReply, Unsubscribed
from shared.domain.judgement.hold_outcome import HoldAction, hold_outcome
from shared.domain.judgement.opt_out_evidence import OptOutVerdict
from shared.domain.judgement.tag_decision import (
    MODEL_RULE,
    certain_suppression,
    certain_tag,
    tag_without_model,
)
from shared.domain.tags import AUTOMATIC_TAGS, with_evidence
from shared.domain.text.email_text import rest_of_mail, sanitize_text
from shared.domain.vocabulary import Channel, Direction, Source, Tag
from shared.domain.workspace_settings import Workspace
from shared.pipelines.intake.reading import read_words
from shared.providers.protocol import Unreadable
from shared.providers.registry import PROVIDERS

CLASSIFY_TIMEOUT_S = 60.0


class LineError(ValueError):
    """A line that cannot be judged; the message names the line and what is wrong with it."""


class Verdict(Protocol):
    """A classifier's verdict: ``quoted_words`` are the lead's words behind a Blacklist or ``opt_out``, else empty."""

    @property
    def tag(self) -> Tag: ...
    @property
    def reason(self) -> str: ...
    @property
    def quoted_words(self) -> str: ...
    @property
    def opt_out(self) -> OptOutVerdict: ...


@dataclass(frozen=True, slots=True)
class ReplyText:
    """A classifier's view of a reply."""

    subject: str
    clean_text: str
    quoted_original: str
    meeting_is_booked: bool
    at: datetime
    suspected: str = ""  # the words that may be an opt-out
    channel: Channel = Channel.EMAIL


type Classify = Callable[[ReplyText], Verdict]


def explain(line: Mapping[str, Any], classify: Classify | None = None) -> dict[str, Any]:
    """Returns the outcome of one reply, as plain JSON values.

    ``line`` may hold ``id`` (text or a whole number), ``channel`` (EMAIL if absent), ``subject``, ``text``, ``html``,
    ``event_type``, ``from_email`` (text or null), ``received_at`` (ISO 8601; now if absent) and ``meeting_evidence``
    (bool); other keys are ignored.
    Without ``classify`` only the certain rules speak, and ``tag`` is null when they are silent.

    Returns ``id``, ``clean_text``, ``suppress``, ``hold`` (the words may be an opt-out), ``rule`` (the rule that
    decided, or null), ``evidence`` (the words it found, or null), ``tag``, ``is_auto_reply`` and ``signature_text``
    ("" if nothing was cut as one). Raises LineError when a field is of the wrong type, and what ``classify`` raises.
    """
    channel = _channel(line)
    given_subject = sanitize_text(_text(line, "subject") or "")
    subject = given_subject if channel.has_subject else ""  # elsewhere it is our own, of what is replied to
    content = Content(subject, _text(line, "text"), _text(line, "html"))
    at = _received_at(line)
    meeting_evidence = line.get("meeting_evidence", False)
    if not isinstance(meeting_evidence, bool):
        raise LineError(f"'meeting_evidence' is {_kind(meeting_evidence)}, expected true or false")

    event = _event_named(_text(line, "event_type"))
    automatic = isinstance(event, InboundReply) and event.automatic
    words = read_words(content, automatic=automatic, sender=_text(line, "from_email"), channel=channel)
    clean_text, judgement = words.cleaned.text, words.judgement
    decided = tag_without_model(judgement, clean_text, subject)
    certain = certain_tag(judgement)
    suspected = judgement.suspected
    rule, evidence = (found.rule, found.words) if (found := certain or suspected) is not None else (None, None)
    suppress, hold = certain_suppression(judgement) is not None, suspected is not None
    tag, is_auto_reply = judgement.tag, judgement.is_auto_reply

    if not suppress and isinstance(event, Bounced | Unsubscribed):
        # These suppress by themselves, whatever the text says.
        suppress, tag = True, Tag.BLACKLIST
        rule, evidence = f"provider.{event.header.log_name}", event.header.name
    if tag is None and classify is not None:
        if decided is not None and suspected is None:
            tag, rule = decided.tag, decided.rule  # nothing to show to a model
        else:
            quoted = rest_of_mail(words.cleaned, content.text, content.html).quoted if channel.has_quotes else ""
            shown = "" if suspected is None else suspected.words
            verdict = classify(ReplyText(given_subject, clean_text, quoted, meeting_evidence, at, shown, channel.name))
            outcome = hold_outcome(
                suspected=suspected is not None,
                verdict=verdict.opt_out,
                tag=verdict.tag,
                quoted_words=verdict.quoted_words,
                clean_text=clean_text,
                subject=subject,
            )
            tag = with_evidence(verdict.tag, meeting_evidence=meeting_evidence)
            rule, evidence = MODEL_RULE, verdict.quoted_words or verdict.reason or None
            is_auto_reply = is_auto_reply or tag in AUTOMATIC_TAGS
            suppress = outcome is not None and outcome.action is HoldAction.SUPPRESS
            hold = outcome is not None and outcome.action is HoldAction.HOLD
    return {
        "id": _identity(line),
        "clean_text": clean_text,
        "suppress": suppress,
        "hold": hold and not suppress,
        "rule": rule,
        "evidence": evidence,
        "tag": None if tag is None else tag.value,
        "is_auto_reply": is_auto_reply,
        "signature_text": words.cleaned.signature,
    }


def explain_lines(lines: Iterable[bytes], classify: Classify | None = None) -> Iterator[dict[str, Any]]:
    """One answer per line of a JSON Lines file, in order; blank lines are skipped.

    A line that cannot be judged gives ``{"id": null, "error": "line 3: …"}`` and the others are still judged. What
    ``classify`` raises is not caught: without the model the answer would be another one.
    """
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        try:
            line = parse_line(raw)
            answer = explain(line, classify)
        except LineError as failure:
            yield {"id": None, "error": f"line {number}: {failure}"}
        else:
            yield answer


def parse_line(raw: bytes) -> dict[str, Any]:
    """Parses the JSON object on one line (UTF-8, a byte order mark is fine). Raises LineError."""
    try:
        value = json.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as failure:
        raise LineError(f"not UTF-8 (byte {failure.start + 1})") from None
    except json.JSONDecodeError as failure:
        raise LineError(f"not JSON: {failure.msg} (column {failure.colno})") from None
    except (RecursionError, ValueError):  # nested beyond the interpreter's limit; a number of thousands of digits
        raise LineError("not JSON that can be read: nested too deeply or a number too long") from None
    if not isinstance(value, dict):
        raise LineError(f"{_kind(value)} instead of a JSON object")
    return value


def model_classifier(
    client: ModelClient,
    *,
    record: Record,
    model: str = SENTIMENT_MODEL,
    workspace: Workspace | None = None,
    timeout_s: float = CLASSIFY_TIMEOUT_S,
) -> Classify:
    """Returns a classifier that asks ``model``; ``record`` is called once per call of the model.

    ``timeout_s`` bounds one reply, in seconds. It raises ModelUnavailable, ModelRejected or OutOfTime.
    """

    def classify(reply: ReplyText) -> Verdict:
        return classify_sentiment(
            client,
            SentimentInput(
                reply=ThreadMessage(
                    Direction.INBOUND,
                    reply.at,
                    reply.subject if CHANNELS[reply.channel].has_subject or reply.subject else None,
                    reply.clean_text,
                    channel=reply.channel,
                ),
                history=(),
                workspace=workspace or Workspace(),
                lead=LeadFacts(),
                now=reply.at,
                quoted_original=reply.quoted_original,
                meeting_is_booked=reply.meeting_is_booked,
                suspected=reply.suspected,
            ),
            model=model,
            deadline=Deadline.within(timeout_s),
            record=record,
        )

    return classify


def _event_named(event_type: str | None) -> Event | None:
    """Reads an event that has nothing but its name, as the webhook does, in the words of the first provider."""
    provider = next(iter(PROVIDERS.values()))
    try:
        return provider.read_event(json.dumps({"event_type": event_type}).encode(), Source.HOOK)
    except Unreadable:
        return None


def _identity(line: Mapping[str, Any]) -> str | int | None:
    value = line.get("id")
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return sanitize_text(value) if isinstance(value, str) else value
    raise LineError(f"'id' is {_kind(value)}, expected text or a whole number")


def _text(line: Mapping[str, Any], name: str) -> str | None:
    value = line.get(name)
    if value is None or isinstance(value, str):
        return value
    raise LineError(f"'{name}' is {_kind(value)}, expected text or null")


def _channel(line: Mapping[str, Any]) -> ChannelRules:
    value = _text(line, "channel")
    name = Channel.EMAIL if value is None else value.strip().upper()
    if name not in Channel:
        raise LineError(f"'channel' is {value!r:.40}, expected {', '.join(Channel)}")
    return CHANNELS[Channel(name)]


def _received_at(line: Mapping[str, Any]) -> datetime:
    value = _text(line, "received_at")
    if value is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise LineError(f"'received_at' is not an ISO 8601 time: {value[:40]!r}") from None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "a boolean"
    return {
        "NoneType": "null",
        "str": "a text",
        "int": "a number",
        "float": "a number",
        "list": "an array",
        "dict": "an object",
    }.get(type(value).__name__, type(value).__name__)
