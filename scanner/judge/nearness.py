"""Which references an asset is near, and which of them explains it best.

Equality explains an asset best, then points that agree on one transform (the picture, a part of it, or a picture that shows it),
then those with a region that differs, and last a hash that says no more than that two pictures look alike.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from scanner.judge.evidence import NAME_LIMIT, PATH_LIMIT, count
from scanner.model.marks import Confidence
from scanner.model.matching import Alignment, Box, Match, NearCopy, Relation, Role
from scanner.model.relation_words import Related, details, on_screen, verb
from scanner.model.stretches import Stretch, unite
from scanner.model.text import shown

SOURCE_ROLES = (Role.OWNED, Role.LICENSED)
"""References that are material of our own, or that we may use."""

AS_MANY = 0.9
"""Share of another reference's matching points from which a source is said to have as many. Of 60 photographs, every export but a
hundredth had 0.97 times as many points with the photograph as with an enhanced or edited version of it, or more. Of exports of a
version edited in 12 % of the area none reached 0.9, 35 % reached 0.8: `python -m benchmarks.nearer_source`."""

_REACH = 0.5
"""Share of another reference's place in the asset that a source must reach over to explain the asset instead of it."""
_UNMEASURED = 1 << 30
_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)


class Rank(IntEnum):
    """How well a relation explains an asset; the least explains it best."""

    EQUAL = 0
    ALIGNED = 1
    ALTERED = 2
    HASH = 3


def rank(found: Related) -> Rank:
    """Return how well another picture explains the asset."""
    match found.relation:
        case Relation.SAME:
            return Rank.EQUAL
        case Relation.DERIVED | Relation.CONTAINS | Relation.CONTAINED:
            return Rank.ALIGNED
        case Relation.ALTERED:
            return Rank.ALTERED
        case Relation.SIMILAR:
            return Rank.HASH


def nearness(found: Related) -> tuple[int, float, int, int]:
    """Return what matches and near copies are sorted by, nearest first: rank, then what differs, points and bits."""
    return rank(found), _altered_share(found), -_points(found), _distance(found)


def near(matches: Iterable[Match], *roles: Role) -> tuple[Match, ...]:
    """Return the matches with references of these roles, nearest first."""
    return tuple(sorted((match for match in matches if match.reference.role in roles), key=nearness))


def as_near(one: Related, other: Related) -> bool:
    """Whether `one` explains the asset at least as well as `other`, in the place of the asset where `other` lies."""
    return _at_least_as_near(one, other) and _reaches(one, other)


def rival(found: Related, matches: Iterable[Match]) -> Match | None:
    """Return the nearest owned or licensed reference that explains the asset at least as well as `found` does."""
    return next((source for source in near(matches, *SOURCE_ROLES) if as_near(source, found)), None)


def is_verified(found: Related) -> bool:
    """Whether the asset is known to show the other picture, or a part of it, with nothing altered in it."""
    if found.relation is Relation.SAME:
        return True
    return rank(found) is Rank.ALIGNED and found.alteration is not None and not found.alteration.share


def tell(match: Match) -> str:
    """Say the match in words: relation, role, reference, and what was measured."""
    reference = f"the {_ROLE_WORDS[match.reference.role]} reference {shown(match.reference.name, NAME_LIMIT)}"
    where = f" in frame {shown(match.frames, NAME_LIMIT)}" if match.frames else ""
    if match.relation is Relation.SAME:
        times = "".join(f" ({told})" for told in on_screen(match))
        return f"has the {'bytes' if match.basis == 'bytes' else 'pixels'} of {reference}{where}{times}"
    return f"{verb(match)} {reference}{where}{_measured(match)}"


def tell_copy(copy: NearCopy) -> str:
    """Say a near copy in words: relation, path, and what was measured."""
    path = shown(copy.path, PATH_LIMIT)
    if copy.relation is Relation.SAME:
        return f"shows the same picture as {path}"
    return f"{verb(copy)} {path}{_measured(copy)}"


def sureness(found: Related) -> Confidence:
    """How sure a relation is: equality is a fact; points that agree on a transform, and hashes, are evidence.

    Both kinds of evidence are `strong`: neither says so itself, each is hard to explain otherwise. They weigh apart by the
    cases of the rules, which name the relation.
    """
    return Confidence.DEFINITIVE if found.relation is Relation.SAME else Confidence.STRONG


def stretches(found: Iterable[Related]) -> tuple[Stretch, ...]:
    """Return the parts of a film or sequence in which any of these is on screen; empty where one of them may be in all of it."""
    told = tuple(found)
    if not all(one.segments for one in told):
        return ()
    return tuple(unite(Stretch(segment.first, segment.after) for one in told for segment in one.segments))


def _measured(found: Related) -> str:
    measured = ", ".join(details(found))
    if not found.alignment and found.distance_bits is not None:
        bits = f"{count(found.distance_bits, 'bit')} apart" if found.distance_bits else "no bit of the fingerprints differs"
        measured = f"{bits}, {measured}" if measured else bits
    return f" ({measured})" if measured else ""


def _at_least_as_near(one: Related, other: Related) -> bool:
    if rank(one) is not rank(other):
        return rank(one) < rank(other)
    match rank(one):
        case Rank.EQUAL:
            return True
        case Rank.ALIGNED:
            return _points(one) >= AS_MANY * _points(other)
        case Rank.ALTERED:
            return _altered_share(one) <= _altered_share(other)
        case Rank.HASH:
            return _distance(one) <= _distance(other)


def _reaches(one: Related, other: Related) -> bool:
    """Whether `one` lies in the asset where `other` does: what stands beside a picture explains nothing of it."""
    if one.alignment is None or (other.alignment is None and one.relation is not Relation.CONTAINS):
        return True
    held, wanted = _place(one.alignment), _place(other.alignment) if other.alignment else _WHOLE
    common = (max(held[0], wanted[0]), max(held[1], wanted[1]), min(held[2], wanted[2]), min(held[3], wanted[3]))
    return _area(common) >= _REACH * _area(wanted)


def _place(alignment: Alignment) -> Box:
    """Return the box around a reference as it lies in the asset, cut at its edges."""
    a, b, c, d, e, f, g, h, i = alignment.matrix
    corners = [(x, y, (g * x + h * y + i) or 1e-9) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1))]
    across = [min(max((a * x + b * y + c) / w, 0.0), 1.0) for x, y, w in corners]
    down = [min(max((d * x + e * y + f) / w, 0.0), 1.0) for x, y, w in corners]
    return min(across), min(down), max(across), max(down)


def _area(box: Box) -> float:
    return max(box[2] - box[0], 0.0) * max(box[3] - box[1], 0.0)


def _altered_share(found: Related) -> float:
    return found.alteration.share if found.alteration and found.relation is Relation.ALTERED else 0.0


def _distance(found: Related) -> int:
    if found.relation is Relation.SAME:
        return 0
    return _UNMEASURED if found.distance_bits is None else found.distance_bits


def _points(found: Related) -> int:
    return found.alignment.inliers if found.alignment else 0


_ROLE_WORDS = {Role.OWNED: "owned", Role.LICENSED: "licensed", Role.RESTRICTED: "restricted", Role.AI: "AI"}
