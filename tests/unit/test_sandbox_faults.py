"""Fault rules and the request log that both sandboxes share, over real connections."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from local import sandbox
from local.sandbox import FaultRuleError, add_sandbox_routes, fault_of, parse_fault_rules, sandbox_middlewares
from local.serving import listen


@asynccontextmanager
async def serving() -> AsyncIterator[aiohttp.ClientSession]:
    """Runs a sandbox with one endpoint that counts how often it worked."""
    app = web.Application(middlewares=sandbox_middlewares())
    add_sandbox_routes(app, extra_fault_keys=("mood",))
    worked = 0

    async def work(request: web.Request) -> web.Response:
        nonlocal worked
        worked += 1
        fault = fault_of(request)
        return web.json_response({"worked": worked, "mood": fault.extras.get("mood") if fault else None})

    app.router.add_post("/v1/work", work)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    try:
        async with aiohttp.ClientSession(await listen(runner)) as session:
            yield session
    finally:
        await runner.cleanup()


async def post(session: aiohttp.ClientSession, body: object = None) -> tuple[int | None, Any]:
    """Status and body of one request for work; (None, None) when the connection was cut."""
    try:
        async with session.post(
            "/v1/work?a=1&b=2&b=3", json=body, headers={"Authorization": "Bearer s3cret"}
        ) as answer:
            return answer.status, await answer.text()
    except aiohttp.ServerDisconnectedError:
        return None, None


async def put_faults(session: aiohttp.ClientSession, rules: object) -> tuple[int, Any]:
    async with session.put("/_faults", data=json.dumps(rules)) as answer:
        return answer.status, await answer.json()


async def get(session: aiohttp.ClientSession, path: str) -> Any:
    async with session.get(path) as answer:
        return await answer.json()


def test_the_first_rule_that_is_not_used_up_is_applied() -> None:
    async def scenario() -> None:
        async with serving() as session:
            await put_faults(
                session,
                [
                    {"match": "/v1/other", "status": 500},
                    {"match": "/v1/work", "method": "get", "status": 500},
                    {"match": "/v1/work", "status": 503, "count": 2, "headers": {"Retry-After": "1"}},
                    {"match": "work", "body": "{", "count": 1},
                    {"match": "", "mood": "sad", "count": 1},
                ],
            )
            answers = [await post(session) for _ in range(5)]
            assert [status for status, _ in answers] == [503, 503, 200, 200, 200]
            assert answers[2][1] == "{", "the work was done, its answer replaced"
            assert json.loads(answers[3][1]) == {"worked": 2, "mood": "sad"}
            assert json.loads(answers[4][1]) == {"worked": 3, "mood": None}
            assert [rule["applied"] for rule in await get(session, "/_faults")] == [0, 0, 2, 1, 1]

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("rule", "status", "works"),
    [
        ({"status": 500}, 500, False),
        ({"status": 500, "do_work": True}, 500, True),
        ({"status": 200, "body": "{}"}, 200, False),
        ({"drop": True}, None, True),
        ({"drop": True, "do_work": False}, None, False),
        ({"drop": True, "status": 500}, None, True),
        ({"body": "nonsense"}, 200, True),
        ({"body": "nonsense", "do_work": False}, 200, False),
        ({"delay_s": 0.05}, 200, True),
        ({"count": 0, "status": 500}, 200, True),
        ({"status": None, "drop": None, "count": None}, 200, True),
    ],
)
def test_whether_the_work_is_done(rule: dict[str, Any], status: int | None, works: bool) -> None:
    async def scenario() -> None:
        async with serving() as session:
            await put_faults(session, [{"match": "/v1/work", "count": 1} | rule])
            assert (await post(session))[0] == status
            await put_faults(session, [])
            assert json.loads((await post(session))[1])["worked"] == (2 if works else 1)

    asyncio.run(scenario())


def test_a_rule_may_be_for_requests_that_say_something() -> None:
    async def scenario() -> None:
        async with serving() as session:
            rules = [
                {"match": "/v1/work", "contains": "poison", "status": 500},
                {"match": "/v1/work", "contains": ["ice", "salt"], "status": 503},
            ]
            await put_faults(session, rules)
            texts = ("water", "some poison", "ice", "salt on ice")
            answers = [await post(session, {"text": text}) for text in texts]
            assert [status for status, _ in answers] == [200, 500, 200, 503]

    asyncio.run(scenario())


def test_requests_are_logged_in_order_without_headers() -> None:
    async def scenario() -> None:
        async with serving() as session:
            await put_faults(session, [{"match": "/v1/work", "drop": True, "count": 1}])
            await post(session, {"n": 1})
            await post(session, {"n": 2})
            async with session.post("/v1/nowhere", data=b"not \xff JSON") as answer:
                assert answer.status == 404
            await get(session, "/_requests")
            logged = await get(session, "/_requests")
            query = {"a": "1", "b": ["2", "3"]}
            assert logged == [
                {"method": "POST", "path": "/v1/work", "query": query, "body": {"n": 1}, "status": None},
                {"method": "POST", "path": "/v1/work", "query": query, "body": {"n": 2}, "status": 200},
                {"method": "POST", "path": "/v1/nowhere", "query": {}, "body": "not \ufffd JSON", "status": 404},
            ]
            async with session.delete("/_requests") as answer:
                assert answer.status == 200
            assert await get(session, "/_requests") == []

    asyncio.run(scenario())


def test_the_log_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "MAX_LOGGED_REQUESTS", 3)

    async def scenario() -> None:
        async with serving() as session:
            for number in range(5):
                await post(session, number)
            assert [entry["body"] for entry in await get(session, "/_requests")] == [2, 3, 4]
            monkeypatch.setattr(sandbox, "MAX_LOGGED_BYTES", 100)
            await post(session, "x" * 99)
            assert [entry["body"] for entry in await get(session, "/_requests")] == ["x" * 99], (
                "the newest always stays"
            )

    asyncio.run(scenario())


def test_wrong_rules_are_refused_whole_and_the_earlier_stay() -> None:
    async def scenario() -> None:
        async with serving() as session:
            await put_faults(session, [{"match": "/v1/work", "status": 503}])
            status, answer = await put_faults(session, [{"match": "x"}, {"match": "y", "status": "503"}])
            assert (status, answer) == (400, {"error": 'rule 1: status must be an integer from 200 to 599, not "503"'})
            async with session.put("/_faults", data="{") as broken:
                assert broken.status == 400
            assert (await post(session))[0] == 503

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("rules", "complaint"),
    [
        ({"match": "x"}, "expected a JSON array"),
        (["x"], "rule 0: expected an object"),
        ([{"status": 500}], "rule 0: match is missing"),
        ([{"match": 1}], "match must be a string"),
        ([{"match": "x", "statsu": 500}], "unknown key 'statsu'; known are"),
        ([{"match": "x", "status": 99}], "status must be an integer from 200 to 599, not 99"),
        ([{"match": "x", "status": True}], "status must be"),
        ([{"match": "x", "count": -1}], "count must be an integer of at least 0"),
        ([{"match": "x", "count": 1.5}], "count must be"),
        ([{"match": "x", "delay_s": -1}], "delay_s must be a number of seconds from 0 to 3600"),
        ([{"match": "x", "delay_s": "1"}], "delay_s must be"),
        ([{"match": "x", "drop": 1}], "drop must be true or false"),
        ([{"match": "x", "body": {}}], "body must be a string"),
        ([{"match": "x", "headers": {"A": 1}}], "headers must be an object of printable strings"),
        ([{"match": "x", "headers": {"A": "b\r\nC: d"}}], "headers must be"),
        ([{"match": "x", "method": 1}], "method must be a string"),
    ],
)
def test_what_is_wrong_with_a_rule(rules: object, complaint: str) -> None:
    with pytest.raises(FaultRuleError) as wrong:
        parse_fault_rules(rules)
    assert complaint in str(wrong.value)
