"""The two database users: one that owns the schema and migrates it, one that the functions work as.

PostgreSQL has no ``CREATE ROLE IF NOT EXISTS``; every statement here can run again. Names go through ``quote_ident``
on the server, since a role is no bind parameter.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from shared.db.migrate import BOOKKEEPING

DATA_PRIVILEGES = "SELECT, INSERT, UPDATE, DELETE"


def create_roles(admin: Connection, *, owner: str, app: str) -> None:
    """Creates both users where they are missing; on RDS they log in with IAM tokens only.

    ``admin`` is a connection of a user that may create roles and owns the database. It runs inside the caller's
    transaction: either both users are there afterwards, or none. ``owner`` may create tables, ``app`` may not.

    On RDS the administrator's own password may stop working from here on: PostgreSQL 16 makes whoever creates a role a
    member of it, and RDS asks every member of ``rds_iam``, however indirect, for a token. Nothing here needs the
    administrator a second time.
    """
    by_iam = admin.execute(text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'rds_iam')")).scalar_one()
    database = _quoted(admin, admin.execute(text("SELECT current_database()")).scalar_one())
    for name in (owner, app):
        role = _quoted(admin, name)
        if not role_exists(admin, name):
            admin.execute(text(f"CREATE ROLE {role} LOGIN"))
        admin.execute(text(f"GRANT CONNECT ON DATABASE {database} TO {role}"))
        admin.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
        if by_iam:
            admin.execute(text(f"GRANT rds_iam TO {role}"))
    admin.execute(text(f"GRANT CREATE ON SCHEMA public TO {_quoted(admin, owner)}"))


def grant_data(owner: Connection, *, app: str) -> None:
    """Lets ``app`` read and write every row and change no table: those that are there, and those yet to come.

    ``owner`` is a connection of the user that owns the tables. Of the migrations' own bookkeeping ``app`` may only
    read which revision is in place.
    """
    role = _quoted(owner, app)
    owner.execute(text(f"GRANT {DATA_PRIVILEGES} ON ALL TABLES IN SCHEMA public TO {role}"))
    owner.execute(text(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    owner.execute(text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {DATA_PRIVILEGES} ON TABLES TO {role}"))
    owner.execute(text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role}"))
    for table in BOOKKEEPING:
        owner.execute(text(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM {role}"))


def role_exists(connection: Connection, name: str) -> bool:
    return bool(
        connection.execute(
            text("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = :name)"), {"name": name}
        ).scalar_one()
    )


def _quoted(connection: Connection, name: str) -> str:
    return str(connection.execute(text("SELECT quote_ident(:name)"), {"name": name}).scalar_one())
