"""Messages that their authors change or take back. All run under the lead's lock."""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.db.draft_states import superseded
from shared.db.jobs import POST_PROCESS, start_again
from shared.db.message_records import ReplyRecord
from shared.domain.drafting.draft_rules import DraftRule
from shared.domain.vocabulary import MessageId

# What has been answered, or may have been, keeps the meaning that it was answered in: only its words change.
_ANSWERED = """
    SELECT EXISTS (
        SELECT FROM draft JOIN outbound_send AS sending ON sending.draft_id = draft.id
        WHERE draft.trigger_message_id = :message_id AND sending.status <> 'REFUSED') AS yes
"""

_REVISE = text(
    f"""
    WITH answered AS MATERIALIZED ({_ANSWERED}), changed AS (
        UPDATE message
        SET subject = :subject, body_text = CAST(:body_text AS text), body_html = CAST(:body_html AS text),
            clean_text = :clean_text, text_source = :text_source, signature_text = CAST(:signature_text AS text),
            hidden_chars = :hidden_chars, content_key = :content_key, words_key = CAST(:words_key AS bytea),
            edited_at = now(),
            is_auto_reply = CASE WHEN yes THEN is_auto_reply ELSE :is_auto_reply END,
            sentiment = CASE WHEN yes THEN sentiment ELSE CAST(:tag AS text) END,
            sentiment_source = CASE WHEN yes THEN sentiment_source ELSE CAST(:tag_source AS text) END,
            sentiment_reason = CASE WHEN yes THEN sentiment_reason ELSE CAST(:tag_reason AS text) END
        FROM answered
        WHERE id = :message_id
          AND ROW(clean_text, body_text, body_html) IS DISTINCT FROM
              ROW(:clean_text, CAST(:body_text AS text), CAST(:body_html AS text))
        RETURNING id
    ), reopened AS MATERIALIZED (
        SELECT changed.id FROM changed, answered WHERE NOT yes
    ), {superseded(DraftRule.MESSAGE_EDITED, source="reopened", where="draft.trigger_message_id = reopened.id")},
    forgotten AS (
        DELETE FROM job_step USING background_job AS job, reopened
        WHERE job_step.job_id = job.id AND job.message_id = reopened.id AND job.{POST_PROCESS}
    ), restarted AS (
        UPDATE background_job AS job SET {start_again()}
        FROM reopened WHERE job.message_id = reopened.id AND job.{POST_PROCESS}
    )
    SELECT FROM changed
    """  # noqa: S608 (constants only)
)


def revise_message(connection: Connection, message_id: MessageId, words: ReplyRecord) -> bool:
    """Gives a message its new words; False if it has them already, and nothing changes.

    While nothing has been sent in answer it is judged anew: an open draft is withdrawn, and maintenance publishes its
    job again.
    """
    values = {
        "message_id": message_id,
        "subject": words.subject,
        "body_text": words.body_text,
        "body_html": words.body_html,
        "clean_text": words.clean_text,
        "text_source": words.text_source,
        "signature_text": words.signature_text,
        "hidden_chars": words.hidden_chars,
        "content_key": words.content_key,
        "words_key": words.words_key,
        "is_auto_reply": words.is_auto_reply,
        "tag": None if words.tag is None else words.tag.value,
        "tag_source": None if words.tag_source is None else words.tag_source.value,
        "tag_reason": words.tag_reason,
    }
    return connection.execute(_REVISE, values).one_or_none() is not None


_TAKE_BACK = text(
    f"""
    WITH marked AS (
        UPDATE message SET deleted_at = coalesce(deleted_at, now()) WHERE id = :message_id RETURNING id
    ), {superseded(DraftRule.MESSAGE_DELETED, source="marked", where="draft.trigger_message_id = marked.id")}
    SELECT FROM marked
    """  # noqa: S608 (constants only)
)


def take_back_message(connection: Connection, message_id: MessageId) -> None:
    """Marks a message as taken back by its author, and withdraws an open draft to it; the message stays."""
    connection.execute(_TAKE_BACK, {"message_id": message_id})
