"""The SQS client that every function uses: short time-outs, few retries, nothing connected before the first call."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.session import get_session

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

CONNECT_TIMEOUT_S = 2.0
READ_TIMEOUT_S = 5.0
ATTEMPTS = 2  # what still fails is published by maintenance a minute later


def make_sqs_client(
    *, connect_timeout_s: float = CONNECT_TIMEOUT_S, read_timeout_s: float = READ_TIMEOUT_S
) -> SQSClient:
    """Makes a client for the region and endpoint of the environment (AWS_REGION, AWS_ENDPOINT_URL_SQS).

    A call takes at most two times both time-outs, in seconds. Plain botocore: boto3's resource layer would only cost
    start-up time.
    """
    config = Config(
        connect_timeout=connect_timeout_s,
        read_timeout=read_timeout_s,
        retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
        tcp_keepalive=True,
    )
    # botocore by itself reads AWS_DEFAULT_REGION only.
    return cast(
        "SQSClient", get_session().create_client("sqs", region_name=os.environ.get("AWS_REGION"), config=config)
    )
