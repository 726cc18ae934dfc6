"""A response that the provider has sent for us without a row of ours: recorded as what it is, and never sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from shared.db.found_responses import FoundResponse, adopt_response, drafts_before
from shared.domain.accounts import AccountRef
from shared.domain.identity import person_key
from shared.domain.reply_identity import content_key
from shared.domain.sent_match import may_be
from shared.domain.vocabulary import DraftId, LeadId
from shared.providers.account_values import SentMessage
from shared.providers.message_ids import message_key


@dataclass(frozen=True, slots=True)
class Adopted:
    """``draft_id`` is the draft that the mail turned out to be; ``overtaken`` how many others it made moot."""

    draft_id: DraftId | None
    overtaken: int


def adopt(
    connection: Connection, account: AccountRef, lead_id: LeadId, sent: SentMessage, *, now: datetime
) -> Adopted | None:
    """Records a message of ours that an account shows under the lead's lock; None when there is a row of it.

    It is the draft whose words it shows, which is SENT with it. Otherwise its author is unknown: a person's, or one of
    our own that is forgotten. What else is open about older mail of the lead is superseded in either case.
    """
    sent_at = min(sent.sent_at or now, now)
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
        reply_key=message_key(account, sent.thread_id, sent.message_id),
        content_key=content,
    )
    adopted = adopt_response(connection, account, lead_id, response, draft_id=draft_id, overtaken=overtaken)
    return Adopted(draft_id, len(overtaken)) if adopted else None
