"""Clips, which are films that are looked for in others: what is known of one, and which part of it a film shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from scanner.match.tracking import MISSED_SECONDS, Sighting, Track
from scanner.model.film_time import timecode_at
from scanner.model.matching import ClipPart, Match, Relation, Segment
from scanner.model.moving import MovingPicture

CLIP_INTERVAL = Fraction(1, 2)
"""Seconds between known frames of a clip, at most, unless it is too long for that."""
_SPARSE = Fraction(1)
LEAST_REACH = 0.35
"""Share of the picture over which points must agree in one frame of a stretch at least, to say that it shows the clip. Of 40 made
uses of clips with much motion 38 reached it, of 40 films that had one thing in common with a clip, a tenth to a fifth of its
picture, one did (`python -m benchmarks.clip_reach`)."""
_APART = Fraction(3, 5)
"""Seconds by which a recognised frame may be off where a clip runs at its own speed: those that are known are half a second
apart, and of two that look alike either may be taken."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A film of which frames are known."""

    film: MovingPicture
    interval: Fraction = CLIP_INTERVAL
    """Seconds between them, at most."""

    @property
    def is_sparse(self) -> bool:
        """Whether so few are known that where it comes and goes in a film cannot be told to the frame."""
        return self.interval > _SPARSE

    @property
    def missed_seconds(self) -> Fraction:
        """How long a film that shows it may seem not to."""
        return max(MISSED_SECONDS, 2 * self.interval)


def settled(seen: Sequence[tuple[Segment, Sequence[Sighting]]], best: Match) -> Match:
    """Return what a film is to a clip of which it shows something.

    Where nowhere much of the picture is the same, two films have a thing in common: a photograph on the wall, a prop, a graphic.
    That says no more than that they are alike.

    Args:
        seen: each stretch, and the frames that show it.
        best: the match in the frame with most agreeing points.
    """
    whole = tuple(segment for segment, sightings in seen if any(_reach(one.match) >= LEAST_REACH for one in sightings))
    if whole:
        return replace(best, segments=whole)
    return replace(best, relation=Relation.SIMILAR, segments=tuple(segment for segment, _ in seen))


def _reach(match: Match) -> float:
    """Over how much of the picture, the film's or the clip's, points agree."""
    alignment = match.alignment
    return alignment.coverage * max(alignment.asset_share, alignment.reference_share) if alignment else 0.0


def part_of_clip(clip: MovingPicture, seen: Track, segment: Segment) -> ClipPart:
    """Return the part of `clip` that `segment` shows.

    Where the clip runs at its own speed that is the segment, set back; else what lies between the frames that were recognised.
    """
    times = [(one.time, one.match.clip_time) for one in seen.sightings if one.match.clip_time is not None]
    begin = clip.start or Fraction(0)
    offsets = sorted(film - own for film, own in times)
    offset = offsets[len(offsets) // 2]
    if sum(abs(one - offset) <= _APART for one in offsets) * 2 > len(offsets):
        first, after = segment.first - offset, segment.after - offset
    else:
        first, after = min(own for _, own in times), max(own for _, own in times)
    end = begin + clip.duration if clip.duration else after
    first, after = min(max(first, begin), end), max(min(after, end), begin)
    best = seen.best.match.clip_time
    return ClipPart(first, after, timecode_at(clip, first), timecode_at(clip, after), first if best is None else best)
