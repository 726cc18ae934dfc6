"""A provider's JSON API: one request and its response, or the error that says what may have happened.

Nothing is repeated here: whoever calls knows whether a repetition is harmless.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Final
from urllib.parse import quote, quote_plus

import httpx2

from shared.providers.errors import NotSent, ProviderError, RateLimited, Refused, Uncertain
from shared.providers.http import HttpClient, retry_after
from shared.providers.json_fields import JsonError, JsonObject, one_line, parse_json

CONNECT_TIMEOUT_S = 5.0
MAX_RESPONSE_BYTES = 32 * 1024 * 1024  # a page of 100 e-mails with quoted threads is a few MB
MAX_MESSAGE_CHARS = 200

# Errors of the transport that come before the first byte of the request is written.
_NOTHING_WRITTEN: Final = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
    httpx2.LocalProtocolError,
)
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,255}")


class JsonApi:
    """An API that takes one credential, in its headers or in the query.

    ``base_url``: the root, an http(s) URL; ``prefix`` is the path that all calls share. ``headers`` and ``query`` go
    along with each request: one of them carries the credential. ``credential`` is what no message may show. ``http``:
    the connections to use, which several may share; by default it makes its own and ``close`` ends them.
    ``on_credential_refused`` is called when the API does not know the credential (401).

    Every call raises Refused, RateLimited, NotSent or Uncertain, and nothing else. ``timeout_s`` is for the whole call,
    connecting and reading included.
    """

    def __init__(
        self,
        base_url: str,
        prefix: str,
        credential: str,
        *,
        headers: Mapping[str, str] = MappingProxyType({}),
        query: Mapping[str, str] = MappingProxyType({}),
        http: httpx2.Client | None = None,
        on_credential_refused: Callable[[], None] = lambda: None,
    ) -> None:
        url = httpx2.URL(base_url.rstrip("/"))
        if url.scheme not in ("http", "https") or not url.host:
            raise ValueError(f"the base URL of a provider must be an http(s) URL, not {base_url!r}")
        self._root = f"{url}{prefix}"
        self._credential = credential
        self._headers = {**headers, "Accept": "application/json"}
        self._query = dict(query)
        self._on_credential_refused = on_credential_refused
        self._owns_http = http is None
        # A sandbox on this machine is never reached through the proxy that the environment may name.
        self._http = http or HttpClient(trust_env=url.host not in ("127.0.0.1", "localhost", "::1"))

    def close(self) -> None:
        """Ends the connections that it made itself."""
        if self._owns_http:
            self._http.close()

    def json(
        self,
        method: str,
        path: str,
        *,
        timeout_s: float,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> JsonObject:
        """Returns the object in a 2xx response; a 200 that carries an error instead is Uncertain."""
        content = self.send(method, path, timeout_s=timeout_s, query=query, body=body)
        parsed = json_in(content)
        if not isinstance(parsed, dict):
            raise Uncertain("the answer is no JSON object")
        if parsed.get("error"):
            raise Uncertain(f"the answer carries an error: {self.words_in(parsed)}")
        return parsed

    def send(
        self,
        method: str,
        path: str,
        *,
        timeout_s: float,
        query: Mapping[str, Any] | None = None,
        body: JsonObject | None = None,
    ) -> bytes:
        """One request; the body of a 2xx response."""
        if not (self._credential.isascii() and self._credential.isprintable() and self._credential):
            raise Refused(401, "the API key is empty or has characters that no request can carry")
        connect_timeout_s = min(CONNECT_TIMEOUT_S, timeout_s)
        request = self._http.build_request(
            method,
            self._root + path,
            params={**(query or {}), **self._query} or None,
            json=body,  # None sends no content type: with one, an empty body is refused
            headers=self._headers,
            timeout=httpx2.Timeout(timeout_s, connect=connect_timeout_s, pool=connect_timeout_s),
        )
        outcome = self._outcome(request)
        # Raised here and not where it was caught: the library's error holds the request, and with it the key.
        if isinstance(outcome, ProviderError):
            raise outcome
        return outcome

    def _outcome(self, request: httpx2.Request) -> bytes | ProviderError:
        """The body of a 2xx response, or what went wrong."""
        try:
            response = self._http.send(request, stream=True, follow_redirects=False)
        except _NOTHING_WRITTEN as error:
            return NotSent(type(error).__name__)
        except httpx2.TransportError as error:
            return Uncertain(type(error).__name__)
        try:
            content = _read(response)
        except (httpx2.RequestError, httpx2.StreamError) as error:
            return self._error(response, type(error).__name__)
        finally:
            response.close()
        if content is None:
            return self._error(response, "the answer is too long")
        return content if response.is_success else self._error(response, content)

    def _error(self, response: httpx2.Response, content: bytes | str) -> RateLimited | Refused | Uncertain:
        """What a status means; a 4xx is certain even when its body could not be read."""
        status = response.status_code
        message = content if isinstance(content, str) else self.words_in(_json_or_text(content))
        retry_after_s = retry_after(response.headers)
        if status == 429:
            return RateLimited(f"429: {message}", retry_after_s=retry_after_s)
        if status == 401:
            self._on_credential_refused()
        if 400 <= status < 500:
            return Refused(status, message)
        return Uncertain(f"{status}: {message}", retry_after_s=retry_after_s)

    def words_in(self, content: object) -> str:
        """Returns the provider's words in an answer, short and without the credential or an address."""
        for _ in range(3):  # an error may be an object that holds the message
            if isinstance(content, dict):
                content = content.get("message") or content.get("error") or ""
        words = one_line(content if isinstance(content, str) else "")[: 4 * MAX_MESSAGE_CHARS]
        for spelling in (self._credential, quote(self._credential, safe=""), quote_plus(self._credential)):
            words = words.replace(spelling, "[key]") if spelling else words
        return _ADDRESS.sub("[address]", words)[:MAX_MESSAGE_CHARS]


def json_in(content: bytes) -> Any:
    """Returns the JSON value of a response. Raises Uncertain."""
    try:
        return parse_json(content)
    except JsonError as error:
        reason = error.reason
    raise Uncertain(f"the answer is unusable: {reason}")


def path_segment(identifier: str) -> str:
    """Returns an id as one path segment. An empty one would address the collection: DELETE would delete it all."""
    if not identifier.strip(" ."):  # "." and ".." address other resources, too
        raise Refused(404, "not an id")
    return quote(identifier, safe="")


def _read(response: httpx2.Response) -> bytes | None:
    """The body, or None when it is too long."""
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_RESPONSE_BYTES:
            return None
    return b"".join(chunks)


def _json_or_text(content: bytes) -> object:
    try:
        return parse_json(content)
    except JsonError:
        return content[: 4 * MAX_MESSAGE_CHARS].decode(errors="replace")
