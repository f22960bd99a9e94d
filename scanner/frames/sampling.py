"""Frames of a film that are worth looking at, with exact times: at least one an interval, and one at each scene change seen.

What is promised, by how the film is coded:

- Whatever is on screen for the interval (one second) or longer, from its first frame on, has at least one sampled frame:
  always, where its frames decode. Between two sampled frames lies at most the interval, or no frame that could be decoded.
- *Long-GOP* (H.264, HEVC, MPEG-2, VP9, AV1): every key frame at least a quarter of the interval after the last decoded frame
  is decoded. Between key frames more than an interval apart, decoding goes on up to an interval before the next, without
  frames that no other refers to. Scene changes are seen between decoded frames, and where a packet costs as much as a key
  frame; a cut in the last interval before a key frame that lies hidden in small packets is not.
- *Intra-only* (ProRes, DNxHR, JPEG 2000, MJPEG, DV, all-intra H.264 in a movie with an index): only sampled frames are
  decoded. A scene change is seen where the size of packets leaves that of the ones before. Codecs of constant packet size
  never show one: there the interval is all that holds.
- Times are the stream's own, exact. Where a container gives times that run backwards the outcome says so, and they are off by
  some frames.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from scanner.frames.choosing import Chosen
from scanner.frames.describing import claimed_end
from scanner.frames.failures import FilmError
from scanner.frames.feeding import Feeder
from scanner.frames.groups import PacketReader, seconds_in_ticks
from scanner.frames.intra import IntraSampler
from scanner.frames.long_gop import LongGopSampler
from scanner.frames.rendering import SIDE_PX, Pixels, Renderer
from scanner.frames.seeking import packets_from
from scanner.frames.tone import ToneCurve, rolled_off
from scanner.model.moving import Coding, FilmObstacle, FrameMark, SampleReason, SamplingOutcome

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

    from scanner.frames.opening import Film

INTERVAL = Fraction(1)
"""Seconds between sampled frames, at most."""
_SHORT = Fraction(1)
"""Seconds that a film may end before it says without being called truncated: containers round, and count sound."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a film, in seconds on its own clock; None for its ends.

    Whatever holds for the whole film holds for stretches that follow each other without a gap, taken together: each hands on
    the first frame at or after its end, too, which may be the next one's.
    """

    begin: Fraction | None = None
    end: Fraction | None = None


WHOLE = Stretch()


@dataclass(frozen=True, slots=True)
class SampledFrame:
    """A frame's place and its small picture."""

    mark: FrameMark
    pixels: Pixels


class Sampling:
    """One pass over a film, or over a stretch of it. Iterate it once; the outcome tells how far it has come and how it ended."""

    def __init__(
        self,
        film: Film,
        stretch: Stretch = WHOLE,
        *,
        interval: Fraction = INTERVAL,
        side_px: int = SIDE_PX,
        tone: ToneCurve = rolled_off,
        keys_only: bool = False,
    ) -> None:
        """Prepare a pass.

        Args:
            film: just opened.
            stretch: what is wanted of it.
            interval: seconds.
            side_px: as `Renderer` has it.
            tone: as `Renderer` has it.
            keys_only: decode nothing between the key frames of long groups: many times as fast, and nothing is promised.
        """
        self._film = film
        self._reader = PacketReader(film)
        self._feeder = Feeder(film, side_px)
        self._renderer = Renderer(film.description, side_px, tone)
        ticks = max(1, seconds_in_ticks(interval, film))
        self._sampler: IntraSampler | LongGopSampler
        self._begin, self._end = (None if time is None else seconds_in_ticks(time, film) for time in (stretch.begin, stretch.end))
        if film.description.coding is Coding.INTRA:
            self._sampler = IntraSampler(film, self._reader, self._feeder, ticks, (self._begin, self._end))
        else:
            whole = self._reader if self._begin is None else None
            packets = self._reader.packets() if self._begin is None else packets_from(film, self._reader, self._begin)
            self._sampler = LongGopSampler(film, packets, self._feeder, ticks, keys_only=keys_only, whole=whole)
        self._sampled = 0
        self._obstacle: FilmObstacle | None = None

    def __iter__(self) -> Iterator[SampledFrame]:
        """Yield frames in the order they are shown. A film that breaks off ends the iteration; the outcome says why.

        Raises:
            FilmError: `CODEC_UNKNOWN`, `TOO_LARGE`; `BROKEN` or `TRUNCATED` where not one frame came of it.
        """
        try:
            if self._film.is_moved:
                self._feeder.restart()
            if self._begin is None:
                self._film.rewound()
            for chosen in self._sampler.chosen():
                if self._begin is None or chosen.ticks >= self._begin:
                    yield self._shown(chosen)
                if self._end is not None and chosen.ticks >= self._end:
                    return
        except FilmError as error:
            if error.obstacle is not FilmObstacle.BROKEN or not self._sampled:
                raise
            self._obstacle = error.obstacle
        self._obstacle = self._obstacle or self._ending()
        if not self._sampled and self._begin is None:
            raise FilmError(self._obstacle or FilmObstacle.BROKEN, "not one of its frames decodes")

    @property
    def outcome(self) -> SamplingOutcome:
        """How it went so far."""
        reached = self._reader.reached
        return SamplingOutcome(
            sampled=self._sampled,
            decoded=self._feeder.decoded,
            packets=self._reader.count,
            damaged=self._feeder.damaged + self._reader.corrupt,
            reached=None if reached is None else reached * self._film.description.time_base,
            obstacle=self._obstacle,
            times_in_order=self._sampler.in_order,
        )

    def _shown(self, chosen: Chosen[VideoFrame]) -> SampledFrame:
        pixels = self._renderer.render(chosen.frame)
        self._sampled += 1
        return SampledFrame(mark_of(self._film, chosen.ticks, chosen.reason), pixels)

    def _ending(self) -> FilmObstacle | None:
        claimed = claimed_end(self._film.container, self._film.stream)
        reached = (self._reader.reached or 0) * self._film.description.time_base
        if (claimed is not None and reached < claimed - _SHORT) or self._reader.ends_corrupt or self._reader.is_cut:
            return FilmObstacle.TRUNCATED
        return self._reader.failure.obstacle if self._reader.failure else None


def mark_of(film: Film, ticks: int, reason: SampleReason | None = None) -> FrameMark:
    """Return the place of the frame at `ticks`. The first frame's time is the film's start, or the first one asked for."""
    if film.start_ticks is None:
        film.start_ticks = ticks
    base, rate = film.description.time_base, film.description.rate
    number = None if rate is None else round((ticks - film.start_ticks) * base * rate)
    return FrameMark(ticks * base, number, reason)
