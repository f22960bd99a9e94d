"""Packets of a film in groups that start with a key frame, read ahead by one group and never by more than is bounded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from scanner.frames.describing import has_whole_index
from scanner.frames.failures import FilmError, told_apart
from scanner.model.moving import FilmObstacle

if TYPE_CHECKING:
    from av.packet import Packet
    from av.video.stream import VideoStream

    from scanner.frames.opening import Film

AHEAD_BYTES = 64 << 20
"""Packets held at once: ten seconds at 50 Mb/s. A longer group comes in parts."""
AHEAD_PACKETS = 2_000
PACKETS_LIMIT = 20_000_000
"""Packets read of one film; a day at 60 a second has 5 million."""


@dataclass(frozen=True, slots=True)
class Timed:
    """A packet with its time in ticks, told or reckoned."""

    packet: Packet[VideoStream]
    ticks: int
    span: int
    """Ticks until the next frame, as far as known."""

    @property
    def size_bytes(self) -> int:
        """Of the packet."""
        return int(self.packet.size)


@dataclass(frozen=True, slots=True)
class Group:
    """Packets from one key frame up to the next, in the order of decoding; or a part of them."""

    packets: tuple[Timed, ...]
    from_key: bool
    """Whether the first is a key frame: all parts but the first are not, nor is a film's start in mid-group."""
    ends: int | None
    """Ticks of the key frame that follows, or of the end of the film; None where the group goes on in the next part."""

    @property
    def start(self) -> int:
        """Ticks of its first packet."""
        return self.packets[0].ticks


class PacketReader:
    """Reads the packets of the film's stream one by one and counts them."""

    def __init__(self, film: Film) -> None:
        self._film = film
        rate, base = film.description.rate, film.description.time_base
        self.usual_span = max(1, round(1 / (rate * base))) if rate else 1
        """Ticks of a frame at the nominal rate."""
        self.count = 0
        self.corrupt = 0
        """Packets that are not whole."""
        self.ends_corrupt = False
        """Whether the last one read is not."""
        self.reached: int | None = None
        """Ticks: where the last packet, by time, ends."""
        self.failure: FilmError | None = None
        """Why reading ended where it did not end of itself."""
        self.is_cut = False
        """Whether a packet that the index has was not there."""

    def packets(self) -> Iterator[Timed]:
        """Yield packets from the present place to the end, or to where reading fails."""
        ticks = self._film.start_ticks or 0
        source = self._film.container.demux(self._film.stream)
        while True:
            try:
                with told_apart():
                    packet = next(source, None)
            except FilmError as error:
                self.failure = error
                return
            if packet is None or (packet.size == 0 and packet.pts is None and packet.dts is None):
                return
            self._count(packet)
            told = packet.pts if packet.pts is not None else packet.dts
            ticks = told if told is not None else ticks + self.usual_span
            span = packet.duration or self.usual_span
            self.reached = max(self.reached if self.reached is not None else ticks + span, ticks + span)
            yield Timed(packet, ticks, span)

    def finish(self) -> None:
        """Say that the film was read from its start to where its packets ended."""
        stream = self._film.stream
        self.is_cut = self.is_cut or (has_whole_index(stream) and self.count < stream.frames)

    def found_start(self, group: Group) -> None:
        """Take the first group. MXF that lost its index and AVI, which has no times of showing, claim zero where it is not."""
        if self._film.description.container == "mxf":
            self._film.start_ticks = min(timed.ticks for timed in group.packets)
        if self._film.description.container == "avi":
            self._film.start_ticks = None

    def _count(self, packet: Packet[VideoStream]) -> None:
        self.count += 1
        self.ends_corrupt = bool(packet.is_corrupt)
        self.corrupt += self.ends_corrupt
        if self.count > PACKETS_LIMIT:
            raise FilmError(FilmObstacle.TOO_LARGE, f"it has more than {PACKETS_LIMIT} packets")


def groups(packets: Iterator[Timed]) -> Iterator[Group]:
    """Yield packets in groups; the next key frame's time is known when a group is handed out."""
    held: list[Timed] = []
    size_bytes, from_key = 0, False
    for timed in packets:
        is_key = timed.packet.is_keyframe
        if held and is_key:
            yield Group(tuple(held), from_key, _end(held, timed.ticks))
            held, size_bytes = [], 0
        elif held and (size_bytes > AHEAD_BYTES or len(held) >= AHEAD_PACKETS):
            yield Group(tuple(held), from_key, None)
            held, size_bytes, from_key = [], 0, False
        if is_key:
            from_key = True
        elif not held:
            from_key = False
        held.append(timed)
        size_bytes += timed.packet.size
    if held:
        yield Group(tuple(held), from_key, _end(held, None))


def _end(held: list[Timed], following: int | None) -> int:
    # A clock that starts anew tells nothing of how long the group before it lasts.
    if following is not None and following > held[0].ticks:
        return following
    return max(timed.ticks + timed.span for timed in held)


def seconds_in_ticks(seconds: Fraction, film: Film) -> int:
    """Return whole ticks in so many seconds, rounded down."""
    return int(seconds / film.description.time_base)
