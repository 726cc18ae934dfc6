"""A local stand-in for OpenAI's Responses API: plain deterministic rules behind the real protocol.

``POST /v1/responses`` takes what the official SDK sends for structured output, finds the task in the last message and
responds by the rules of ``local.offline_rules``. It says what it is: the model's name ends in ``-offline-rules``.

Besides the faults of ``local.sandbox`` a rule of ``PUT /_faults`` may have a ``kind``: "refusal", "incomplete" (cut off
at max_output_tokens), "content_filter", "failed" (status failed, server_error), "wrong_schema" (JSON of another shape),
"truncated" (status completed, JSON cut in the middle), "nul" (a NUL in every string) or "insufficient_quota" (429 of an
exhausted account); and an ``answer``: an object whose fields take the place of the response's own.
"""

from __future__ import annotations

import json
import time
from hashlib import sha256
from typing import Any
from uuid import uuid4

from aiohttp import web

from local.offline_rules import RESPONSES
from local.sandbox import add_sandbox_routes, fault_of, sandbox_middlewares

MODEL_SUFFIX = "-offline-rules"
CHARS_PER_TOKEN = 4  # OpenAI's own rule of thumb for English
MAX_BODY_BYTES = 8 * 1024 * 1024

MIN_CACHED_TOKENS = 1_024
CACHED: web.AppKey[set[str]] = web.AppKey("cached", set)

KINDS = ("refusal", "incomplete", "content_filter", "failed", "wrong_schema", "truncated", "nul", "insufficient_quota")


def make_app() -> web.Application:
    """Makes the application; it keeps its fault rules, its request log and which beginnings are in the cache."""
    app = web.Application(middlewares=[*sandbox_middlewares(), _authenticate], client_max_size=MAX_BODY_BYTES)
    app[CACHED] = set()
    app.router.add_get("/", _about)
    app.router.add_get("/v1/models", _models)
    app.router.add_post("/v1/responses", _responses)
    add_sandbox_routes(app, extra_fault_keys=("kind", "answer"), error_body=lambda status: json.dumps(_error(status)))
    return app


async def _about(_request: web.Request) -> web.Response:
    return web.json_response(
        {
            "service": "offline stand-in for OpenAI's Responses API",
            "model": f"plain deterministic rules; model names end in {MODEL_SUFFIX}",
            "tasks": sorted(RESPONSES),
        }
    )


async def _models(_request: web.Request) -> web.Response:
    models = [{"id": MODEL_SUFFIX.strip("-"), "object": "model", "created": 0, "owned_by": "local"}]
    return web.json_response({"object": "list", "data": models})


@web.middleware
async def _authenticate(request: web.Request, handler: Any) -> web.StreamResponse:
    if request.path.startswith("/v1/") and not request.headers.get("Authorization", "").startswith("Bearer "):
        return web.json_response(_error(401, code="invalid_api_key"), status=401)
    response: web.StreamResponse = await handler(request)
    return response


async def _responses(request: web.Request) -> web.Response:
    fault = fault_of(request)
    kind = str(fault.extras.get("kind", "")) if fault else ""
    if kind and kind not in KINDS:
        return web.json_response(
            _error(400, message=f"unknown fault kind {kind!r}; known are {', '.join(KINDS)}"), status=400
        )
    if kind == "insufficient_quota":
        return web.json_response(_error(429, code="insufficient_quota"), status=429)
    try:
        asked = await request.json()
        model, texts = asked["model"], [part["text"] for message in asked["input"] for part in message["content"]]
        input_chars = len(asked["instructions"]) + sum(map(len, texts))
        cached, written = _cache_use(request.app[CACHED], asked)
        max_output_tokens = int(asked["max_output_tokens"])
        if asked["text"]["format"]["type"] != "json_schema" or not asked["text"]["format"]["strict"]:
            raise ValueError("only strict json_schema output is offered here")
    except (ValueError, KeyError, TypeError) as problem:
        return web.json_response(
            _error(400, message=f"not a request that this stand-in knows: {problem!r}"), status=400
        )
    try:
        document = json.loads(texts[0]) | json.loads(texts[-1])
        told = fault.extras.get("answer", {}) if fault else {}
        response = RESPONSES[document["task"]](document) | told
    except (ValueError, KeyError, TypeError, IndexError) as problem:
        return web.json_response(_error(400, message=f"unexpected input document: {problem!r}"), status=400)
    text = json.dumps({"response": response}, ensure_ascii=False)
    body = _response(model, text, input_chars, max_output_tokens, kind)
    if body["usage"]:
        body["usage"]["input_tokens_details"] = {"cached_tokens": cached, "cache_write_tokens": written}
    body["text"] = {"format": asked["text"]["format"]}
    body["reasoning"] = asked.get("reasoning") or {"effort": None, "summary": None}
    return web.json_response(body)


def _cache_use(cached: set[str], asked: dict[str, Any]) -> tuple[int, int]:
    """Returns how many tokens the request reads from the cache and how many it writes to it.

    As the service does since GPT-5.6: up to marked places only, and beginnings of MIN_CACHED_TOKENS at least; but
    nothing expires here.
    """
    beginning, read, written = f"{asked['model']} {asked.get('prompt_cache_key')} {asked['instructions']}", 0, 0
    for message in asked["input"]:
        for part in message["content"]:
            beginning += part["text"]
            if "prompt_cache_breakpoint" in part and (tokens := _tokens(len(beginning))) >= MIN_CACHED_TOKENS:
                digest = sha256(beginning.encode()).hexdigest()
                read, written = (tokens, 0) if digest in cached else (read, tokens - read)
                cached.add(digest)
    return read, written


def _response(model: str, text: str, input_chars: int, max_output_tokens: int, kind: str) -> dict[str, Any]:
    """Returns a response object in the API's shape, altered as the fault's ``kind`` says."""
    content: dict[str, Any] = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
    status, incomplete_details, error = "completed", None, None
    output_tokens = _tokens(len(text))
    if kind == "refusal":
        content = {"type": "refusal", "refusal": "I cannot help with that."}
    elif kind in ("incomplete", "content_filter") or output_tokens > max_output_tokens:
        status = "incomplete"
        incomplete_details = {"reason": "content_filter" if kind == "content_filter" else "max_output_tokens"}
        content["text"] = text[: len(text) // 2]
        output_tokens = min(output_tokens, max_output_tokens)
    elif kind == "failed":
        status, error = "failed", {"code": "server_error", "message": "injected failure"}
    elif kind == "wrong_schema":
        content["text"] = json.dumps({"unexpected": True})
    elif kind == "truncated":
        content["text"] = text[: len(text) // 2]
    elif kind == "nul":
        values = json.loads(text)["response"].items()
        response = {name: f"{value}\0" if isinstance(value, str) else value for name, value in values}
        content["text"] = json.dumps({"response": response})
    message = {
        "type": "message",
        "id": f"msg_{uuid4().hex}",
        "status": "completed" if status == "completed" else "incomplete",
        "role": "assistant",
        "content": [content],
    }
    input_tokens = _tokens(input_chars)
    return {
        "id": f"resp_{uuid4().hex}",
        "object": "response",
        "created_at": int(time.time()),
        "status": status,
        "error": error,
        "incomplete_details": incomplete_details,
        "instructions": None,
        "max_output_tokens": max_output_tokens,
        "model": f"{model}{MODEL_SUFFIX}",
        "output": [] if status == "failed" else [message],
        "parallel_tool_calls": True,
        "previous_response_id": None,
        "store": False,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "truncation": "disabled",
        "usage": None
        if status == "failed"
        else {
            "input_tokens": input_tokens,
            "output_tokens": output_tokens,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": input_tokens + output_tokens,
        },
        "user": None,
        "metadata": {},
    }


def _tokens(chars: int) -> int:
    return -(-chars // CHARS_PER_TOKEN)


_ERROR_TYPES = {
    400: "invalid_request_error",
    401: "invalid_request_error",
    403: "invalid_request_error",
    404: "invalid_request_error",
    422: "invalid_request_error",
    429: "rate_limit_error",
}
_ERROR_CODES = {401: "invalid_api_key", 404: "model_not_found", 429: "rate_limit_exceeded"}


def _error(status: int, *, message: str = "injected fault", code: str | None = None) -> dict[str, Any]:
    return {
        "error": {
            "message": message,
            "type": _ERROR_TYPES.get(status, "server_error"),
            "param": None,
            "code": code or _ERROR_CODES.get(status),
        }
    }
