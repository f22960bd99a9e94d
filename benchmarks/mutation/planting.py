"""Marks of the catalogue put into files that have none: into EXIF, XMP, IPTC, maker notes, comments, text chunks and trailers."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

from benchmarks.mutation.units import Unit, units
from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.row import Sample

Plant = Callable[[bytes, Sample, random.Random], bytes]
"""Puts a sample into a file; gives the file back as it was where it has no such place."""

_CHARSETS = ("utf-8", "latin-1", "utf-16-le", "utf-16-be", "utf-16", "utf-32-le")
_EXIF, _XMP, _EXTENDED = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
_TEXT_TAGS = (0x010D, 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298, 0x9286, 0x9C9C, 0x9C9B, 0xA430, 0xFDE8)
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "crs": "http://ns.adobe.com/camera-raw-settings/1.0/",
    "tiff": "http://ns.adobe.com/tiff/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "exifEX": "http://cipa.jp/exif/1.0/",
    "iptcExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "plus": "http://ns.useplus.org/ldf/xmp/1.0/",
    "tdm": "http://www.w3.org/ns/tdmrep/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_IPTC_SETS = {"Caption-Abstract": 120, "Credit": 110, "OriginatingProgram": 65}
_SEGMENT_LIMIT = 65_533


def samples_of(catalogue: MarkCatalogue) -> tuple[Sample, ...]:
    """Return what every row that can make a mark is tried with, short enough for any place."""
    return tuple(sample for row in catalogue.rows if row.speaks for sample in row.tests if len(sample.value) < 8_000)


def plant(content: bytes, samples: Sequence[Sample], rng: random.Random) -> tuple[str, bytes]:
    """Put a sample drawn by `rng` into a place drawn by `rng`; return the place's name and the changed bytes."""
    for _ in range(20):
        name = rng.choice(_NAMES)
        changed = PLANTS[name](content, rng.choice(samples), rng)
        if changed != content:
            return name, changed
    return "text at the end", content + rng.choice(samples).value.encode()


def _encoded(text: str, rng: random.Random) -> bytes:
    return text.encode(rng.choice(_CHARSETS), "replace")


def _find(content: bytes, kind: str, start: bytes) -> Unit | None:
    return next((unit for unit in units(content) if unit.kind == kind and unit.of(content)[4:].startswith(start)), None)


def _segment(code: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, code, len(content) + 2) + content


def _with_segment(content: bytes, code: int, block: bytes, rng: random.Random, old: Unit | None = None) -> bytes:
    """Put a segment in place of an old one, or between two others."""
    if not content.startswith(b"\xff\xd8") or len(block) > _SEGMENT_LIMIT:
        return content
    places = [unit.start for unit in units(content)] or [2]
    start, end = (old.start, old.end) if old else (rng.choice(places),) * 2
    return content[:start] + _segment(code, block) + content[end:]


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def _with_chunk(content: bytes, chunk: bytes, rng: random.Random) -> bytes:
    places = [unit.start for unit in units(content) if unit.kind != "IHDR"]
    at = rng.choice(places) if content.startswith(b"\x89PNG") and places else 0
    return content[:at] + chunk + content[at:] if at else content


def _in_exif(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    """Let an entry of IFD0 or of the EXIF directory name a text behind the block."""
    old = _find(content, "e1", _EXIF)
    block = bytearray(old.of(content)[4 + len(_EXIF) :] if old else b"")
    order = {b"II": "<", b"MM": ">"}.get(bytes(block[:2]))
    entries = list(_entries(bytes(block), order)) if order else []
    if not order or not entries:
        return content
    at = rng.choice(entries)
    text = _encoded(sample.value, rng)
    tag = rng.choice((*_TEXT_TAGS, struct.unpack_from(f"{order}H", block, at)[0]))
    if tag == 0x9286:
        text = rng.choice((b"ASCII\0\0\0", b"UNICODE\0", bytes(8), b"JIS\0\0\0\0\0", b"")) + text
    struct.pack_into(f"{order}HHII", block, at, tag, rng.choice((1, 2, 2, 2, 7, 7)), len(text), len(block))
    return _with_segment(content, 0xE1, _EXIF + bytes(block) + text, rng, old)


def _entries(block: bytes, order: str) -> list[int]:
    """Offsets of the entries of IFD0 and of the EXIF directory."""
    found: list[int] = []
    directories = [struct.unpack_from(f"{order}I", block, 4)[0]] if len(block) > 8 else []
    for start in directories:
        if start + 2 > len(block):
            continue
        count = struct.unpack_from(f"{order}H", block, start)[0]
        for at in range(start + 2, min(start + 2 + 12 * count, len(block) - 12), 12):
            found.append(at)
            if struct.unpack_from(f"{order}H", block, at)[0] == 0x8769 and len(directories) == 1:
                directories.append(struct.unpack_from(f"{order}I", block, at + 8)[0])
    return found


def _in_maker_note(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    """Write over a part of the maker note."""
    old = _find(content, "e1", _EXIF)
    block = old.of(content)[4 + len(_EXIF) :] if old else b""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    for at in _entries(block, order) if order else ():
        tag, _, count, start = struct.unpack_from(f"{order}HHII", block, at)
        if tag == 0x927C and count > 64 and start + count <= len(block):
            text = (rng.choice((b"", sample.field.partition(":")[2].encode() + b"=")) + _encoded(sample.value, rng))[: count // 2]
            place = start + rng.randrange(count - len(text))
            changed = block[:place] + text + block[place + len(text) :]
            return _with_segment(content, 0xE1, _EXIF + changed, rng, old)
    return content


def _packet(sample: Sample, rng: random.Random) -> bytes:
    group, _, name = sample.field.partition(":")
    prefix = group.removeprefix("XMP-") if group.startswith("XMP-") else rng.choice(tuple(_NAMESPACES))
    namespace = _NAMESPACES.get(prefix, f"http://ns.example.com/{prefix}/")
    local = name.partition("-")[0] if rng.random() < 0.7 else name[:1].lower() + name[1:].partition("-")[0]
    value = escape(sample.value, {'"': "&quot;", "\n": "&#10;"} if rng.random() < 0.5 else {'"': "&quot;"})
    if rng.random() < 0.2:
        value = "".join(f"&#x{ord(letter):x};" for letter in sample.value)
    body = rng.choice(
        (
            f'<rdf:Description rdf:about="" xmlns:p="{namespace}" p:{local}="{value}"/>',
            f'<rdf:Description xmlns:p="{namespace}"><p:{local}>{value}</p:{local}></rdf:Description>',
            f'<rdf:Description xmlns:p="{namespace}"><p:{local}><rdf:Alt><rdf:li xml:lang="x-default">{value}</rdf:li></rdf:Alt>'
            f"</p:{local}></rdf:Description>",
            f'<rdf:Description xmlns:p="{namespace}"><p:History><rdf:Seq><rdf:li p:{local}="{value}"/></rdf:Seq></p:History>'
            "</rdf:Description>",
            f'<rdf:Description xmlns:p="{namespace}"><p:{local} rdf:parseType="Resource"><p:{local}>{value}</p:{local}>'
            f"</p:{local}></rdf:Description>",
            f'<rdf:Description xmlns:p="{namespace}"><p:{local}><![CDATA[{sample.value}]]></p:{local}></rdf:Description>',
        )
    )
    packet = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">{body}</rdf:RDF></x:xmpmeta>'
    if rng.random() < 0.5:
        packet = f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{packet}<?xpacket end="w"?>'
    return packet.encode(rng.choice(("utf-8", "utf-8", "utf-8", "utf-16-le", "utf-16-be", "utf-32-le")), "replace")


def _in_xmp(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    if content.startswith(b"\x89PNG"):
        return _with_chunk(content, _chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + _packet(sample, rng)), rng)
    old = _find(content, "e1", _XMP) if rng.random() < 0.7 else None
    return _with_segment(content, 0xE1, _XMP + _packet(sample, rng), rng, old)


def _in_extended_xmp(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    packet, identity = _packet(sample, rng), b"0123456789ABCDEF0123456789ABCDEF"
    block = _EXTENDED + identity + struct.pack(">II", len(packet), 0) + packet
    note = f'<rdf:Description xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="{identity.decode()}"/>'
    main = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}">{note}</rdf:RDF></x:xmpmeta>'.encode()
    return _with_segment(_with_segment(content, 0xE1, block, rng), 0xE1, _XMP + main, rng)


def _in_iptc(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    number = _IPTC_SETS.get(sample.field.partition(":")[2], rng.choice((5, 25, 65, 105, 110, 120)))
    text = _encoded(sample.value, rng)[:30_000]
    records = struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text
    if rng.random() < 0.5:
        records = b"\x1c\x01\x5a\0\3\x1b%G" + records
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(records)) + records + bytes(len(records) % 2)
    old = _find(content, "ed", b"Photoshop 3.0\0")
    return _with_segment(content, 0xED, b"Photoshop 3.0\0" + resource, rng, old)


def _in_text(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    """Put a comment into a JPEG, a text chunk, plain or packed, into a PNG."""
    text = _encoded(sample.value, rng)
    if not content.startswith(b"\x89PNG"):
        return _with_segment(content, 0xFE, text, rng)
    keyword = sample.field.partition(":")[2].encode("latin-1", "replace") if rng.random() < 0.7 else b"Comment"
    packed = zlib.compress(text)
    chunk = rng.choice(
        (
            _chunk(b"tEXt", keyword + b"\0" + text),
            _chunk(b"zTXt", keyword + b"\0\0" + packed),
            _chunk(b"iTXt", keyword + b"\0\0\0\0\0" + text),
            _chunk(b"iTXt", keyword + b"\0\1\0\0\0" + packed),
            _chunk(b"iTXt", keyword + b"\0\0\0en\0key\0" + text),
            _chunk(b"zTXt", b"Raw profile type iptc\0\0" + packed),
        )
    )
    return _with_chunk(content, chunk, rng)


def _in_segment(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    code = rng.randrange(0xE0, 0xF0)
    return _with_segment(
        content, code, rng.choice((b"AIGC", b"", b"Exif\0\0", b"JP", b"ICC_PROFILE\0\1\1")) + _encoded(sample.value, rng), rng
    )


def _behind(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    text = _encoded(sample.value, rng)
    return content + rng.choice((text, text + b"AXS!12345678", _segment(0xFE, text) + b"\xff\xd9", bytes(20) + text + b"SEFT"))


def _riff_chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def _in_riff(content: bytes, sample: Sample, rng: random.Random) -> bytes:
    """Put a chunk, an INFO list or a broadcast extension into a WAVE or WebP file."""
    found = [unit for unit in units(content) if "/" not in unit.kind] if content.startswith(b"RIFF") else []
    if not found:
        return content
    text = _encoded(sample.value, rng)[:60_000]
    info = _riff_chunk(rng.choice((b"ICMT", b"INAM", b"ISFT", b"AIGC", b"XXXX")), text)
    chunk = rng.choice(
        (
            _riff_chunk(b"LIST", b"INFO" + info),
            _riff_chunk(b"bext", text.ljust(602, b"\0")),
            _riff_chunk(rng.choice((b"AIGC", b"JUNK", b"iXML", b"id3 ", b"LIST")), text),
            _riff_chunk(rng.choice((b"_PMX", b"XMP ")), _packet(sample, rng)),
        )
    )
    at, old = rng.choice(found).start, next((unit for unit in found if unit.kind.encode() == chunk[:4]), None)
    start, end = (old.start, old.end + (old.end - old.start) % 2) if old and rng.random() < 0.5 else (at, at)
    body = content[8:start] + chunk + content[end:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


PLANTS: dict[str, Plant] = {
    "mark in EXIF": _in_exif,
    "mark in a maker note": _in_maker_note,
    "mark in XMP": _in_xmp,
    "mark in extended XMP": _in_extended_xmp,
    "mark in IPTC": _in_iptc,
    "mark in a comment or text chunk": _in_text,
    "mark in a segment": _in_segment,
    "mark in a RIFF chunk": _in_riff,
    "mark behind the end": _behind,
}
"""Every place, by the name that the table shows."""
_NAMES = tuple(PLANTS)
