"""RIFF and its 64-bit kin: WAVE, Broadcast Wave, RF64, AVI, WebP."""

from __future__ import annotations

from scanner.tools.containers.riff import STREAMING, chunks, long_size
from scanner.tools.containers.source import Source

_SLACK_BYTES = 8
"""Writers that count the eight header bytes twice are common, and lose nothing."""


def recognise(source: Source) -> str | None:
    """Name the format of a RIFF, RF64 or BW64 form."""
    outer, form = source.head[:4], source.head[8:12]
    if outer in (b"RF64", b"BW64") and form == b"WAVE":
        return "rf64"
    if outer != b"RIFF":
        return None
    if form == b"WAVE":
        return "bwf" if any(chunk.kind == b"bext" for chunk in chunks(source)) else "wav"
    return {b"AVI ": "avi", b"WEBP": "webp"}.get(form)


def find_damage(source: Source, _name: str) -> str | None:
    """Tell whether the form or one of its chunks ends after the file does."""
    long = long_size(source)
    declared = source.number(4, 4, little=True)
    for chunk in chunks(source):
        size = long if long and chunk.kind == b"data" and chunk.size == 0xFFFFFFFF else chunk.size
        # A stream of unknown length says so in its form as well; a chunk alone without a size hides what follows it.
        if chunk.kind in (b"data", b"LIST") and size in STREAMING and (size or declared in STREAMING):
            return None
        # One byte of slack: sizes rounded up to the padding that the writer then left out.
        if chunk.start + size > source.size_bytes + 1:
            kind = chunk.kind.decode("latin-1").strip()
            if kind.isalnum():
                return f"the file ends inside its {kind} chunk"
            # Behind a form of unknown length stands what is no chunk at all, and no loss.
            return None if declared in STREAMING else "the file ends inside a chunk of no known kind"
    if declared is None or declared in STREAMING or declared + 8 <= source.size_bytes + _SLACK_BYTES:
        return None
    return "the file is shorter than its RIFF header says"
