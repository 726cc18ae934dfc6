"""Queries of what the provider accounts are to know of a person, and of what they have been told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Engine, text

from shared.db.job_leases import ClaimedJob, hold_lead
from shared.db.lead_group import group_of
from shared.db.transactions import autocommit, committing
from shared.domain.accounts import AccountRef
from shared.domain.events import Address, Person
from shared.domain.vocabulary import ClientId, IdentityKind, Provider, known


class Told(StrEnum):
    """A thing that an account can be told of a person; the value is the column of lead that lists such accounts."""

    SUPPRESSION = "suppression_told"
    PAUSE = "pause_told"


@dataclass(frozen=True, slots=True)
class PersonByEmail:
    """A person by one of their email addresses; the first has all their other keys, too.

    ``block_is_ours``: the account's block of them was made by us. ``id`` names the address in checkpoints; None: the
    first.
    """

    person: Person
    block_is_ours: bool
    id: str | None


@dataclass(frozen=True, slots=True)
class PersonState:
    """The state of a lead, with all that were merged into it. ``reason``: as it is stored; None: not suppressed."""

    client_id: ClientId
    account: AccountRef | None  # that is to be told; None: it is gone or disabled
    by_email: tuple[PersonByEmail, ...]
    reason: str | None
    sequences_paused: bool
    suppression_told: bool  # and not of its end
    dismissed_objections: tuple[str, ...]  # of the provider's, overruled by a person


# The lead's own address first. One that is no key yet is that of a lead which an older release has made.
_LOAD = text(
    f"""
    SELECT lead.client_id, lead.suppression_reason, lead.dismissed_objections,
           lead.sequences_paused_at IS NOT NULL AS sequences_paused,
           account.id AS account_id, account.provider, account.credential_ref, (
        SELECT jsonb_agg(jsonb_build_array(key.kind, key.value, key.id, key.is_blocked_by_us)
                         ORDER BY key.value <> lower(lead.email), key.created_at, key.id)
        FROM {group_of("lead.id")} AS person, LATERAL (
            SELECT kind, value, id, created_at, coalesce(account.id = ANY(our_blocks), false) AS is_blocked_by_us
            FROM lead_identity WHERE lead_identity.lead_id = person.lead_id
            UNION ALL
            SELECT '{IdentityKind.EMAIL}', lower(email), id, created_at, false FROM lead AS own
            WHERE own.id = person.lead_id AND email IS NOT NULL AND NOT EXISTS (
                SELECT FROM lead_identity AS same WHERE same.client_id = own.client_id
                   AND same.kind = '{IdentityKind.EMAIL}' AND same.value = lower(own.email))
        ) AS key
    ) AS keys, EXISTS (
        SELECT FROM {group_of("lead.id")} AS person JOIN lead AS own ON own.id = person.lead_id
        WHERE account.id = ANY(own.suppression_told)
    ) AS suppression_told
    FROM lead
    LEFT JOIN background_job AS job ON job.id = :job_id
    LEFT JOIN provider_account AS account ON account.id = job.provider_account_id AND account.disabled_at IS NULL
    WHERE lead.id = :lead_id
    """  # noqa: S608 (constants only)
)


def load_person_state(engine: Engine, job: ClaimedJob) -> PersonState | None:
    """Loads how the job's lead stands, and the job's account; None when there is no such lead.

    A key of a kind that only a newer release knows is left out. Raises UnknownValueError for an account at such a
    provider.
    """
    with autocommit(engine) as connection:
        row = connection.execute(_LOAD, {"lead_id": job.lead_id, "job_id": job.id}).one_or_none()
    if row is None:
        return None
    account = None
    if row.account_id is not None:
        account = AccountRef(row.client_id, known(Provider, row.provider), row.account_id, row.credential_ref)
    by_email = _by_email(row.keys or ())
    return PersonState(
        client_id=row.client_id,
        account=account,
        by_email=by_email,
        reason=row.suppression_reason,
        sequences_paused=row.sequences_paused,
        suppression_told=row.suppression_told or any(part.block_is_ours for part in by_email),
        dismissed_objections=tuple(row.dismissed_objections or ()),
    )


def _by_email(keys: Sequence[tuple[str, str, str, bool]]) -> tuple[PersonByEmail, ...]:
    found = {Address(IdentityKind(kind), value): (id, ours) for kind, value, id, ours in keys if kind in IdentityKind}
    emails = [key for key in found if key.kind is IdentityKind.EMAIL]
    first = (*emails[:1], *(key for key in found if key.kind is not IdentityKind.EMAIL))
    whole = PersonByEmail(Person(first), any(found[key][1] for key in first), None)
    return (whole, *(PersonByEmail(Person((key,)), found[key][1], found[key][0]) for key in emails[1:]))


_NOTE = f"""
    UPDATE lead
    SET {{column}} = coalesce(array_remove({{column}}, job.provider_account_id), '{{{{}}}}')
        || CASE WHEN :told THEN ARRAY[job.provider_account_id] ELSE '{{{{}}}}' END
    FROM background_job AS job WHERE lead.id IN {group_of(":lead_id")} AND job.id = :job_id
"""  # noqa: S608 (constants only)
_NOTE_TOLD = {one: text(_NOTE.format(column=one.value)) for one in Told}


def note_told(engine: Engine, job: ClaimedJob, what: Told, *, told: bool = True) -> None:
    """Remembers what the job's account has been told of the person, or that it is told otherwise. Raises LeaseLost."""
    with engine.begin() as connection:
        hold_lead(connection, job)
        values = {"lead_id": job.lead_id, "job_id": job.id, "told": told}
        committing(connection).execute(_NOTE_TOLD[what], values)


_NOTE_BLOCK = text(
    f"""
    WITH job AS (
        SELECT client_id, lead_id, provider_account_id FROM background_job WHERE id = :job_id
    ), part AS (
        SELECT kind, value, place FROM unnest(CAST(:kinds AS text[]), CAST(:values AS text[]))
            WITH ORDINALITY AS key (kind, value, place)
    ), noted AS (
        UPDATE lead_identity AS identity
        SET our_blocks = coalesce(array_remove(identity.our_blocks, job.provider_account_id), '{{}}')
            || CASE WHEN :ours AND part.place = 1 THEN ARRAY[job.provider_account_id] ELSE '{{}}' END
        FROM job, part
        WHERE identity.client_id = job.client_id AND identity.kind = part.kind AND identity.value = part.value
          AND identity.lead_id IN {group_of("(SELECT lead_id FROM job)")}
        RETURNING part.place
    )
    INSERT INTO lead_identity (client_id, lead_id, kind, value, our_blocks)
    SELECT job.client_id, job.lead_id, part.kind, part.value, ARRAY[job.provider_account_id] FROM job, part
    WHERE :ours AND part.place = 1 AND NOT EXISTS (SELECT FROM noted WHERE noted.place = 1)
    ON CONFLICT DO NOTHING
    """  # noqa: S608 (constants only)
)


def note_block(engine: Engine, job: ClaimedJob, person: Person, *, ours: bool) -> None:
    """Remembers whether the block of a person at the job's account is ours. Raises LeaseLost.

    It is noted of the first key, and of no other one. The address of a lead that an older release has made becomes a
    key by it.
    """
    with engine.begin() as connection:
        hold_lead(connection, job)
        keys = person.addresses
        values = {"kinds": [key.kind.value for key in keys], "values": [key.value for key in keys]}
        committing(connection).execute(_NOTE_BLOCK, {"job_id": job.id, "ours": ours, **values})
