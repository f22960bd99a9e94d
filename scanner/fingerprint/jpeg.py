"""What must be known of a JPEG's structure before it is decoded."""

from __future__ import annotations

from typing import BinaryIO

_BASELINE, _EXTENDED, _START_OF_SCAN = 0xC0, 0xC1, 0xDA
_OTHER_FRAMES = frozenset(range(0xC2, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Progressive, lossless, arithmetic: ITU T.81, table B.1, less the markers DHT, JPG and DAC."""


def decodes_in_one_pass(stream: BinaryIO) -> bool:
    """Tell whether libjpeg can decode row by row, never holding the whole frame.

    A progressive JPEG, or one whose first scan lacks a component, makes libjpeg keep every coefficient: up to six bytes a
    pixel, so that 10 MB of file can ask for 6 GB of memory. Anything odd counts as such. The position is kept.
    """
    position = stream.tell()
    try:
        stream.seek(2)
        return _first_scan_is_whole(stream)
    finally:
        stream.seek(position)


def _first_scan_is_whole(stream: BinaryIO) -> bool:
    components = b""
    while len(head := stream.read(4)) == 4 and head[0] == 0xFF:
        marker, length = head[1], int.from_bytes(head[2:], "big")
        body = stream.read(max(0, length - 2))
        if marker in _OTHER_FRAMES:
            return False
        if marker in (_BASELINE, _EXTENDED):
            components = body[5:6]
        if marker == _START_OF_SCAN:
            return components != b"" and components == body[:1]
    return False
