"""What the library says of a film, in the scanner's words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from scanner.model.moving import Coding, MovingPicture, Orientation, StartTimecode, Transfer
from scanner.model.text import shown

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

_TIMECODE = re.compile(r"\d{1,2}:\d\d:\d\d[:;.]\d{1,3}")
_TRANSFERS = {16: Transfer.PQ, 18: Transfer.HLG, 8: Transfer.LINEAR, 9: Transfer.LOG, 10: Transfer.LOG}
"""ITU-T H.273, table 3."""
_LOG_KEYS = re.compile(r"gamma|transfer|colou?r.?profile|log.?note", re.IGNORECASE)
_LOG_NAMES = re.compile(
    r"(?<![a-z])(?:[cdfinsvz][-_. ]?log[23]?|canon.?log|log.?c[34]?|log3g10|bmd.?film)(?![a-z])", re.IGNORECASE
)
"""Names of camera curves as cameras write them: ``S-Log3``, ``com.panasonic.v-log``, ``LogC``."""
_ASPECTS = (Fraction(1, 5), Fraction(5))
"""Sample aspects that are believed; anamorphic is 2, PAL 16:9 64/45."""
_RATE_LIMIT = 1000
_ODD_RATE = Fraction(1, 200)
"""Share by which the average rate may differ from the nominal one where frames follow evenly."""
_INDEX_LOOKED_AT = 600
"""Entries of an index whose distances are compared."""
_PROGRESSIVE = (0, 1)
"""Field orders: unknown, progressive."""
_NAME_LIMIT = 80


def describe(container: InputContainer, stream: VideoStream, format_name: str, orientation: Orientation) -> MovingPicture:
    """Say what the container claims; nothing is decoded for it beyond what opening did."""
    context = stream.codec_context
    rate = _rate(stream)
    kinds = [other.type for other in container.streams]
    base = stream.time_base or Fraction(1, 1_000_000)
    return MovingPicture(
        container=format_name,
        codec=shown(context.codec.canonical_name or context.name, _NAME_LIMIT),
        profile=shown(context.profile or "", _NAME_LIMIT),
        coding=_coding(stream),
        width=context.width,
        height=context.height,
        sample_aspect=_aspect(stream),
        rate=rate,
        variable_rate=_varies(stream, rate),
        time_base=base,
        start=None if stream.start_time is None else stream.start_time * base,
        duration=_duration(container, stream, base),
        timecode=_timecode(container, stream, rate),
        orientation=orientation,
        interlaced=int(getattr(context, "field_order", 0) or 0) not in _PROGRESSIVE,
        transfer=_transfer(container, stream),
        video_streams=kinds.count("video"),
        audio_streams=kinds.count("audio"),
        data_streams=kinds.count("data"),
    )


def claimed_end(container: InputContainer, stream: VideoStream) -> Fraction | None:
    """Return when the pictures are said to end, in seconds on the file's clock; None where only the whole file's end is told."""
    base = stream.time_base or Fraction(0)
    length = stream.duration * base if stream.duration else _tagged(stream.metadata)
    if length is None and not container.streams.audio and container.duration:
        length = Fraction(container.duration, 1_000_000)
    return None if length is None else (stream.start_time or 0) * base + length


def _coding(stream: VideoStream) -> Coding:
    if stream.codec_context.codec.intra_only:
        return Coding.INTRA
    return (
        Coding.INTRA if has_whole_index(stream) and all(entry.is_keyframe for entry in stream.index_entries) else Coding.LONG_GOP
    )


def has_whole_index(stream: VideoStream) -> bool:
    """Tell whether the library's index has every frame. Matroska's holds some key frames, a fragmented movie's what was read."""
    return bool(1 < len(stream.index_entries) == stream.frames)


def _rate(stream: VideoStream) -> Fraction | None:
    rates: tuple[Fraction | None, ...] = (stream.guessed_rate, stream.average_rate, stream.base_rate)
    return next((rate for rate in rates if rate and 0 < rate < _RATE_LIMIT), None)


def _varies(stream: VideoStream, rate: Fraction | None) -> bool:
    average = stream.average_rate
    if rate and average and abs(average - rate) > rate * _ODD_RATE:
        return True
    times = sorted(entry.timestamp for entry in stream.index_entries[:_INDEX_LOOKED_AT])
    steps = [later - earlier for earlier, later in pairwise(times)]
    # One tick of rounding is no variation: Matroska counts milliseconds.
    return has_whole_index(stream) and max(steps) * 2 > (min(steps) + 1) * 3


def _aspect(stream: VideoStream) -> Fraction:
    aspect: Fraction | None = stream.sample_aspect_ratio
    return aspect if aspect and _ASPECTS[0] <= aspect <= _ASPECTS[1] else Fraction(1)


def _duration(container: InputContainer, stream: VideoStream, base: Fraction) -> Fraction | None:
    whole = Fraction(container.duration, 1_000_000) if container.duration else None
    return Fraction(stream.duration * base) if stream.duration else _tagged(stream.metadata) or whole


def _tagged(metadata: Mapping[str, str]) -> Fraction | None:
    """Matroska's length of a track, ``00:00:04.000000000``."""
    found = re.fullmatch(r"(\d{1,4}):(\d\d):(\d\d\.\d{1,9})", metadata.get("DURATION", ""))
    return int(found[1]) * 3600 + int(found[2]) * 60 + Fraction(found[3]) if found else None


def _timecode(container: InputContainer, stream: VideoStream, rate: Fraction | None) -> StartTimecode | None:
    # The picture track's own first, then a timecode track's, then the package's.
    others = [other.metadata for other in container.streams if other.type == "data"]
    for metadata in (stream.metadata, *others, container.metadata):
        text = metadata.get("timecode", "")
        if _TIMECODE.fullmatch(text):
            return StartTimecode(text, rate, drop_frame=any(mark in text for mark in ";."))
    return None


def _transfer(container: InputContainer, stream: VideoStream) -> Transfer:
    told = _TRANSFERS.get(int(stream.codec_context.color_trc or 0))
    if told:
        return told
    return Transfer.LOG if any(_LOG_NAMES.search(value) for value in _curves(container, stream)) else Transfer.SDR


def _curves(container: InputContainer, stream: VideoStream) -> Iterator[str]:
    for metadata in (stream.metadata, container.metadata):
        yield from (value for key, value in metadata.items() if _LOG_KEYS.search(key))
