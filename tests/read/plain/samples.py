"""Camera files built by hand, and how tests read them."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Mapping

from PIL import Image

from scanner.read.plain.collected import Collected, Needs
from tests.read.residue_samples import segment

Value = tuple[int, bytes]
"""Field type and bytes."""
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 10: 8, 13: 4}


def short(*numbers: int) -> Value:
    return 3, struct.pack(f"<{len(numbers)}H", *numbers)


def ascii_text(text: str) -> Value:
    return 2, text.encode() + b"\0"


def ratio(above: int, below: int) -> Value:
    return 5, struct.pack("<II", above, below)


def directory(entries: Mapping[int, Value], at: int, following: int = 0) -> bytes:
    """A little-endian directory that stands at `at`, its values behind it."""
    head, values = struct.pack("<H", len(entries)), b""
    behind = at + 2 + 12 * len(entries) + 4
    for tag, (kind, raw) in entries.items():
        where = raw.ljust(4, b"\0") if len(raw) <= 4 else struct.pack("<I", behind + len(values))
        values += raw if len(raw) > 4 else b""
        head += struct.pack("<HHI", tag, kind, len(raw) // _SIZES[kind]) + where
    return head + struct.pack("<I", following) + values


CAMERA: Mapping[int, Value] = {
    271: ascii_text("Canon"),
    272: ascii_text("Canon EOS 5D"),
    274: short(1),
    305: ascii_text("Lightroom"),
    33432: ascii_text("Dana Reyes"),
}
EXPOSED: Mapping[int, Value] = {
    33434: ratio(1, 320),
    33437: ratio(56, 10),
    34855: short(100),
    36867: ascii_text("2024:05:06 07:08:09"),
    37385: short(16),
    37386: ratio(50, 1),
}


def exif(
    first: Mapping[int, Value] = CAMERA,
    second: Mapping[int, Value] = EXPOSED,
    *,
    comment: bytes = b"",
    note: bytes = b"",
    gps: bool = False,
) -> bytes:
    """A TIFF block with IFD0 and an EXIF directory behind it."""
    inner = dict(second)
    inner |= {37500: (7, note)} if note else {}
    inner |= {37510: (7, comment)} if comment else {}
    pointers = {34665: (4, bytes(4)), **({34853: (4, bytes(4))} if gps else {})}
    size = len(directory({**first, **pointers}, 8))
    after = 8 + size
    exif_part = directory(dict(sorted(inner.items())), after)
    gps_part = directory({18: ascii_text("WGS-84")}, after + len(exif_part)) if gps else b""
    placed = {34665: (4, struct.pack("<I", after)), **({34853: (4, struct.pack("<I", after + len(exif_part)))} if gps else {})}
    return b"II*\0\x08\0\0\0" + directory({**first, **placed}, 8) + exif_part + gps_part


def jpeg_with(block: bytes = b"", *segments: bytes) -> bytes:
    """A small real JPEG with an EXIF block and further segments."""
    stream = io.BytesIO()
    Image.effect_noise((37, 21), 40).save(stream, "JPEG")
    parts = ([segment(0xE1, b"Exif\0\0" + block)] if block else []) + list(segments)
    return stream.getvalue()[:2] + b"".join(parts) + stream.getvalue()[2:]


def camera_jpeg(*, note: bytes = b"", gps: bool = False) -> bytes:
    return jpeg_with(exif(note=note, gps=gps))


def collected(
    looks_at: Callable[[str], bool] = lambda _: False, own: tuple[str, ...] = (), words: tuple[bytes, ...] = ()
) -> Collected:
    return Collected(Needs(looks_at, frozenset(own), words))


def told(into: Collected) -> dict[str, str]:
    return {one.field: one.value for one in into.statements}
