"""Pictures and films of a delivery that bear generative marks, as references for its deliverables that bear none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.judge.subject import AssetKey
from scanner.model.formats import MediaKind
from scanner.model.matching import Match, NearCopy, Reference, Relation, Role
from scanner.pipeline.gather import Gathered
from scanner.pipeline.near_copies import NEAREST, as_near_copy, in_order, may_have_lost_marks
from scanner.pipeline.point_matching import Matches, Place, compared_places

ON_SCREEN = 500
"""Marked pictures and clips told of one film."""
_PREFIX = "marked-"


@dataclass(frozen=True, slots=True)
class MarkedPictures:
    """What bears marks, and what is compared with it."""

    references: tuple[Reference, ...]
    places: Mapping[str, Place]
    """Id of such a reference → where it lies."""
    wanted: Matches
    """Deliverables without marks whose pictures no hash settled, with the copies that a hash says to be similar."""
    films: frozenset[int] = frozenset()
    """Films without marks."""
    clips: tuple[Reference, ...] = ()
    """Films with marks; where each lies is among `places` too."""


def find_marked(
    gathered: Sequence[Gathered], near_copies: Mapping[AssetKey, tuple[NearCopy, ...]], films: Sequence[int] = ()
) -> MarkedPictures:
    """Return the marked pictures of a scan.

    Args:
        gathered: all assets of the scan.
        near_copies: those that bytes, pixels and hashes found.
        films: indexes of the films that are looked through; empty where none is.
    """
    through = frozenset(index for index in films if may_have_lost_marks(gathered[index]))
    bare = [index for index, one in enumerate(gathered) if may_have_lost_marks(one) and any(compared_places(index, one))]
    if not bare and not through:
        return MarkedPictures((), {}, {})
    references: dict[str, Reference] = {}
    places: dict[str, Place] = {}
    by_asset: dict[AssetKey, list[str]] = {}
    for index, one in enumerate(gathered):
        if one.provenance.is_generative:
            for place in compared_places(index, one):
                reference = _reference(one, place)
                references[reference.id], places[reference.id] = reference, place
                by_asset.setdefault(_key(one), []).append(reference.id)
    clips = _clips(gathered) if through else {}
    places.update({clip.id: place for place, clip in clips.items()})
    if not references:
        return MarkedPictures((), places, {}, through if clips else frozenset(), tuple(clips.values()))
    wanted: dict[int, tuple[Match, ...]] = {}
    for index in bare:
        copies = near_copies.get(_key(gathered[index]), ())
        if all(copy.relation is not Relation.SAME for copy in copies):
            similar = (references[name] for copy in copies for name in by_asset.get((copy.root, copy.path), ()))
            # Without a basis: only what is to be looked at.
            wanted[index] = tuple(Match(reference, Relation.SIMILAR, "") for reference in similar)
    return MarkedPictures(tuple(references.values()), places, wanted, through, tuple(clips.values()))


def near_copies_of(
    gathered: Sequence[Gathered],
    marked: MarkedPictures,
    near_copies: Mapping[AssetKey, tuple[NearCopy, ...]],
    matches: Matches,
) -> dict[AssetKey, tuple[NearCopy, ...]]:
    """Return the near copies with what local features say: of the same copy they take the place of a hash's word."""
    found = dict(near_copies)
    for index, seen in matches.items():
        key = _key(gathered[index])
        best = {(copy.root, copy.path): copy for copy in near_copies.get(key, ())}
        for match in seen:
            if not match.basis:
                continue
            copy = as_near_copy(gathered[marked.places[match.reference.id][0]])
            known = best.get((copy.root, copy.path))
            if known is None or (known.inliers or 0) < (match.inliers or 0):
                distance = known.distance_bits if known else match.distance_bits
                best[copy.root, copy.path] = replace(
                    copy,
                    distance_bits=distance,
                    relation=match.relation,
                    alignment=match.alignment,
                    alteration=match.alteration,
                    segments=match.segments,
                )
        if best:
            found[key] = _told(best.values())
    return found


def _told(copies: Iterable[NearCopy]) -> tuple[NearCopy, ...]:
    """The nearest copies; of a film all that are on screen, which may be many, and each is a use of its own."""
    ordered = in_order(copies)
    nearest = {id(copy) for copy in [copy for copy in ordered if not copy.segments][:NEAREST]}
    on_screen = {id(copy) for copy in [copy for copy in ordered if copy.segments][:ON_SCREEN]}
    return tuple(copy for copy in ordered if id(copy) in nearest | on_screen)


def _clips(gathered: Sequence[Gathered]) -> dict[Place, Reference]:
    marked = (index for index, one in enumerate(gathered) if one.provenance.is_generative and _is_film(one))
    return {(index, 0): _reference(gathered[index], (index, 0)) for index in marked}


def _is_film(one: Gathered) -> bool:
    return one.first.format.kind is MediaKind.VIDEO and not one.asset.is_sequence


def _reference(one: Gathered, place: Place) -> Reference:
    index, at = place
    examination = one.frames[at][1]
    name = f"{_PREFIX}{index}:{at}"
    # Two equal pictures are two copies: each is told.
    return Reference(name, Role.AI, one.asset.path, examination.hash.value or name, examination.fingerprint)


def _key(one: Gathered) -> AssetKey:
    return one.asset.root, one.asset.path
