"""Decides whether a message that a provider shows is one that we sent: at intake, in the search for uncertain sends,
and where a response of ours turns up that we hold no row for.

A provider's id decides where our send has one. Else the words do: a message that carries all words of the draft proves
that the lead has them, whatever a mail program has put around them (a signature, the thread) or made of them (HTML, its
own links in place of ours). A message that shows no words can only be placed: in the send's own thread, from its
account, at its time. What another account shows has ids and threads of its own: there only the words count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.domain.email_address import same_address
from shared.domain.reply_identity import bare_words
from shared.domain.vocabulary import DraftId, MessageId, OutboundSendStatus

EARLIEST = timedelta(seconds=-60)
"""From our intent to the message's time: how far the provider's clock may be behind ours."""

LATEST_WITHOUT_WORDS = timedelta(minutes=10)
"""How long after our intent a message without words may still be ours. One with our words may leave at any later time:
a provider queues."""

_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class UnsettledSend:
    """A draft that may have left: its send is INTENDED, QUEUED or UNCERTAIN, or its row is lost.

    ``intended_at`` is None for a draft of which we hold no send at all: then only its words can prove it.
    ``recorded_as``: the message that it has become, of which an account may tell later than the response to our request
    did, or under another id.
    """

    draft_id: DraftId
    body: str
    intended_at: datetime | None = None
    message_id: str | None = None  # the provider's, where it has told us
    thread_id: str | None = None
    our_address: str | None = None
    account_id: UUID | None = None
    status: OutboundSendStatus | None = None
    recorded_as: MessageId | None = None


@dataclass(frozen=True, slots=True)
class Echo:
    """A message of ours as a provider shows it. ``words`` are normalised; ``at`` is when it was sent, if that shows."""

    words: str
    at: datetime | None = None
    message_id: str | None = None
    thread_id: str | None = None
    our_address: str | None = None
    account_id: UUID | None = None

    @classmethod
    def of(
        cls,
        text: str,
        *,
        at: datetime | None = None,
        message_id: str | None = None,
        thread_id: str | None = None,
        our_address: str | None = None,
        account_id: UUID | None = None,
    ) -> Echo:
        """Makes an echo of a message's plain text, which may be empty."""
        return cls(_words(text), at, message_id, thread_id, our_address, account_id)


def find_send(echo: Echo, sends: Iterable[UnsettledSend]) -> UnsettledSend | None:
    """Finds the one send that a message is; None when several may be it, since a wrong match hides a lost message.

    Of those that are known to have left it is the first, whichever it is: nothing is lost with the others.
    """
    fitting = [send for send in sends if may_be(echo, send)]
    named = [send for send in fitting if send.message_id is not None and send.message_id == echo.message_id]
    left = [send for send in fitting if send.recorded_as is not None]
    certain = named or left[:1] or fitting
    return certain[0] if len(certain) == 1 else None


def may_be(echo: Echo, send: UnsettledSend) -> bool:
    """Tells whether a message can be this send. What either side does not know contradicts nothing."""
    same_account = is_same_account(send.account_id, echo.account_id)
    if same_account and send.message_id is not None and echo.message_id is not None:
        return send.message_id == echo.message_id
    if same_account and None not in (send.thread_id, echo.thread_id) and send.thread_id != echo.thread_id:
        return False
    if send.our_address and echo.our_address and not same_address(send.our_address, echo.our_address):
        return False
    after = None if send.intended_at is None or echo.at is None else echo.at - send.intended_at
    if after is not None and after < EARLIEST:
        return False
    if echo.words:
        words = _words(send.body)
        return bool(words) and words in echo.words
    return (
        same_account
        and send.thread_id is not None
        and send.thread_id == echo.thread_id
        and after is not None
        and after <= LATEST_WITHOUT_WORDS
    )


def is_same_account(one: UUID | None, other: UUID | None) -> bool:
    """Tells whether two messages may have come through one account; one that is not known contradicts nothing."""
    return one is None or other is None or one == other


def _words(text: str) -> str:
    """Returns a text as two of them are compared; where a provider follows clicks, its links stand in place of ours."""
    return bare_words(_LINK.sub(" link ", text))
