"""One engine for one Lambda environment: a single connection, checked before use, with tight time-outs.

A database on another machine is only spoken to over verified TLS: `sslmode=verify-full` unless the URL says otherwise.
Where it does, the password at least never leaves in clear.
"""

from __future__ import annotations

import hashlib
import json
import os
import ssl
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache, partial
from importlib.util import find_spec
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from shared.db.outages import is_of_no_use
from shared.db.postgres_connection import PostgresConnection, connect
from shared.db.server_settings import SESSION_OPTIONS
from shared.db.time_budget import time_left_s
from shared.db.transactions import join_begin_and_commit

if TYPE_CHECKING:
    from botocore.session import Session
    from sqlalchemy.engine import ExceptionContext

    from shared.config import Secrets

CONNECT_TIMEOUT_S = 2
TCP_TIMEOUTS = {  # a peer that vanished without a word is noticed in seconds; not used on unix sockets
    "tcp_user_timeout": 10_000,  # ms that what we sent may stay unacknowledged
    "keepalives_idle": 10,  # s of silence, while an answer is waited for, until the peer is asked whether it lives
    "keepalives_interval": 5,
}
# Which servers to stay connected to. Postgres 14 and newer say by themselves what libpq has to know for it; older ones
# are asked, which is a round trip per new connection.
TARGET = "target_session_attrs"
PREPARE_AFTER = 2  # executions of a statement on one connection
# One plan for all values, never one made for those at hand: to plan a statement costs more than to execute it.
KEPT_PLANS = "-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c jit=off"
POOL_RECYCLE_S = 540  # under the ten minutes after which idle connections tend to be cut on their way
RDS_CERTIFICATES = Path(__file__).parent / "certificates" / "rds.pem"
RDS_DOMAINS = (".rds.amazonaws.com", ".rds.amazonaws.com.cn")
TOKEN_LIFETIME_S = 900  # RDS looks at the token only while connecting


def sqlalchemy_url(database_url: str) -> URL:
    """Returns the database's URL for SQLAlchemy, with psycopg 3 as the driver and TLS decided.

    ``database_url`` is a libpq URL (``postgresql://…``) or the JSON of a secret that RDS keeps: username, password,
    host, port and dbname; ``ca`` may add the certificates (PEM) that the server's is verified with. A host that is not
    this machine gets ``sslmode=verify-full``, and a verified connection the certificates to verify with, wherever the
    URL leaves them open. Without verification anybody on the way could pose as the server and ask for the password:
    then it is only given as a proof (SCRAM).

    Raises sqlalchemy.exc.ArgumentError when it is neither.
    """
    if database_url.lstrip().startswith("{"):
        url = _url_of_secret(database_url)
    else:
        url = make_url(database_url.replace("postgres://", "postgresql://", 1)).set(drivername="postgresql+psycopg")
    host = url.host or str(url.query.get("host", ""))
    if host and not _is_this_machine(host) and "sslmode" not in url.query:
        url = url.update_query_dict({"sslmode": "verify-full"})
    if url.query.get("sslmode") in ("verify-full", "verify-ca") and "sslrootcert" not in url.query:
        url = url.update_query_dict({"sslrootcert": _root_certificates(host)})
    if url.query.get("sslmode") == "require" and "require_auth" not in url.query:
        url = url.update_query_dict({"require_auth": "scram-sha-256"})
    return url


def make_engine(
    database_url: str,
    *,
    secrets: Secrets | None = None,
    statement_timeout_s: float = 30.0,
    answer_timeout_s: float | None = None,
    prepared: bool = False,
    iam_auth: bool = False,
    ping: bool = True,
    connections: int = 1,
) -> Engine:
    """Makes an engine for a process that runs one request at a time.

    It only takes connections to a server that takes writes, unless the URL's ``target_session_attrs`` says otherwise,
    and gives up one whose error says that another connection may do better (``outages.is_of_no_use``).

    ``database_url`` as for ``sqlalchemy_url``, or a reference that ``secrets`` resolves: then each new connection logs
    in as whom the secret names by then, so that a rotated password is taken up.

    ``statement_timeout_s`` bounds every statement; a transaction that idles for a minute is ended by the server, so a
    frozen or killed process cannot hold locks. ``iam_auth`` takes a fresh RDS token as the password of every new
    connection. ``ping`` asks a pooled connection whether it lives before each use, since sockets die while a Lambda is
    frozen; a caller that repeats its first transaction does without.

    ``prepared`` keeps the plans of statements that come again and again, which halves what they cost; for a caller of
    few statements that all have an index, since a plan made while a table was small must not scan it once it has grown.
    Its reads belong into autocommit: psycopg drops every plan with a ROLLBACK. Otherwise prepared statements stay off:
    they would pin a connection of RDS Proxy.

    ``answer_timeout_s`` is for a caller that must not wait whatever happens to the server: how long one statement may
    go unanswered, measured here, since a server that hangs enforces no time-out. A little more than
    ``statement_timeout_s``, so that a server that still works says itself what took so long.
    """
    statement_timeout_ms = int(statement_timeout_s * 1000)
    url = sqlalchemy_url(database_url if secrets is None else secrets.resolve(database_url))
    engine = create_engine(
        url,
        pool_size=connections,
        max_overflow=0,
        pool_pre_ping=ping,
        pool_recycle=POOL_RECYCLE_S,
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            **TCP_TIMEOUTS,
            **({} if TARGET in url.query else {TARGET: "read-write"}),
            "prepare_threshold": PREPARE_AFTER if prepared else None,
            "options": f"-c statement_timeout={statement_timeout_ms}"
            f" -c idle_in_transaction_session_timeout=60000 -c lock_timeout={min(10_000, statement_timeout_ms)}"
            f" {SESSION_OPTIONS}" + (f" {KEPT_PLANS}" if prepared else ""),
        },
        hide_parameters=True,  # errors are logged, and parameters are people's mail
    )
    event.listen(engine, "handle_error", _give_up_useless_connection)
    if iam_auth:
        event.listen(engine, "do_connect", _use_token)
    elif secrets is not None and secrets.is_reference(database_url):
        event.listen(engine, "do_connect", partial(_use_secret, secrets, database_url))
        event.listen(engine, "handle_error", partial(_forget_refused_secret, secrets, database_url))
    event.listen(engine, "do_connect", partial(_connect, engine, answer_timeout_s))  # the last one: it connects
    join_begin_and_commit(engine)
    return engine


def _give_up_useless_connection(context: ExceptionContext) -> None:
    """Makes SQLAlchemy close the connection, so that whoever comes next gets a new one."""
    if context.connection is not None and is_of_no_use(context.original_exception):
        context.is_disconnect = True


def _connect(
    engine: Engine,
    answer_timeout_s: float | None,
    _dialect: Any,
    _record: Any,
    arguments: Sequence[Any],
    parameters: Mapping[str, Any],
) -> PostgresConnection:
    return connect(answer_timeout_s, partial(time_left_s, engine), *arguments, **parameters)


def rds_token(host: str, port: int, user: str, region: str) -> str:
    """Makes a password for ``user`` that RDS accepts for 15 minutes, signed with this process's AWS credentials.

    What botocore's ``generate_db_auth_token`` computes, without loading the description of the whole RDS API, which
    costs more than the rest of a cold start's database work. Raises RuntimeError when there are no credentials.
    """
    from botocore.auth import SigV4QueryAuth
    from botocore.awsrequest import AWSRequest

    credentials = _aws_session().get_credentials()
    if credentials is None:
        raise RuntimeError("no AWS credentials to sign a database token with")
    request = AWSRequest("GET", f"https://{host}:{port}/", params={"Action": "connect", "DBUser": user})
    SigV4QueryAuth(credentials.get_frozen_credentials(), "rds-db", region, expires=TOKEN_LIFETIME_S).add_auth(request)
    return str(request.url).removeprefix("https://")


def _use_token(_dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]) -> None:
    parameters["password"] = rds_token(
        parameters["host"], int(parameters.get("port", 5432)), parameters["user"], os.environ["AWS_REGION"]
    )


def _use_secret(
    secrets: Secrets, reference: str, _dialect: Any, _record: Any, _arguments: Any, parameters: dict[str, Any]
) -> None:
    try:
        url = sqlalchemy_url(secrets.resolve(reference))
    except (ArgumentError, ValueError) as error:
        from shared.observability import logger

        logger.error("database secret not understood; the first one stays", extra={"error": type(error).__name__})
        return
    # The user as well: some rotations alternate between two.
    parameters.update(user=url.username, password=url.password)


def _forget_refused_secret(secrets: Secrets, reference: str, context: ExceptionContext) -> None:
    """Lets the next connection read the secret anew when this one's password may have been what was refused.

    libpq keeps no SQLSTATE of a failed login, and its message is in the server's language; but it knows whether the
    server had asked for the password before it hung up.
    """
    attempt = getattr(context.original_exception, "pgconn", None)
    if context.connection is None and getattr(attempt, "used_password", False):
        secrets.forget(reference)


@cache
def _aws_session() -> Session:
    from botocore.session import get_session

    return get_session()


def _url_of_secret(secret: str) -> URL:
    try:
        values = json.loads(secret)
        return URL.create(
            "postgresql+psycopg",
            username=values["username"],
            password=values["password"],
            host=values["host"],
            port=int(values.get("port", 5432)),
            database=values["dbname"],
            query={"sslrootcert": _written(values["ca"])} if values.get("ca") else {},
        )
    except (ValueError, TypeError, KeyError) as error:
        # Never the value itself: it holds the password.
        lacking = f" (it lacks {error})" if isinstance(error, KeyError) else ""
        raise ArgumentError(
            f"the database's secret is no JSON of username, password, host and dbname{lacking}"
        ) from None


def _written(certificates: str) -> str:
    """The path of a file with ``certificates``, which libpq reads from nowhere else. Raises ValueError if none."""
    try:
        ssl.create_default_context(cadata=certificates)
    except ssl.SSLError:
        raise ValueError("ca is no certificate in PEM") from None
    path = Path(tempfile.gettempdir()) / f"database-ca-{hashlib.sha256(certificates.encode()).hexdigest()[:16]}.pem"
    if not path.exists() or path.read_text(encoding="ascii") != certificates:
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="ascii") as new:
            new.write(certificates)
        Path(new.name).replace(path)  # in one step: another process of this machine may be reading it
    return str(path)


def _is_this_machine(host: str) -> bool:
    if host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _root_certificates(host: str) -> str:
    """Amazon's own roots for RDS; for any other host the public ones, which botocore brings along.

    libpq's ``sslrootcert=system`` is of no use: psycopg's wheel looks in a directory that exists nowhere.
    """
    if host.endswith(RDS_DOMAINS):
        return str(RDS_CERTIFICATES)
    botocore = find_spec("botocore")
    if botocore is None or botocore.origin is None:
        raise ArgumentError(f"no certificates to verify {host} with: put sslrootcert into the database's URL")
    return str(Path(botocore.origin).with_name("cacert.pem"))
