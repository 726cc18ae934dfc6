"""Is this the message that we sent? One table for intake, the search for uncertain sends and found responses."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from shared.domain.sent_match import Echo, UnsettledSend, find_send, may_be
from shared.domain.vocabulary import DraftId, MessageId

INTENDED = datetime(2026, 11, 20, 14, 0, tzinfo=UTC)
SEND = UnsettledSend(
    draft_id=DraftId(UUID(int=1)),
    body="Hi Pat,\n\nhere is the link:\nhttps://example.com/b",
    intended_at=INTENDED,
    thread_id="t-1",
    our_address="sam@send.test",
)

ACCOUNT, OTHER = UUID(int=7), UUID(int=8)
OURS = replace(SEND, account_id=ACCOUNT)


def echo(text: str = SEND.body, *, after_s: float | None = 0, **changes: Any) -> Echo:
    at = None if after_s is None else INTENDED + timedelta(seconds=after_s)
    return Echo.of(
        text, **{"at": at, "message_id": "m-1", "thread_id": "t-1", "our_address": "sam@send.test", **changes}
    )


@pytest.mark.parametrize(
    ("shown", "send", "expected"),
    [
        # Words: all of the draft's, whatever stands around them, in whatever white space and letter case.
        (echo(), SEND, True),
        (
            echo("Hi Pat, here is the link: https://example.com/b\n\n-- \nSam Lee\n\n> On Monday you wrote:\n> Hi"),
            SEND,
            True,
        ),
        (echo("hi pat,\r\n\r\nHERE is the\N{NO-BREAK SPACE}link: https://example.com/b"), SEND, True),
        (echo("Hi Pat, here is the link:"), SEND, False),
        (echo("I am the colleague of the one who wrote before."), SEND, False),
        (echo("anything"), replace(SEND, body=" \n"), False),
        # The mailbox, in its canonical form.
        (echo(our_address="Sam@SEND.test."), SEND, True),
        (echo(our_address="other@send.test"), SEND, False),
        (echo(our_address=None), SEND, True),
        (echo(our_address="other@send.test"), replace(SEND, our_address=None), True),
        # The thread.
        (echo(thread_id="t-2"), SEND, False),
        (echo(thread_id=None), SEND, True),
        (echo(thread_id="t-2"), replace(SEND, thread_id=None), True),
        # The time: a minute of doubt before the intent, and words may leave late.
        (echo(after_s=-60), SEND, True),
        (echo(after_s=-61), SEND, False),
        (echo(after_s=86_400), SEND, True),
        (echo(after_s=None), SEND, True),
        # Without words: in the thread, from the account, within ten minutes.
        (echo(""), SEND, True),
        (echo(" \N{ZERO WIDTH SPACE}\n"), SEND, True),
        (echo("", after_s=-60), SEND, True),
        (echo("", after_s=-61), SEND, False),
        (echo("", after_s=600), SEND, True),
        (echo("", after_s=601), SEND, False),
        (echo("", after_s=None), SEND, False),
        (echo("", thread_id=None), SEND, False),
        (echo("", thread_id="t-2"), SEND, False),
        (echo("", thread_id=None), replace(SEND, thread_id=None), False),
        (echo("", our_address="other@send.test"), SEND, False),
        # A draft of which no send is left: only its words prove it.
        (echo(), replace(SEND, intended_at=None), True),
        (echo(""), replace(SEND, intended_at=None), False),
        # Links that a provider follows stand in place of ours; a link that is missing is missing.
        (echo("Hi Pat, here is the link: https://click.test/9f3?r=1"), SEND, True),
        (echo("Hi Pat,\n\nhere\u2019s the link"), replace(SEND, body="Hi Pat, here's the link"), True),
        # Another account has ids and threads of its own: there only words and mailbox count.
        (echo(thread_id="t-2", account_id=OTHER), replace(OURS, message_id="m-2"), True),
        (echo(account_id=OTHER, our_address="other@send.test"), OURS, False),
        (echo("", account_id=OTHER), OURS, False),
        (echo("other words", account_id=OTHER), replace(OURS, message_id="m-1"), False),
        # The provider's id outweighs everything else.
        (echo("other words", thread_id="t-2", after_s=-900), replace(SEND, message_id="m-1"), True),
        (echo(), replace(SEND, message_id="m-2"), False),
        (echo(message_id=None), replace(SEND, message_id="m-2"), True),
    ],
)
def test_which_message_may_be_a_send(shown: Echo, send: UnsettledSend, expected: bool) -> None:
    assert may_be(shown, send) is expected


def test_exactly_one_send_is_found() -> None:
    other = replace(SEND, draft_id=DraftId(UUID(int=2)), body="Other words")
    assert find_send(echo(), [other, SEND]) == SEND
    assert find_send(echo(), [other]) is None
    assert find_send(echo(), [SEND, replace(SEND, draft_id=DraftId(UUID(int=3)))]) is None


def test_one_that_has_left_is_found_before_one_that_may_have() -> None:
    left = replace(SEND, recorded_as=MessageId(UUID(int=5)))
    earlier = replace(left, draft_id=DraftId(UUID(int=4)))
    assert find_send(echo(), [SEND, left, earlier]) == left


def test_a_send_that_bears_the_id_is_found_among_others_with_its_words() -> None:
    ours = replace(SEND, message_id="m-1")
    twin = replace(SEND, draft_id=DraftId(UUID(int=3)))
    assert find_send(echo(), [twin, ours]) == ours
