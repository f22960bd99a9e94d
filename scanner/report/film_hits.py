"""What is on screen in a film, one stretch of time after the other; and which of it is shown with pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.matching import Match, NearCopy, Role, Segment
from scanner.model.recorded import RecordedAsset
from scanner.model.scan import AssetRecord

PICTURED = 12
"""Stretches of one film shown with its frame beside the reference; the others are told in words."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One stretch of a film in which one reference, or one asset of the delivery, is on screen."""

    number: int
    """Among all of the film, in time, from 1."""
    found: Match | NearCopy
    segment: Segment

    @property
    def of_concern(self) -> bool:
        """Whether people ask for it first: AI, or what must not be used."""
        return isinstance(self.found, NearCopy) or self.found.reference.role in (Role.AI, Role.RESTRICTED)

    def clip_frame(self, places: Mapping[tuple[int, str], int]) -> tuple[int, Fraction] | None:
        """Return the frame of a clip that was recognised, as the clip's index and seconds on its clock; None for what is no clip.

        `places`: root and path of assets → index.
        """
        if not isinstance(self.found, NearCopy) or self.segment.of_clip is None:
            return None
        index = places.get((self.found.root, self.found.path))
        return None if index is None else (index, self.segment.of_clip.best)


def hits_of(record: AssetRecord | RecordedAsset) -> tuple[Hit, ...]:
    """Return all stretches in time; none for what is no film, and where nothing was found in it."""
    everything: Iterable[Match | NearCopy] = (*record.matches, *record.near_copies)
    told = [(segment, found) for found in everything for segment in found.segments]
    told.sort(key=lambda pair: (pair[0].first, pair[0].after))
    return tuple(Hit(number, found, segment) for number, (segment, found) in enumerate(told, 1))


def foremost(hits: Iterable[Hit], most: int) -> tuple[Hit, ...]:
    """Return the `most` of `hits` that people need first, in time.

    What is of concern comes first, and of each thing its clearest stretch before a second one of any other.
    """
    clearest = sorted(hits, key=lambda hit: (-hit.segment.points, hit.number))
    turns: dict[int, int] = {}
    ranked = []
    for hit in clearest:
        turn = turns[id(hit.found)] = turns.get(id(hit.found), 0) + 1
        ranked.append((not hit.of_concern, turn, -hit.segment.points, hit.number, hit))
    return tuple(sorted((hit for *_, hit in sorted(ranked, key=lambda one: one[:4])[:most]), key=lambda hit: hit.number))
