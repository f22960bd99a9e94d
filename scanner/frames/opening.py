"""A film, open: one regular file by its descriptor, one demuxer by the probe's word, one video stream.

The library can reach nothing else: its only allowed protocol is the descriptor handed to it, so playlists, references to other
files and addresses lead nowhere, whatever the file says. Names in the file choose no demuxer either.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import TYPE_CHECKING

from scanner.frames.claims import movie_matrix, refuse_claims
from scanner.frames.describing import describe
from scanner.frames.failures import FilmError, told_apart
from scanner.frames.orientation import orientation_of
from scanner.model.moving import FilmObstacle, MovingPicture, Orientation
from scanner.tools.bounded import NotRegularError, open_regular
from scanner.tools.containers.source import Source

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

PIXELS_LIMIT = 120_000_000
"""Pixels of a frame that is decoded: 12K cinema cameras have 80 million."""

_DEMUXERS = {
    **dict.fromkeys(("mp4", "mov", "m4v", "3gp"), "mov"),
    **dict.fromkeys(("mkv", "webm"), "matroska"),
    "avi": "avi",
    "mxf": "mxf",
    "mpeg-ts": "mpegts",
    "mpeg-ps": "mpeg",
    "mpeg-video": "mpegvideo",
    "dv": "dv",
    "flv": "flv",
    "asf": "asf",
    "ogv": "ogg",
}
"""The library's demuxer of each format of the probe. Not here: formats that it cannot decode, and sound."""
_BOXED = frozenset({"mp4", "mov", "m4v", "3gp"})
_BYTEWISE = frozenset({"mpeg-ts", "mpeg-ps", "mpeg-video"})
"""Streams without an index: a search by time does not lead back to their first key frame, the first byte does."""
_NO_LIBRARY = "films need the extra `video`: pip install media-provenance-scanner[video]"


@dataclass(slots=True)
class Film:
    """One open film. Sampling and intervals move its place in the file: one after another, never at once."""

    container: InputContainer
    stream: VideoStream
    description: MovingPicture
    start_ticks: int | None
    """Time of the first frame in the stream's ticks, where the file tells."""
    size_bytes: int
    is_moved: bool = False
    """Whether its place is no longer the start."""

    def sought(self, ticks: int) -> bool:
        """Go to the key frame at or before `ticks`, as far as the container can tell; False where it cannot."""
        self.is_moved = True
        try:
            with told_apart():
                self.container.seek(ticks, stream=self.stream)
        except FilmError:
            return False
        return True

    def rewound(self) -> bool:
        """Go to the start."""
        if not self.is_moved:
            self.is_moved = True
            return True
        if self.description.container not in _BYTEWISE:
            return self.sought(self.start_ticks or 0)
        try:
            with told_apart():
                self.container.seek(0, unsupported_byte_offset=True)
        except FilmError:
            return False
        return True


def decodes(format_name: str) -> bool:
    """Tell whether films of this format of the probe are decoded where PyAV is installed."""
    return format_name in _DEMUXERS


@contextmanager
def open_moving(path: str, format_name: str) -> Iterator[Film]:
    """Open the film at `path`, which the probe says to be `format_name`.

    Raises:
        FilmError: `NO_LIBRARY`, `NOT_DECODED`, `NO_VIDEO`, `CODEC_UNKNOWN`, `TOO_LARGE`, `TRUNCATED` where it ends before
            what says what is in it, `BROKEN`. What breaks within the film shows only as it is sampled.
        OSError: the file cannot be opened.
    """
    demuxer = _DEMUXERS.get(format_name)
    if demuxer is None:
        raise FilmError(FilmObstacle.NOT_DECODED, f"moving pictures are not decoded in {format_name}")
    library = _library()
    try:
        with open_regular(path) as stream:
            size_bytes = os.fstat(stream.fileno()).st_size
            orientation = Orientation()
            if format_name in _BOXED:
                source = Source(stream, size_bytes)
                refuse_claims(source)
                orientation = orientation_of(movie_matrix(source))
            with _opened(library, stream.fileno(), demuxer) as container:
                with told_apart():
                    film = _film(container, format_name, size_bytes, orientation)
                yield film
    except NotRegularError as error:
        raise FilmError(FilmObstacle.BROKEN, str(error)) from error


def _library() -> ModuleType:
    # Imported when first needed: it is an extra (its wheels carry GPL encoders).
    try:
        import av as library
    except ImportError as error:
        raise FilmError(FilmObstacle.NO_LIBRARY, _NO_LIBRARY) from error
    found: ModuleType = library
    return found


@contextmanager
def _opened(library: ModuleType, descriptor: int, demuxer: str) -> Iterator[InputContainer]:
    options = {
        "fd": str(descriptor),
        "protocol_whitelist": "fd",
        "threads": "1",
        "max_pixels": str(PIXELS_LIMIT),
    }
    # The library duplicates the descriptor and shares its place: both start at the beginning.
    os.lseek(descriptor, 0, os.SEEK_SET)
    with told_apart():
        container: InputContainer = library.open("fd:", mode="r", format=demuxer, options=options, metadata_errors="replace")
    try:
        yield container
    finally:
        container.close()


def _film(container: InputContainer, format_name: str, size_bytes: int, orientation: Orientation) -> Film:
    from av.stream import Discard

    stream, discarded = _chosen(container), Discard.all
    for other in container.streams:
        if other.index != stream.index:
            other.discard = discarded
    stream.codec_context.thread_count = 1
    return Film(container, stream, describe(container, stream, format_name, orientation), stream.start_time, size_bytes)


def _chosen(container: InputContainer) -> VideoStream:
    """The first video stream that moves: cover pictures of songs are video streams, too."""
    moving = [stream for stream in container.streams.video if not stream.disposition & _attached()]
    if not moving:
        raise FilmError(FilmObstacle.NO_VIDEO, "it holds sound only" if container.streams.audio else "it holds no pictures")
    stream = moving[0]
    if stream.codec_context is None:
        raise FilmError(FilmObstacle.CODEC_UNKNOWN, "nothing decodes its pictures")
    width, height = stream.codec_context.width, stream.codec_context.height
    if width * height > PIXELS_LIMIT:
        raise FilmError(FilmObstacle.TOO_LARGE, f"{width} × {height} pixels are more than are decoded")
    if width <= 0 or height <= 0:
        raise FilmError(FilmObstacle.BROKEN, "no size of its pictures can be told")
    return stream


def _attached() -> int:
    from av.stream import Disposition

    return int(Disposition.attached_pic)
