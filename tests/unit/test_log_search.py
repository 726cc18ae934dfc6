from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.e2e.log_search import Posted, found_in_logs

BODY = 'Viele Grüße aus Łódź, "Jürgen"\n\n> may I ask you something?\nand a sentence of more than thirty-two characters'
EVENT = {"event_type": "reply_received", "lead_email": "Jürgen.W@acme.test", "n": [{"reply_text": BODY}], "x": 1}


def found(folder: Path, line: str) -> list[str]:
    (folder / "logs").mkdir()
    (folder / "logs" / "any.log").write_text(f"{{}}\n{line}\n")
    posted = Posted()
    posted.add_event(EVENT)
    posted.add("v1.0123456789")
    return found_in_logs(folder, posted)


@pytest.mark.parametrize(
    "line",
    [
        f"got {BODY}",
        json.dumps({"message": BODY.splitlines()[0]}),
        json.dumps({"message": BODY.splitlines()[0]}, ensure_ascii=False),
        json.dumps({"message": json.dumps(BODY)}),
        "... MAY I ASK YOU SOMETHING? ...",
        "jürgen.w@ACME.test",
        json.dumps("jürgen.w@acme.test"),
        "GET /emails?lead=" + quote("Jürgen.W@acme.test"),
        "the lead jürgen.w is new",
        "Bearer v1.0123456789",
        "parameters: $14 = '\\x" + b"got may I ask you something?".hex() + "'",
        "a line that was cut off: and a sentence of more than thirty-two ch",
    ],
)
def test_whatever_form_it_has_it_is_found(tmp_path: Path, line: str) -> None:
    places = found(tmp_path, line)
    assert places
    assert {place.partition(" holds ")[0] for place in places} <= {
        f"{tmp_path}/logs/any.log:{row}" for row in (2, 4, 5)
    }


def test_other_words_are_not_found(tmp_path: Path) -> None:
    assert found(tmp_path, json.dumps({"message": "event received", "status": "accepted", "event_type": "x"})) == []


def test_ids_and_event_types_may_be_logged(tmp_path: Path) -> None:
    posted = Posted()
    posted.add_event({"event_type": "reply_received", "campaign_id": "4ea94d08-1111-4d39-8e1b-000000000001"})
    assert posted.needles == set()


def test_the_words_of_broken_json_are_searched_and_its_field_names_are_not() -> None:
    posted = Posted()
    posted.add_event(b'{"event_type": "reply_received", "lead_email": "li@acme.test", "reply_text": "half of what I')
    assert posted.needles == {"li@acme.test", "half of what I"}
