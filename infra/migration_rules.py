"""The expand/contract rules on a migration's SQL: no change that breaks old code or stops the traffic.

Old and new code run side by side during a release, and a rollback brings the old code back to the new schema. A rule is
lifted for one migration by a line in it that gives the reason:

    # migration-rule: drop-column: no release since 1.4 reads it
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_FLAGS = re.IGNORECASE | re.DOTALL
_LIFTED = re.compile(r"^\s*#\s*migration-rule:\s*([a-z-]+):\s*(\S.{9,})$", re.MULTILINE)


@dataclass(frozen=True)
class Rule:
    name: str
    pattern: re.Pattern[str]
    instead: str


@dataclass(frozen=True)
class Violation:
    rule: Rule
    statement: str

    def __str__(self) -> str:
        return f"{self.rule.name}: {' '.join(self.statement.split())[:120]} — {self.rule.instead}"


RULES = tuple(
    Rule(name, re.compile(pattern, _FLAGS), instead)
    for name, pattern, instead in (
        ("drop-table", r"^DROP\s+TABLE\b", "drop it one release after the last code that reads it"),
        (
            "drop-column",
            r"^ALTER\s+TABLE\b.*\bDROP\s+COLUMN\b",
            "drop it one release after the last code that reads it",
        ),
        ("rename", r"^ALTER\s+(TABLE|TYPE|INDEX)\b.*\bRENAME\b", "add the new name, write both, then drop the old one"),
        ("change-type", r"^ALTER\s+TABLE\b.*\bALTER\s+COLUMN\b.*\bTYPE\b", "add a column of the new type and fill it"),
        (
            "set-not-null",
            r"^ALTER\s+TABLE\b.*\bSET\s+NOT\s+NULL\b",
            "add CHECK (… IS NOT NULL) NOT VALID and validate it later",
        ),
        (
            "not-null-without-default",
            r"^ALTER\s+TABLE\b.*\bADD\s+COLUMN\b(?!.*\bDEFAULT\b).*\bNOT\s+NULL\b",
            "old code inserts without it: allow NULL or give a default",
        ),
        (
            "constraint-checked-at-once",
            r"^ALTER\s+TABLE\b.*\bADD\s+(CONSTRAINT\s+\S+\s+)?(CHECK|FOREIGN\s+KEY)\b(?!.*\bNOT\s+VALID\b)",
            "add it NOT VALID: checking every row holds a lock for as long as it takes",
        ),
        (
            "index-on-a-live-table",
            r"^CREATE\s+(UNIQUE\s+)?INDEX\b(?!\s+CONCURRENTLY)"
            r"|^ALTER\s+TABLE\b.*\bADD\s+(CONSTRAINT\s+\S+\s+)?(UNIQUE|PRIMARY\s+KEY|EXCLUDE)\b(?!\s+USING\s+INDEX)",
            "writes wait while it is built: say how long that takes, or build it CONCURRENTLY before the release",
        ),
        (
            "narrower-values",
            r"^ALTER\s+TABLE\b.*\bDROP\s+DEFAULT\b",
            "old code relies on the default",
        ),
    )
)


def violations(sql: str, *, source: str = "") -> list[Violation]:
    """Returns the violations in ``sql`` that ``source``, the migration's own text, does not lift.

    ``sql`` is what alembic prints offline. A table that the same migration creates has no rows, no readers and no
    traffic: everything may be done to it.
    """
    statements = [statement.strip() for statement in _statements(sql)]
    created = {
        match[1].strip('"').lower()
        for statement in statements
        if (match := re.match(r"CREATE\s+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\S+)", statement, _FLAGS))
    }
    lifted = {match[1] for match in _LIFTED.finditer(source)}
    return [
        Violation(rule, statement)
        for statement in statements
        for rule in RULES
        if rule.name not in lifted and rule.pattern.search(statement) and not _is_about(statement, created)
    ]


def _is_about(statement: str, tables: Collection[str]) -> bool:
    match = re.match(
        r"(?:ALTER|DROP)\s+TABLE\s+(?:IF\s+EXISTS\s+)?(?:ONLY\s+)?(\S+)|CREATE\s.*?\bON\s+(?:ONLY\s+)?([^\s(]+)",
        statement,
        _FLAGS,
    )
    return match is not None and (match[1] or match[2]).strip('";').lower() in tables


def _statements(sql: str) -> Iterator[str]:
    """Returns the statements of ``sql``: split at semicolons outside of quotes, comments left out."""
    without_comments = re.sub(r"--[^\n]*", "", sql)
    current: list[str] = []
    for part in re.split(r"('(?:[^']|'')*'|\$\$.*?\$\$|;)", without_comments, flags=re.DOTALL):
        if part == ";":
            yield "".join(current)
            current = []
        else:
            current.append(part)
    if "".join(current).strip():
        yield "".join(current)
