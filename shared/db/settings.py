"""Queries of client_settings: one row per client, made with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import Connection, text

from shared.db.clients import ClientNotFoundError
from shared.domain.workspace_settings import (
    SETTINGS,
    WorkspaceSettings,
    check_delay_window,
    parse_setting,
    stored_settings,
)

_SETTINGS = ", ".join(SETTINGS)


def get_settings(connection: Connection, client_id: UUID) -> WorkspaceSettings:
    """Reads the settings of a workspace. Raises ClientNotFoundError."""
    return _read_settings(connection, client_id, lock=False)


def set_settings(connection: Connection, client_id: UUID, values: Mapping[str, object]) -> WorkspaceSettings:
    """Changes the named settings, all or none, and returns what is stored then.

    ``values`` may hold text as typed or data as read from a file. Raises InvalidSettingError (naming the setting) and
    ClientNotFoundError.
    """
    parsed = {name: parse_setting(name, value) for name, value in values.items()}
    # The row's lock: two changes, one of each end of the delay window, must not both pass against the other's old end.
    stored = _read_settings(connection, client_id, lock=True)
    check_delay_window(
        parsed.get("delay_min_s", stored.delay_min_s),
        parsed.get("delay_max_s", stored.delay_max_s),
    )
    if not parsed:
        return stored
    if parsed.get("sending_window") is not None:
        parsed["sending_window"] = json.dumps(parsed["sending_window"])
    # Names come from SETTINGS: parse_setting has refused any other.
    assignments = ", ".join(
        f"{name} = CAST(:{name} AS jsonb)" if name == "sending_window" else f"{name} = :{name}" for name in parsed
    )
    connection.execute(
        text(f"UPDATE client_settings SET {assignments}, updated_at = now() WHERE client_id = :client_id"),  # noqa: S608
        {**parsed, "client_id": client_id},
    )
    return _read_settings(connection, client_id, lock=False)


def _read_settings(connection: Connection, client_id: UUID, *, lock: bool) -> WorkspaceSettings:
    row = connection.execute(
        text(f"SELECT {_SETTINGS} FROM client_settings WHERE client_id = :id {'FOR UPDATE' if lock else ''}"),  # noqa: S608
        {"id": client_id},
    ).one_or_none()
    if row is None:
        raise ClientNotFoundError(client_id)
    return stored_settings(row._asdict())
