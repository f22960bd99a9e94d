"""Finding the key frame from which a place in a film can be decoded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from scanner.frames.groups import PacketReader, Timed, groups

if TYPE_CHECKING:
    from scanner.frames.opening import Film

_BACK_SECONDS = (0, 1, 2, 4, 8, 16, 32, 64)
"""How far before the place a key frame is looked for, one after another, before the film is read from its start: some
containers seek by the times of decoding, or land behind."""
_RECKONED = frozenset({"mpeg-ps", "mpeg-video"})
"""Containers that give few times or none: the library reckons the others from the start, and wrongly after it has sought. They
are read from their start, and decoded from the key frame."""


def packets_from(film: Film, reader: PacketReader, first: int) -> Iterator[Timed]:
    """Yield packets from the last key frame whose time, in ticks, is not after `first`."""
    if film.description.container in _RECKONED:
        return _read_up_to(film, reader, first)
    earliest = film.start_ticks or 0
    for back in (*_BACK_SECONDS, None):
        ticks = None if back is None else max(earliest, first - int(back / film.description.time_base))
        sought = film.rewound() if ticks is None else film.sought(ticks)
        packets = _after_key(reader.packets())
        leading = next(packets, None) if sought else None
        if leading and (leading.ticks <= first or back is None):
            return chain((leading,), packets)
    return iter(())


def _read_up_to(film: Film, reader: PacketReader, first: int) -> Iterator[Timed]:
    if film.rewound():
        for group in groups(reader.packets()):
            if group.ends is None or group.ends > first:
                yield from group.packets


def _after_key(packets: Iterator[Timed]) -> Iterator[Timed]:
    started = False
    for timed in packets:
        started = started or timed.packet.is_keyframe
        if started:
            yield timed
