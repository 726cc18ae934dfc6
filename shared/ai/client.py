"""One structured call to OpenAI's Responses API: a deadline, our retry policy, and a record of every attempt.

The SDK is loaded when a ModelClient is made, not when this module is imported: it costs half a second, and code that
only names these types must not pay for it.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ValidationError

from shared.ai.deadline import Deadline
from shared.ai.errors import ModelError, ModelRejected, ModelUnavailable, OutOfTime
from shared.ai.models import Usage, cost, price_of, takes_cache_breakpoints, takes_reasoning_effort
from shared.ai.schemas import ModelResponse
from shared.ai.workspace_prefix import Prefix
from shared.domain.interaction import Interaction
from shared.domain.text.email_text import sanitize_text
from shared.domain.vocabulary import InteractionStatus

if TYPE_CHECKING:
    import httpx2
    import openai
    from openai.types.responses import EasyInputMessageParam, Response, ResponseInputParam, ResponseInputTextParam

__all__ = [
    "Deadline",
    "Interaction",
    "ModelClient",
    "ModelError",
    "ModelRejected",
    "ModelUnavailable",
    "OutOfTime",
    "Record",
]

type ReasoningEffort = Literal[
    "low", "medium", "high"
]  # what every reasoning model takes; "none" and "minimal" are not

CONNECT_TIMEOUT_S = 5.0
DEFAULT_TIMEOUT_S = 60.0
LARGER_BUDGET = 3  # reasoning tokens count as output: a budget that was too small was usually eaten by reasoning
MAX_ERROR_CHARS = 500

_NAMED = frozenset({"properties", "$defs"})  # whose keys are names, not words of the schema language
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached", "billing_not_active"})
_TRANSIENT_RESPONSE_ERRORS = frozenset({"server_error", "rate_limit_exceeded", "vector_store_timeout"})


type Record = Callable[[Interaction], None]


class ModelClient:
    """Calls models with structured output. Safe to share between threads; keeps its connections.

    ``base_url`` ends in ``/v1``; None is OpenAI's own. ``http_client`` replaces the HTTP client (tests). ``clock`` is a
    monotonic clock in seconds, ``now`` the wall clock of the records. ``on_key_refused`` is called when OpenAI does not
    know the key (401).
    """

    def __init__(
        self,
        api_key: str,
        base_url: str | None = None,
        *,
        http_client: httpx2.Client | None = None,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        on_key_refused: Callable[[], None] = lambda: None,
    ) -> None:
        import openai

        from shared.providers.http import HttpClient

        self._clock = clock
        self._now = now
        self._on_key_refused = on_key_refused
        if http_client is None:
            http_client = HttpClient(follow_redirects=True)
        # The job's retry policy is the only one: an SDK that sleeps and retries would burn the function's time.
        self._openai = openai.OpenAI(api_key=api_key, base_url=base_url, max_retries=0, http_client=http_client)

    def close(self) -> None:
        """Closes the connections."""
        self._openai.close()

    def parse[T: BaseModel](
        self,
        *,
        task: str,
        prompt_version: str,
        model: str,
        prefix: Prefix,
        instructions: str,
        input_text: str,
        output: type[T],
        max_output_tokens: int,
        deadline: Deadline,
        record: Record,
        reasoning_effort: ReasoningEffort = "low",
        timeout_s: float = DEFAULT_TIMEOUT_S,
    ) -> T:
        """Asks the model and reads its response as an ``output``.

        ``task`` names the feature in the records; ``prefix`` stands first and is cached, then come ``instructions``,
        the task's prompt, and ``input_text``, its data.
        ``max_output_tokens`` bounds reasoning and text together. ``timeout_s`` bounds one attempt, in seconds; what is
        left of the ``deadline`` bounds it too. ``record`` is called once per attempt, before this returns or raises.

        A response that is cut off or does not match the schema is asked for once more, with LARGER_BUDGET times the
        tokens. Raises ModelUnavailable, ModelRejected or OutOfTime.
        """
        call = _Call(
            self, task, prompt_version, model, prefix, instructions, input_text, output, reasoning_effort, record
        )
        answer = call.attempt(max_output_tokens, deadline, timeout_s)
        if isinstance(answer, _Unusable):
            answer = call.attempt(max_output_tokens * LARGER_BUDGET, deadline, timeout_s)
        if isinstance(answer, _Unusable):
            raise ModelRejected(f"no valid output after two attempts: {answer.reason}")
        return answer


@dataclass(frozen=True, slots=True)
class _Unusable:
    """A response that came but cannot be used; asking again, with more room, may help."""

    reason: str


@dataclass(frozen=True, slots=True)
class _Call[T: BaseModel]:
    client: ModelClient
    task: str
    prompt_version: str
    model: str
    prefix: Prefix
    instructions: str
    input_text: str
    output: type[T]
    reasoning_effort: ReasoningEffort
    record: Record

    def attempt(self, max_output_tokens: int, deadline: Deadline, timeout_s: float) -> T | _Unusable:
        remaining_s = deadline.remaining_s()
        if remaining_s <= max(deadline.least_s, 0.0):
            raise OutOfTime(f"{remaining_s:.1f} s left for {self.task}, at least {deadline.least_s:.1f} s needed")
        started = self.client._clock()
        created_at = self.client._now()
        usage, answering_model = Usage(), self.model
        error: str | None = None
        try:
            response = self._send(max_output_tokens, min(remaining_s, timeout_s))
            usage, answering_model = _usage_of(response), _text(getattr(response, "model", None)) or self.model
            result = _read(response, self.output)
            if isinstance(result, _Unusable):
                error = result.reason
            return result
        except ModelError as failure:
            error = failure.reason
            raise
        finally:
            latency_ms = round((self.client._clock() - started) * 1000)
            self.record(self._interaction(usage, answering_model, latency_ms, error, created_at))

    def _send(self, max_output_tokens: int, timeout_s: float) -> Response:
        import httpx2
        import openai

        marks_cache = takes_cache_breakpoints(self.model)
        try:
            return self.client._openai.responses.create(
                model=self.model,
                instructions=self.prefix.instructions,
                input=_messages(self.prefix, self.instructions, self.input_text, marked=marks_cache),
                prompt_cache_key=self.prefix.cache_key,
                # Only what is marked is written to the cache, which is charged: a lead's words are not read again.
                prompt_cache_options={"mode": "explicit"} if marks_cache else openai.omit,
                max_output_tokens=max_output_tokens,
                reasoning={"effort": self.reasoning_effort} if takes_reasoning_effort(self.model) else openai.omit,
                store=False,
                # Not responses.parse: it builds the schema anew for every call and walks it twice (2 ms of 5 in all),
                # and it validates too early, losing the usage of an answer that does not parse. _read validates.
                extra_body={"text": {"format": _text_format()}},
                timeout=httpx2.Timeout(timeout_s, connect=min(CONNECT_TIMEOUT_S, timeout_s)),
            )
        except openai.APITimeoutError:
            raise ModelUnavailable(f"no answer within {timeout_s:.1f} s") from None
        except openai.APIConnectionError as failure:
            raise ModelUnavailable(f"connection failed: {type(failure.__cause__).__name__}") from failure
        except openai.APIStatusError as failure:
            if failure.status_code == 401:
                self.client._on_key_refused()
            raise _status_error(failure) from None
        except (openai.OpenAIError, ValueError, TypeError, AttributeError) as failure:
            # A 2xx whose body is no answer of this API: the SDK trips over it in several ways.
            raise ModelUnavailable(f"unreadable answer: {type(failure).__name__}") from failure

    def _interaction(
        self, usage: Usage, answering_model: str, latency_ms: int, error: str | None, created_at: datetime
    ) -> Interaction:
        # A compatible service may answer under a name of its own; then the price of what was asked for applies.
        priced_model = answering_model if price_of(answering_model) else self.model
        return Interaction(
            feature=self.task,
            prompt_version=self.prompt_version,
            model=answering_model,
            input_tokens=usage.input_tokens,
            cached_input_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
            reasoning_tokens=usage.reasoning_tokens,
            cost_usd=cost(priced_model, usage),
            latency_ms=latency_ms,
            status=InteractionStatus.SUCCESS if error is None else InteractionStatus.ERROR,
            error=error[:MAX_ERROR_CHARS] if error else None,
            created_at=created_at,
        )


def _messages(prefix: Prefix, instructions: str, input_text: str, *, marked: bool) -> ResponseInputParam:
    """Puts a request's messages in their order: by how many requests they are the same for.

    Caches are read up to a mark, and only there: one stands behind what a workspace's tasks share, one behind what its
    replies share in this task. A model that knows no marks finds the longest common beginning by itself.
    """

    def message(role: Literal["user", "developer"], text: str, *, ends_prefix: bool) -> EasyInputMessageParam:
        content: ResponseInputTextParam = {"type": "input_text", "text": text}
        if ends_prefix and marked:
            content["prompt_cache_breakpoint"] = {"mode": "explicit"}
        return {"role": role, "content": [content]}

    return [
        message("user", prefix.document, ends_prefix=True),
        message("developer", instructions, ends_prefix=True),
        message("user", input_text, ends_prefix=False),
    ]


@cache
def _text_format() -> dict[str, object]:
    """The strict JSON schema of all tasks' responses, by the SDK's own conversion, without what only we read."""
    import openai

    schema: Any = openai.pydantic_function_tool(ModelResponse)["function"]["parameters"]
    return {"type": "json_schema", "strict": True, "name": "response", "schema": _without_notes(schema)}


def schema_chars() -> int:
    """Returns the length of the schema that stands before every request; it is paid for as input."""
    return len(json.dumps(_text_format()))


def _without_notes(schema: Any) -> Any:
    """Leaves out the docstrings and titles of a schema: tokens that say nothing to a model."""
    if isinstance(schema, dict):
        return {
            name: {key: _without_notes(one) for key, one in value.items()} if name in _NAMED else _without_notes(value)
            for name, value in schema.items()
            if name not in ("title", "description")
        }
    return [_without_notes(one) for one in schema] if isinstance(schema, list) else schema


def _read[T: BaseModel](response: Response, output: type[T]) -> T | _Unusable:
    """Reads the response, or says why it is none. The SDK does not validate responses: any field may be missing."""
    status = _text(getattr(response, "status", None))
    if status == "failed":
        code = _text(getattr(response.error, "code", None)) or "unknown"
        if code in _TRANSIENT_RESPONSE_ERRORS:
            raise ModelUnavailable(f"the response failed: {code}")
        raise ModelRejected(f"the response failed: {code}")
    if status == "incomplete":
        reason = _text(getattr(response.incomplete_details, "reason", None)) or "unknown"
        if reason == "content_filter":
            raise ModelRejected("stopped by the content filter")
        return _Unusable(f"incomplete: {reason}")
    if status not in ("completed", None):
        raise ModelUnavailable(f"the response is {status}")
    try:
        content = [part for item in response.output if item.type == "message" for part in item.content]
        if any(part.type == "refusal" for part in content):
            raise ModelRejected("the model refused")
        text = "".join(part.text for part in content if part.type == "output_text")
    except (AttributeError, TypeError) as failure:
        raise ModelUnavailable(f"unreadable answer: {type(failure).__name__}") from failure
    try:
        result = ModelResponse.model_validate_json(_without_nul(text)).response
    except ValidationError as failure:
        # Places and kinds only: the values are the model's words about the lead's.
        problems = ", ".join(
            f"{'.'.join(map(str, problem['loc'])) or 'output'}: {problem['type']}" for problem in failure.errors()[:5]
        )
        return _Unusable(f"output does not match the schema: {problems}")
    return result if isinstance(result, output) else _Unusable(f"the response is a {type(result).__name__}")


def _without_nul(text: str) -> str:
    """JSON whose strings Postgres takes: models do write \\u0000 now and then, most often in place of an accent."""
    if "\\u0000" not in text:
        return text
    try:
        return json.dumps(_sanitized(json.loads(text)))
    except ValueError:
        return text  # the schema's check says what is wrong with it


def _sanitized(value: Any) -> Any:
    if isinstance(value, str):
        return sanitize_text(value)
    if isinstance(value, dict):
        return {name: _sanitized(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_sanitized(item) for item in value]
    return value


def _usage_of(response: Response) -> Usage:
    usage: Any = getattr(response, "usage", None)
    input_details = getattr(usage, "input_tokens_details", None)
    output_details = getattr(usage, "output_tokens_details", None)
    return Usage(
        input_tokens=_count(usage, "input_tokens"),
        cached_tokens=_count(input_details, "cached_tokens"),
        cache_write_tokens=_count(input_details, "cache_write_tokens"),
        output_tokens=_count(usage, "output_tokens"),
        reasoning_tokens=_count(output_details, "reasoning_tokens"),
    )


def _count(holder: object, name: str) -> int:
    value = getattr(holder, name, None)
    return value if isinstance(value, int) and value >= 0 else 0


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _status_error(failure: openai.APIStatusError) -> ModelError:
    """Classifies an error response: 401, 403 and an empty account need a person; 400, 404, 422 need another request."""
    from shared.providers.http import retry_after

    status, code = failure.status_code, failure.code or ""
    retry_after_s = retry_after(failure.response.headers)
    kind = failure.type if isinstance(failure.type, str) else ""
    parts = [str(status), code or kind, f"param={failure.param}" if failure.param else "", failure.request_id or ""]
    reason = " ".join(part for part in parts if part)[:200]
    if status in (401, 403) or {code, kind} & _QUOTA_CODES:
        return ModelUnavailable(reason, retry_after_s=retry_after_s, alarm=True)
    if status in (408, 409, 425, 429) or status >= 500:
        return ModelUnavailable(reason, retry_after_s=retry_after_s)
    return ModelRejected(reason)
