"""The whole system on this machine: servers, queues, functions, event sources, schedules and the API in front.

Built from ``infra.topology``, as the cloud's is. ``Stack`` runs it in a thread of this process, for `make up`, the
demo and tests alike.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import psycopg
from botocore.exceptions import BotoCoreError, ClientError
from psycopg import sql
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from infra.topology import COMMON_VARIABLES, TOPOLOGY, Function, Topology
from local.child_processes import Guardian, StartError, last_lines, start_process, stop_process
from local.control import Control
from local.elsewhere import check_addresses, unreachable
from local.event_sources import AsyncSqs, EventSourceMapping, PolledQueue
from local.fault_proxy import FaultProxy
from local.http_api import HttpApi
from local.lambda_runtime import LambdaRuntime
from local.postgres import Postgres, start_postgres
from local.s3 import bucket_variables, create_buckets, s3_client
from local.schedules import Scheduler
from local.sqs import (
    CREDENTIALS,
    REGION,
    REPOSITORY,
    create_queues,
    launch_sqs,
    queue_arn,
    queue_variables,
    sqs_client,
    wait_for_sqs,
)
from local.webhooks import webhooks_of
from local.workspace import load_identity, seed_workspace, write_private
from shared.db.engine import sqlalchemy_url
from shared.db.job_changes import requeue_unfinished
from shared.db.migrate import migrate
from shared.domain.vocabulary import Provider
from shared.domain.webhook_token import make_token

if TYPE_CHECKING:
    from local.workspace import Identity

DATABASE = "replies"
OPENAI_ROOT = "https://api.openai.com"
OPENAI_PATH = "/v1"
SANDBOX_KEY = "local"  # the sandboxes take any key
SANDBOXES_TIMEOUT_S = 60.0
WATCH_INTERVAL_S = 0.5
POSTGRES = "Postgres"
POSTGRES_GRACE_S = 8.0
# A rehearsed crash is one of processes, never of the machine: what the system has taken is as good as on the disk, and
# a slow disk is not taken for an outage.
FOR_REHEARSALS = {"fsync": "off", "full_page_writes": "off"}
BUNDLES_HELP = "run the built bundles in FOLDER/<function>, as they are deployed, instead of the repository's code"

Report = Callable[[str], None]


class StopRequestedError(Exception):
    """The stack was asked to stop while it was starting."""


class Stack:
    """A running stack. ``with Stack(state_dir) as stack: stack.info["api_url"]``."""

    def __init__(
        self,
        state_dir: Path | str,
        *,
        topology: Topology = TOPOLOGY,
        port: int = 0,
        fault_proxies: bool = False,
        task_roots: Mapping[str, Path] | Path = REPOSITORY,
        environment: Mapping[str, str] | None = None,
        report: Report = print,
    ) -> None:
        """Prepares the stack. ``state_dir``, of one stack at a time, keeps database, identity and logs over restarts.

        ``port`` of the API; 0 picks a free one. ``fault_proxies`` puts a proxy between the functions and each of
        Postgres, SQS and S3, for rehearsing outages. ``task_roots``: the folder that all functions are loaded from,
        with this process's packages, or a built bundle for each function (``bundle_folders``), which brings its own.
        ``environment`` (the process's own when omitted) may point to other services: DATABASE_URL,
        AWS_ENDPOINT_URL_SQS, AWS_ENDPOINT_URL_S3, OPENAI_BASE_URL, OPENAI_API_KEY, and <NAME>_BASE_URL and
        <NAME>_API_KEYS of each provider.
        ``report`` gets a line for each step.
        """
        self.state_dir = Path(state_dir).resolve()
        self.topology = topology
        self.info: dict[str, Any] = {}
        self.control_url = ""
        self.failure: str | None = None  # what broke after the start
        self.ended = threading.Event()
        self._port = port
        self._with_proxies = fault_proxies
        self._task_roots = task_roots
        self._environment = dict(os.environ if environment is None else environment)
        self._report = report
        self._stop_requested = threading.Event()
        self._ready = threading.Event()
        self._start_error: BaseException | None = None
        self._thread: threading.Thread | None = None
        self._locked: os.stat_result | None = None  # the lock's file
        self._servers: dict[str, subprocess.Popen[bytes]] = {}  # by the name that a person knows

    @property
    def info_path(self) -> Path:
        return self.state_dir / "stack.json"

    @property
    def log_dir(self) -> Path:
        return self.state_dir / "logs"

    def __enter__(self) -> Stack:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Starts everything and returns when it takes requests and stack.json is written.

        Raises StartError; then nothing runs.
        """
        # A thread for as long as the stack lives: Linux ends the processes that it starts when it ends.
        self._thread = threading.Thread(target=self._run, name="stack")
        try:
            self._thread.start()  # inside: it waits for the thread, and a Ctrl-C may come meanwhile
            while not self._ready.wait(0.1):  # in steps, so that a signal's handler gets its turn
                pass
        except BaseException:  # Ctrl-C while it starts: its thread would go on without anyone to stop it
            self.stop()
            raise
        if self._start_error is not None:
            self._thread.join()
            raise self._start_error

    def request_stop(self) -> None:
        """Asks the stack to stop, also while it starts. Safe in a signal handler."""
        self._stop_requested.set()

    def stop(self) -> None:
        """Stops everything and returns when no process is left. Harmless when it has stopped already."""
        self.request_stop()
        if self._thread is not None and self._thread.is_alive():
            self._thread.join()

    # ── Inside the stack's thread ────────────────────────────────────────────────────────────────────────────────────

    def _run(self) -> None:
        try:
            with self._lock(), self._guard():
                asyncio.run(self._serve())
        except BaseException as error:
            gone = self._locked is not None and not self._has_its_folder()
            if self._ready.is_set():
                self.failure = self.failure or (self._folder_is_gone() if gone else repr(error))
            self._start_error = StartError(self._folder_is_gone()) if gone else error
        finally:
            self._ready.set()
            self.ended.set()

    @contextmanager
    def _lock(self) -> Iterator[None]:
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with hold_checkout(), (self.state_dir / "stack.lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)  # the system drops it with this process
            except BlockingIOError:
                lock.seek(0)
                pid = lock.read().strip() or "unknown"
                raise StartError(
                    f"A stack is running on {self.state_dir} already (pid {pid}): stop it first (Ctrl-C in its"
                    f" terminal, or `kill {pid}`), or use another --state-dir."
                ) from None
            lock.truncate(0)
            lock.write(str(os.getpid()))
            lock.flush()
            self._locked = os.fstat(lock.fileno())
            yield

    def _has_its_folder(self) -> bool:
        """True while the path still leads to the folder that we locked: somebody may delete the folder, or move it."""
        try:
            return self._locked is not None and os.path.samestat(self._locked, (self.state_dir / "stack.lock").stat())
        except OSError:
            return False

    def _folder_is_gone(self) -> str:
        return f"{self.state_dir} was deleted or moved while the stack was running on it, so the stack has stopped."

    @contextmanager
    def _guard(self) -> Iterator[None]:
        self._guardian = Guardian()
        control = self.state_dir / "control.json"
        for path in (self.info_path, control):
            path.unlink(missing_ok=True)  # left by a run whose machine went down
            self._guardian.remove_file(path)
        try:
            yield
        finally:
            for name in reversed(self._servers):
                process = self._servers[name]
                is_postgres = name == POSTGRES
                # Only Postgres has something to save, if there still is a place for it.
                saves = is_postgres and self._has_its_folder()
                stop_process(
                    process,
                    first=signal.SIGINT if saves else signal.SIGKILL,
                    grace_s=POSTGRES_GRACE_S if saves else 1.0,
                )
                self._guardian.forget(process)
            self._guardian.end()

    async def _serve(self) -> None:
        began = time.monotonic()
        check_addresses(self._environment)
        self._check_bundles()
        for sentence in unreachable(self._environment):
            self._report(f"  {sentence}")
        identity = load_identity(self.state_dir)
        own_aws = None
        sqs_endpoint = self._environment.get("AWS_ENDPOINT_URL_SQS", "")
        s3_endpoint = self._environment.get("AWS_ENDPOINT_URL_S3", "")
        if not sqs_endpoint or (self.topology.buckets and not s3_endpoint):
            own_aws = launch_sqs(self.state_dir / "sqs")  # first: it takes the longest and needs no attention
            self._adopt("SQS", own_aws.process)
        own_endpoint = own_aws.endpoint if own_aws else ""
        own_queues = not sqs_endpoint
        sqs_endpoint, s3_endpoint = sqs_endpoint or own_endpoint, s3_endpoint or own_endpoint
        sandboxes_ready = self._launch_sandboxes()

        database_url, proxied_database = self._start_database()
        with self._step("Schema and workspace"):
            token_version = self._prepare_database(database_url, identity, requeue=own_queues)
        with self._step("SQS and S3" if own_queues else "SQS (yours) and S3"):
            if own_aws is not None:
                wait_for_sqs(own_aws, self.state_dir / "sqs")
            try:
                queues = create_queues(sqs_client(sqs_endpoint), self.topology)
            except (BotoCoreError, ClientError) as error:
                raise StartError(f"The SQS at {sqs_endpoint} does not work: {error}") from error
            try:
                buckets = create_buckets(s3_client(s3_endpoint), self.topology)
            except (BotoCoreError, ClientError) as error:
                raise StartError(f"The S3 at {s3_endpoint} does not work: {error}") from error
        with self._step("Sandboxes" if sandboxes_ready else "OpenAI and providers (yours)"):
            sandbox_urls = self._wait_for_sandboxes(sandboxes_ready)

        proxies: dict[str, FaultProxy] = {}
        if self._with_proxies:
            proxies["postgres"] = FaultProxy(proxied_database)
            proxies["sqs"] = FaultProxy(_address_of(sqs_endpoint))
            if s3_endpoint:
                proxies["s3"] = FaultProxy(_address_of(s3_endpoint))
            for proxy in proxies.values():
                await proxy.start()
        settings = self._settings(identity, queues, sandbox_urls) | bucket_variables(self.topology, buckets)
        settings["DATABASE_URL"] = self._through_proxy(database_url, proxies.get("postgres"))
        function_sqs = f"http://127.0.0.1:{proxies['sqs'].port}" if proxies else sqs_endpoint
        function_s3 = f"http://127.0.0.1:{proxies['s3'].port}" if "s3" in proxies else s3_endpoint
        aws = {"AWS_ENDPOINT_URL_SQS": function_sqs, **({"AWS_ENDPOINT_URL_S3": function_s3} if function_s3 else {})}

        runtime = LambdaRuntime(
            self.topology.functions,
            variables={function.name: self._variables(function, settings, aws) for function in self.topology.functions},
            log_dir=self.log_dir,
            task_roots=self._task_roots,
            guardian=self._guardian,
        )
        credentials = self._credentials()
        sqs = AsyncSqs(
            function_sqs,
            credentials["AWS_REGION"],
            credentials["AWS_ACCESS_KEY_ID"],
            credentials["AWS_SECRET_ACCESS_KEY"],
        )
        mappings = [
            EventSourceMapping(
                source,
                PolledQueue(queues[source.queue], queue_arn(source.queue), credentials["AWS_REGION"]),
                sqs,
                runtime,
                min(source.maximum_concurrency, self.topology.function(source.function).concurrency),
            )
            for source in self.topology.event_sources
        ]
        scheduler = Scheduler(self.topology.schedules, runtime)
        api = HttpApi(self.topology.routes, runtime)
        control = Control(runtime, proxies, restart_postgres=self._restart_postgres)
        try:
            try:
                api_url = await api.start(self._port)
            except OSError as error:
                raise StartError(
                    f"Port {self._port} of 127.0.0.1 {_why_no_port(error)}: choose another with --port, or leave it"
                    " out for a free one."
                ) from error
            self.control_url = await control.start()
            for mapping in mappings:
                mapping.start()
            scheduler.start()
            self.info = {
                "api_url": api_url,
                "database_url": database_url,
                "sqs_endpoint": sqs_endpoint,
                "queues": queues,
                "openai_url": self._openai_root(sandbox_urls),
                **{f"{provider.name}_url": settings[provider.url_variable] for provider in self.topology.providers},
                "webhooks": {
                    name: webhook.to_json()
                    for name, webhook in webhooks_of(
                        api_url, identity.client_id, token_version, identity.signing_key
                    ).items()
                },
                "client": {
                    "id": str(identity.client_id),
                    "token": make_token(identity.client_id, token_version, identity.signing_key, Provider.INSTANTLY),
                },
            }
            write_private(self.state_dir / "control.json", json.dumps({"url": self.control_url}))
            self._check_stop()
            write_private(self.info_path, json.dumps(self.info, indent=2) + "\n")  # last: who sees it may start
            self._report(f"Ready in {time.monotonic() - began:.1f} s")
            self._ready.set()
            await self._watch()
        finally:
            if self._has_its_folder():  # else it may be another stack's by now
                self.info_path.unlink(missing_ok=True)
            await scheduler.close()
            for mapping in mappings:
                await mapping.close()
            await api.close()
            await runtime.close()
            await control.close()
            await sqs.close()
            for proxy in proxies.values():
                await proxy.close()

    async def _watch(self) -> None:
        """Waits for a request to stop, for a server that ends by itself or for the loss of the folder."""
        while not self._stop_requested.is_set():
            if not self._has_its_folder():
                self.failure = self._folder_is_gone()
                return
            for name, process in self._servers.items():
                if process.poll() is not None:
                    self.failure = f"{name} ended unexpectedly (status {process.returncode}); see {self.state_dir}"
                    return
            await asyncio.sleep(WATCH_INTERVAL_S / 5)

    def _check_bundles(self) -> None:
        if isinstance(self._task_roots, Path):
            return
        for name, folder in self._task_roots.items():
            if not folder.is_dir():
                raise StartError(f"There is no bundle of {name} at {folder}: build them with `make bundle`.")

    def _check_stop(self) -> None:
        if self._stop_requested.is_set():
            raise StopRequestedError("stopped while starting")

    @contextmanager
    def _step(self, name: str) -> Iterator[None]:
        self._check_stop()
        began = time.monotonic()
        yield
        self._report(f"  {name:<36} {time.monotonic() - began:5.1f} s")

    def _adopt(self, name: str, process: subprocess.Popen[bytes], death_signal: int = signal.SIGKILL) -> None:
        self._servers[name] = process
        self._guardian.watch(process, death_signal)

    # ── Postgres ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _start_database(self) -> tuple[str, tuple[str, int] | Path]:
        """Starts the database; returns its URL, and the address that a proxy in front of it connects to."""
        if given := self._environment.get("DATABASE_URL"):
            url = sqlalchemy_url(given)
            host = url.host or str(url.query.get("host", "127.0.0.1"))
            port = url.port or 5432
            return given, Path(host) / f".s.PGSQL.{port}" if host.startswith("/") else (host, port)
        with self._step("Postgres"):
            server = self._start_postgres()
        with psycopg.connect(server.url, autocommit=True) as connection:
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone()
            if there is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
        return server.url.replace("@/postgres?", f"@/{DATABASE}?"), server.socket

    def _start_postgres(self) -> Postgres:
        server = start_postgres(self.state_dir / "postgres", FOR_REHEARSALS if self._with_proxies else None)
        self._adopt(POSTGRES, server.process, signal.SIGINT)
        return server

    async def _restart_postgres(self, away_s: float) -> None:
        """Stops our Postgres, as an operator would, and starts it again ``away_s`` seconds later.

        It starts in this thread, with nothing else running meanwhile: Linux would end it with any other one.
        Raises KeyError when the server is somebody else's, or is being restarted already.
        """
        process = self._servers.pop(POSTGRES)  # it is meant to end
        try:
            await asyncio.to_thread(stop_process, process, first=signal.SIGINT, grace_s=POSTGRES_GRACE_S)
            self._guardian.forget(process)
            await asyncio.sleep(away_s)
        finally:  # also when whoever asked has hung up
            self._start_postgres()

    def _prepare_database(self, database_url: str, identity: Identity, *, requeue: bool) -> int:
        engine = create_engine(sqlalchemy_url(database_url), connect_args={"connect_timeout": 5})
        try:
            migrate(engine)
            with engine.begin() as connection:
                token_version = seed_workspace(connection, identity.client_id)
                requeued = requeue_unfinished(connection) if requeue else 0
        except OperationalError as error:
            raise StartError(f"The database does not respond: {str(error.orig).splitlines()[0]}") from error
        finally:
            engine.dispose()
        if requeued:
            self._report(f"  {requeued} jobs of an earlier run are queued again")
        return token_version

    def _through_proxy(self, database_url: str, proxy: FaultProxy | None) -> str:
        if proxy is None:
            return database_url
        url = make_url(database_url)
        query = {name: value for name, value in url.query.items() if name not in ("host", "port")}
        return url.set(host="127.0.0.1", port=proxy.port, query=query).render_as_string(hide_password=False)

    # ── Sandboxes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _launch_sandboxes(self) -> Path | None:
        """Starts the sandboxes' process unless all are elsewhere; returns the file that it writes when ready."""
        elsewhere = [self._environment.get(provider.url_variable) for provider in self.topology.providers]
        if self._uses_real_openai() and all(elsewhere):
            return None
        ready = self.state_dir / "sandboxes.json"
        ready.unlink(missing_ok=True)
        with (self.state_dir / "sandboxes.log").open("ab") as output:
            process = start_process(
                [sys.executable, "-m", "local.sandboxes", ready, str(60.0 * self.topology.time_scale)],
                env={"PATH": self._environment.get("PATH", "/usr/bin:/bin"), "TZ": "UTC"},
                output=output,
                cwd=REPOSITORY,
            )
        self._adopt("The sandboxes", process)
        return ready

    def _wait_for_sandboxes(self, ready: Path | None) -> dict[str, str]:
        if ready is None:
            return {}
        process = self._servers["The sandboxes"]
        deadline = time.monotonic() + SANDBOXES_TIMEOUT_S
        while not ready.exists():
            if process.poll() is not None or time.monotonic() > deadline:
                log = self.state_dir / "sandboxes.log"
                raise StartError(f"The sandboxes did not start. The end of {log}:\n{last_lines(log)}")
            self._check_stop()
            time.sleep(0.02)
        return dict(json.loads(ready.read_text()))

    def _uses_real_openai(self) -> bool:
        return bool(self._environment.get("OPENAI_API_KEY") or self._environment.get("OPENAI_BASE_URL"))

    def _openai_root(self, sandbox_urls: Mapping[str, str]) -> str:
        if base_url := self._environment.get("OPENAI_BASE_URL"):
            parts = urlsplit(base_url)
            return f"{parts.scheme}://{parts.netloc}"
        return OPENAI_ROOT if self._uses_real_openai() else sandbox_urls["openai_url"]

    # ── The functions' variables ────────────────────────────────────────────────────────────────────────────────────

    def _settings(
        self, identity: Identity, queues: Mapping[str, str], sandbox_urls: Mapping[str, str]
    ) -> dict[str, str]:
        given = self._environment
        settings = {
            **queue_variables(self.topology, queues),
            "WEBHOOK_SIGNING_KEYS": json.dumps({"current": identity.signing_key}),
            "ADDRESS_HASH_KEY": identity.address_hash_key,
            "OPENAI_API_KEY": given.get("OPENAI_API_KEY") or SANDBOX_KEY,
            "LOG_LEVEL": given.get("LOG_LEVEL") or "INFO",
            "TIME_SCALE": str(self.topology.time_scale),
        }
        for provider in self.topology.providers:
            settings[provider.keys_variable] = given.get(provider.keys_variable) or SANDBOX_KEY
            settings[provider.url_variable] = given.get(provider.url_variable) or sandbox_urls[f"{provider.name}_url"]
        if given.get("OPENAI_BASE_URL"):
            settings["OPENAI_BASE_URL"] = given["OPENAI_BASE_URL"]
        elif not self._uses_real_openai():
            settings["OPENAI_BASE_URL"] = sandbox_urls["openai_url"] + OPENAI_PATH
        return settings

    def _variables(self, function: Function, settings: Mapping[str, str], aws: Mapping[str, str]) -> dict[str, str]:
        """Returns exactly the variables that the topology grants this function: a forgotten one is missing here too."""
        own = {"POWERTOOLS_SERVICE_NAME": function.name}
        for source in self.topology.event_sources:
            receives = self.topology.queue(source.queue).max_receive_count
            if source.function == function.name and receives is not None:
                own["MAX_RECEIVE_COUNT"] = str(receives)
        known = {**settings, **own}
        names = (*COMMON_VARIABLES, *function.variables)
        optional = {"OPENAI_BASE_URL"}  # absent: the SDK's default, the real service
        if missing := [name for name in names if name not in known and name not in optional]:
            raise StartError(f"The local stack has no value for {', '.join(missing)} of the function {function.name}.")
        return {
            **{name: known[name] for name in names if name in known},
            **self._credentials(),
            **aws,
        }

    def _credentials(self) -> dict[str, str]:
        """Returns made-up credentials for our own queue service, the caller's for the caller's."""
        if not self._environment.get("AWS_ENDPOINT_URL_SQS"):
            return dict(CREDENTIALS)
        return {name: self._environment.get(name) or default for name, default in CREDENTIALS.items()}


def _address_of(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


def _why_no_port(error: OSError) -> str:
    reasons = {errno.EADDRINUSE: "is in use", errno.EACCES: "is for root only"}
    return reasons.get(error.errno or 0, f"cannot be used ({os.strerror(error.errno or 0)})")


@contextmanager
def hold_checkout(repository: Path = REPOSITORY) -> Iterator[None]:
    """Marks this checkout's programs as in use for `make clean`, wherever the stack's state is."""
    folder = os.open(repository, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks: make clean does not learn of us
            fcntl.flock(folder, fcntl.LOCK_SH)
        yield
    finally:
        os.close(folder)


def default_state_dir() -> Path:
    """Returns ``.local`` in the repository."""
    return REPOSITORY / ".local"


def bundle_folders(folder: Path, topology: Topology = TOPOLOGY) -> dict[str, Path]:
    """Returns the bundle of each function in ``folder``; a stack does not start without one of them."""
    return {function.name: (folder / function.name).resolve() for function in topology.functions}


__all__ = ["REGION", "Stack", "StartError", "StopRequestedError", "bundle_folders", "default_state_dir"]
