"""Walks of plain still pictures: JPEG, PNG, WebP and TIFF."""

from __future__ import annotations

import zlib

from scanner.read.plain.blocks import read_icc, read_photoshop
from scanner.read.plain.collected import Collected, OddError
from scanner.read.plain.exif import Entry, ExifBlock
from scanner.read.plain.iptc import read_iptc
from scanner.read.plain.xmp import read_xmp
from scanner.tools.containers import jpeg, png, riff
from scanner.tools.containers.source import Source

BLOCK_LIMIT_BYTES = 4 << 20
"""A block of metadata, inflated where it is packed, that is larger goes to ExifTool."""

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
"""Start of frame, ITU-T T.81 table B.1: 0xC4, 0xC8 and 0xCC are tables and a reserved code."""
_TABLES = frozenset({0xC4, 0xDB, 0xDD})
_COMMENT = 0xFE
_JFIF, _EXIF, _XMP = b"JFIF\0", b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_ICC, _PHOTOSHOP, _ADOBE, _MPF = b"ICC_PROFILE\0", b"Photoshop 3.0\0", b"Adobe", b"MPF\0"
_ICC_HEAD_BYTES = 14

_PNG_CHUNKS = frozenset((b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"bKGD", b"sBIT", b"tIME"))
_PNG_TEXTS = frozenset((b"tEXt", b"zTXt", b"iTXt"))
_XMP_KEYWORD = b"XML:com.adobe.xmp"
_ODD_KEYWORDS = (b"rawprofile", b"imagewidth", b"imageheight", b"xml:", b"create", b"modify", b"warning")
"""How keywords begin, in lower case, that ExifTool does more with than show them, or shows under another name."""

_WEBP_PICTURE = frozenset((b"VP8 ", b"VP8L", b"ALPH"))

_TIFF_XMP, _TIFF_IPTC, _TIFF_PHOTOSHOP, _TIFF_ICC = 700, 33723, 34377, 34675


def walk_jpeg(source: Source, into: Collected) -> None:
    """Read the segments up to the first scan.

    Raises:
        OddError: something is not plain.
    """
    seen: set[bytes] = set()
    profile: list[bytes] = []
    for segment in jpeg.segments(source):
        if segment.end > source.size_bytes:
            raise OddError("end")
        if segment.code == jpeg.SOS:
            # ExifTool looks behind the scan only for what a segment announced, or a trailer it knows by its end.
            if not into.sized or profile:
                raise OddError("scan")
            return
        if segment.code in _FRAMES:
            if not into.sized and segment.size >= 6:
                into.tell_size("File", *(source.number(segment.start + at, 2) or 0 for at in (3, 1)))
        elif segment.code not in _TABLES:
            _read_segment(segment.code, source.at(segment.start, segment.size), seen, profile, into)
    raise OddError("no scan")


def _read_segment(code: int, content: bytes, seen: set[bytes], profile: list[bytes], into: Collected) -> None:
    if code == 0xE0 and content.startswith(_JFIF) and len(content) == 14:
        into.pass_group("jfif")
    elif code == 0xEE and content.startswith(_ADOBE) and len(content) == 12:
        into.pass_group("app14")
    elif code == 0xE2 and content.startswith(_ICC):
        _read_profile(content, seen, profile, into)
    elif code == 0xE2 and content.startswith(_MPF) and _MPF not in seen:
        seen.add(_MPF)
        _exif_block(content[len(_MPF) :], into).read_one("MPF0")
        into.pass_group("mpimage1", "mpimage2", "mpimage3")
    elif code == _COMMENT:
        _read_comment(content, into)
    else:
        kind = next(
            (one for at, one in ((0xE1, _EXIF), (0xE1, _XMP), (0xED, _PHOTOSHOP)) if at == code and content.startswith(one)), b""
        )
        if not kind or kind in seen:
            raise OddError("segment")
        seen.add(kind)
        block = content[len(kind) :]
        if kind == _EXIF:
            read_exif(block, into)
        else:
            (read_xmp if kind == _XMP else read_photoshop)(block, into)


def read_exif(block: bytes, into: Collected) -> None:
    """Read an EXIF block that begins with its TIFF header.

    Raises:
        OddError: something is not plain.
    """
    _exif_block(block, into).read_all()


def _exif_block(block: bytes, into: Collected) -> ExifBlock:
    return ExifBlock(lambda at, size: block[at : at + size], len(block), into)


def _read_profile(content: bytes, seen: set[bytes], profile: list[bytes], into: Collected) -> None:
    if _ICC in seen or len(content) < _ICC_HEAD_BYTES:
        raise OddError("ICC")
    number, total = content[12], content[13]
    if number != len(profile) + 1 or not total:
        raise OddError("ICC order")
    profile.append(content[_ICC_HEAD_BYTES:])
    if number == total:
        read_icc(b"".join(profile), into)
        profile.clear()
        seen.add(_ICC)


def _read_comment(content: bytes, into: Collected) -> None:
    text = content.rstrip(b"\0")
    if not text.isascii() or b"\0" in text:
        raise OddError("comment")
    if text:
        into.tell("File:Comment", text.decode("ascii"))


def walk_png(source: Source, into: Collected) -> None:
    """Read the chunks from the header to the end.

    Raises:
        OddError: something is not plain.
    """
    seen: set[bytes] = set()
    for kind, offset, length in png.chunks(source):
        if (kind == b"IHDR") is not (not seen) or offset + 12 + length > source.size_bytes:
            raise OddError("header")
        if kind == b"IHDR":
            into.tell_size("PNG", *(source.number(offset + at, 4) or 0 for at in (8, 12)))
        elif kind in _PNG_TEXTS:
            _read_text(kind, source.take(offset + 8, length, BLOCK_LIMIT_BYTES), seen, into)
        elif kind in (b"iCCP", b"eXIf") and kind not in seen:
            content = source.take(offset + 8, length, BLOCK_LIMIT_BYTES)
            _read_png_profile(content, into) if kind == b"iCCP" else read_exif(content, into)
        elif kind not in _PNG_CHUNKS:
            raise OddError("chunk")
        seen.add(kind)
        if kind == b"IEND":
            if offset + 12 + length != source.size_bytes:
                raise OddError("end")
            into.pass_over("PNG:ModifyDate")
            return
    raise OddError("end")


def _read_png_profile(content: bytes, into: Collected) -> None:
    name, _, packed = content.partition(b"\0")
    into.tell("PNG:ProfileName", name.decode("latin-1"))
    read_icc(_inflated(packed), into)


def _read_text(kind: bytes, content: bytes, seen: set[bytes], into: Collected) -> None:
    keyword, nul, rest = content.partition(b"\0")
    folded = keyword.lower().replace(b" ", b"")
    if kind == b"iTXt" and keyword == _XMP_KEYWORD:
        if keyword in seen or not rest.startswith(b"\0\0\0\0"):
            raise OddError("XMP")
        seen.add(keyword)
        read_xmp(rest[4:], into)
        return
    if not nul or not folded or folded.startswith(_ODD_KEYWORDS):
        raise OddError("keyword")
    text = _text_of(kind, rest)
    try:
        into.tell(f"PNG:{keyword.decode('ascii')}", text.decode("utf-8" if kind == b"iTXt" else "latin-1"))
    except UnicodeDecodeError:
        raise OddError("charset") from None


def _text_of(kind: bytes, rest: bytes) -> bytes:
    if kind == b"tEXt":
        return rest
    if kind == b"zTXt":
        return _inflated(rest)
    flags, (language, nul, more) = rest[:2], rest[2:].partition(b"\0")
    translated, second, text = more.partition(b"\0")
    # A language becomes part of the name that ExifTool shows.
    if language or translated or not nul or not second or flags not in (b"\0\0", b"\1\0"):
        raise OddError("language")
    return _inflated(b"\0" + text) if flags[0] else text


def _inflated(packed: bytes) -> bytes:
    stream = zlib.decompressobj()
    try:
        content = stream.decompress(packed[1:], BLOCK_LIMIT_BYTES)
    except zlib.error:
        raise OddError("deflate") from None
    if packed[:1] != b"\0" or not stream.eof or stream.unused_data:
        raise OddError("deflate")
    return content


def walk_webp(source: Source, into: Collected) -> None:
    """Read the chunks of an extended WebP.

    Raises:
        OddError: something is not plain.
    """
    end, seen = 12, set[bytes]()
    for chunk in riff.chunks(source):
        if chunk.start != end + 8 or (chunk.kind == b"VP8X") is not (not seen) or chunk.start + chunk.size > source.size_bytes:
            raise OddError("chunk")
        end = chunk.start + chunk.size + chunk.size % 2
        _read_webp_chunk(source, chunk, seen, into)
        seen.add(chunk.kind)
    if end != source.size_bytes or end != (source.number(4, 4, little=True) or 0) + 8 or not seen:
        raise OddError("end")


def _read_webp_chunk(source: Source, chunk: riff.Chunk, seen: set[bytes], into: Collected) -> None:
    if chunk.kind == b"VP8X" and chunk.size == 10:
        into.tell_size("RIFF", *((source.number(at, 3, little=True) or 0) + 1 for at in (24, 27)))
    elif chunk.kind in (b"EXIF", b"XMP ", b"ICCP") and chunk.kind not in seen:
        content = source.take(chunk.start, chunk.size, BLOCK_LIMIT_BYTES)
        {b"EXIF": read_exif, b"XMP ": read_xmp, b"ICCP": read_icc}[chunk.kind](content, into)
    elif chunk.kind not in _WEBP_PICTURE:
        raise OddError("chunk")


def walk_tiff(source: Source, into: Collected) -> None:
    """Read the one directory of a TIFF file, and what hangs on it.

    Raises:
        OddError: something is not plain.
    """

    def octets(entry: Entry) -> bytes:
        # ExifTool tells groups in the order in which it meets them: the directory's must be met before what hangs on it.
        if entry.kind not in (1, 4, 7) or not into.sized:
            raise OddError("block")
        return entry.raw

    block = ExifBlock(lambda at, size: source.take(at, size, BLOCK_LIMIT_BYTES), source.size_bytes, into, is_file=True)
    block.read_all(
        {
            _TIFF_XMP: lambda entry: read_xmp(octets(entry), into),
            _TIFF_IPTC: lambda entry: read_iptc(octets(entry), into),
            _TIFF_PHOTOSHOP: lambda entry: read_photoshop(octets(entry), into),
            _TIFF_ICC: lambda entry: read_icc(octets(entry), into),
        },
        pages=1,
    )
    if not into.sized:
        raise OddError("size")
