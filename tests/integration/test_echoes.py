"""Messages of ours that come back: late with their id, changed by the provider, or through the client's other tool."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import pytest
from sqlalchemy import Engine, text

from shared.domain.vocabulary import MessageId
from shared.jobs.outcomes import Done
from shared.pipelines.intake.delivery import Receipt
from shared.providers.account_values import Sent
from shared.providers.errors import Uncertain
from tests.instantly_events import email_sent
from tests.integration.reply_scene import LEAD_EMAIL, MAILBOX, account_of
from tests.integration.two_tools import OtherTool, TwoTools
from tests.marketplace import message, registered

LINK = "https://sendwell.test/steps?a=1"


class Laconic:
    """An account whose provider tells nothing of what it has sent: no ids, or not even that it did."""

    def __init__(self, scene: TwoTools) -> None:
        self._account = account_of(scene.instantly)
        self.lost = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._account, name)

    def send(self, *args: Any, **options: Any) -> Sent:
        self._account.send(*args, **options)
        if self.lost:
            raise Uncertain("no answer")
        return Sent(None, None, None)


@pytest.fixture
def scene(engine: Engine) -> Iterator[TwoTools]:
    with registered(OtherTool()):
        scene = TwoTools(engine)
        scene.settings(booking_link=LINK)
        scene.model.writes(f"It's three steps, see {LINK} for a time.")
        yield scene


@pytest.fixture
def account(scene: TwoTools) -> Laconic:
    account = Laconic(scene)
    scene.dependencies = replace(scene.dependencies, accounts=lambda _: account)
    return account


def respond(scene: TwoTools) -> MessageId:
    """Takes a reply in and sends the response to it."""
    message_id = scene.receive(reply_text="Tell me more about the setup.", email_account=MAILBOX, timestamp=None)
    scene.run(scene.job_of(message_id))
    return message_id


def body(scene: TwoTools) -> str:
    return scene.drafts()[0].body


def echo(scene: TwoTools, **changes: Any) -> Receipt:
    """Takes in what the tool that sent the response says of it."""
    shown = {"email_text": body(scene), "email_id": "late"} | changes
    return scene.deliver(email_sent(lead_email=LEAD_EMAIL, email_account=MAILBOX, **shown))


def other_echo(scene: TwoTools, text: str | None = None) -> Receipt:
    """Takes in what the other tool, which watches the same mailbox, says of it."""
    shown = f"{body(scene)}\n\n--\nSent by the other tool" if text is None else text
    return scene.other(
        message(
            shown, type="sent", email=LEAD_EMAIL, thread="another", mailbox=MAILBOX, at=datetime.now(UTC).isoformat()
        )
    )


def for_review(scene: TwoTools) -> None:
    """Takes another reply in, whose draft waits for a person."""
    scene.model.judges(confidence=0.1)
    scene.process(scene.message("And what does it cost?", age=timedelta(0)))


def states(scene: TwoTools) -> tuple[str, str, str | None]:
    send = scene.one("SELECT status, provider_message_id FROM outbound_send")
    return scene.draft().status, send.status, send.provider_message_id


def sent(scene: TwoTools) -> Any:
    """Returns the one message of ours."""
    return scene.one("SELECT * FROM message WHERE direction = 'OUTBOUND'")


# --- Late ------------------------------------------------------------------------------------------------------------


def as_html(text: str) -> str:
    """The text as a provider sends it: its own link in place of ours, a signature, a pixel."""
    tracked = escape(text).replace(escape(LINK), "https://click.test/c/9f3")
    lines = tracked.replace("&#x27;", "\u2019").replace("\n", "<br>\n")
    return f'<div>{lines}</div><div>--<br>Sam Lee, Sendwell</div><img src="https://click.test/o/1.gif" width="1">'


@pytest.mark.parametrize(
    "shown",
    [
        lambda text: {"email_text": text},
        lambda text: {"email_text": None, "email_html": as_html(text)},
        lambda text: {"email_text": f"{text}\n\nSent with a tool\n\n> Tell me more"},
    ],
    ids=["as it was", "as html", "with more below"],
)
def test_the_id_of_what_was_sent_may_come_later(
    scene: TwoTools, account: Laconic, shown: Callable[[str], dict[str, Any]]
) -> None:
    respond(scene)
    assert states(scene) == ("SENT", "SENT", None)
    before = sent(scene)
    receipt = echo(scene, **shown(body(scene)))
    assert (receipt.status, receipt.message_id) == ("duplicate", before.id)
    assert states(scene) == ("SENT", "SENT", "late")
    after = sent(scene)
    assert (after.id, after.provider_message_id, after.reply_key) == (before.id, "late", scene.reply_key("late"))
    assert echo(scene, **shown(body(scene)), email_subject="again").message_id == before.id


def test_the_same_response_twice_is_two_messages(scene: TwoTools, account: Laconic) -> None:
    for _ in range(2):
        respond(scene)
    drafts = scene.all("SELECT status FROM draft")
    assert [draft.status for draft in drafts] == ["SENT", "SENT"]
    assert len(scene.all("SELECT 1 FROM message WHERE direction = 'OUTBOUND'")) == 2
    for id in ("first", "second"):
        assert echo(scene, email_id=id).status == "duplicate"
    named = scene.all("SELECT provider_message_id FROM message WHERE direction = 'OUTBOUND' ORDER BY 1")
    assert [row.provider_message_id for row in named] == ["first", "second"]


@pytest.mark.parametrize("tell", [echo, other_echo])
def test_an_echo_may_be_faster_than_the_response(
    scene: TwoTools, account: Laconic, tell: Callable[[TwoTools], Receipt]
) -> None:
    scene.instantly.after_reply = lambda: tell(scene)
    respond(scene)
    id = "late" if tell is echo else None
    assert states(scene) == ("SENT", "SENT", id)
    assert (sent(scene).provider_message_id, sent(scene).author_is_unknown) == (id, False)


@pytest.mark.parametrize("tell", [echo, other_echo])
def test_an_echo_settles_what_is_uncertain(
    scene: TwoTools, account: Laconic, tell: Callable[[TwoTools], Receipt]
) -> None:
    account.lost = True
    respond(scene)
    assert states(scene) == ("SEND_UNCERTAIN", "UNCERTAIN", None)
    tell(scene)
    assert states(scene)[:2] == ("SENT", "SENT")
    assert sent(scene).provider_account_id == scene.account_id
    echo(scene)
    assert (states(scene)[2], sent(scene).provider_message_id) == ("late", "late")


def test_a_look_into_the_thread_knows_what_has_no_id_yet(scene: TwoTools, account: Laconic) -> None:
    """What was sent to an older reply shows behind the newer one, and is no answer to it."""
    respond(scene)
    newer = scene.receive(reply_text="And what does it cost?", email_account=MAILBOX, timestamp=None)
    ours = replace(scene.instantly.thread[-1], text=body(scene), timestamp_created=datetime.now(UTC))
    scene.instantly.thread[-1] = ours
    scene.model.writes("Nothing at first.")
    job_id = scene.job_of(newer)
    with scene.engine.begin() as connection:
        connection.execute(text("UPDATE background_job SET generation = 1"))  # no straight run: it looks
    assert scene.run(job_id) == Done("sent")


# --- Through the other tool ------------------------------------------------------------------------------------------


def test_the_other_tools_echo_is_no_persons_mail(scene: TwoTools) -> None:
    respond(scene)
    ours = sent(scene)
    for_review(scene)
    receipt = other_echo(scene)
    assert (receipt.status, receipt.message_id) == ("duplicate", ours.id)
    assert sent(scene) == ours
    assert [draft.status for draft in scene.drafts()] == ["SENT", "NEEDS_REVIEW"]


def test_what_a_person_writes_elsewhere_is_known_once_and_supersedes(scene: TwoTools) -> None:
    for_review(scene)
    by_hand = "Let me take this over.\n\nSam"
    first = other_echo(scene, by_hand)
    assert (sent(scene).author_is_unknown, scene.draft().status) == (True, "SUPERSEDED")
    assert echo(scene, email_text=by_hand).message_id == first.message_id
    assert sent(scene).id == first.message_id
