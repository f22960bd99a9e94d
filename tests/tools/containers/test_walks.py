"""The walks by themselves: what they yield, and that lying lengths end them. What probes make of them is tested there."""

import io
import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tools.containers import bmff, jpeg, png, riff
from scanner.tools.containers.source import Source


def source(content: bytes) -> Source:
    return Source(io.BytesIO(content), len(content))


def test_segments_end_with_the_scan():
    content = b"\xff\xd8\xff\xe0\x00\x06abcd\xff\xff\xfe\x00\x03x\xff\xda\x00\x02pixels\xff\xd9"
    walked = list(jpeg.segments(source(content)))
    assert [hex(one.code) for one in walked] == ["0xe0", "0xff", "0xfe", "0xda"]
    assert [(one.start, one.size) for one in walked[::2]] == [(6, 4), (15, 1)]


def test_segments_end_where_no_marker_stands():
    assert [one.code for one in jpeg.segments(source(b"\xff\xd8\xff\xe0\x00\x02garbage"))] == [0xE0]
    assert list(jpeg.segments(source(b"\xff\xd8"))) == []


def test_a_picture_without_a_scan_ends_with_its_end_marker():
    assert [one.code for one in jpeg.segments(source(b"\xff\xd8\xff\xd9"))] == [jpeg.EOI]


def test_chunks_inside_a_list():
    inner = b"INFO" + b"ISFT\x03\0\0\0abc\0" + b"AIGC\x02\0\0\0{}"
    content = b"RIFF" + struct.pack("<I", 12 + len(inner)) + b"AVI LIST" + struct.pack("<I", len(inner)) + inner + b"junkjunkjunk"
    walked = list(riff.chunks(source(content)))
    assert [one.kind for one in walked] == [b"LIST"]
    assert [one.kind for one in riff.list_chunks(source(content), walked[0])] == [b"ISFT", b"AIGC"]


def test_chunks_behind_the_sound_of_rf64():
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, 100, 50, 0)
    content = b"RF64\xff\xff\xff\xffWAVE" + ds64 + b"data\xff\xff\xff\xff" + bytes(100) + b"AIGC\x02\0\0\0{}"
    assert [one.kind for one in riff.chunks(source(content))] == [b"ds64", b"data", b"AIGC"]


def test_boxes_know_where_their_content_starts():
    content = struct.pack(">I4s", 12, b"free") + b"abcd" + struct.pack(">I4sQ", 1, b"mdat", 20) + b"efgh"
    small, large = bmff.boxes(source(content))
    assert (content[small.start : small.end], content[large.start : large.end]) == (b"abcd", b"efgh")


@given(st.binary(max_size=400), st.sampled_from([b"\xff\xd8\xff", b"RIFF\xff\xff\xff\xffWAVE", b"\0\0\0\x08ftyp", png.SIGNATURE]))
@settings(max_examples=200, deadline=None)
def test_walks_end_whatever_they_walk(noise, start):
    content = start + noise
    for walk in (jpeg.segments, riff.chunks, bmff.boxes, png.chunks):
        assert len(list(walk(source(content)))) <= len(content)
