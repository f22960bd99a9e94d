"""Google's packed maker notes: what Pixel cameras note of their HDR+ processing, which ExifTool (13.59) unpacks.

``HDRP``, a version, then a gzip stream XORed with the output of xorshift64* from a fixed key (`Google.pm`, ``ProcessHDRP``).
Version 2 holds text in which the file names the fields; version 3, protocol buffers, is left to ExifTool.
"""

from __future__ import annotations

import re
import zlib

from scanner.read.plain.collected import OddError

_START = b"HDRP"
_TEXT = b"HDRP\2"
_KEY, _MULTIPLIER, _WORD = 0x2515606B4A7791CD, 0x2545F4914F6CDD1D, (1 << 64) - 1
_PACKED_LIMIT_BYTES = 128 << 10
"""An EXIF block of a JPEG has 64 kB; the notes of a Pixel take 20."""
_TEXT_LIMIT_BYTES = 2 << 20
_GZIP = 31
"""What tells zlib to expect a gzip header and to check the sum behind it."""
_FIELD = re.compile(rb"^ ?([A-Z][^:\n]*)", re.MULTILINE)
"""A line that begins a field, up to the end of its name."""


class _KeyStream:
    """Output of the generator, made once as far as it was asked for."""

    def __init__(self) -> None:
        self._state = _KEY
        self._made = bytearray()

    def first(self, size_bytes: int) -> bytes:
        while len(self._made) < size_bytes:
            state = self._state
            state ^= state >> 12
            state ^= state << 25 & _WORD
            state ^= state >> 27
            self._state = state * _MULTIPLIER & _WORD
            self._made += self._state.to_bytes(8, "little")
        return bytes(self._made[:size_bytes])


_stream = _KeyStream()


def is_packed(note: bytes) -> bool:
    """Whether a maker note is one of these, whoever the maker is said to be."""
    return note.startswith(_START)


def names_in(note: bytes) -> list[bytes]:
    """Return what the fields of a packed note are named by the file.

    Raises:
        OddError: it is of another version, or cannot be unpacked within limits.
    """
    packed = note[len(_TEXT) :]
    if not note.startswith(_TEXT) or len(packed) > _PACKED_LIMIT_BYTES:
        raise OddError("HDRP")
    key = _stream.first(len(packed))
    unlocked = (int.from_bytes(packed, "little") ^ int.from_bytes(key, "little")).to_bytes(len(packed), "little")
    inflating = zlib.decompressobj(_GZIP)
    try:
        text = inflating.decompress(unlocked, _TEXT_LIMIT_BYTES)
    except zlib.error:
        raise OddError("HDRP") from None
    if not inflating.eof or inflating.unused_data:
        raise OddError("HDRP")
    return [found.removesuffix(b" (base64)") for found in _FIELD.findall(text)]
