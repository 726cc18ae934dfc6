"""The sync of a suppression, of its undoing, and of sequences that are to stand still, to SmartLead.

The global unsubscription is what stops every campaign, later ones too, and the API cannot take it back: it is asked for
where a person objects, and not because an address is dead. The entry on the block list also keeps the person from being
imported again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from shared.domain.consent import ProviderObjection
from shared.domain.vocabulary import Objection, SuppressionReason
from shared.providers.account_values import BLOCK_IS_OURS, OBJECTION_IS_OURS, Step, Wanted
from shared.providers.errors import Refused
from shared.providers.smartlead.client import DEFAULT_TIMEOUT_S
from shared.providers.smartlead.leads import KnownLead, entries_of, find_lead

if TYPE_CHECKING:
    from shared.providers.smartlead.client import SmartLeadClient


def person_steps(
    client: SmartLeadClient, email: str, wanted: Wanted, *, reason: SuppressionReason | None, block_is_ours: bool
) -> Sequence[Step]:
    """Returns the steps towards a person's wanted state."""
    match wanted:
        case Wanted.PAUSED:
            return (Step("sequences", partial(_pause, client, email)),)
        case Wanted.RELEASED:
            return (Step("block_list", partial(_unblock, client, email, block_is_ours)),)
        case Wanted.SUPPRESSED:
            block_list = Step("block_list", partial(_block, client, email), look=partial(_look, client, email))
            if reason is SuppressionReason.BOUNCED:
                return (block_list,)
            look = partial(_look_at_unsubscription, client, email)
            return (block_list, Step("unsubscription", partial(_unsubscribe, client), look=look))


def _look(client: SmartLeadClient, email: str) -> Mapping[str, Any]:
    """An entry that the customer had before is his. Asked before ours is made, which a retry would find."""
    return {} if entries_of(client, email, _patience) else {BLOCK_IS_OURS: True}


def _block(client: SmartLeadClient, email: str, looked: Mapping[str, Any]) -> Mapping[str, Any]:
    if looked.get(BLOCK_IS_OURS):
        client.add_to_block_list(email)
    return {}


def _unblock(client: SmartLeadClient, email: str, block_is_ours: bool, _: Mapping[str, Any]) -> Mapping[str, Any]:
    if not block_is_ours:
        return {}
    for entry in entries_of(client, email, _patience):
        client.delete_from_block_list(entry.id)
    return {BLOCK_IS_OURS: False}


def _look_at_unsubscription(client: SmartLeadClient, email: str) -> Mapping[str, Any]:
    lead = _find(client, email)
    return {} if lead is None else {"lead_id": lead.id, "is_unsubscribed": lead.is_unsubscribed}


def _unsubscribe(client: SmartLeadClient, looked: Mapping[str, Any]) -> Mapping[str, Any]:
    """Unsubscribes everywhere. One whose answer was lost passes for the lead's own, which is the safe way round."""
    if not looked:
        return {"result": "unknown"}  # the block list is what counts
    if looked["is_unsubscribed"]:
        return {"result": "unsubscribed"}
    client.unsubscribe(looked["lead_id"])
    return {"result": "unsubscribed", OBJECTION_IS_OURS: ProviderObjection(Objection.UNSUBSCRIBED).key}


def _pause(client: SmartLeadClient, email: str, _: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stops the sequence in each campaign that the lead is in; a campaign that has none for it any more refuses."""
    lead, refused = _find(client, email), 0
    if lead is None:
        return {"result": "unknown"}
    for campaign_id in lead.campaign_ids:
        try:
            client.pause(campaign_id, lead.id)
        except Refused as error:
            if error.is_credential:
                raise
            refused += 1
    return {"result": "paused", "campaigns": len(lead.campaign_ids) - refused, "refused": refused}


def _find(client: SmartLeadClient, email: str) -> KnownLead | None:
    return find_lead(client, email, _patience)


def _patience() -> float:
    return DEFAULT_TIMEOUT_S
