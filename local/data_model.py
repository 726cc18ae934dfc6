"""Renders docs/data-model.md from a migrated database: the migrations are the only description of the schema.

python -m local.data_model
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from sqlalchemy import create_engine

from local.postgres import THROW_AWAY, start_postgres
from shared.db.engine import sqlalchemy_url
from shared.db.migrate import BOOKKEEPING, migrate

PAGE = Path(__file__).resolve().parent.parent / "docs/data-model.md"
IN_THE_DIAGRAM = (
    "client",
    "provider_account",
    "campaign",
    "lead",
    "lead_identity",
    "message",
    "webhook_event",
    "background_job",
    "job_step",
    "draft",
    "draft_revision",
    "draft_decision",
    "outbound_send",
    "commitment",
)

_COLUMNS = """
SELECT pg_class.relname AS table_name, obj_description(pg_class.oid, 'pg_class') AS table_comment,
       attname AS name, format_type(atttypid, atttypmod) AS type, attnotnull AS required,
       pg_get_expr(adbin, adrelid) AS default, col_description(pg_class.oid, attnum) AS comment
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> ALL(%(bookkeeping)s)
ORDER BY relname, attnum
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text AS table_name, conname AS name, contype::text AS kind,
       pg_get_constraintdef(oid) AS definition, confrelid::regclass::text AS referred,
       ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
             JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place) AS columns,
       ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
             JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place) AS referred_columns
FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND conrelid::regclass::text <> ALL(%(bookkeeping)s)
  AND contype IN ('f', 'c', 'u', 'p')
ORDER BY conname
"""
_UNIQUE_INDEXES = """
SELECT indrelid::regclass::text AS table_name, pg_get_indexdef(indexrelid) AS definition
FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
WHERE relnamespace = 'public'::regnamespace AND indisunique AND indrelid::regclass::text <> ALL(%(bookkeeping)s)
ORDER BY relname
"""


@dataclass(frozen=True)
class Column:
    name: str
    type: str
    required: bool
    default: str | None
    comment: str


@dataclass(frozen=True)
class Reference:
    """A foreign key: its columns and those of the table that it refers to, in the same order."""

    name: str
    table: str
    columns: tuple[str, ...]
    referred: str
    referred_columns: tuple[str, ...]

    @property
    def column(self) -> str:
        """The column that refers; the client goes along."""
        return next((name for name in self.columns if name != "client_id"), "client_id")


@dataclass(frozen=True)
class Table:
    name: str
    comment: str
    columns: tuple[Column, ...]
    references: tuple[Reference, ...]
    values: dict[str, tuple[str, ...]]  # what a column may hold, by column, where that is a list
    unique: tuple[str, ...]  # as Postgres writes them: columns or expressions, and the condition

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


def read_tables(connection: psycopg.Connection[Any]) -> tuple[Table, ...]:
    """Reads the tables of the schema by name, without the migrations' own bookkeeping."""
    with connection.cursor(row_factory=dict_row) as cursor:
        columns, constraints, indexes = (
            cursor.execute(query, {"bookkeeping": list(BOOKKEEPING)}).fetchall()
            for query in (_COLUMNS, _CONSTRAINTS, _UNIQUE_INDEXES)
        )
    return tuple(
        Table(
            name=name,
            comment=next(row["table_comment"] for row in columns if row["table_name"] == name) or "",
            columns=tuple(
                Column(row["name"], row["type"], row["required"], row["default"], row["comment"] or "")
                for row in columns
                if row["table_name"] == name
            ),
            references=tuple(
                Reference(row["name"], name, tuple(row["columns"]), row["referred"], tuple(row["referred_columns"]))
                for row in constraints
                if row["table_name"] == name and row["kind"] == "f"
            ),
            values={
                row["columns"][0]: values
                for row in constraints
                if row["table_name"] == name and row["kind"] == "c" and (values := _listed(row))
            },
            unique=tuple(_key(row["definition"]) for row in indexes if row["table_name"] == name),
        )
        for name in dict.fromkeys(row["table_name"] for row in columns)
    )


def _listed(check: dict[str, Any]) -> tuple[str, ...]:
    """Returns the values of a CHECK that says ``column IN (…)`` and nothing else."""
    match = re.fullmatch(r"CHECK \(\(\w+ = ANY \(ARRAY\[(.*)\]\)\)\)", check["definition"])
    return tuple(re.findall(r"'([^']*)'::text", match[1])) if match else ()


def _key(index: str) -> str:
    return index.split(" USING btree ", 1)[1].removeprefix("(").replace(") WHERE ", " WHERE ", 1).removesuffix(")")


# --- The page --------------------------------------------------------------------------------------------------------

_HEAD = """# Data model

Rendered from the migrations by `python -m local.data_model`; a test compares. What a table or column means is said
in the migration that makes it, by `COMMENT ON`.

Rules that hold everywhere:

* A primary key `id` is a version 7 UUID made by the application, so rows of one kind are in the order of time.
* Every table carries `client_id`, but for the rate budgets of credentials. A reference takes it along, so the schema
  refuses a row of another client, and every unique key of provider data includes it: one person can be in two
  workspaces.
* Times are `timestamptz`. A state is a code with a CHECK; providers, types of jobs, rules and reasons are codes of
  the program without one, so that a new one needs no migration.
* Whoever writes a lead's message, draft, suppression or send first locks the lead's row; the order is lead, draft,
  send.
"""


def render(tables: Sequence[Table]) -> str:
    """Renders the page: a diagram of the main tables, then every table with its columns."""
    return "\n".join((_HEAD, _diagram(tables), *(_section(table) for table in tables)))


def _diagram(tables: Sequence[Table]) -> str:
    lines = ["```mermaid", "erDiagram"]
    for table in tables:
        edges: dict[str, list[str]] = {}
        for reference in table.references:
            if {table.name, reference.referred} <= set(IN_THE_DIAGRAM):
                edges.setdefault(reference.referred, []).append(reference.column.removesuffix("_id"))
        for referred, columns in edges.items():
            lines.append(f'    {referred} ||--o{{ {table.name} : "{", ".join(columns)}"')
    return "\n".join((*lines, "```", ""))


def _section(table: Table) -> str:
    rows = [f"| `{column.name}` | {_type(column)} | {_meaning(table, column)} |" for column in table.columns]
    return "\n".join(
        (
            f"## {table.name}",
            "",
            table.comment,
            "",
            "| column | type | what it is |",
            "|---|---|---|",
            *rows,
            "",
            "Unique: " + "; ".join(f"`{key}`" for key in table.unique) + ".",
            "",
        )
    )


def _type(column: Column) -> str:
    shown = column.type.replace("timestamp with time zone", "timestamptz")
    if column.default is not None and "(" not in column.default:
        shown += f", default `{column.default.split('::')[0]}`"
    return shown if column.required else f"{shown}, may be NULL"


def _meaning(table: Table, column: Column) -> str:
    referred = next((one.referred for one in table.references if one.column == column.name), None)
    parts = (
        f"→ [{referred}](#{referred})" if referred else "",
        column.comment,
        " · ".join(f"`{value}`" for value in table.values.get(column.name, ())),
    )
    return " ".join(part for part in parts if part).replace("|", "\\|")


def render_from_migrations() -> str:
    """Renders the page of the schema that the migrations build on an empty database."""
    with (
        tempfile.TemporaryDirectory(prefix="data-model-") as scratch,
        start_postgres(Path(scratch) / "postgres", THROW_AWAY) as server,
    ):
        engine = create_engine(sqlalchemy_url(server.url))
        try:
            migrate(engine)
        finally:
            engine.dispose()
        with psycopg.connect(server.url) as connection:
            return render(read_tables(connection))


if __name__ == "__main__":
    PAGE.write_text(render_from_migrations(), encoding="utf-8")
