from __future__ import annotations

import pytest

from shared.jobs.parked_bodies import ParkedBodies, ParkedBodyUnavailableError


def test_without_a_bucket_nothing_is_put_and_nothing_is_taken_for_missing() -> None:
    bodies = ParkedBodies(None)
    assert not bodies.put("key", b"body")
    with pytest.raises(ParkedBodyUnavailableError, match="PARKED_BODIES_BUCKET"):
        bodies.get("key")
    bodies.delete("key")
