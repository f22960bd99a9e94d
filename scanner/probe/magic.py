"""Formats whose first bytes alone tell them, or nearly so."""

from __future__ import annotations

import zlib

from scanner.probe import text
from scanner.tools.containers.source import Source

_MAGIC: tuple[tuple[int, bytes, str], ...] = (
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "jxl"),
    (0, b"\0\0\0\x0cjP  \r\n\x87\n", "jp2"),
    (0, b"\xff\x4f\xff\x51", "j2k"),
    (0, b"FUJIFILMCCD-RAW ", "raf"),
    (0, b"FOVb", "x3f"),
    (0, b"\x76\x2f\x31\x01", "exr"),
    (0, b"SDPX", "dpx"),
    (0, b"XPDS", "dpx"),
    (0, b"\x80\x2a\x5f\xd7", "cineon"),
    (0, b"\xd7\x5f\x2a\x80", "cineon"),
    (0, b"\0\0\x01\xb3", "mpeg-video"),
    (0, b"FLV\x01", "flv"),
    (0, bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c"), "asf"),
    (4, b"RED1", "r3d"),
    (4, b"RED2", "r3d"),
    (0, b"fLaC", "flac"),
    (0, b"caff\0\x01", "caf"),
    (0, b"%PDF-", "pdf"),
    (0, b"%!PS-AdobeFont", "type1"),
    (0, b"%!FontType", "type1"),
    (6, b"%!PS-AdobeFont", "type1"),
    (0, b"%!PS", "postscript"),
    # Printer drivers put an end-of-job mark first.
    (0, b"\x04%!PS", "postscript"),
    (0, b"\xc5\xd0\xd3\xc6", "postscript"),
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PK\x07\x08", "zip"),
    (257, b"ustar", "tar"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"SQLite format 3\0", "sqlite"),
    (0, b"OTTO\0", "otf"),
    (0, b"true\0", "ttf"),
    (0, b"ttcf\0", "ttc"),
    (0, b"wOFF", "woff"),
    (0, b"wOF2", "woff2"),
    (3, b"STL25.01", "stl"),
    (3, b"STL30.01", "stl"),
    (3, b"STL24.01", "stl"),
    (0, b"book\0\0\0\0mark", "mac-alias"),
    (0, b"\0\x05\x16\x07\0\x02\0\0", "apple-double"),
    (0, b"\0\0\0\x01Bud1", "ds-store"),
    (0, b"\x7fELF", "executable"),
    (0, b"\xcf\xfa\xed\xfe", "executable"),
    (0, b"\xce\xfa\xed\xfe", "executable"),
    (0, b"\xca\xfe\xba\xbe\0", "executable"),
)
"""Offset, bytes, name of the format."""

_BITMAP_HEADERS = (12, 16, 40, 52, 56, 64, 108, 124)
"""Lengths of the header that follows a BMP's first fourteen bytes, by its version."""
_TARGA_SIDE = 32_768
"""No sane Targa is wider or higher; random bytes often are."""
_OGG_STREAMS = ((b"OpusHead", "opus"), (b"\x80theora", "ogv"), (b"\x01video", "ogv"), (b"BBCD", "ogv"))


def recognise(source: Source) -> str | None:
    """Name a format by fixed bytes at a fixed place."""
    return next((name for offset, magic, name in _MAGIC if source.head.startswith(magic, offset)), None)


def recognise_bitmap(source: Source) -> str | None:
    """Name a BMP: two letters are too few, so its header must have one of the known lengths."""
    return "bmp" if source.head[:2] == b"BM" and source.number(14, 4, little=True) in _BITMAP_HEADERS else None


def recognise_icon(source: Source) -> str | None:
    """Name a Windows icon: its magic number is nearly zeros, so its first entry must point inside the file."""
    if source.head[:4] != b"\0\0\x01\0" or source.at(9, 1) != b"\0":
        return None
    count, planes = source.number(4, 2, little=True) or 0, source.number(10, 2, little=True)
    start = source.number(18, 4, little=True) or 0
    placed = 6 + 16 * count <= start < source.size_bytes
    return "ico" if 0 < count <= 256 and planes in (0, 1) and placed else None


def recognise_codestream(source: Source) -> str | None:
    """Name a bare JPEG XL codestream."""
    return "jxl-codestream" if source.head[:2] == b"\xff\x0a" and source.size_bytes >= 12 else None


def recognise_targa(source: Source) -> str | None:
    """Name a Targa, which has no magic number: every field of its header must make sense (Truevision TGA 2.0)."""
    head = source.head[:18]
    if len(head) < 18 or head[17] & 0xC0 or head[16] not in (8, 15, 16, 24, 32):
        return None
    if head[1] == 0:
        typed = head[2] in (2, 3, 10, 11) and not any(head[3:8])
    else:
        typed = head[1] == 1 and head[2] in (1, 9) and head[7] in (15, 16, 24, 32)
    sized = all(0 < int.from_bytes(head[at : at + 2], "little") <= _TARGA_SIDE for at in (12, 14))
    return "tga" if typed and sized else None


def recognise_ogg(source: Source) -> str | None:
    """Name an Ogg file by the first packet of its first stream."""
    if source.head[:5] != b"OggS\0":
        return None
    packet = source.at(27 + (source.number(26, 1) or 0), 8)
    return next((name for magic, name in _OGG_STREAMS if packet.startswith(magic)), "ogg")


def recognise_aiff(source: Source) -> str | None:
    """Name an AIFF or AIFF-C."""
    return "aiff" if source.head[:4] == b"FORM" and source.head[8:12] in (b"AIFF", b"AIFC") else None


def recognise_dv(source: Source) -> str | None:
    """Name raw DV by the header block of its first sequence, IEC 61834-2."""
    head = source.head[:8]
    return "dv" if head[:3] == b"\x1f\x07\0" and len(head) == 8 and head[3] & 0x7F == 0x3F else None


def recognise_jumbf(source: Source) -> str | None:
    """Name a detached C2PA manifest: a JUMBF superbox with its description, ISO/IEC 19566-5."""
    return "c2pa" if source.head[4:8] == b"jumb" and source.head[12:16] == b"jumd" else None


def recognise_font(source: Source) -> str | None:
    """Name a TrueType font: its version, and a table directory of sensible length with a tag in it."""
    tables = source.number(4, 2) or 0
    return "ttf" if source.head[:4] == b"\0\x01\0\0" and 4 <= tables <= 64 and source.at(12, 4).isalnum() else None


def recognise_program(source: Source) -> str | None:
    """Name a DOS or Windows program by the offset of its second header."""
    start = source.number(60, 4, little=True) if source.head[:2] == b"MZ" else None
    return "executable" if start is not None and 0 < start < source.size_bytes else None


def recognise_gzip(source: Source) -> str | None:
    """Name a gzip file, or the SVG inside."""
    if source.head[:3] != b"\x1f\x8b\x08":
        return None
    try:
        inside = zlib.decompressobj(wbits=31).decompress(source.head, 4096)
    except zlib.error:
        return "gzip"
    words = text.decode(inside)
    return "svgz" if words is not None and text.find_root(words.lstrip("\ufeff \r\n\t")) == "svg" else "gzip"
