"""Every text that a test run posted and every key that it used, and the search for any of it in its stack's logs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from uuid import UUID

from psycopg.conninfo import conninfo_to_dict

from local.workspace import load_identity
from shared.ai.context import texts_of
from tests.e2e.driver import Answer, Driver, TestWorkspace

LONGEST = 32  # of a line its beginning is searched: a log line may have cut the rest
SHORTEST = 8  # characters: what is shorter ("Pat", "wrote:") may stand in a log line by chance
NOT_SECRET = ("event_type", "type", "timestamp")
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)  # logs may hold ids
_ADDRESS = re.compile(r"([^\s@<>\"':,;]+)@[^\s@<>\"':,;]+")


@dataclass
class Posted:
    """A text that must not be found in a log."""

    needles: set[str] = field(default_factory=set)
    clients: set[UUID] = field(default_factory=set)  # of deliveries that were taken: their ids are in the webhook's log

    def add(self, *texts: str) -> None:
        """Adds the beginning of each line of ``texts``, and each address in them with the part before its @."""
        for text in texts:
            addresses = [part for match in _ADDRESS.finditer(text) for part in (match[0], match[1])]
            for part in (*text.splitlines(), *addresses):
                words = part.strip().strip("> ")[:LONGEST].rstrip()
                if len(words) >= SHORTEST and not _UUID.fullmatch(part):
                    self.needles.add(words)

    def add_event(self, event: dict[str, Any] | bytes) -> None:
        if isinstance(event, bytes):
            strings = event.decode(errors="replace").split('"')  # of broken JSON; names of fields have no blank
            self.add(*(text for text in strings if " " in text.strip() or "@" in text))
        else:
            self.add(*texts_of(event, without=NOT_SECRET))


@dataclass
class WatchedDriver(Driver):
    """A driver that notes what it posts and whose keys it uses."""

    posted: Posted = field(default_factory=Posted)

    def workspace(self, name: str = "test", **settings: object) -> TestWorkspace:
        workspace = super().workspace(name, **settings)
        self.posted.add(workspace.token)
        for webhook in workspace.webhooks.values():
            self.posted.add(
                *webhook.headers.values(),
                *webhook.body.values(),
                *parse_qs(urlsplit(webhook.url).query).get("token", ()),
            )
        return workspace

    def post(
        self,
        workspace: TestWorkspace,
        event: dict[str, Any] | bytes,
        *,
        token: str | None = None,
        client_id: object = None,
        webhook: str = "instantly",
    ) -> Answer:
        answer = super().post(workspace, event, token=token, client_id=client_id, webhook=webhook)
        self.posted.add_event(event)
        self.posted.add(token or "")
        if answer.is_taken:
            self.posted.clients.add(workspace.id)
        return answer

    def note_the_rest(self) -> None:
        """Notes the stack's own keys, and the drafts that it has written."""
        password = conninfo_to_dict(self.info["database_url"]).get("password")
        self.posted.add(load_identity(self.state_dir).signing_key, self.info["client"]["token"], str(password or ""))
        self.posted.add(*(draft["body"] for draft in self.rows("SELECT body FROM draft WHERE body IS NOT NULL")))


def found_in_logs(state_dir: Path, posted: Posted) -> list[str]:
    """Lists the places of posted texts in the logs of the stack in ``state_dir``; empty when all is well.

    All of them: the functions', Postgres's, the queue service's, the sandboxes' and what the stack itself prints.
    """
    needles = sorted({(form.lower(), needle) for needle in posted.needles for form in forms_of(needle)})
    return [found for path in sorted(state_dir.rglob("*.log")) for found in _found_in(path, needles)]


def forms_of(text: str) -> Iterator[str]:
    """Yields the text as it is, and as JSON (also inside JSON), a URL or a database's log of bytes would hold it."""
    yield text
    yield text.encode().hex()
    yield quote(text, safe="")
    for ensure_ascii in (True, False):
        once = json.dumps(text, ensure_ascii=ensure_ascii)[1:-1]
        yield once
        yield json.dumps(once, ensure_ascii=ensure_ascii)[1:-1]


def clients_without_a_log_line(state_dir: Path, posted: Posted) -> set[str]:
    """Of the clients whose deliveries were taken: a search of logs that hold nothing would find nothing."""
    log = "".join(path.read_text(errors="replace") for path in (state_dir / "logs").glob("webhook-*.log"))
    return {str(client) for client in posted.clients if str(client) not in log}


def statements_logged(state_dir: Path) -> int:
    """Counts the statements in Postgres' log, which was configured to hold them."""
    return (state_dir / "postgres.log").read_text(errors="replace").count("LOG:  duration: ")


def _found_in(path: Path, needles: Iterable[tuple[str, str]]) -> Iterator[str]:
    text = path.read_text(errors="replace").lower()
    for form, needle in needles:
        at = text.find(form)
        if at >= 0:
            yield f"{path}:{text.count(chr(10), 0, at) + 1} holds {needle!r}"
