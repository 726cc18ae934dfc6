"""Amazon SQS on this machine: LocalStack's implementation in a process of its own, and the queues of the topology.

The same process serves S3 (local.s3). All that it keeps is in its memory. To rehearse an outage put a proxy in front of
it: ending it loses everything.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infra.topology import Topology
from local.child_processes import StartError, last_lines, start_process, stop_process, wait_until

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

REPOSITORY = Path(__file__).resolve().parent.parent
PYTHON = REPOSITORY / ".venv-localstack" / "bin" / "python"
SERVICES = ("sqs", "s3")
START_TIMEOUT_S = 60.0
REGION = "us-east-1"
ACCOUNT = "000000000000"
# Any value will do, but an SDK without credentials refuses to sign.
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local", "AWS_REGION": REGION}


@dataclass(frozen=True)
class Sqs:
    """A running SQS and S3. ``endpoint`` is what AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL_S3 take."""

    endpoint: str
    process: subprocess.Popen[bytes]

    def stop(self) -> None:
        """Ends it; its queues and buckets are gone."""
        stop_process(self.process, first=signal.SIGKILL)  # in memory only: nothing to save, and its own exit takes 2 s

    def __enter__(self) -> Sqs:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def launch_sqs(state_dir: Path | str) -> Sqs:
    """Starts the process without waiting for it (it takes about 3 s); see wait_for_sqs."""
    if not PYTHON.exists():
        raise StartError(
            "The SQS server's own environment .venv-localstack is missing: run `make setup`, or set"
            " AWS_ENDPOINT_URL_SQS and AWS_ENDPOINT_URL_S3 to services of your own."
        )
    directory = Path(state_dir).resolve()
    for name in ("cache", "volume", "tmp"):
        (directory / name).mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
        "HOME": str(directory),
        # Its plugin index is cached here; a stale one in the home directory keeps LocalStack from starting.
        "XDG_CACHE_HOME": str(directory / "cache"),
        "TMPDIR": str(directory / "tmp"),
        "LOCALSTACK_VOLUME_DIR": str(directory / "volume"),
        "SERVICES": ",".join(SERVICES),
        "STRICT_SERVICE_LOADING": "1",
        "EAGER_SERVICE_LOADING": "1",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "SKIP_INFRA_DOWNLOADS": "1",
        "DNS_ADDRESS": "0",
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "LOCALSTACK_HOST": f"127.0.0.1:{port}",
        "SQS_ENDPOINT_STRATEGY": "path",  # queue URLs that need no DNS
        "PYTHONDONTWRITEBYTECODE": "",
    }
    with (directory / "log").open("ab") as output:
        # -P: this folder must not become importable there, its module names are ours.
        process = start_process(
            [PYTHON, "-P", Path(__file__).with_name("sqs_server.py")], env=environment, output=output, cwd=directory
        )
    return Sqs(endpoint=f"http://127.0.0.1:{port}", process=process)


def wait_for_sqs(sqs: Sqs, state_dir: Path | str) -> None:
    """Waits until ``sqs`` takes requests. Raises StartError with the end of its log when it does not."""
    log = Path(state_dir) / "log"
    up = wait_until(
        lambda: sqs.process.poll() is not None or _answers(sqs.endpoint), timeout_s=START_TIMEOUT_S, poll_s=0.05
    )
    if not up or sqs.process.returncode is not None:
        sqs.stop()
        raise StartError(
            f"SQS (LocalStack) did not come up. If {log} names a package, `make setup` from scratch"
            f" (remove .venv-localstack first). Its end:\n{last_lines(log)}"
        )


def start_sqs(state_dir: Path | str) -> Sqs:
    """Starts SQS with its scratch files under ``state_dir`` and waits until it takes requests."""
    sqs = launch_sqs(state_dir)
    wait_for_sqs(sqs, state_dir)
    return sqs


def sqs_client(endpoint: str) -> SQSClient:
    """Returns a boto3 client of ``endpoint`` with made-up credentials."""
    import boto3

    return boto3.client(
        "sqs",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def create_queues(client: SQSClient, topology: Topology, prefix: str = "") -> dict[str, str]:
    """Makes every queue of ``topology`` and returns their URLs by name. ``prefix`` keeps the queues of tests apart."""
    urls: dict[str, str] = {}
    arns: dict[str, str] = {}
    # A queue names its dead-letter queue by ARN, so those come first.
    for queue in sorted(topology.queues, key=lambda queue: queue.dead_letter_queue is not None):
        attributes = {
            "FifoQueue": "true",
            "DeduplicationScope": "messageGroup",
            "FifoThroughputLimit": "perMessageGroupId",
            "VisibilityTimeout": str(int(queue.visibility_timeout_s)),
            "MessageRetentionPeriod": str(queue.retention_s),
        }
        if queue.dead_letter_queue is not None:
            attributes["RedrivePolicy"] = json.dumps(
                {"deadLetterTargetArn": arns[queue.dead_letter_queue], "maxReceiveCount": queue.max_receive_count}
            )
        url = client.create_queue(QueueName=prefix + queue.name, Attributes=attributes)["QueueUrl"]  # type: ignore[arg-type]
        urls[queue.name] = url
        arns[queue.name] = queue_arn(prefix + queue.name)
    return {queue.name: urls[queue.name] for queue in topology.queues}


def queue_arn(name: str) -> str:
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{name}"


def queue_variables(topology: Topology, urls: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment variables with the queues' URLs."""
    return {queue.url_variable: urls[queue.name] for queue in topology.queues if queue.url_variable is not None}


def free_port() -> int:
    """Returns a TCP port of 127.0.0.1 that nothing listens on right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_localstack/health", timeout=2) as response:  # noqa: S310 (own port)
            status = json.load(response)["services"]
    except (OSError, ValueError, KeyError):
        return False
    return all(status.get(service) in ("available", "running") for service in SERVICES)
