"""The scene of a client with two email tools that watch one mailbox."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from shared.db.found_accounts import connect_account
from shared.domain.vocabulary import ClientId, JobType, Provider
from shared.pipelines.intake.delivery import Delivery, Receipt
from shared.pipelines.intake.receive_event import receive_event
from tests.instantly_events import hash_address, iso, reply_received
from tests.integration.reply_scene import LEAD_EMAIL, Scene
from tests.marketplace import LOCATION, NAME, Marketplace, message

WORDS = "Sounds good, let's talk on Tuesday."
NOW = datetime.now(UTC)


class OtherTool(Marketplace):
    job_type = JobType.SMARTLEAD_POST_PROCESS


class TwoTools(Scene):
    """The scene's client with an account at another tool, which posts of the same people."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.connect(LOCATION)

    def connect(self, location: str) -> None:
        with self.engine.begin() as connection:
            connect_account(
                connection,
                ClientId(self.client_id),
                Provider(NAME),
                location,
                credential_ref=None,
                finds_client=True,
            )

    def first(self, *, at: datetime = NOW, email: str = LEAD_EMAIL, **changes: Any) -> Receipt:
        """Takes a reply in as Instantly posts it."""
        texts = {"reply_text": WORDS, "reply_html": None, "reply_text_snippet": None}
        return self.deliver(reply_received(**{"lead_email": email, "timestamp": iso(at), **texts, **changes}))

    def second(self, text: str | None = WORDS, *, at: datetime = NOW, **changes: Any) -> Receipt:
        """Takes it in as the other tool posts it."""
        return self.other(message(text, **{"email": LEAD_EMAIL, "at": at.isoformat(), **changes}))

    def other(self, event: dict[str, Any]) -> Receipt:
        delivery = Delivery.of(
            None,
            json.dumps(event).encode(),
            datetime.now(UTC),
            provider=Provider(NAME),
            external_account=event["locationId"],
        )
        return receive_event(delivery, engine=self.engine, publisher=self.publisher, hash_address=hash_address)

    def messages(self) -> list[Any]:
        return self.all("SELECT * FROM message ORDER BY received_at")

    def job_types(self) -> list[str]:
        return [row.type for row in self.all("SELECT type FROM background_job ORDER BY type")]

    def account_at(self, provider: str) -> UUID:
        return self.one("SELECT id FROM provider_account WHERE provider = :provider", provider=provider).id
