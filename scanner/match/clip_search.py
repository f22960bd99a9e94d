"""Looking for clips: films of which some frames are known by their local features.

A clip has many frames that look alike, so that by votes alone one clip would fill the shortlist: it is cut by clip, and of each
clip a few frames are checked geometrically. The frame with most agreeing points says where in the clip one is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from scanner.match.alignment import align
from scanner.match.cascade import FRAME_VOTES
from scanner.match.local_index import LocalIndex
from scanner.match.points import points_of
from scanner.match.postings import build_postings
from scanner.model.matching import GlobalHash, LocalFeatures, LocalQuery, Match, Reference

CHECKED_CLIPS = 8
"""Clips, by the votes of their best frame, that are checked geometrically."""
CHECKED_FRAMES = 3
"""Frames of each."""
_LISTED = 64
"""Frames, by votes, among which those are sought."""
NEAR_SECONDS = Fraction(5, 4)
"""How far from a recognised frame of a clip, either way, others may be on screen where it comes or goes: looked-at frames of a
film are a second apart."""
_NO_POINTS = LocalFeatures("", 0, 0, b"", b"", b"")


@dataclass(frozen=True, slots=True)
class ClipFrame:
    """A frame of a clip that has points."""

    clip: Reference
    time: Fraction
    """Seconds on the clip's clock."""
    name: str
    """Its features are known by."""


class ClipSearch:
    """Clips by the local features of their frames; looked in like a `Cascade`."""

    def __init__(self, frames: Sequence[ClipFrame], features_of: Callable[[str], LocalFeatures | None]) -> None:
        """Take in frames; `features_of` gives their features by name, all of them now and some of them later."""
        self._frames = tuple(frames)
        self._features_of = features_of
        self._by_clip: defaultdict[str, list[ClipFrame]] = defaultdict(list)
        for frame in self._frames:
            self._by_clip[frame.clip.id].append(frame)
        postings = build_postings(features_of(frame.name) or _NO_POINTS for frame in self._frames)
        self._index = LocalIndex([postings], np.zeros(len(self._frames), np.uint8))

    def find_further(
        self, _by_phash: Sequence[Match], prints: Sequence[GlobalHash], local: LocalQuery | None, /
    ) -> tuple[Match, ...]:
        """Return what `find_in_frame` does."""
        return () if local is None else self.find_in_frame(prints, local)

    def find_in_frame(self, _prints: Sequence[GlobalHash], local: LocalQuery, /) -> tuple[Match, ...]:
        """Return the clips of which the picture shows a frame, one match each, that with most agreeing points first.

        Hashes are not asked: one frame says too little by its hash.
        """
        best: dict[str, Match] = {}
        ways = ((local.features, local.near_words, False), (local.mirrored, local.mirrored_near_words, True))
        for features, near_words, mirrored in ways:
            for match in self._aligned(features, near_words, mirrored):
                known = best.get(match.reference.id)
                if known is None or _surer(match) < _surer(known):
                    best[match.reference.id] = match
        return tuple(sorted(best.values(), key=_surer))

    def features_near(self, match: Match) -> tuple[LocalFeatures, ...]:
        """Return the features of the clip's frames around the one that was recognised, the nearest first."""
        at = match.clip_time
        if at is None:
            return ()
        near = [frame for frame in self._by_clip[match.reference.id] if abs(frame.time - at) <= NEAR_SECONDS]
        near.sort(key=lambda frame: (abs(frame.time - at), frame.time))
        found = (self._features_of(frame.name) for frame in near)
        return tuple(features for features in found if features is not None)

    def _aligned(self, features: LocalFeatures, near_words: bytes, mirrored: bool) -> Iterator[Match]:
        candidates = self._candidates(features, near_words)
        asset = points_of(features) if candidates else None
        for frame in candidates:
            own = self._features_of(frame.name)
            if asset is None or own is None or own.algorithm != features.algorithm:
                continue
            if (aligned := align(asset, points_of(own), mirrored=mirrored)) is not None:
                alignment, relation = aligned
                yield Match(frame.clip, relation, features.algorithm, alignment=alignment, clip_time=frame.time)

    def _candidates(self, features: LocalFeatures, near_words: bytes) -> list[ClipFrame]:
        chosen: dict[str, list[ClipFrame]] = {}
        for candidate in self._index.shortlist(features, near_words, _LISTED):
            if candidate.votes < FRAME_VOTES:
                break
            frame = self._frames[candidate.row]
            known = chosen.get(frame.clip.id)
            if known is None and len(chosen) < CHECKED_CLIPS:
                chosen[frame.clip.id] = [frame]
            elif known is not None and len(known) < CHECKED_FRAMES:
                known.append(frame)
        return [frame for frames in chosen.values() for frame in frames]


def _surer(match: Match) -> tuple[int, bool, str, Fraction]:
    points, mirrored = (match.alignment.inliers, match.alignment.mirrored) if match.alignment else (0, False)
    return -points, mirrored, match.reference.id, match.clip_time or Fraction(0)
