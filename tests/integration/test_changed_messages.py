"""What a provider says later: a message was edited or taken back, is not to be answered, or the account is broken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from shared.db.pauses import list_active_pauses
from shared.domain.accounts import AccountRef
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import MessageId, Provider, Tag, WaitingFor
from shared.jobs.outcomes import Defer, Done
from shared.pipelines.intake.delivery import Receipt, ReceiptStatus
from shared.pipelines.pauses import LOOK_AGAIN_S
from shared.pipelines.upkeep.recover_missed import recover_missed
from shared.providers.account_values import Trigger
from shared.providers.protocol import Account
from tests.integration.market_scene import MarketScene
from tests.integration.reply_scene import account_of
from tests.marketplace import LOCATION, message, registered


class ChangingScene(MarketScene):
    """A contact who writes, and thinks better of it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.account.vouches_for = None

    def _open(self, ref: AccountRef) -> Account:
        return account_of(self.instantly) if ref.provider is Provider.INSTANTLY else super()._open(ref)

    def written(self, text: str = "What does it cost?") -> MessageId:
        return self.arrives(text, messageId="m-1", email="kim@globex.test")

    def edited(self, text: str, **changes: Any) -> Receipt:
        return self.takes(message(text, type="edited", contactId="contact", messageId="m-1", **changes))

    def deleted(self, **changes: Any) -> Receipt:
        return self.takes(message("", type="deleted", contactId="contact", messageId="m-1", **changes))

    def stored(self, message_id: MessageId) -> Any:
        return self.one("SELECT * FROM message WHERE id = :id", id=message_id)

    def all_drafts(self) -> list[tuple[str, str | None]]:
        return [tuple(row) for row in self.all("SELECT status, rule FROM draft ORDER BY created_at, id")]

    def answers_itself(self) -> None:
        """Lets drafts to the contact leave without a person, by an account that shows what they answer."""
        with self.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE lead SET auto_reply_enabled = true")
        self.account.shows = Trigger(
            handle={"message_id": "m-1"},
            thread_id="thread",
            sender=None,
            our_address="us",
            subject="",
            automatic=False,
            written_at=None,
        )


@pytest.fixture
def scene(engine: Engine) -> Iterator[ChangingScene]:
    with registered():
        yield ChangingScene(engine)


# --- Edited ------------------------------------------------------------------------------------------------------


def test_an_edited_message_has_its_new_words_and_is_judged_anew(scene: ChangingScene) -> None:
    message_id = scene.written()
    job_id = scene.job_of(message_id)
    assert isinstance(scene.run(job_id), Done)
    assert scene.all_drafts() == [("NEEDS_REVIEW", "mode")]

    receipt = scene.edited("What does it cost for forty seats?")
    assert (receipt.status, receipt.message_id) == (ReceiptStatus.ACCEPTED, message_id)
    stored = scene.stored(message_id)
    assert (stored.clean_text, stored.sentiment) == ("What does it cost for forty seats?", None)
    assert stored.edited_at is not None
    assert scene.all_drafts() == [("SUPERSEDED", DraftRule.MESSAGE_EDITED)]

    scene.model.says(Tag.INFORMATION_REQUESTED)
    assert isinstance(scene.run(job_id), Done)
    assert "forty seats" in scene.model.shown["draft"]
    assert scene.stored(message_id).sentiment == Tag.INFORMATION_REQUESTED
    assert [status for status, _ in scene.all_drafts()] == ["SUPERSEDED", "NEEDS_REVIEW"]
    assert scene.one("SELECT count(*) AS n FROM message").n == 1, "never a second reply"


def test_an_answered_message_keeps_the_meaning_that_it_was_answered_in(scene: ChangingScene) -> None:
    message_id = scene.written()
    scene.answers_itself()
    job_id = scene.job_of(message_id)
    assert scene.run(job_id) == Done("sent")
    before = scene.stored(message_id)

    assert scene.edited("Forget it.").status is ReceiptStatus.ACCEPTED
    after = scene.stored(message_id)
    assert (after.clean_text, after.sentiment) == ("Forget it.", before.sentiment)
    assert scene.one("SELECT status FROM background_job WHERE id = :id", id=job_id).status == "SUCCEEDED"
    assert [status for status, _ in scene.all_drafts()] == ["SENT"]


def test_the_same_edit_again_and_the_same_words_again_change_nothing(scene: ChangingScene) -> None:
    message_id = scene.written()
    job_id = scene.job_of(message_id)
    event = message("New words.", type="edited", contactId="contact", messageId="m-1")
    assert scene.takes(event).status is ReceiptStatus.ACCEPTED
    scene.run(job_id)
    assert scene.takes(event).status is ReceiptStatus.DUPLICATE
    assert scene.edited("New words.").status is ReceiptStatus.ACCEPTED
    assert scene.one("SELECT status FROM background_job WHERE id = :id", id=job_id).status == "SUCCEEDED"
    assert [status for status, _ in scene.all_drafts()] == ["NEEDS_REVIEW"]


def test_an_opt_out_that_is_written_afterwards_suppresses_at_once(scene: ChangingScene) -> None:
    message_id = scene.written()
    assert scene.edited("Please unsubscribe me from this list.").status is ReceiptStatus.ACCEPTED
    lead = scene.one("SELECT * FROM lead WHERE id = :id", id=scene.young(message_id))
    assert lead.suppression_message_id == message_id


def test_an_edit_that_overtakes_its_message_is_the_reply(scene: ChangingScene) -> None:
    receipt = scene.edited("What does it cost for forty seats?")
    assert receipt.status is ReceiptStatus.ACCEPTED
    late = scene.takes(message("What does it cost?", contactId="contact", messageId="m-1"))
    assert (late.status, late.message_id) == (ReceiptStatus.DUPLICATE, receipt.message_id)
    assert receipt.message_id is not None
    assert scene.stored(receipt.message_id).clean_text == "What does it cost for forty seats?"


# --- Taken back, and not to be answered --------------------------------------------------------------------------


def test_a_message_that_is_taken_back_stays_and_is_not_answered(scene: ChangingScene) -> None:
    message_id = scene.written()
    job_id = scene.job_of(message_id)
    scene.run(job_id)
    receipt = scene.deleted()
    assert (receipt.status, receipt.message_id) == (ReceiptStatus.ACCEPTED, message_id)
    assert scene.stored(message_id).deleted_at is not None
    assert scene.stored(message_id).clean_text == "What does it cost?"
    assert scene.all_drafts() == [("SUPERSEDED", DraftRule.MESSAGE_DELETED)]


def test_a_message_that_is_taken_back_before_its_run_gets_no_draft_but_is_judged(scene: ChangingScene) -> None:
    message_id = scene.written()
    scene.deleted()
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.stored(message_id).sentiment is not None, "a hold that it causes must find its end"
    assert scene.all_drafts() == []
    later = scene.arrives("Are you there?", messageId="m-2")
    scene.run(scene.job_of(later))
    assert "What does it cost?" not in scene.model.shown["draft"]


def test_a_deletion_of_an_unknown_message_is_kept(scene: ChangingScene) -> None:
    assert scene.deleted().status is ReceiptStatus.IGNORED
    assert scene.one("SELECT outcome, detail FROM webhook_event") == ("IGNORED", "unknown_message")


def test_what_several_people_would_read_is_never_answered(scene: ChangingScene) -> None:
    message_id = scene.arrives("What does it cost?", group=True)
    assert isinstance(scene.run(scene.job_of(message_id)), Done)
    assert scene.all_drafts() == []
    assert scene.stored(message_id).sentiment is not None


# --- The account's health ----------------------------------------------------------------------------------------


def word(type: str) -> dict[str, Any]:
    return {**message("", type=type), "contactId": "none"}


def broken(scene: ChangingScene) -> Any:
    return scene.one(
        "SELECT broken_reason FROM provider_account WHERE external_id = :location", location=LOCATION
    ).broken_reason


def test_a_disconnected_account_holds_its_sends_back_until_it_works_again(scene: ChangingScene) -> None:
    message_id = scene.written()
    scene.answers_itself()
    job_id = scene.job_of(message_id)
    assert scene.takes(word("disconnected")).status is ReceiptStatus.ACCEPTED
    assert scene.takes(word("disconnected")).status is ReceiptStatus.ACCEPTED
    assert broken(scene) == "disconnected"
    with scene.engine.connect() as connection:
        held = list_active_pauses(connection)
    assert [(one.what, one.account, one.reason) for one in held] == [
        ("ALL_SENDS", f"{scene.provider.name} {LOCATION}", "ACCOUNT")
    ]
    assert scene.run(job_id) == Defer(LOOK_AGAIN_S, WaitingFor.ALL_SENDS)
    assert scene.account.sent == []

    assert scene.takes(word("connected")).status is ReceiptStatus.ACCEPTED
    assert broken(scene) is None
    assert scene.run(job_id) == Done("sent")
    assert len(scene.account.sent) == 1


def test_another_account_of_the_client_goes_on(scene: ChangingScene) -> None:
    scene.takes(word("disconnected"))
    assert scene.run(scene.job(scene.message())) == Done("sent")


@pytest.mark.parametrize("still_broken", [True, False])
def test_recovery_asks_a_broken_account_how_it_is(scene: ChangingScene, still_broken: bool) -> None:
    scene.takes(word("disconnected"))
    scene.account.is_broken = still_broken
    recover_missed(scene.dependencies, lambda: 300.0)
    assert broken(scene) == ("disconnected" if still_broken else None)


def test_a_refused_key_that_works_again_leaves_the_providers_word(scene: ChangingScene) -> None:
    """A listing may work although nothing can be sent: only the account's own look says that it is well."""
    scene.takes(word("disconnected"))
    scene.account.is_broken = True
    recover_missed(scene.dependencies, lambda: 300.0)
    assert broken(scene) == "disconnected"
