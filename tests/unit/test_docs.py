"""The documents keep their promises: links lead somewhere, and every alarm's runbook section exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """Returns the anchors that GitHub gives a document's headings."""
    return {
        re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
        for heading in HEADING.findall(path.read_text())
    }


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_inside_the_repository_lead_somewhere(document: Path) -> None:
    for target, anchor in LINK.findall(document.read_text()):
        if "://" in target:
            continue
        path = (document.parent / target).resolve() if target else document
        assert path.exists(), f"{document.name}: {target}"
        if anchor and path.suffix == ".md":
            assert anchor in anchors(path), f"{document.name}: {target}#{anchor}"


def sections_of_alarms() -> set[str]:
    """Returns the sections that the alarms' code names, read as text: importing it would need Node."""
    named = set()
    for path in (ROOT / "infra").rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            arguments = [keyword.value for keyword in call.keywords if keyword.arg == "section"]
            if getattr(call.func, "id", "") == "ProductAlarm":
                arguments += call.args[3:4]
            named |= {str(value.value) for value in arguments if isinstance(value, ast.Constant)}
    return named


def test_every_alarm_names_a_section_of_the_runbook() -> None:
    named = sections_of_alarms()
    assert "dead-letter-queue" in named
    assert named - anchors(ROOT / "docs" / "operations.md") == set()
