"""Amazon S3 on this machine: the buckets of the topology, in the process that local.sqs starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from infra.topology import Topology
from local.sqs import CREDENTIALS, REGION

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def s3_client(endpoint: str) -> S3Client:
    """Returns a boto3 client of ``endpoint`` with made-up credentials."""
    import boto3

    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=REGION,
        aws_access_key_id=CREDENTIALS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=CREDENTIALS["AWS_SECRET_ACCESS_KEY"],
    )


def create_buckets(client: S3Client, topology: Topology, prefix: str = "") -> dict[str, str]:
    """Makes every bucket of ``topology`` and returns their physical names by name; ``prefix`` keeps tests apart."""
    names = {bucket.name: prefix + bucket.name for bucket in topology.buckets}
    for name in names.values():
        client.create_bucket(Bucket=name)
    return names


def bucket_variables(topology: Topology, names: Mapping[str, str]) -> dict[str, str]:
    """Returns the environment variables with the buckets' physical names."""
    return {bucket.variable: names[bucket.name] for bucket in topology.buckets}
