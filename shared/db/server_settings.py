"""The settings of the Postgres server, in the cloud and here alike. The one source of them.

The cluster's parameter group is made of it (infra), every server that the local stack and the tests start runs with it,
and the product asks whatever server it meets whether its log keeps mail out. Most of it only a superuser may set, so a
session of ours cannot.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, text

# A server's log is read by more people, and kept longer, than anybody's mail may be.
PRIVATE_LOG: Mapping[str, str] = {
    "log_parameter_max_length": "0",  # the bound values of a slow statement: text, addresses, raw bodies
    "log_parameter_max_length_on_error": "0",  # those of one that failed
    # Without DETAIL, CONTEXT and QUERY: a refused row or key with its values, the statements of a deadlock.
    "log_error_verbosity": "terse",
    # Without STATEMENT: ours hold no values, but those that a person types do.
    "log_min_error_statement": "panic",
}

SERVER_SETTINGS: Mapping[str, str] = {
    **PRIVATE_LOG,
    "log_min_duration_statement": "1000",  # ms
    "log_lock_waits": "1",
    "idle_in_transaction_session_timeout": "60000",  # ms
}

# The only one that any user may set: connections of ours say it themselves, whatever the server's default is.
SESSION_OPTIONS = "-c log_parameter_max_length_on_error=0"


def open_log_settings(connection: Connection) -> list[str]:
    """Returns the settings by which this server's log may come to hold email, each as it should be (``name=value``)."""
    rows = connection.execute(
        text("SELECT name, setting FROM pg_settings WHERE name = ANY(:names)"), {"names": list(PRIVATE_LOG)}
    )
    in_force = {row.name: row.setting for row in rows}
    return [f"{name}={wanted}" for name, wanted in PRIVATE_LOG.items() if in_force.get(name, wanted) != wanted]
