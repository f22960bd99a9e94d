"""One small whole sample for every row of the format table, built from bytes; Pillow where a real picture is cheaper."""

import gzip
import io
import struct
import tarfile
import zipfile
import zlib

from PIL import Image


def picture(kind: str, size: tuple[int, int] = (16, 16), mode: str = "RGB", **options) -> bytes:
    out = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(out, kind, **options)
    return out.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def movie(brand: bytes) -> bytes:
    return (
        box(b"ftyp", brand + bytes(4) + brand) + box(b"free") + box(b"mdat", bytes(64)) + box(b"moov", box(b"mvhd", bytes(100)))
    )


def heif(major: bytes, *compatible: bytes) -> bytes:
    ftyp = box(b"ftyp", major + bytes(4) + b"".join(compatible))
    return ftyp + box(b"meta", bytes(4) + box(b"hdlr", bytes(24))) + box(b"mdat", bytes(300))


def chunk(kind: bytes, content: bytes) -> bytes:
    return kind + struct.pack("<I", len(content)) + content + bytes(len(content) % 2)


def riff(form: bytes, *chunks: bytes, outer: bytes = b"RIFF") -> bytes:
    body = form + b"".join(chunks)
    return outer + struct.pack("<I", len(body) if outer == b"RIFF" else 0xFFFFFFFF) + body


def wave(*extra: bytes, samples: int = 100) -> bytes:
    return riff(
        b"WAVE",
        *extra,
        chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16)),
        chunk(b"data", bytes(2 * samples)),
    )


def rf64(samples: int = 100, outer: bytes = b"RF64") -> bytes:
    sizes = struct.pack("<QQQI", 200, 2 * samples, samples, 0)
    data = b"data" + struct.pack("<I", 0xFFFFFFFF) + bytes(2 * samples)
    return riff(
        b"WAVE", chunk(b"ds64", sizes), chunk(b"fmt ", struct.pack("<HHIIHH", 1, 1, 48000, 96000, 2, 16)), data, outer=outer
    )


def tiff(entries: dict[int, tuple[int, bytes]], order: str = "<", magic: bytes = b"", strip: bytes = b"") -> bytes:
    """A classic TIFF with one directory; entries are tag → (field type, value bytes in this order)."""
    sizes = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1}
    entries = dict(entries)
    first = 16
    tags = sorted({*entries, *({0x111, 0x117} if strip else set())})
    values = first + 2 + 12 * len(tags) + 4
    long_values = b"".join(value for _, value in entries.values() if len(value) > 4)
    if strip:
        entries[0x111] = (4, struct.pack(order + "I", values + len(long_values)))
        entries[0x117] = (4, struct.pack(order + "I", len(strip)))
    directory, heap = b"", b""
    for tag in tags:
        kind, value = entries[tag]
        where = struct.pack(order + "I", values + len(heap)) if len(value) > 4 else value.ljust(4, b"\0")
        heap += value if len(value) > 4 else b""
        directory += struct.pack(order + "HHI", tag, kind, len(value) // sizes[kind]) + where
    start = b"II*\0" if order == "<" else b"MM\0*"
    header = (start + struct.pack(order + "I", first) + magic).ljust(first, b"\0")
    return header + struct.pack(order + "H", len(tags)) + directory + bytes(4) + heap + strip


def raw(make: bytes, order: str = "<") -> bytes:
    """A preview in the first directory and a sub-directory for the sensor, as most makers write it."""
    return tiff(
        {0xFE: (4, struct.pack(order + "I", 1)), 0x10F: (2, make + b"\0"), 0x14A: (4, struct.pack(order + "I", 16))},
        order,
        strip=bytes(100),
    )


def dpx(order: str = ">", side: int = 8) -> bytes:
    head = bytearray(2048)
    struct.pack_into(order + "4sI8sI", head, 0, b"SDPX" if order == ">" else b"XPDS", 2048, b"V1.0", 2048 + side * side * 4)
    struct.pack_into(order + "HHII", head, 768, 0, 1, side, side)
    head[800], head[803] = 50, 10
    return bytes(head) + bytes(side * side * 4)


def exr(lines: int = 4, offsets: list[int] | None = None) -> bytes:
    def attribute(name: bytes, kind: bytes, value: bytes) -> bytes:
        return name + b"\0" + kind + b"\0" + struct.pack("<I", len(value)) + value

    head = b"\x76\x2f\x31\x01" + struct.pack("<I", 2)
    head += attribute(b"channels", b"chlist", b"G\0" + struct.pack("<IIII", 1, 0, 1, 1) + b"\0")
    head += attribute(b"compression", b"compression", b"\0")
    head += attribute(b"dataWindow", b"box2i", struct.pack("<iiii", 0, 0, 3, lines - 1)) + b"\0"
    start = len(head) + 8 * lines
    offsets = [start + 16 * line for line in range(lines)] if offsets is None else offsets
    return head + struct.pack(f"<{lines}Q", *offsets) + b"".join(struct.pack("<iI8x", line, 8) for line in range(lines))


def photoshop(version: int) -> bytes:
    head = b"8BPS" + struct.pack(">H6xHIIHH", version, 3, 4, 4, 8, 3)
    return head + bytes(4) + bytes(4) + bytes(8 if version == 2 else 4) + bytes(2 + 48)


def ebml(doc_type: bytes, segment: bytes = bytes(32)) -> bytes:
    head = b"\x42\x82" + bytes([0x80 | len(doc_type)]) + doc_type
    return b"\x1a\x45\xdf\xa3" + bytes([0x80 | len(head)]) + head + b"\x18\x53\x80\x67" + bytes([0x80 | len(segment)]) + segment


def mxf(run_in: bytes = b"", footer: int = 120) -> bytes:
    key = bytes.fromhex("060e2b34020501010d01020101020400")
    pack = struct.pack(">HHIQQQ", 1, 3, 1, 0, 0, footer) + bytes(60)
    return run_in + key + b"\x83" + len(pack).to_bytes(3, "big") + pack + bytes(32)


def ogg(packet: bytes) -> bytes:
    return b"OggS\0\x02" + bytes(20) + b"\x01" + bytes([len(packet)]) + packet


def mpeg_frames(count: int, head: bytes = b"\xff\xfb\x90\x00", length: int = 417) -> bytes:
    """MPEG-1 layer III frames at 128 kbit/s and 44.1 kHz."""
    return (head + bytes(length - 4)) * count


def id3(size: int = 20) -> bytes:
    return b"ID3\x04\0\0" + bytes([0, 0, size >> 7, size & 0x7F]) + bytes(size)


def compound(*names: str, kind: bytes = bytes(16)) -> bytes:
    head = bytearray(512)
    head[:8], head[8:24] = bytes.fromhex("d0cf11e0a1b11ae1"), kind
    struct.pack_into("<H", head, 30, 9)
    entries = b""
    for name, sort in [("Root Entry", 5), *((name, 2) for name in names)]:
        text = (name + "\0").encode("utf-16-le")
        entries += text.ljust(64, b"\0") + struct.pack("<HB", len(text), sort) + bytes(61)
    return bytes(head) + entries.ljust(512, b"\0")


def font(start: bytes) -> bytes:
    return start + struct.pack(">HHHH", 4, 64, 2, 0) + b"cmap" + bytes(76)


def packed(content: bytes = b"hello", name: str = "a.txt") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, content)
    return out.getvalue()


def tape() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"))
    return out.getvalue()


def png_chunk(kind: bytes, content: bytes = b"") -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def animated() -> bytes:
    frames = [Image.new("RGB", (8, 8), shade) for shade in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    return out.getvalue()


def codestream() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (16, 16)).save(out, "JPEG2000", no_jp2=True)
    return out.getvalue()


def bitmap_movie() -> bytes:
    return riff(b"AVI ", chunk(b"LIST", b"hdrl" + bytes(60)), chunk(b"LIST", b"movi" + bytes(100)), chunk(b"idx1", bytes(16)))


SVG = b'<?xml version="1.0"?>\n<!-- drawn -->\n<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n'
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nxref\ntrailer\n<<>>\nstartxref\n9\n%%EOF\n"
ADTS = b"\xff\xf1\x50\x80\x01\x9f\xfc"
GIF = picture("GIF", mode="P")

SAMPLES: dict[str, bytes] = {
    "jpeg": picture("JPEG"),
    "png": picture("PNG"),
    "apng": animated(),
    "webp": picture("WEBP"),
    "avif": picture("AVIF"),
    "heic": heif(b"heic", b"mif1", b"heic"),
    "heif": heif(b"mif1", b"mif1", b"miaf"),
    "jxl": box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ") + box(b"jxlc", b"\xff\x0a" + bytes(200)),
    "jxl-codestream": b"\xff\x0a\xfa\x1f\x01\x91\x08\x06\x01\x00\x54\x00\x4b",
    "gif": GIF,
    "tiff": picture("TIFF"),
    "bigtiff": picture("TIFF", big_tiff=True),
    "dng": tiff({0xC612: (1, b"\x01\x04\0\0"), 0x10F: (2, b"Google\0")}, strip=bytes(64)),
    "cr2": tiff({0x10F: (2, b"Canon\0")}, magic=b"CR\x02\0", strip=bytes(64)),
    "cr3": movie(b"crx "),
    "nef": raw(b"NIKON CORPORATION", ">"),
    "arw": raw(b"SONY"),
    "raf": b"FUJIFILMCCD-RAW 0201FF383501" + bytes(64),
    "orf": b"IIRO\x08\0\0\0" + bytes(32),
    "rw2": b"IIU\0\x18\0\0\0" + bytes(32),
    "pef": tiff({0x10F: (2, b"PENTAX\0"), 0x106: (3, struct.pack(">H", 32803))}, ">", strip=bytes(64)),
    "x3f": b"FOVb\0\0\x02\0" + bytes(64),
    "srw": raw(b"SAMSUNG"),
    "3fr": raw(b"Hasselblad"),
    "iiq": tiff({0x10F: (2, b"Phase One\0")}, magic=b"IIII", strip=bytes(64)),
    "psd": photoshop(1),
    "psb": photoshop(2),
    "exr": exr(),
    "dpx": dpx(),
    "cineon": b"\x80\x2a\x5f\xd7\0\0\x08\0" + bytes(64),
    "svg": SVG,
    "svgz": gzip.compress(SVG),
    "bmp": picture("BMP"),
    "ico": picture("ICO"),
    "tga": picture("TGA"),
    "jp2": picture("JPEG2000"),
    "j2k": codestream(),
    "mp4": movie(b"isom"),
    "mov": movie(b"qt  "),
    "m4v": movie(b"M4V "),
    "3gp": movie(b"3gp4"),
    "avi": bitmap_movie(),
    "mkv": ebml(b"matroska"),
    "webm": ebml(b"webm"),
    "mxf": mxf(),
    "mpeg-ts": (b"\x47\x40\0\x10" + bytes(184)) * 6,
    "mpeg-ps": b"\0\0\x01\xba\x44" + bytes(60),
    "mpeg-video": b"\0\0\x01\xb3\x2d\x02\x40\x33" + bytes(60),
    "dv": b"\x1f\x07\0\xbf\xf8\x78\x78\x78" + bytes(480),
    "flv": b"FLV\x01\x05\0\0\0\x09" + bytes(32),
    "asf": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(64),
    "ogv": ogg(b"\x80theora" + bytes(30)),
    "r3d": b"\0\0\x01\0RED2" + bytes(256),
    "wav": wave(),
    "bwf": wave(chunk(b"bext", bytes(602))),
    "rf64": rf64(),
    "mp3": id3() + mpeg_frames(2),
    "m4a": movie(b"M4A "),
    "flac": b"fLaC\0\0\0\x22" + bytes(34),
    "aac": (ADTS + bytes(5)) * 3,
    "ogg": ogg(b"\x01vorbis" + bytes(22)),
    "opus": ogg(b"OpusHead\x01\x02" + bytes(9)),
    "aiff": b"FORM" + struct.pack(">I", 46) + b"AIFFCOMM" + bytes(38),
    "caf": b"caff\0\x01\0\0desc" + bytes(40),
    "pdf": PDF,
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 1 1\n%%EOF\n",
    "text": b"Dear editor,\nplease find the stills enclosed.\n",
    "srt": b"1\r\n00:00:01,000 --> 00:00:02,000\r\nHello\r\n\r\n",
    "vtt": b"WEBVTT\n\n00:01.000 --> 00:02.000\nHello\n",
    "ttml": b'<?xml version="1.0" encoding="UTF-8"?>\n<tt:tt xmlns:tt="http://www.w3.org/ns/ttml"><tt:body/></tt:tt>',
    "scc": b"Scenarist_SCC V1.0\n\n00:00:00:00\t94ae 94ae\n",
    "ass": b"[Script Info]\nTitle: x\n\n[V4+ Styles]\n",
    "xml": b'<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.9"></fcpxml>',
    "json": b'{"OTIO_SCHEMA": "Timeline.1"}',
    "edl": b"TITLE: REEL 1\nFCM: NON-DROP FRAME\n\n001  AX  V  C  00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n",
    "html": b"<!DOCTYPE html>\n<html><head></head></html>",
    "csv": b"path,sha256\na.mov,00\nb.mov,11\n",
    "cube": b'TITLE "Look"\nLUT_3D_SIZE 2\n0 0 0\n1 0 0\n',
    "xmp": b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/"></x:xmpmeta>',
    "stl": b"850STL25.01" + bytes(1013),
    "c2pa": box(b"jumb", box(b"jumd", b"c2pa" + bytes(12) + b"\x03c2pa\0")),
    "aaf": compound(kind=bytes.fromhex("0102010d00020000060e2b3403020101")),
    "zip": packed(),
    "gzip": gzip.compress(b"hello"),
    "tar": tape(),
    "7z": b"7z\xbc\xaf\x27\x1c\0\x04" + bytes(24),
    "rar": b"Rar!\x1a\x07\x01\0" + bytes(24),
    "sqlite": b"SQLite format 3\0" + bytes(84),
    "ole": compound("WordDocument", "1Table"),
    "ttf": font(b"\0\x01\0\0"),
    "otf": font(b"OTTO"),
    "type1": b"%!PS-AdobeFont-1.0: Free 1.0\n12 dict begin\n",
    "ttc": b"ttcf\0\x01\0\0" + bytes(24),
    "woff": b"wOFF\0\x01\0\0" + bytes(36),
    "woff2": b"wOF2\0\x01\0\0" + bytes(40),
    "mac-alias": b"book\0\0\0\0mark\0\0\0\0" + bytes(48),
    "executable": b"\x7fELF\x02\x01\x01" + bytes(57),
    "apple-double": bytes.fromhex("0005160700020000") + b"Mac OS X        " + bytes(60),
    "ds-store": b"\0\0\0\x01Bud1" + bytes(60),
    "thumbs-db": compound("1", "2", "Catalog"),
}
"""Format name → a whole sample of it."""


def sample_name(name: str, extensions: tuple[str, ...]) -> str:
    return f"sample.{extensions[0]}" if extensions else name
