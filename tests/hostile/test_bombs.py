"""Files that grow when they are read: they cost their own reading, in bounded time and memory, and the next file is fine."""

from __future__ import annotations

import struct
import sys
import threading
import time
import zlib
from pathlib import Path

import pytest

from scanner.model.readings import Failed, Found
from scanner.probe.formats import by_name

JPEG, PNG, XMP = by_name("jpeg"), by_name("png"), by_name("xmp")
GIGABYTE = 1 << 30


class PeakMemory:
    """Watches the resident memory of whatever child a reader has at the time."""

    def __init__(self, reader) -> None:
        self._reader = reader
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.bytes = 0

    def __enter__(self) -> PeakMemory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            try:
                status = Path(f"/proc/{self._reader.child_pid}/status").read_text()
            except OSError:
                continue
            peak = [int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:")]
            self.bytes = max([self.bytes, *peak])


def zeros_deflated(size: int) -> bytes:
    """`size` zero bytes as a zlib stream of about a thousandth of it, without ever holding them."""
    block_bytes = 1 << 20
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(block_bytes)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = (size % 65521) << 16 | 1  # Adler-32 of zeros (RFC 1950)
    return b"\x78\xda" + block * (size // block_bytes) + packer.flush() + struct.pack(">I", checksum)


def png_chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png_with(kind: bytes, content: bytes) -> bytes:
    header = png_chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    picture = png_chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + header + png_chunk(kind, content) + picture + png_chunk(b"IEND", b"")


def test_the_bomb_is_one():
    packed = zeros_deflated(64 << 20)
    assert zlib.decompress(packed) == bytes(64 << 20)
    assert len(packed) < 100_000


@pytest.mark.skipif(sys.platform != "linux", reason="a child's memory can be limited on Linux only")
@pytest.mark.parametrize("kind", ["zTXt", "iTXt"])
def test_compressed_text_that_inflates_to_a_gigabyte(kind, exiftool, open_reader, tmp_path, jpeg):
    packed = zeros_deflated(GIGABYTE)
    prefix = b"prompt\0\0" if kind == "zTXt" else b"prompt\0\1\0\0\0"
    bomb, next_file = tmp_path / "bomb.png", tmp_path / "next.jpg"
    bomb.write_bytes(png_with(kind.encode(), prefix + packed))
    next_file.write_bytes(jpeg("fine"))
    assert bomb.stat().st_size < 2 << 20
    reader = open_reader(exiftool, timeout_seconds=20)
    began = time.monotonic()
    with PeakMemory(reader) as peak:
        outcome = reader.read(str(bomb), PNG, bomb.stat().st_size)
    assert isinstance(outcome, Failed)
    assert time.monotonic() - began < 40
    assert 0 < peak.bytes < 600 << 20
    assert isinstance(reader.read(str(next_file), JPEG, 1), Found)


def test_xml_nested_two_hundred_thousand_deep_ends_at_the_deadline(exiftool, open_reader, tmp_path, jpeg):
    depth = 200_000
    bomb, next_file = tmp_path / "deep.xmp", tmp_path / "next.jpg"
    namespaces = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="http://a/"'
    nested = "<a:b>" * depth + "x" + "</a:b>" * depth
    packet = f'<rdf:RDF {namespaces}><rdf:Description rdf:about="">{nested}</rdf:Description></rdf:RDF>'
    bomb.write_text(f'<x:xmpmeta xmlns:x="adobe:ns:meta/">{packet}</x:xmpmeta>')
    next_file.write_bytes(jpeg("fine"))
    reader = open_reader(exiftool, timeout_seconds=1.0)
    _ = reader.version
    began = time.monotonic()
    outcome = reader.read(str(bomb), XMP, bomb.stat().st_size)
    assert time.monotonic() - began < 6
    assert outcome == Failed("ExifTool gave no answer within 1 s", transient=True)
    assert isinstance(reader.read(str(next_file), JPEG, 1), Found)
