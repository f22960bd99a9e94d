"""EXIF blocks and the directories of a TIFF file, as far as they are plain."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scanner.read.plain import google
from scanner.read.plain.collected import Collected, OddError
from scanner.read.plain.exif_tags import MAKERS, NUMBERS, PADDING, PRINT_IM, SIZES, TEXTS, WIDE_TEXTS

Fetch = Callable[[int, int], bytes]
"""Bytes from an offset, of a size; short where the block ends."""

_FIRST_SIZE = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8}
"""Bytes of one value by field type, TIFF 6.0 section 2."""
_ENTRIES_LIMIT = 256
_EXIF, _GPS, _INTEROP, _NOTE, _COMMENT = 34665, 34853, 40965, 37500, 37510
_THUMBNAIL = (513, 514)
_CLOSED: Mapping[str, frozenset[int]] = {
    "GPS": frozenset(range(32)),
    "InteropIFD": frozenset((1, 2, 4096, 4097, 4098)),
    "MPF0": frozenset((*range(0xB000, 0xB005), *range(0xB201, 0xB20E), 0xB101, 0xB301)),
}
"""Directories whose fields no row looks at → their tags: EXIF 3.0 section 4.6, CIPA DC-007."""
_COMMENT_CODES = (b"ASCII\0\0\0", bytes(8))
_PRINTABLE = re.compile(r"[ -~]+")
_FACTS: Mapping[str, re.Pattern[str]] = {
    "ExifIFD:DateTimeOriginal": re.compile(r"\d{4}:\d\d:\d\d \d\d:\d\d:\d\d"),
    "ExifIFD:SubSecTimeOriginal": re.compile(r"\d{1,9}"),
    "IFD0:Make": _PRINTABLE,
    "IFD0:Model": _PRINTABLE,
}
"""Texts that an examination keeps → how they are written in a plain file. A camera's name is told with no space behind it."""
_JSON_WORDS = frozenset({"true", "false"})
"""Values that ExifTool writes as JSON's own words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One directory entry of a known field type that lies inside the block."""

    kind: int
    count: int
    raw: bytes
    """Its value; empty for what is only passed over."""


Reader = Callable[[Entry], None]
"""Reads a block that stands in a TIFF tag: XMP, IPTC, Photoshop's, a colour profile."""


class ExifBlock:
    """One block, or file, with the byte order of its header."""

    def __init__(self, fetch: Fetch, size_bytes: int, into: Collected, *, is_file: bool = False) -> None:
        """`is_file` where its first directory is the picture's own."""
        self._fetch, self._size_bytes, self._into, self._is_file = fetch, size_bytes, into, is_file
        head = fetch(0, 8)
        if head[:4] not in (b"II*\0", b"MM\0*") or len(head) < 8:
            raise OddError("header")
        self._order = "<" if head[:1] == b"I" else ">"
        self.first: int = struct.unpack(f"{self._order}I", head[4:])[0]
        self._make = ""
        self._sizes: dict[int, int] = {}

    def read_all(self, blocks: Mapping[int, Reader] | None = None, *, pages: int = 2) -> None:
        """Read the directories: IFD0 and IFD1, EXIF, GPS, interoperability.

        Raises:
            OddError: something is not plain.
        """
        following = self._directory(self.first, "IFD0", blocks or {})
        if following and pages > 1:
            following = self._directory(following, "IFD1", {})
        if following:
            raise OddError("more directories")

    def read_one(self, name: str) -> None:
        """Pass over the one directory of a block of its own, such as that of a multi-picture file.

        Raises:
            OddError: something is not plain.
        """
        self._into.pass_group(name.lower())
        self._directory(self.first, name, {})

    def _directory(self, start: int, name: str, blocks: Mapping[int, Reader]) -> int:
        """Read one directory; return the offset of the next."""
        count = self._number(start, "H")
        end = start + 2 + 12 * count
        # Some writers leave out the offset of the next directory where the block ends.
        if start < 8 or not 0 < count <= _ENTRIES_LIMIT or self._size_bytes - end in (1, 3) or end > self._size_bytes:
            raise OddError(name)
        seen: set[int] = set()
        raw = self._fetch(start + 2, 12 * count)
        if len(raw) != 12 * count:
            raise OddError("end")
        entries = list(struct.iter_unpack(f"{self._order}HHI4s", raw))
        ordered = sorted(entries)
        if self._is_file and ordered != entries:
            raise OddError("order")
        # By tag, as they should stand: a maker's name comes before its notes.
        for tag, kind, values, field in ordered:
            if tag in seen or kind not in _FIRST_SIZE:
                raise OddError(name)
            seen.add(tag)
            self._tag(tag, self._entry(kind, values, field, start, end), name, blocks)
        return self._number(end, "I") if end + 4 <= self._size_bytes else 0

    def _entry(self, kind: int, count: int, field: bytes, start: int, end: int) -> tuple[int, int, int, bytes]:
        """Return field type, count, offset and, where it stands in the directory itself, value."""
        size = count * _FIRST_SIZE[kind]
        if size <= 4:
            return kind, count, 0, field[:size]
        at = struct.unpack(f"{self._order}I", field)[0]
        if at < 8 or at + size > self._size_bytes or (at < end and at + size > start):
            raise OddError("offset")
        return kind, count, at, b""

    def _raw(self, entry: tuple[int, int, int, bytes]) -> bytes:
        kind, count, at, inside = entry
        if not at:
            return inside
        size = count * _FIRST_SIZE[kind]
        raw = self._fetch(at, size)
        if len(raw) != size:
            raise OddError("short")
        return raw

    def _tag(self, tag: int, entry: tuple[int, int, int, bytes], name: str, blocks: Mapping[int, Reader]) -> None:
        if name in _CLOSED:
            if tag not in _CLOSED[name]:
                raise OddError(name)
        elif tag in TEXTS:
            self._text(f"{name}:{TEXTS[tag]}", entry)
        elif tag in NUMBERS:
            self._number_tag(f"{name}:{NUMBERS[tag]}", entry)
        elif tag in SIZES and name == "IFD0":
            self._size(name, tag, entry)
        elif tag in (_EXIF, _GPS, _INTEROP):
            self._inner(tag, entry, name)
        elif tag in blocks:
            blocks[tag](Entry(entry[0], entry[1], self._raw(entry)))
        elif tag == _NOTE and name == "ExifIFD":
            self._note(entry)
        elif tag == _COMMENT and name == "ExifIFD":
            self._comment(entry)
        elif tag in WIDE_TEXTS:
            self._wide(f"{name}:{WIDE_TEXTS[tag]}", entry)
        elif not self._is_silent(tag, name):
            raise OddError(f"{name} tag {tag}")

    def _is_silent(self, tag: int, name: str) -> bool:
        """Whether a tag holds a thumbnail, the picture's own data, or nothing."""
        return tag in (PRINT_IM, PADDING, 273, 279) or (tag in (*_THUMBNAIL, *SIZES) and name == "IFD1")

    def _inner(self, tag: int, entry: tuple[int, int, int, bytes], name: str) -> None:
        kind, count, at, inside = entry
        wanted, inner = {_EXIF: ("IFD0", "ExifIFD"), _GPS: ("IFD0", "GPS"), _INTEROP: ("ExifIFD", "InteropIFD")}[tag]
        if name != wanted or kind != 4 or count != 1 or at:
            raise OddError(inner)
        if inner != "ExifIFD":
            self._into.pass_group(inner.lower())
        self._directory(struct.unpack(f"{self._order}I", inside)[0], inner, {})

    def _text(self, field: str, entry: tuple[int, int, int, bytes]) -> None:
        text, _, rest = self._raw(entry).partition(b"\0")
        if entry[0] != 2 or rest.strip(b"\0"):
            raise OddError(field)
        said = _decoded(text)
        form = _FACTS.get(field)
        if form is not None:
            said = said.rstrip(" ")
            if said and (not form.fullmatch(said) or said.lower() in _JSON_WORDS):
                raise OddError(field)
            if field == "IFD0:Make":
                self._make = said.lower()
        if said:
            self._into.tell(field, said)

    def _number_tag(self, field: str, entry: tuple[int, int, int, bytes]) -> None:
        self._into.pass_over(field)
        write = _EXPOSURE.get(field)
        if write is None:
            return
        kind, count = entry[:2]
        if kind not in ((3,) if write is str else (5, 10)) or not count or (count > 1 and write is not str):
            raise OddError(field)
        raw = self._raw(entry)
        if write is str:
            # Of several numbers ExifTool makes a list, which is no exposure.
            if count == 1:
                self._into.tell(field, str(struct.unpack(f"{self._order}H", raw)[0]))
            return
        above, below = struct.unpack(f"{self._order}{'II' if kind == 5 else 'ii'}", raw)
        if above < 0 or below < 0:
            raise OddError(field)
        # Without a divisor ExifTool writes "inf" or "undef", which are no exposure either.
        if below:
            self._into.tell(field, write(float(f"{above / below:.10g}")))

    def _size(self, name: str, tag: int, entry: tuple[int, int, int, bytes]) -> None:
        kind, count, _, inside = entry
        if kind not in (3, 4) or count != 1:
            raise OddError("size")
        self._sizes[tag] = struct.unpack(f"{self._order}{'H' if kind == 3 else 'I'}", inside)[0]
        if len(self._sizes) == len(SIZES) and self._is_file:
            self._into.tell_size(name, *(self._sizes[one] for one in SIZES))

    def _note(self, entry: tuple[int, int, int, bytes]) -> None:
        groups = next((groups for start, *groups in MAKERS if self._make.startswith(start)), None)
        if groups is None:
            raise OddError("maker note")
        self._into.pass_group(*groups, "makernotes", "makerunknown", "previewifd", "printim")
        note = self._raw(entry)
        self._into.pass_block(note)
        if google.is_packed(note):
            self._into.pass_group("google")
            self._into.pass_names(google.names_in(note))

    def _comment(self, entry: tuple[int, int, int, bytes]) -> None:
        raw = self._raw(entry)
        text = raw[8:].rstrip(b"\0 ")
        if not raw.strip(b"\0 ") or (not text and raw.startswith((*_COMMENT_CODES, b"UNICODE\0"))):
            return
        if not raw.startswith(_COMMENT_CODES) or not text.isascii() or b"\0" in text:
            raise OddError("comment")
        self._into.tell("ExifIFD:UserComment", text.decode("ascii"))

    def _wide(self, field: str, entry: tuple[int, int, int, bytes]) -> None:
        try:
            text = self._raw(entry).decode("utf-16-le")
        except UnicodeDecodeError:
            raise OddError(field) from None
        said, _, rest = text.partition("\0")
        if entry[0] not in (1, 7) or rest.strip("\0"):
            raise OddError(field)
        if said:
            self._into.tell(field, said)

    def _number(self, at: int, form: str) -> int:
        raw = self._fetch(at, 2 if form == "H" else 4)
        if len(raw) != (2 if form == "H" else 4):
            raise OddError("end")
        return int(struct.unpack(f"{self._order}{form}", raw)[0])


def _decoded(text: bytes) -> str:
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError:
        raise OddError("charset") from None


def _exposure_time(seconds: float) -> str:
    """Write seconds as ExifTool does (`PrintExposureTime`)."""
    if 0 < seconds < 0.25001:
        return f"1/{int(0.5 + 1 / seconds)}"
    return f"{seconds:.1f}".removesuffix(".0")


def _f_number(value: float) -> str:
    """Write an f-number as ExifTool does (`PrintFNumber`)."""
    return f"{value:.{2 if value < 1 else 1}f}" if value > 0 else "0"


def _focal_length(value: float) -> str:
    return f"{value:.1f} mm"


_EXPOSURE: Mapping[str, Callable[..., str]] = {
    "ExifIFD:ExposureTime": _exposure_time,
    "ExifIFD:FNumber": _f_number,
    "ExifIFD:ISO": str,
    "ExifIFD:FocalLength": _focal_length,
}
"""Numbers that an examination keeps → how ExifTool writes them."""
