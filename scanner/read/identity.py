"""What a cut can know a file by beside its name: UMIDs, reel, timecode. Read from the container itself, whose tags say less.

ExifTool tells neither UMIDs nor the frames of a start timecode (12.57), and QuickTime keeps its timecode as a sample
among the media.
"""

from __future__ import annotations

from scanner.model.placement import UNKNOWN_MEDIA, MediaIdentity
from scanner.read.identity_movie import identify_movie
from scanner.read.identity_mxf import identify_mxf
from scanner.read.umid import UMID_BYTES, is_umid
from scanner.tools.bounded import open_regular
from scanner.tools.containers.riff import chunks
from scanner.tools.containers.source import Source

_MOVIES = frozenset({"mov", "mp4", "m4v", "m4a"})
_WAVES = frozenset({"wav", "bwf", "rf64"})
_UMID_AT = 348
"""In a ``bext`` chunk, EBU Tech 3285 version 1."""


def read_identity(path: str, format_name: str, size_bytes: int) -> MediaIdentity:
    """Read what a container says its media is called; nothing of what is damaged, or says nothing.

    Raises:
        OSError: the file cannot be read.
    """
    if format_name not in _MOVIES | _WAVES | {"mxf"}:
        return UNKNOWN_MEDIA
    with open_regular(path) as stream:
        source = Source(stream, size_bytes)
        if format_name == "mxf":
            return identify_mxf(source)
        return identify_movie(source) if format_name in _MOVIES else _identify_wave(source)


def _identify_wave(source: Source) -> MediaIdentity:
    for chunk in chunks(source):
        if chunk.kind == b"bext":
            umid = source.at(chunk.start + _UMID_AT, UMID_BYTES) if chunk.size >= _UMID_AT + UMID_BYTES else b""
            return MediaIdentity(uuids=(umid.hex(),)) if is_umid(umid) else UNKNOWN_MEDIA
    return UNKNOWN_MEDIA
