"""When what people look for is seen: an asset that is itself in doubt throughout, a film that shows such a thing meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from scanner.model.in_cut import InCut, OnScreenInCut
from scanner.model.matching import Match, NearCopy, Role, Segment

_ASKED_FOR = frozenset({Role.AI, Role.RESTRICTED})
"""Roles of references that nobody wants to see; that a film shows what is owned is no finding."""


class Placed(Protocol):
    """An asset, of a scan or of a report."""

    @property
    def in_cut(self) -> tuple[InCut, ...]:
        """Where the cuts have it."""
        ...

    @property
    def matches(self) -> tuple[Match, ...]:
        """References that it matches."""
        ...

    @property
    def near_copies(self) -> tuple[NearCopy, ...]:
        """Assets with AI marks that it looks like."""
        ...


def found_segments(asset: Placed, roles: frozenset[Role] = _ASKED_FOR, *, copies: bool = True) -> tuple[Segment, ...]:
    """Return the stretches of a film in which something was found that its own marks do not say; empty where nothing was.

    Args:
        asset: the film, or any other asset.
        roles: of the references that count.
        copies: whether assets of the delivery that bear AI marks count.
    """
    matches: Sequence[Match | NearCopy] = [one for one in asset.matches if one.reference.role in roles]
    return tuple(segment for one in (*matches, *(asset.near_copies if copies else ())) for segment in one.segments)


def times_in_cut(segments: Sequence[Segment]) -> tuple[OnScreenInCut, ...]:
    """Return when the programme shows these stretches, each time once, in its order; what is switched off comes last."""
    times = dict.fromkeys(time for segment in segments for time in segment.in_cut)
    return tuple(sorted(times, key=lambda one: (not one.enabled, one.cut, one.programme.start, one.programme.end, one.track)))
