"""From frames of a film that show a reference to the stretches of time in which it is on screen."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from scanner.model.matching import Match

SURE_POINTS = 12
"""Agreeing points from which one frame alone is believed. A film asks thousands of times more often than a still does; a second
frame that shows the same reference makes up for fewer points."""
MISSED_FRAMES = 2
"""Looked-at frames in a row that may fail to show a reference within one stretch: a flash, a passer-by, a caption coming in."""
MISSED_SECONDS = Fraction(3)
"""The same in time: key frames can lie far apart."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """A reference seen in one frame."""

    time: Fraction
    """Seconds on the film's clock."""
    match: Match


@dataclass(frozen=True, slots=True)
class Track:
    """A stretch of a film in which a reference is seen, as far as the looked-at frames tell."""

    first: Fraction
    """Seconds: the first frame that shows it."""
    last: Fraction
    """Seconds: the last frame that shows it."""
    before: Fraction | None
    """Seconds: the looked-at frame before that does not; None where there is none."""
    after: Fraction | None
    """Seconds: the looked-at frame after that does not; None where there is none."""
    best: Sighting
    """The one with most agreeing points."""
    sightings: tuple[Sighting, ...]
    """The frames that show it, in time."""

    @property
    def frames(self) -> int:
        """How many show it."""
        return len(self.sightings)


def track(
    sightings: Sequence[Sighting], looked_at: Sequence[Fraction], missed_seconds: Fraction = MISSED_SECONDS
) -> tuple[Track, ...]:
    """Return the stretches in which one reference is seen, in time.

    Args:
        sightings: of one reference, in any order, at most one a frame; all aligned.
        looked_at: times of all frames that were looked at, in order; those of the sightings among them.
        missed_seconds: longer where less than a frame a second of the reference is known.
    """
    runs: list[list[Sighting]] = []
    for sighting in sorted(sightings, key=lambda one: one.time):
        if runs and _goes_on(runs[-1][-1].time, sighting.time, looked_at, missed_seconds):
            runs[-1].append(sighting)
        else:
            runs.append([sighting])
    return tuple(_track(run, looked_at) for run in runs if _is_believed(run))


def _goes_on(last: Fraction, following: Fraction, looked_at: Sequence[Fraction], missed_seconds: Fraction) -> bool:
    between = bisect_left(looked_at, following) - bisect_right(looked_at, last)
    # However far apart: where nothing was looked at between the two, nothing says that it was gone.
    missed_frames = MISSED_FRAMES * missed_seconds / MISSED_SECONDS
    return between <= 0 or (between <= missed_frames and following - last <= missed_seconds)


def _is_believed(run: Sequence[Sighting]) -> bool:
    return len(run) > 1 or (run[0].match.inliers or 0) >= SURE_POINTS


def _track(run: Sequence[Sighting], looked_at: Sequence[Fraction]) -> Track:
    first, last = run[0].time, run[-1].time
    start, end = bisect_left(looked_at, first), bisect_right(looked_at, last)
    return Track(
        first=first,
        last=last,
        before=looked_at[start - 1] if start else None,
        after=looked_at[end] if end < len(looked_at) else None,
        best=max(run, key=lambda one: (one.match.inliers or 0, -one.time)),
        sightings=tuple(run),
    )
