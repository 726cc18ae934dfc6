"""A response that the provider has sent for us without a row of ours: recorded as what it is, and never sent again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from shared.db.found_responses import FoundResponse, adopt_response, drafts_before
from shared.domain.reply_identity import content_key, reply_key
from shared.domain.sent_match import may_be
from shared.domain.vocabulary import ClientId, DraftId, LeadId
from shared.providers.account_values import SentMessage


@dataclass(frozen=True, slots=True)
class Adopted:
    """``draft_id`` is the draft that the mail turned out to be; ``overtaken`` how many others it made moot."""

    draft_id: DraftId | None
    overtaken: int


def adopt(
    connection: Connection, client_id: ClientId, lead_id: LeadId, lead_email: str, sent: SentMessage, *, now: datetime
) -> Adopted | None:
    """Records a mail of ours under the lead's lock; None when there is a row of it.

    It is the draft whose words it shows, which is SENT with it. Otherwise its author is unknown: a person's, or one of
    our own that is forgotten. What else is open about older mail of the lead is superseded in either case.
    """
    sent_at = min(sent.sent_at or now, now)
    content = content_key(sent.campaign_id, lead_email, sent.text, sent.subject)
    drafts = drafts_before(connection, lead_id, sent_at)
    draft_id = next((draft.draft_id for draft in drafts if may_be(sent.echo, draft)), None)
    overtaken = [draft.draft_id for draft in drafts if draft.draft_id != draft_id]
    response = FoundResponse(
        provider_message_id=sent.message_id,
        thread_id=sent.thread_id,
        mailbox=sent.our_address,
        subject=sent.subject,
        body=sent.text,
        campaign_id=sent.campaign_id,
        sent_at=sent_at,
        reply_key=reply_key(sent.message_id, content, b""),
        content_key=content,
    )
    adopted = adopt_response(connection, client_id, lead_id, response, draft_id=draft_id, overtaken=overtaken)
    return Adopted(draft_id, len(overtaken)) if adopted else None
