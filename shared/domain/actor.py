"""The actor behind a decision: a kind and a name, never a bare name."""

from __future__ import annotations

from dataclasses import dataclass

from shared.domain.vocabulary import ActorKind


@dataclass(frozen=True, slots=True)
class Actor:
    """An actor, for the record; ``name`` is a person's, a command's or a model's."""

    kind: ActorKind
    name: str

    @classmethod
    def person(cls, name: str) -> Actor:
        return cls(ActorKind.PERSON, name)
