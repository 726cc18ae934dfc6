"""Queries about messages of ours that a provider reports: recorded once, and the send that they prove is settled.

Everything here runs under the lead's lock, like shared.db.messages.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Connection, text

from shared.db.draft_states import moved, superseded
from shared.db.lead_group import group_of
from shared.db.leads import rolled_up_outbound
from shared.db.message_records import Recorded, SentRecord
from shared.db.messages import INSERT_SENT_MESSAGE, MATCH_MESSAGE, message_parameters, recorded
from shared.db.unsettled_sends import UNSETTLED
from shared.db.webhook_events import RECORD_EVENT_OF_TARGET, EventRecord
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import Direction, DraftStatus

# A message of an unknown author answers what came before it: drafts about that are moot. One that is being sent is
# left to its worker.
_RECORD_SENT = text(
    f"""
    WITH {MATCH_MESSAGE}, {INSERT_SENT_MESSAGE}, {RECORD_EVENT_OF_TARGET},
    rolled_up AS ({rolled_up_outbound("inserted")}),
    {moved("sent_draft", DraftStatus.SENT, source="inserted", where="draft.id = CAST(:draft_id AS uuid)")},
    settled AS (
        UPDATE outbound_send
        SET status = 'SENT', sent_at = inserted.effective_at, settled_by_kind = 'EVENT', error = NULL,
            provider_message_id = coalesce(:provider_message_id, outbound_send.provider_message_id),
            mailbox = coalesce(:our_address, outbound_send.mailbox)
        FROM inserted
        WHERE outbound_send.draft_id = CAST(:draft_id AS uuid) AND outbound_send.{UNSETTLED}
    ), answered AS (
        SELECT draft.id FROM inserted, draft JOIN message AS trigger ON trigger.id = draft.trigger_message_id
        WHERE inserted.author_is_unknown AND draft.lead_id IN {group_of(":lead_id")}
          AND trigger.effective_at <= inserted.effective_at
    ), {superseded(DraftRule.ANSWERED_AT_PROVIDER, source="answered", where="draft.id = answered.id")}
    SELECT id AS target_id, lead_id AS target_lead_id, is_new, CAST(NULL AS uuid) AS id FROM target
    """  # noqa: S608 (constants only)
)


def record_sent_message(
    connection: Connection, event: EventRecord, message: SentRecord, *, within: timedelta
) -> Recorded:
    """Records one message of ours once, with the lead's rollups.

    A new one settles the send of its draft; one of an unknown author supersedes the drafts that it has answered before.
    ``within`` and what it raises as in ``record_reply``. There are no jobs.
    """
    rows = connection.execute(
        _RECORD_SENT,
        {
            **event.parameters(),
            **message_parameters(message, Direction.OUTBOUND, within=within),
            "draft_id": message.draft_id,
            "campaign_step": message.campaign_step,
            "author_is_unknown": message.author_is_unknown,
        },
    ).all()
    return recorded(rows)
