"""Requests become events of payload format 2.0, and results become responses, as with API Gateway."""

from __future__ import annotations

import asyncio
import base64
import json
from dataclasses import replace
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

from infra.topology import Route
from local.http_api import HEADER_LIMIT, HttpApi, HttpRequest, MalformedAnswerError, make_event, shape_answer
from local.lambda_runtime import InvocationResult, LambdaRuntime

ROUTE = Route("POST", "/webhooks/instantly", "webhook-instantly")
REQUEST = HttpRequest(
    method="POST",
    raw_path="/webhooks/instantly",
    raw_query="",
    headers=[("Host", "api.example.com"), ("Content-Type", "application/json"), ("User-Agent", "test")],
    body=b'{"a": 1}',
    source_ip="192.0.2.7",
)


def event_of(**changes: Any) -> dict[str, Any]:
    return make_event(replace(REQUEST, **changes), ROUTE, request_id="req-1", now_s=1_700_000_000.5)


def test_a_json_post() -> None:
    event = event_of()

    assert event["version"] == "2.0"
    assert event["routeKey"] == "POST /webhooks/instantly"
    assert event["rawPath"] == "/webhooks/instantly"
    assert event["rawQueryString"] == ""
    assert event["body"] == '{"a": 1}'
    assert event["isBase64Encoded"] is False
    assert "queryStringParameters" not in event
    assert "cookies" not in event
    assert event["headers"]["content-type"] == "application/json"
    assert event["headers"]["x-forwarded-for"] == "192.0.2.7"
    context = event["requestContext"]
    assert context["requestId"] == "req-1"
    assert context["timeEpoch"] == 1_700_000_000_500
    assert context["time"] == "14/Nov/2023:22:13:20 +0000"
    assert context["domainName"] == "api.example.com"
    assert context["http"] == {
        "method": "POST",
        "path": "/webhooks/instantly",
        "protocol": "HTTP/1.1",
        "sourceIp": "192.0.2.7",
        "userAgent": "test",
    }


def test_header_names_are_lower_case_and_repeated_headers_are_joined() -> None:
    headers = event_of(headers=[("X-Thing", "one"), ("x-thing", "two"), ("X-FORWARDED-FOR", "198.51.100.1")])["headers"]

    assert headers["x-thing"] == "one,two"
    assert headers["x-forwarded-for"] == "198.51.100.1,192.0.2.7"


def test_cookies_are_a_list_of_their_own() -> None:
    event = event_of(headers=[("Cookie", "a=1; b=2")])

    assert event["cookies"] == ["a=1", "b=2"]
    assert "cookie" not in event["headers"]


def test_query_parameters_are_decoded_and_repeated_ones_joined_while_the_raw_string_stays() -> None:
    event = event_of(raw_query="clientId=a%20b&tag=1&tag=2&empty=")

    assert event["rawQueryString"] == "clientId=a%20b&tag=1&tag=2&empty="
    assert event["queryStringParameters"] == {"clientId": "a b", "tag": "1,2", "empty": ""}


@pytest.mark.parametrize("content_type", ["application/json; charset=utf-8", "TEXT/plain", "application/xml"])
def test_text_arrives_as_text(content_type: str) -> None:
    event = event_of(headers=[("Content-Type", content_type)], body="żółć".encode())

    assert (event["body"], event["isBase64Encoded"]) == ("żółć", False)


@pytest.mark.parametrize(
    "headers", [[], [("Content-Type", "application/x-www-form-urlencoded")], [("Content-Type", "image/png")]]
)
def test_everything_else_arrives_as_base64(headers: list[tuple[str, str]]) -> None:
    event = event_of(headers=headers, body=b"\x00\xff{}")

    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\x00\xff{}"


def test_text_that_is_not_utf8_is_still_valid_json() -> None:
    event = event_of(body=b'"\xff"')

    assert event["body"] == '"\ufffd"'
    json.dumps(event).encode()


def test_without_a_body_there_is_no_body_key() -> None:
    event = event_of(body=b"")

    assert "body" not in event
    assert event["isBase64Encoded"] is False


def result_of(answer: Any) -> InvocationResult:
    return InvocationResult("req-1", json.dumps(answer).encode(), is_error=False)


def test_a_full_answer() -> None:
    answer = shape_answer(
        result_of(
            {
                "statusCode": 202,
                "headers": {"Content-Type": "application/json", "Retry-After": 5},
                "cookies": ["a=1", "b=2"],
                "body": "{}",
            }
        )
    )

    assert answer.status == 202
    assert answer.body == b"{}"
    assert ("retry-after", "5") in answer.headers
    assert [value for name, value in answer.headers if name == "set-cookie"] == ["a=1", "b=2"]


def test_a_binary_answer() -> None:
    encoded = base64.b64encode(b"\x00\x01").decode()

    assert shape_answer(result_of({"statusCode": 200, "body": encoded, "isBase64Encoded": True})).body == b"\x00\x01"


@pytest.mark.parametrize(
    ("answer", "body"), [({"ok": True}, b'{"ok": true}'), ("text", b"text"), ([1], b"[1]"), (None, b"null")]
)
def test_an_answer_without_a_status_is_the_body_of_a_200(answer: Any, body: bytes) -> None:
    shaped = shape_answer(result_of(answer))

    assert (shaped.status, shaped.body) == (200, body)
    assert ("content-type", "application/json") in shaped.headers


@pytest.mark.parametrize(
    "result",
    [
        InvocationResult("req-1", b'{"errorType": "ValueError"}', is_error=True),
        InvocationResult("req-1", b"not json", is_error=False),
        result_of({"statusCode": "abc"}),
        result_of({"statusCode": 9000}),
        result_of({"statusCode": 200, "body": {"not": "a string"}}),
        result_of({"statusCode": 200, "headers": ["no", "mapping"]}),
        result_of({"statusCode": 200, "body": "%", "isBase64Encoded": True}),
    ],
)
def test_what_is_no_answer_is_an_internal_error(result: InvocationResult) -> None:
    with pytest.raises(MalformedAnswerError):
        shape_answer(result)


class BrokenRuntime:
    async def invoke(self, _function: str, payload: bytes) -> InvocationResult:
        raise ValueError(payload.decode())


@pytest.mark.parametrize(
    "headers",
    [
        b"Authorization: Bearer v1.secret-token" + b"0" * HEADER_LIMIT,
        b"Authorization: Bearer \0v1.secret-token",
        b"v1.secret-token",
        b"Content-Length: v1.secret-token",
        b"Authorization: Bearer v1.secret-token\r\nContent-Length: 0",
    ],
    ids=["too long", "NUL", "no header", "no length", "an error of our own"],
)
def test_what_the_server_says_of_an_error_quotes_nothing_that_was_sent(
    headers: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async def answer_to(request: bytes) -> bytes:
        api = HttpApi([ROUTE], cast("LambdaRuntime", BrokenRuntime()))
        port = urlsplit(await api.start(0)).port
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        answer = await asyncio.wait_for(reader.readline(), 10)
        writer.close()
        await api.close()
        return answer

    status = asyncio.run(answer_to(b"POST /webhooks/instantly HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n\r\n"))
    assert status.split()[1] in (b"400", b"500")
    assert "Error handling request" in caplog.text
    assert "secret" not in caplog.text
