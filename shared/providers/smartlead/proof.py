"""Proves whose delivery a request is.

SmartLead sends no header that we could register: our token for the client is in the URL's query. URLs end up in logs of
others, so what has an effect on a person needs the secret, too: in the body, or as the key of a signature over it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from shared.domain.vocabulary import ClientId, Provider
from shared.domain.webhook_token import verify_secret, verify_signature
from shared.providers.event_fields import parse_object
from shared.providers.protocol import Claim, Unreadable, WebhookRequest
from shared.providers.smartlead.events import can_affect_a_person
from shared.providers.smartlead.redaction import redact
from shared.providers.webhook_auth import claim_by_token

SECRET_KEY = "secret_key"  # noqa: S105 (its name)
SIGNATURE_HEADER = "x-smartlead-signature"

_SIGNATURE = re.compile(r"sha256=([0-9a-f]{64})", re.ASCII)


def authenticate(request: WebhookRequest, keys: Sequence[str]) -> Claim | None:
    """Returns the client that a request is certainly for.

    A signature that is there decides alone. What is judged by its content is the redacted body, the only one that is
    ever read: redaction must not make an event of what had no need to prove itself.
    """
    claim = claim_by_token(request, (request.query.get("token"),), keys, Provider.SMARTLEAD)
    if claim is None or claim.client_id is None or claim.token_version is None:
        return None
    signature = request.headers.get(SIGNATURE_HEADER)
    if signature is not None:
        proven = _is_signed(signature, request.body, claim.client_id, claim.token_version, keys)
    else:
        proven = _holds_secret(request.body, claim.client_id, claim.token_version, keys) or not can_affect_a_person(
            redact(request.body)
        )
    return claim if proven else None


def _is_signed(header: str, body: bytes, client_id: ClientId, version: int, keys: Sequence[str]) -> bool:
    match = _SIGNATURE.fullmatch(header.strip())
    return match is not None and verify_signature(match[1], body, client_id, version, keys, Provider.SMARTLEAD)


def _holds_secret(body: bytes, client_id: ClientId, version: int, keys: Sequence[str]) -> bool:
    try:
        secret = parse_object(body).get(SECRET_KEY)
    except Unreadable:
        return False
    return isinstance(secret, str) and verify_secret(secret, client_id, version, keys, Provider.SMARTLEAD)
