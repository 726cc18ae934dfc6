"""A response that the provider has sent for us without a row of ours: recorded as what it is, and never sent again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from shared.db.found_responses import FoundResponse, adopt_response, drafts_before
from shared.db.recorded_sends import SentAs, name_sent_message
from shared.db.unsettled_sends import reportable_sends
from shared.domain.accounts import AccountRef
from shared.domain.identity import person_key
from shared.domain.reply_identity import content_key
from shared.domain.sent_match import UnsettledSend, find_send, is_same_account, may_be
from shared.domain.vocabulary import DraftId, LeadId
from shared.providers.account_values import SentMessage
from shared.providers.message_ids import message_key

SHOWN_WITHIN = timedelta(hours=24)
"""From our intent to the time at which the provider says that a message has left."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """``draft_id`` is the draft that the mail turned out to be; ``overtaken`` how many others it made moot."""

    draft_id: DraftId | None
    overtaken: int


def adopt(
    connection: Connection, account: AccountRef, lead_id: LeadId, sent: SentMessage, *, now: datetime
) -> Adopted | None:
    """Records a message of ours that an account shows, under the lead's lock; None when there is a row of it.

    It is the draft whose words it shows, which is SENT with it. Otherwise its author is unknown: a person's, or one of
    our own that is forgotten. What else is open about older mail of the lead is superseded in either case.
    """
    sent_at = min(sent.sent_at or now, now)
    key = message_key(account, sent.thread_id, sent.message_id)
    known = recorded_send(connection, account, lead_id, sent, since=sent_at)
    if known is not None:
        if is_same_account(known.account_id, account.id):
            named = SentAs(sent.message_id, sent.thread_id, sent.our_address, reply_key=key)
            name_sent_message(connection, known.draft_id, named)
        return None
    content = content_key(sent.campaign_id, person_key(sent.person) or "", sent.text, sent.subject)
    drafts = drafts_before(connection, lead_id, sent_at)
    draft_id = next((draft.draft_id for draft in drafts if may_be(sent.echo, draft)), None)
    overtaken = [draft.draft_id for draft in drafts if draft.draft_id != draft_id]
    response = FoundResponse(
        provider_message_id=sent.message_id,
        thread_id=sent.thread_id,
        mailbox=sent.our_address,
        subject=sent.subject,
        body=sent.text,
        channel=sent.channel,
        campaign_id=sent.campaign_id,
        sent_at=sent_at,
        reply_key=key,
        content_key=content,
    )
    adopted = adopt_response(connection, account, lead_id, response, draft_id=draft_id, overtaken=overtaken)
    return Adopted(draft_id, len(overtaken)) if adopted else None


def recorded_send(
    connection: Connection, account: AccountRef, lead_id: LeadId, sent: SentMessage, *, since: datetime
) -> UnsettledSend | None:
    """Finds the send of ours that a message is although its id is not known: it was told later, or by another account.

    ``since``: the message is not older than that.
    """
    sends = reportable_sends(connection, lead_id, account.id, sent_since=since - SHOWN_WITHIN)
    return find_send(
        replace(sent.echo, account_id=account.id), [send for send in sends if send.recorded_as is not None]
    )
