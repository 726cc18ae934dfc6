"""The cost of a reply: statements, and row versions that others would have to wait for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from tests.instantly_events import email_sent, lead_event, reply_received
from tests.integration.webhook import WebhookUnderTest


@contextmanager
def statements(webhook: WebhookUnderTest) -> Iterator[list[str]]:
    """Collects what the handler sends to Postgres, BEGIN and COMMIT apart."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(" ".join(statement.split()))

    engine = webhook.environments[0]._webhook.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.mark.parametrize("known_lead", [True, False])
@pytest.mark.parametrize("change", [{}, {"campaign_id": None}, {"event_type": "lead_interested"}, {"email_id": None}])
def test_new_reply_takes_three_statements(webhook: WebhookUnderTest, known_lead: bool, change: dict[str, Any]) -> None:
    first = reply_received()
    webhook.post(first if known_lead else reply_received())
    with statements(webhook) as seen:
        answer = webhook.post({**first, "reply_text": "Another one", "email_id": str(uuid4()), **change})
    assert answer.status == "accepted"
    assert len(seen) == 3, seen  # open, record, mark as published


def test_reply_that_opts_out_takes_one_for_the_suppression_and_one_for_its_job(webhook: WebhookUnderTest) -> None:
    webhook.post(reply_received())
    with statements(webhook) as seen:
        webhook.post(reply_received(reply_text="Please unsubscribe me", reply_html=None))
    assert len(seen) == 5, seen


def test_every_round_trip_to_postgres_is_one_of_these_statements(webhook: WebhookUnderTest, tmp_path: Path) -> None:
    """No ping, no SHOW, no type lookup besides: BEGIN, open, record, COMMIT, and the mark on its own."""
    for _ in range(4):  # until every statement is prepared
        webhook.post(reply_received())
    engine: Engine = webhook.environments[0]._webhook.engine
    with engine.connect() as connection:
        wire = connection.connection.driver_connection.pgconn  # type: ignore[union-attr]
    with (tmp_path / "protocol").open("w") as protocol:
        wire.trace(protocol.fileno())
        assert webhook.post(reply_received()).status == "accepted"
        wire.untrace()
    answers = [line for line in (tmp_path / "protocol").read_text().splitlines() if "ReadyForQuery" in line]
    assert len(answers) == 5


def test_repeats_and_events_without_use_take_fewer_statements(webhook: WebhookUnderTest) -> None:
    reply = reply_received()
    webhook.post(reply)
    expected = [
        (reply, 2),  # who is it and did it come before; count it and look at its jobs
        (lead_event("email_opened"), 1),
        (email_sent(lead_email="stranger@acme.test"), 1),
        (email_sent(lead_email=reply["lead_email"]), 3),
    ]
    for body, count in expected:
        with statements(webhook) as seen:
            webhook.post(body)
        assert len(seen) == count, seen


def test_repeats_do_not_rewrite_the_lead(webhook: WebhookUnderTest) -> None:
    reply = reply_received()
    webhook.post(reply)
    before = webhook.row("SELECT ctid::text AS place, xmin::text AS version FROM lead")
    webhook.post(reply)
    webhook.post({**reply, "step": 9})
    webhook.post({**reply, "event_type": "lead_interested"})
    assert webhook.row("SELECT ctid::text AS place, xmin::text AS version FROM lead") == before
