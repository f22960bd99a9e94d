"""Moving pictures: what a film's container and stream say, when a frame is shown, and why it was looked at.

Times are exact: seconds as fractions, on the file's own clock, as its stream's time base counts them. A time is no timecode;
where the file names the timecode of its first frame, that is kept as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

ASSUMED_RATE = Fraction(24)
"""Frames a second by which a sequence is counted that tells none: one frame in 24 is looked at. Never told as a time."""


class FilmObstacle(StrEnum):
    """Why a moving picture gives no frames, or not all."""

    NO_LIBRARY = "no-library"
    """PyAV is not installed."""
    NOT_DECODED = "not-decoded"
    """The format is none whose moving pictures are decoded."""
    NO_VIDEO = "no-video"
    """It is whole, and holds sound only."""
    CODEC_UNKNOWN = "codec-unknown"
    """The container reads, and nothing decodes what is in it."""
    TOO_LARGE = "too-large"
    """It declares more than is decoded: pixels, frames."""
    TRUNCATED = "truncated"
    """It ends before it says it does."""
    BROKEN = "broken"


class Transfer(StrEnum):
    """How a film's numbers stand for light."""

    SDR = "sdr"
    """For an ordinary display: BT.1886, sRGB and the like, or nothing said."""
    PQ = "pq"
    """SMPTE ST 2084, absolute luminance up to 10,000 cd/m²."""
    HLG = "hlg"
    """ARIB STD-B67, hybrid log-gamma."""
    LOG = "log"
    """A camera's logarithmic curve, or the H.273 one."""
    LINEAR = "linear"


class Coding(StrEnum):
    """What a frame needs before it can be decoded."""

    INTRA = "intra"
    """Nothing: each packet is a whole picture (ProRes, DNxHR, JPEG 2000, MJPEG, DV, all-intra H.264)."""
    LONG_GOP = "long-gop"
    """The frames back to a key frame (H.264, HEVC, MPEG-2, VP9, AV1)."""


class SampleReason(StrEnum):
    """Why a frame was looked at."""

    FIRST = "first"
    """The first frame of the film that decodes, or the first after its clock was set back."""
    INTERVAL = "interval"
    """No other was within the interval."""
    SCENE_CHANGE = "scene-change"
    """The picture changed at once."""
    LAST = "last"
    """The last frame of a sequence: whether something stands to its end."""


@dataclass(frozen=True, slots=True)
class StartTimecode:
    """The timecode of the first frame, as the file has it; reckoning with it is no work of this module."""

    text: str
    """Hours, minutes, seconds, frames: ``01:00:00:00``, ``00:59:59;28``."""
    rate: Fraction | None
    """Frames a second of the film, None where the file does not tell."""
    drop_frame: bool
    """Whether the file marks it as drop-frame. Never guessed from the rate."""


@dataclass(frozen=True, slots=True)
class Orientation:
    """How a decoded frame is set upright: mirrored first, left to right, then turned clockwise."""

    mirrored: bool = False
    turn_degrees: int = 0
    """0, 90, 180 or 270."""


@dataclass(frozen=True, slots=True)
class MovingPicture:
    """What a film's container says of it and of the one video stream that is looked at. Of a sequence, what its frames say."""

    container: str
    """Format as the probe names it."""
    codec: str
    """``h264``, ``prores``."""
    profile: str
    """``High``, ``HQ``; empty where none is told."""
    coding: Coding
    width: int
    """Pixels of a frame as it is stored, before sample aspect and orientation."""
    height: int
    sample_aspect: Fraction
    """Width of a pixel by its height."""
    rate: Fraction | None
    """Nominal frames a second; None where the file does not tell."""
    variable_rate: bool
    """Whether frames are known not to follow each other evenly: the average rate differs from the nominal one."""
    time_base: Fraction
    """Seconds a tick."""
    start: Fraction | None
    """Seconds: time of the first frame; None where only the frames tell."""
    duration: Fraction | None
    """Seconds, as claimed; None where nothing is."""
    timecode: StartTimecode | None
    orientation: Orientation
    interlaced: bool
    """What the stream says; the frames have the last word."""
    transfer: Transfer
    video_streams: int
    audio_streams: int
    data_streams: int
    """Timecode tracks, camera metadata and the like."""
    first_frame: int | None = None
    """Of a numbered sequence: its first frame's number, as in the file's name; None for a film."""


@dataclass(frozen=True, slots=True)
class FilmLook:
    """How a film, or a numbered sequence, was looked at for references."""

    description: MovingPicture | None
    """None where it could not be opened."""
    frames: int
    """Frames that were looked at."""
    why: str = ""
    """Why it was not looked at, or not whole, as a clause; empty where it was."""
    unseen: tuple[tuple[Fraction, Fraction], ...] = ()
    """Parts of which no frame was looked at, as begin and end in seconds on the film's clock; in order, apart from each other."""


@dataclass(frozen=True, slots=True)
class FrameMark:
    """One frame's place in a film."""

    time: Fraction
    """Seconds on the file's clock."""
    number: int | None
    """Frames since the first at the nominal rate, from 0, to the nearest; None where no rate is told."""
    reason: SampleReason | None = None
    """Why it was looked at; None where every frame was."""


@dataclass(frozen=True, slots=True)
class SamplingOutcome:
    """How the sampling of a film went."""

    sampled: int = 0
    """Frames handed on."""
    decoded: int = 0
    packets: int = 0
    """Packets of the stream that were read."""
    damaged: int = 0
    """Packets that are not whole, packets and frames that did not decode."""
    reached: Fraction | None = None
    """Seconds on the file's clock: where the last packet read ends."""
    obstacle: FilmObstacle | None = None
    """`TRUNCATED` where the film ends before it says, `BROKEN` where it ended for another reason; None where it is whole."""
    times_in_order: bool = True
    """False where frames came out with times that run backwards: then times are off by some frames."""
