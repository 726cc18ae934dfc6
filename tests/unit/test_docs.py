"""The documents keep their promises: links lead somewhere, and every alarm's runbook section exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.constructs.alarms import PRODUCT_ALARMS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *(ROOT / "docs").glob("*.md")])
LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(path: Path) -> set[str]:
    """The anchors that GitHub gives a document's headings."""
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


def test_every_alarm_names_a_section_of_the_runbook() -> None:
    source = "".join(path.read_text() for path in (ROOT / "infra").rglob("*.py"))
    named = {alarm.section for alarm in PRODUCT_ALARMS} | set(re.findall(r'section="([a-z-]+)"', source))
    assert named - anchors(ROOT / "docs" / "operations.md") == set()
