"""A deployment's work on the database before new code takes traffic: users, schema, grants."""

from __future__ import annotations

import json

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError

from shared.config import MigrateSettings, Secrets, SettingsError
from shared.db.engine import make_engine, sqlalchemy_url
from shared.db.migrate import migrate
from shared.db.roles import create_roles, grant_data, role_exists
from shared.db.server_settings import open_log_settings
from shared.observability import logger

STATEMENT_TIMEOUT_S = 240.0  # under the function's own time-out, so that a slow statement ends in a readable error


def migrate_database(settings: MigrateSettings, secrets: Secrets) -> str:
    """Brings the database to the newest schema and returns the revision that is then in place.

    The user of DATABASE_URL owns the schema. With DATABASE_ADMIN_SECRET a new database first gets its two users; with
    DATABASE_APP_USER the functions' user gets its grants. Every step may run again. A schema that a newer release has
    migrated stays as it is; the other steps are taken all the same.

    Raises sqlalchemy.exc.OperationalError when the database cannot be reached or a lock cannot be had in time, and
    SchemaMismatchError when it holds another schema; it is then as it was.
    """
    url = secrets.resolve(settings.database_url)
    app = _app_user(settings, secrets)
    engine = make_engine(url, statement_timeout_s=STATEMENT_TIMEOUT_S, iam_auth=settings.database_iam_auth)
    try:
        if settings.database_admin_secret is not None:
            if app is None:
                raise SettingsError("DATABASE_APP_USER: missing, and DATABASE_ADMIN_SECRET needs it")
            _ensure_users(engine, url, secrets.resolve(settings.database_admin_secret), app)
        revision = migrate(engine)
        if app is not None:
            with engine.begin() as connection:
                grant_data(connection, app=app)
        with engine.connect() as connection:
            if settings_to_change := open_log_settings(connection):
                logger.warning("the database's log may hold mail: set what is named", set=settings_to_change)
        logger.info("schema, users and grants are in place", revision=revision)
        return revision
    finally:
        engine.dispose()


def _app_user(settings: MigrateSettings, secrets: Secrets) -> str | None:
    """Returns the functions' user, given by name or by the secret that the functions log in with."""
    if settings.database_app_user is None:
        return None
    value = secrets.resolve(settings.database_app_user)
    return value if value == settings.database_app_user else sqlalchemy_url(value).username


def _ensure_users(engine: Engine, url: str, admin_secret: str, app: str) -> None:
    """Creates both users unless they are there.

    The administrator is asked only when the owner cannot log in, or does not find the other user: once both exist its
    password may no longer be accepted (see ``create_roles``).
    """
    try:
        with engine.connect() as connection:
            if role_exists(connection, app):
                return
    except OperationalError as error:
        # A new database refuses a user that it does not know; one that is down refuses the administrator as well.
        logger.info("the schema's owner cannot log in yet", error=type(error.orig).__name__)
    credentials = _admin_credentials(admin_secret)
    target = sqlalchemy_url(url)
    if target.username is None:
        raise SettingsError("DATABASE_URL: names no user to own the schema")
    admin_url = target.set(username=credentials[0], password=credentials[1]).render_as_string(hide_password=False)
    admin = make_engine(admin_url, statement_timeout_s=STATEMENT_TIMEOUT_S)
    try:
        with admin.begin() as connection:
            create_roles(connection, owner=target.username, app=app)
        logger.info("database users created", owner=target.username, app=app)
    finally:
        admin.dispose()


def _admin_credentials(secret: str) -> tuple[str, str]:
    """Returns user and password from the JSON that RDS keeps for the administrator. Raises SettingsError."""
    try:
        values = json.loads(secret)
        return str(values["username"]), str(values["password"])
    except (ValueError, TypeError, KeyError):
        raise SettingsError("DATABASE_ADMIN_SECRET: expected JSON with username and password") from None
