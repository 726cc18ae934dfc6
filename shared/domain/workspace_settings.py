"""Workspace settings: each with its default, its meaning and the rule that its value must follow.

The names are the columns of client_settings. A stored row is taken as it is (``stored_settings``): a rule that has
become stricter, or a column that only a newer release knows, must not stop every reply.

Values arrive as text from a command line (``daily_send_cap=50``) or as data from a file; both pass the same rule. A
rule (shared.domain.setting_values) that refuses a value says what it expects, so that the message can be shown to the
person as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from shared.domain.drafting.sending_window import SendingWindow, next_opening, open_time, time_zone
from shared.domain.setting_values import (
    optional_whole_number,
    read_greeting,
    read_link,
    read_optional_text,
    read_sending_window,
    read_switch,
    read_text,
    read_texts,
    read_timezone,
    whole_number,
)


class InvalidSettingError(ValueError):
    """A value that a setting cannot take. ``str()`` names the setting and says what it expects."""

    def __init__(self, name: str, expectation: str) -> None:
        super().__init__(f"{name}: {expectation}")
        self.name = name


# --- The settings ----------------------------------------------------------------------------------------------------

type _Text = Annotated[str, BeforeValidator(read_text)]
type _Texts = Annotated[list[str], BeforeValidator(read_texts)]
type _Model = Annotated[str | None, BeforeValidator(read_optional_text)]
type _Count = Annotated[int, BeforeValidator(whole_number(0))]
type _OptionalCount = Annotated[int | None, BeforeValidator(optional_whole_number(0))]


class WorkspaceSettings(BaseModel):
    """One workspace's settings. A field's description says what it means, in ``replyctl settings get``, too."""

    model_config = ConfigDict(frozen=True)

    persona_name: _Text = Field("", description="who signs the replies")
    persona_tone: _Text = Field("friendly and professional", description="how the persona writes")
    persona_greeting: Annotated[str, BeforeValidator(read_greeting)] = Field(
        "Hi {first_name},", description="first line of a reply; {first_name} is filled in"
    )
    persona_signature: _Text = Field("", description="last lines of a reply")
    persona_goals: _Text = Field("", description="what a reply should achieve")
    company_name: _Text = Field("", description="the company that the persona speaks for")
    service_description: _Text = Field("", description="what the company offers, with the facts that replies may state")
    ideal_customer_profile: _Text = Field("", description="who is a good fit: what leads are scored against")
    qualification_questions: _Texts = Field([], description="what to find out about a lead (list)")
    booking_link: Annotated[str | None, BeforeValidator(read_link)] = Field(
        None, description="where a lead books a meeting; none: no link is offered"
    )
    timezone: Annotated[str, BeforeValidator(read_timezone)] = Field(
        "UTC", description="IANA time zone of the workspace"
    )
    auto_send_enabled: Annotated[bool, BeforeValidator(read_switch)] = Field(
        True, description="kill switch: false stops every automated answer"
    )
    daily_send_cap: _OptionalCount = Field(None, description="automated answers per day; none: no cap")
    max_consecutive_auto_replies: _Count = Field(
        3, description="automated answers to one lead until a person writes again"
    )
    max_reply_age_hours: Annotated[int, BeforeValidator(whole_number(1))] = Field(
        24,
        description="older replies are never answered automatically; only hours of the sending window count",
    )
    escalation_phrases: _Texts = Field([], description="a reply that holds one of them goes to a person (list)")
    sending_window: Annotated[dict[str, Any] | None, BeforeValidator(read_sending_window)] = Field(
        None, description="when automated answers may leave; none: always"
    )
    delay_min_s: _OptionalCount = Field(
        None, description="shortest delay of an automated answer in seconds; none: at once"
    )
    delay_max_s: _OptionalCount = Field(None, description="longest delay of an automated answer in seconds")
    auto_send_commitments: Annotated[bool, BeforeValidator(read_switch)] = Field(
        False, description="true: people work the list of commitments, so automated answers may promise something"
    )
    linkedin_auto_send: Annotated[bool, BeforeValidator(read_switch)] = Field(
        False, description="true: automated answers may leave on LinkedIn, too, against LinkedIn's terms"
    )
    disclose_ai: Annotated[bool, BeforeValidator(read_switch)] = Field(
        False, description="true: a line in each draft says that an AI wrote it"
    )
    sentiment_model: _Model = Field(None, description="model that classifies replies; none: the default")
    draft_model: _Model = Field(None, description="model that writes drafts; none: the default")
    evaluation_model: _Model = Field(None, description="model that judges drafts; none: the default")
    scoring_model: _Model = Field(None, description="model that scores leads; none: the default")

    @property
    def delay_s(self) -> tuple[int, int] | None:
        """The delay window of automated answers, in seconds."""
        return None if self.delay_min_s is None or self.delay_max_s is None else (self.delay_min_s, self.delay_max_s)

    def next_sending_time(self, at: datetime) -> datetime:
        """Returns ``at`` while automated drafts may leave, else when the sending window opens next."""
        if not self.sending_window:
            return at
        return next_opening(SendingWindow.parse(self.sending_window), time_zone(self.timezone), at)

    def is_too_old(self, at: datetime, now: datetime) -> bool:
        """Tells whether a reply of ``at`` is too old for an automated answer; only the window's hours count."""
        longest = timedelta(hours=self.max_reply_age_hours)
        if not self.sending_window or now - at <= longest:
            return now - at > longest
        window = SendingWindow.parse(self.sending_window)
        return open_time(window, time_zone(self.timezone), at, now, at_most=longest) > longest


@dataclass(frozen=True, slots=True)
class KnowledgeText:
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace's own words about itself: the only source of facts about its company and its offer."""

    settings: WorkspaceSettings = field(default_factory=WorkspaceSettings)
    knowledge: tuple[KnowledgeText, ...] = ()
    instructions: str = ""  # of the campaign that is answered, besides the persona's goals
    language: str = ""  # of that campaign, for a reply that does not show its own


SETTINGS: Mapping[str, str] = {name: str(one.description) for name, one in WorkspaceSettings.model_fields.items()}
"""What each setting means, by name."""


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    value: Any = field.annotation
    return TypeAdapter(Annotated[value, *field.metadata] if field.metadata else value)


_ADAPTERS = {name: _adapter(one) for name, one in WorkspaceSettings.model_fields.items()}


def stored_settings(row: Mapping[str, Any]) -> WorkspaceSettings:
    """Takes the settings of a row of client_settings as they are stored."""
    return WorkspaceSettings.model_construct(**{name: row[name] for name in SETTINGS})


def named_after(name: str, settings: WorkspaceSettings) -> WorkspaceSettings:
    """Fills in the workspace's own name where the settings name no persona or company."""
    return settings.model_copy(
        update={"persona_name": settings.persona_name or name, "company_name": settings.company_name or name}
    )


def parse_setting(name: str, value: object) -> Any:
    """Reads ``value`` as it is stored for the setting ``name``.

    Raises InvalidSettingError when there is no such setting or its rule refuses the value.
    """
    adapter = _ADAPTERS.get(name)
    if adapter is None:
        close = get_close_matches(name, SETTINGS, n=1)
        hint = f"the closest is {close[0]}" if close else f"the settings are {', '.join(SETTINGS)}"
        raise InvalidSettingError(name, f"there is no such setting; {hint}")
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise InvalidSettingError(name, str(error.errors()[0]["ctx"]["error"])) from None


def check_delay_window(delay_min_s: int | None, delay_max_s: int | None) -> None:
    """Raises InvalidSettingError unless both ends are set, or neither, and the shortest is not above the longest."""
    if (delay_min_s is None) != (delay_max_s is None):
        missing = "delay_min_s" if delay_min_s is None else "delay_max_s"
        raise InvalidSettingError(missing, "set delay_min_s and delay_max_s together (or both to none)")
    if delay_min_s is not None and delay_max_s is not None and delay_min_s > delay_max_s:
        raise InvalidSettingError("delay_min_s", f"{delay_min_s} is above delay_max_s ({delay_max_s})")
