"""Finding the key frame from which a place in a film can be decoded."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from scanner.frames.failures import FilmError, told_apart
from scanner.frames.groups import PacketReader, Timed

if TYPE_CHECKING:
    from scanner.frames.opening import Film

_BACK_SECONDS = (0, 1, 2, 4, 8, 16, 32, 64)
"""How far before the place a key frame is looked for, one after another, before the film is read from its start: some
containers seek by the times of decoding, or land behind."""


def packets_from(film: Film, reader: PacketReader, first: int) -> Iterator[Timed]:
    """Yield packets from the last key frame whose time, in ticks, is not after `first`."""
    earliest = film.start_ticks or 0
    for back in (*_BACK_SECONDS, None):
        ticks = earliest if back is None else max(earliest, first - int(back / film.description.time_base))
        packets = _from_key(film, reader, ticks)
        if packets is None:
            continue
        leading = next(packets, None)
        if leading and (leading.ticks <= first or ticks <= earliest):
            return chain((leading,), packets)
    return iter(())


def _from_key(film: Film, reader: PacketReader, ticks: int) -> Iterator[Timed] | None:
    try:
        with told_apart():
            film.container.seek(ticks, stream=film.stream)
    except FilmError:
        return None
    return _after_key(reader.packets())


def _after_key(packets: Iterator[Timed]) -> Iterator[Timed]:
    started = False
    for timed in packets:
        started = started or timed.packet.is_keyframe
        if started:
            yield timed
