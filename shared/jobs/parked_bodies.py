"""Bodies of parked events that no message can carry: objects of a small bucket, each until its event was replayed.

A message then holds the object's key instead (a claim check). What is never read expires by the bucket's own rule.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import get_session

from shared.observability import logger

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CONNECT_TIMEOUT_S = 1.0
READ_TIMEOUT_S = 2.0  # one attempt: a webhook that cannot put a body here parks what a message can carry instead


class ParkedBodyUnavailableError(RuntimeError):
    """S3 does not answer, or refuses: whether the object is there is not known. The message names the error only."""


class ParkedBodies:
    """The objects of one bucket, as S3 of the environment (AWS_REGION, AWS_ENDPOINT_URL_S3) keeps them.

    The client is made on first use: a process that parks nothing large never loads the description of S3. Without a
    bucket nothing can be put: large bodies are then parked in a shortened form.
    """

    def __init__(self, bucket: str | None) -> None:
        self._bucket = bucket
        self._client: S3Client | None = None

    def put(self, key: str, body: bytes) -> bool:
        """Stores the object and says whether it is there now. Never raises."""
        if self._bucket is None:
            return False
        try:
            self._s3().put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/octet-stream")
        except Exception as error:
            logger.error("parked body not put", extra={"error": _name_of(error)})
            return False
        return True

    def get(self, key: str) -> bytes | None:
        """Returns the object, or None when there is none. Raises ParkedBodyUnavailableError."""
        if self._bucket is None:
            raise ParkedBodyUnavailableError("PARKED_BODIES_BUCKET is not set")
        try:
            return self._s3().get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except Exception as error:
            if _name_of(error) == "NoSuchKey":
                return None
            raise ParkedBodyUnavailableError(_name_of(error)) from None

    def delete(self, key: str) -> None:
        """Deletes the object, if it is there; one that stays for want of S3 expires."""
        if self._bucket is None:
            return
        try:
            self._s3().delete_object(Bucket=self._bucket, Key=key)
        except (BotoCoreError, ClientError) as error:
            logger.warning("parked body not deleted", extra={"error": _name_of(error)})

    def _s3(self) -> S3Client:
        if self._client is None:
            config = Config(
                connect_timeout=CONNECT_TIMEOUT_S, read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1}
            )
            # botocore by itself reads AWS_DEFAULT_REGION only.
            region = os.environ.get("AWS_REGION")
            self._client = cast("S3Client", get_session().create_client("s3", region_name=region, config=config))
        return self._client


def _name_of(error: Exception) -> str:
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "ClientError"))
    return type(error).__name__
