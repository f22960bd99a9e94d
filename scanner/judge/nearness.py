"""Which references an asset is near, and which of them is nearest."""

from __future__ import annotations

from collections.abc import Iterable

from scanner.judge.evidence import NAME_LIMIT, count
from scanner.model.marks import Confidence
from scanner.model.matching import Match, Relation, Role
from scanner.model.text import shown

SOURCE_ROLES = (Role.OWNED, Role.LICENSED)
"""References that are material of our own, or that we may use."""

_EQUAL = -1
_UNMEASURED = 1 << 30


def near(matches: Iterable[Match], *roles: Role) -> tuple[Match, ...]:
    """Return the matches with references of these roles, nearest first."""
    return tuple(sorted((match for match in matches if match.reference.role in roles), key=_distance))


def as_near(one: Match, other: Match) -> bool:
    """Whether `one` is at least as near as `other`; equal bytes or pixels are nearer than any hash can say."""
    return _distance(one) <= _distance(other)


def tell(match: Match) -> str:
    """Say the match in words: relation, role, reference, and what was measured."""
    reference = f"the {_ROLE_WORDS[match.reference.role]} reference {shown(match.reference.name, NAME_LIMIT)}"
    where = f" in frame {shown(match.frames, NAME_LIMIT)}" if match.frames else ""
    match match.relation, match.basis:
        case Relation.SAME, "bytes":
            return f"has the bytes of {reference}{where}"
        case Relation.SAME, _:
            return f"has the pixels of {reference}{where}"
        case relation, _:
            return f"{_RELATION_WORDS[relation]} {reference}{where}{measure(match.distance_bits)}"


def sureness(match: Match) -> Confidence:
    """How sure a match is: equality is a fact, a hash's nearness is evidence."""
    return Confidence.DEFINITIVE if match.relation is Relation.SAME else Confidence.STRONG


def measure(distance_bits: int | None) -> str:
    """Say how far two fingerprints lie apart, in parentheses; empty where that was not measured."""
    if distance_bits is None:
        return ""
    return f" ({count(distance_bits, 'bit')} apart)" if distance_bits else " (no bit of the fingerprints differs)"


def _distance(match: Match) -> int:
    if match.relation is Relation.SAME:
        return _EQUAL
    return _UNMEASURED if match.distance_bits is None else match.distance_bits


_ROLE_WORDS = {Role.OWNED: "owned", Role.LICENSED: "licensed", Role.RESTRICTED: "restricted", Role.AI: "AI"}
_RELATION_WORDS = {
    Relation.SAME: "is the same as",
    Relation.SIMILAR: "is similar to",
    Relation.DERIVED: "is derived from",
    Relation.ALTERED: "differs in a region from",
    Relation.CONTAINS: "contains",
    Relation.CONTAINED: "is contained in",
}
