"""The sync of a suppression, or of its undoing, to Instantly.

Unsubscribing at Instantly is local to a campaign: only the workspace's block list stops the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.domain.email_address import spellings
from shared.domain.vocabulary import SuppressionReason
from shared.providers.account_values import BLOCK_IS_OURS, Step, Wanted
from shared.providers.errors import Refused

if TYPE_CHECKING:
    from shared.providers.instantly.client import InstantlyClient

NOT_INTERESTED = -1  # Instantly's interest values
RESET = None


def person_steps(
    client: InstantlyClient, email: str, wanted: Wanted, *, reason: SuppressionReason | None, block_is_ours: bool
) -> Sequence[Step]:
    """Returns the steps: the block list, then the interest status; a bounce says nothing about interest.

    None for PAUSED. A campaign stops by itself (``stop_on_reply``) for a reply that reaches it, and nothing else stops
    it for one person alone without harm: an interest status is the customer's word and may start a subsequence, one
    that is left may be the customer's answer to it, and an entry on the block list may stop our response as well.
    """
    if wanted is Wanted.PAUSED:
        return ()
    suppressed = wanted is Wanted.SUPPRESSED
    if suppressed:
        block_list = Step("block_list", partial(_block, client, email), look=partial(_look, client, email))
    else:
        block_list = Step("block_list", partial(_unblock, client, email, block_is_ours))
    if suppressed and reason is SuppressionReason.BOUNCED:
        return (block_list,)
    value = NOT_INTERESTED if suppressed else RESET
    return (block_list, Step("interest_status", partial(_set_interest, client, email, value)))


def _look(client: InstantlyClient, email: str) -> Mapping[str, Any]:
    """An entry that the customer had before is his. Asked before ours is made, which a retry would find."""
    return {} if client.is_on_block_list(email) else {BLOCK_IS_OURS: True}


def _block(client: InstantlyClient, email: str, looked: Mapping[str, Any]) -> Mapping[str, Any]:
    if looked.get(BLOCK_IS_OURS):
        # Instantly may know the lead by another spelling than ours: that one first, since a retry after a lost response
        # finds the entry and goes on.
        for spelling in reversed(spellings(email)):
            client.add_block_list_entry(spelling)
    return {}


def _unblock(client: InstantlyClient, email: str, block_is_ours: bool, _: Mapping[str, Any]) -> Mapping[str, Any]:
    if not block_is_ours:
        return {}
    client.delete_block_list_entry(email)
    return {BLOCK_IS_OURS: False}


def _set_interest(client: InstantlyClient, email: str, value: int | None, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """Sets the interest status under the spelling that Instantly knows the lead by."""
    result = ""
    for spelling in spellings(email):
        try:
            client.update_interest_status(spelling, value)
        except Refused as error:
            if error.status != 400 and error.status != 404:
                raise
            # Instantly does not know the lead (any more): its block list is what counts.
            result = f"refused: {error.status}"
        else:
            return {"result": "updated"}
    return {"result": result}
