"""Takes our secrets out of SmartLead's deliveries: it repeats the webhook's secret in each, and may repeat its URL.

The bytes are searched, not parsed, so that a body which is no JSON is redacted as well; it takes time linear in the
body. What is put in a secret's place is always the same, so the same delivery gives the same bytes whatever its secret.
"""

from __future__ import annotations

import re

REDACTED = b"***"


def redact(body: bytes) -> bytes:
    """Returns the body without secrets; one that holds none is not changed. Doing it twice changes nothing.

    What is spelled with JSON's escapes or between NUL bytes is redacted as well, and is then spelled without them.
    """
    redacted = _redact(body)
    plain = _spelled_plainly(redacted)
    without = _redact(plain)
    return redacted if without == plain else without


def _redact(body: bytes) -> bytes:
    if b"secret_key" in body:
        body = _SECRET.sub(rb"\g<before>" + REDACTED, body)
        body = _BARE_SECRET.sub(rb'\g<before>"' + REDACTED + b'"', body)
    if b"webhook_url" in body:
        body = _HOOK_URL.sub(rb"\g<before>" + REDACTED, body)
    return _OURS.sub(REDACTED, body)


def _spelled_plainly(body: bytes) -> bytes:
    """Returns the body without NUL, and without escapes that JSON does not need."""
    if b"\0" in body:
        body = body.replace(b"\0", b"")
    return _ESCAPE.sub(_unescaped, body) if _NEEDLESS_ESCAPE.search(body) else body


def _unescaped(match: re.Match[bytes]) -> bytes:
    if match[1] is None:
        return match[0]
    char = bytes([int(match[1], 16)])
    return match[0] if char in (b'"', b"\\") else char.strip(b"\0")


_NEEDLESS_ESCAPE = re.compile(rb"\\u00[02-7]")
_ESCAPE = re.compile(rb"\\(?:u00(00|[2-7][0-9a-fA-F])|.)", re.DOTALL)  # pairs: what follows a backslash may be one

_COLON = rb"\s{0,64}+:\s{0,64}+"
_REST_OF_STRING = rb'(?:[^"\\]|\\.)*+'  # or of the body

# The value of a key that ends so, in an object, or in JSON that is itself a string, where quotes are escaped.
_SECRET = re.compile(
    rb'(?P<before>secret_key[^"\\]{0,16}+(?:"' + _COLON + rb'"|(?P<quote>\\{1,7}")' + _COLON + rb"(?P=quote)))"
    rb'(?(quote)[^"\\]*+|' + _REST_OF_STRING + rb")",
    re.DOTALL,
)
_BARE_SECRET = re.compile(rb'(?P<before>secret_key[^"\\]{0,16}+"' + _COLON + rb')[^\s",:{}\[\]]++')

# Our URL holds our token in its query; nobody needs the rest of that.
_HOOK_URL = re.compile(
    rb'(?P<before>webhook_url\\{0,7}"' + _COLON + rb'\\{0,7}"[^"?]{0,2000}+\?)(?:[^"\\]|\\[^"])*+', re.DOTALL
)

_OURS = re.compile(rb"[sv][0-9]{1,9}\.[0-9a-f]{64}")
"""A token or a secret of ours (shared.domain.webhook_token), wherever it stands."""
