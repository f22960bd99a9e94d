"""Which frames are looked at. No library here: times in ticks, whatever a frame is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from scanner.frames.changes import SizeWatch
from scanner.model.moving import SampleReason

F = TypeVar("F")
_APART = 4
"""Scene changes are at least this part of the interval apart: strobing must not make every frame one."""
_SPIKE_OF_KEY, _SPIKE_OF_USUAL = 0.5, 4.0


@dataclass(frozen=True, slots=True)
class Chosen(Generic[F]):
    """A frame to look at."""

    frame: F
    ticks: int
    reason: SampleReason


class FrameChooser(Generic[F]):
    """Takes decoded frames in the order they are shown and chooses: no two chosen ones lie more than the interval apart.

    Only where no frame was offered between two are they further apart. So whatever is shown for an interval, and decoded once in
    each, has a chosen frame.
    """

    def __init__(self, interval_ticks: int) -> None:
        self._interval = interval_ticks
        self._held: tuple[F, int] | None = None
        self._last: int | None = None
        self._newest: int | None = None
        self._due = False
        self.in_order = True
        """False once times ran backwards."""

    @property
    def anchor(self) -> int | None:
        """Ticks of the latest frame that is chosen or may yet be: the next must be offered within an interval of it."""
        return self._held[1] if self._held else self._last

    @property
    def newest(self) -> int | None:
        """Ticks of the latest frame offered."""
        return self._newest

    def take(self, frame: F, ticks: int, changed: bool) -> list[Chosen[F]]:
        """Take the next frame, `changed` where another scene begins with it; return what is chosen now."""
        if self._last is None or self._newest is None:
            return [self._choose(frame, ticks, SampleReason.FIRST)]
        if ticks <= self._newest:
            return self._backwards(frame, ticks)
        chosen = self._due_before(ticks)
        self._due = self._due or changed
        if ticks - self._last > self._interval:
            chosen.append(self._choose(frame, ticks, SampleReason.SCENE_CHANGE if self._due else SampleReason.INTERVAL))
        elif self._due and (ticks - self._last) * _APART >= self._interval:
            chosen.append(self._choose(frame, ticks, SampleReason.SCENE_CHANGE))
        else:
            self._held, self._newest = (frame, ticks), ticks
        return chosen

    def finish(self, end_ticks: int) -> list[Chosen[F]]:
        """Return what is due at the end of the film."""
        return self._due_before(end_ticks)

    def restart(self, end_ticks: int) -> list[Chosen[F]]:
        """Return what is due at the end of the film's present clock; what follows goes by another."""
        chosen = self.finish(end_ticks)
        self._held, self._last, self._newest, self.in_order = None, None, None, False
        return chosen

    def _due_before(self, ticks: int) -> list[Chosen[F]]:
        if self._held is None or self._last is None or ticks - self._last <= self._interval:
            return []
        frame, at = self._held
        newest = self._newest
        chosen = self._choose(frame, at, SampleReason.SCENE_CHANGE if self._due else SampleReason.INTERVAL)
        self._newest = newest
        return [chosen]

    def _choose(self, frame: F, ticks: int, reason: SampleReason) -> Chosen[F]:
        self._held, self._last, self._newest, self._due = None, ticks, ticks, False
        return Chosen(frame, ticks, reason)

    def _backwards(self, frame: F, ticks: int) -> list[Chosen[F]]:
        self.in_order = False
        # A little back is a container that numbers frames wrongly; a leap is a clock that starts anew, and what follows counts.
        if self._newest is not None and self._newest - ticks <= self._interval:
            return []
        return [self._choose(frame, ticks, SampleReason.INTERVAL)]


class PacketChooser:
    """Chooses packets of an intra-only film before any is decoded, by their times and sizes."""

    def __init__(self, interval_ticks: int) -> None:
        self._interval = interval_ticks
        self._last: int | None = None
        self._sizes = SizeWatch()

    def wants(self, ticks: int, size_bytes: int, following: int) -> SampleReason | None:
        """Take the next packet, `following` being the ticks of the one after it or of the end; None where it is not wanted."""
        changed = self._sizes.changed(size_bytes)
        if self._last is None:
            reason = SampleReason.FIRST
        elif changed and (ticks - self._last) * _APART >= self._interval:
            reason = SampleReason.SCENE_CHANGE
        elif following - self._last > self._interval or ticks < self._last - self._interval:
            reason = SampleReason.INTERVAL
        else:
            return None
        self._last = ticks
        return reason

    def lost(self) -> None:
        """Say that the packet last wanted did not decode: the next will be wanted in its stead."""
        if self._last is not None:
            self._last -= self._interval


def last_spike(sizes_bytes: Sequence[int]) -> int:
    """Return the place of the last packet after the key frame, which is the first, that costs about as much as it: a cut.

    0 where there is none.
    """
    rest = sorted(sizes_bytes[1:])
    if not rest:
        return 0
    least = max(sizes_bytes[0] * _SPIKE_OF_KEY, rest[len(rest) // 2] * _SPIKE_OF_USUAL)
    return max((place for place, size in enumerate(sizes_bytes) if place and size >= least), default=0)
