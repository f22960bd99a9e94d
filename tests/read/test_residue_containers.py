"""What each container hides, and bounds on what hostile ones get."""

from __future__ import annotations

import struct
import time
import zlib

import pytest

from scanner.model.readings import Failed, NotFound
from scanner.read.residue_comment import repair_comment
from scanner.read.residue_harvest import STATEMENTS_LIMIT, TEXT_LIMIT_BYTES, TOTAL_LIMIT_BYTES, Harvest
from tests.probe.samples import box, chunk, riff, wave
from tests.read.residue_samples import (
    GRAPH,
    LABEL,
    SETTINGS,
    exif,
    jpeg,
    png,
    png_chunk,
    read_bytes,
    said,
    samsung,
    segment,
    warnings,
)

KLING = bytes.fromhex("91ca60614aee385486142d5f73f4ae2e")
KLING_FIELD = "H264-SEI:91ca6061-4aee-3854-8614-2d5f73f4ae2e"
FTYP = box(b"ftyp", b"isom\0\0\0\0isom")


def packed(text: bytes, keyword: bytes = b"parameters") -> bytes:
    return png_chunk(b"zTXt", keyword + b"\0\0" + zlib.compress(text))


def test_png_private_chunks_before_and_behind_the_pixels(tmp_path):
    early = png_chunk(b"comf", b"prompt\0" + GRAPH.encode())
    late = png_chunk(b"comf", b"workflow\0{}")
    assert said(read_bytes(tmp_path, png(early, late=(late,)), "apng")) == [
        ("PNG-comf:prompt", GRAPH),
        ("PNG-comf:workflow", "{}"),
    ]


@pytest.mark.parametrize(
    "content", [b"prompt" + GRAPH.encode(), b"\0" + GRAPH.encode(), b"\x01\x02\0{}", b"k" * 80 + b"\0{}", b""]
)
def test_png_private_chunks_without_a_keyword_are_left(content, tmp_path):
    assert isinstance(read_bytes(tmp_path, png(png_chunk(b"comf", content)), "png"), NotFound)


def test_png_compressed_texts_come_with_their_neighbours(tmp_path):
    plain = png_chunk(b"tEXt", b"prompt\0{}")
    small = png_chunk(b"iTXt", b"Comment\0\1\0de\0Kommentar\0" + zlib.compress("Gr\u00fc\u00dfe".encode()))
    outcome = read_bytes(tmp_path, png(plain, packed(SETTINGS.encode()), late=(small,)), "png")
    assert said(outcome) == [("PNG:prompt", "{}"), ("PNG:parameters", SETTINGS), ("PNG:Comment-de", "Gr\u00fc\u00dfe")]


def test_png_texts_that_exiftool_reads_are_left_to_it(tmp_path):
    plain = png_chunk(b"tEXt", b"parameters\0" + SETTINGS.encode()) + png_chunk(b"iTXt", b"Title\0\0\0\0\0plain")
    assert isinstance(read_bytes(tmp_path, png(plain), "png"), NotFound)


def test_png_a_broken_stream_gives_what_came_before(tmp_path):
    text = "".join(f"{number * 7919 % 10007:05d}" for number in range(4000))
    stream = zlib.compress(text.encode())
    content = png(png_chunk(b"zTXt", b"Comment\0\0" + stream[: len(stream) // 2] + b"\xff" * 2000))
    outcome = read_bytes(tmp_path, content, "png")
    ((_, value),) = said(outcome)
    assert len(value) > 5000
    assert text.startswith(value[:5000])
    assert isinstance(outcome, Failed)
    assert outcome.why == "a compressed text is broken"


def test_png_bombs_are_cut(tmp_path):
    bomb = packed(b"A" * (100 << 20))
    start = time.monotonic()
    outcome = read_bytes(tmp_path, png(*[bomb[:-4] + bytes(4)] * 20), "png")
    assert time.monotonic() - start < 5
    assert max(len(value) for _, value in said(outcome)) <= TEXT_LIMIT_BYTES
    assert sum(len(value) for _, value in said(outcome)) <= TOTAL_LIMIT_BYTES


def test_png_endless_chunks_are_counted(tmp_path):
    many = b"".join(png_chunk(b"comf", b"k%d\0{}" % number) for number in range(5000))
    start = time.monotonic()
    assert len(said(read_bytes(tmp_path, png(many), "png"))) == STATEMENTS_LIMIT
    assert time.monotonic() - start < 5


def test_a_cut_container_says_so_and_keeps_what_it_had(tmp_path):
    whole = png(png_chunk(b"comf", b"prompt\0" + GRAPH.encode()))
    outcome = read_bytes(tmp_path, whole[:-20], "png")
    assert said(outcome) == [("PNG-comf:prompt", GRAPH)]
    assert warnings(outcome) == ("the file ends inside a chunk",)


@pytest.mark.parametrize("code", [0xE0, 0xE4, 0xEF])
@pytest.mark.parametrize("text", ["AIGC" + LABEL, '{"AIGC":' + LABEL + "}"])
def test_jpeg_bare_labels(code, text, tmp_path):
    assert said(read_bytes(tmp_path, jpeg(segment(code, text.encode())), "jpeg")) == [("JPEG-APP:AIGC", text)]


@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("code", [b"", bytes(8), b"ASCII\0\0\0"])
@pytest.mark.parametrize("text", [SETTINGS, "\u4e00\u53ea\u732b\u5728\u96e8\u4e2d\n" + SETTINGS])
def test_comments_in_utf_16_that_is_not_announced(code, charset, text):
    assert repair_comment(code + text.encode(charset)) == text
    assert repair_comment(code + b"\xff\xfe" + text.encode("utf-16-le")) == text


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"UNICODE\0" + SETTINGS.encode("utf-16-le"),
        b"ASCII\0\0\0" + SETTINGS.encode(),
        bytes(8) + SETTINGS.encode(),
        SETTINGS.encode(),
        bytes(64),
        bytes(range(256)),
        b"\xff" * 40,
        b"ab",
    ],
)
def test_comments_that_exiftool_reads_or_nobody_can(value):
    assert repair_comment(value) == ""


@pytest.mark.parametrize("order", ["<", ">"])
def test_comments_in_jpeg_png_and_webp(order, tmp_path):
    block = exif(bytes(8) + SETTINGS.encode("utf-16-be"), order)
    wanted = [("ExifIFD:UserComment", SETTINGS)]
    assert said(read_bytes(tmp_path, jpeg(segment(0xE1, b"Exif\0\0" + block)), "jpeg")) == wanted
    assert said(read_bytes(tmp_path, png(png_chunk(b"eXIf", block)), "png")) == wanted
    assert said(read_bytes(tmp_path, riff(b"WEBP", chunk(b"EXIF", block)), "webp")) == wanted


def test_samsung_s_records(tmp_path):
    trailer = samsung(
        (0x0A01, b"Image_UTC_Data", b"1700000000000"),
        (0x0BA1, b"Original_Path_Hash_Key", b"abc"),
        (0x0BA1, b"PhotoEditor_Re_Edit_Data", b'{"genAIType":2}'),
        (0x0D91, b"PEg_Info", b'{"genAIType":3}'),
    )
    wanted = [("Samsung:ReEditData", '{"genAIType":2}'), ("Samsung:PEg_Info", '{"genAIType":3}')]
    assert said(read_bytes(tmp_path, jpeg(behind=trailer), "jpeg")) == wanted
    heic = box(b"ftyp", b"heic\0\0\0\0heic") + box(b"sefd", trailer) + box(b"mdat", bytes(9))
    assert said(read_bytes(tmp_path, heic, "heic")) == wanted
    sound = b"QDIO" + struct.pack("<IIII", 101, 1, 0, 9) + struct.pack("<I", 20) + b"QDIOBS"
    assert said(read_bytes(tmp_path, jpeg(behind=trailer + sound), "jpeg")) == wanted


def test_samsung_s_directory_may_lie(tmp_path):
    good = samsung((0x0BA1, b"PhotoEditor_Re_Edit_Data", b'{"a":1}'))
    at = good.index(b"SEFH")
    for place in (8, 16, 20):
        for lie in (0, 1, 7, 0xFFFFFFFF):
            content = good[: at + place] + struct.pack("<I", lie) + good[at + place + 4 :]
            assert read_bytes(tmp_path, jpeg(behind=content), "jpeg")


def test_riff_labels(tmp_path):
    info = chunk(b"LIST", b"INFO" + chunk(b"ISFT", b"Lavf") + chunk(b"AIGC", LABEL.encode()))
    other = chunk(b"LIST", b"movi" + chunk(b"AIGC", b"{}"))
    assert said(read_bytes(tmp_path, wave(chunk(b"AIGC", LABEL.encode() + b"\0")), "wav")) == [("RIFF:AIGC", LABEL)]
    assert said(read_bytes(tmp_path, riff(b"AVI ", other, info), "avi")) == [("RIFF-INFO:AIGC", LABEL)]


def test_bmff_box_of_comfyui(tmp_path):
    content = FTYP + box(b"uuid", b"comfyui_workflow" + GRAPH.encode()) + box(b"uuid", b"something_else__{}")
    assert said(read_bytes(tmp_path, content, "avif")) == [("BMFF-uuid:comfyui_workflow", GRAPH)]


def sei(text: bytes) -> bytes:
    size = 16 + len(text)
    return b"\0\0\0\x40\x06\x05" + b"\xff" * (size // 255) + bytes((size % 255,)) + KLING + text + b"\x80"


@pytest.mark.parametrize("text", [b"kling-ai", b"kling-ai" + b" " * 236 + b"1.6", b"kling-ai " * 60])
def test_h264_messages(text, tmp_path):
    content = FTYP + box(b"mdat", bytes(5000) + sei(text)) + box(b"moov", b"")
    (pair,) = said(read_bytes(tmp_path, content, "mp4"))
    assert pair == (KLING_FIELD, text.decode().strip())


@pytest.mark.parametrize(
    "content",
    [
        FTYP + box(b"mdat", bytes(20) + KLING + b"kling-ai"),
        FTYP + box(b"free", sei(b"kling-ai")) + box(b"mdat", bytes(9)),
        FTYP + box(b"mdat", bytes(5 << 20) + sei(b"kling-ai")),
        FTYP + box(b"mdat", sei(b"")),
    ],
    ids=["no-header", "not-media", "far-behind", "empty"],
)
def test_h264_messages_elsewhere(content, tmp_path):
    assert isinstance(read_bytes(tmp_path, content, "mp4"), NotFound)


def test_the_budget_is_shared():
    harvest = Harvest()
    for number in range(8):
        harvest.add(f"A:{number}", "x" * TEXT_LIMIT_BYTES)
    assert sum(len(one.value) for one in harvest.statements) == TOTAL_LIMIT_BYTES
    assert harvest.room_bytes == 0
    assert harvest.inflate(zlib.compress(b"more")) == b""
