"""The probe as a whole: every row has a sample, names may lie, damage is told, nothing hostile holds it up."""

import io
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.formats import UNKNOWN_FORMAT, MediaKind
from scanner.probe.detect import probe, probe_source
from scanner.probe.formats import ALL, LITTER
from scanner.tools.containers.source import Source
from tests.probe.samples import SAMPLES, movie, sample_name, wave

ROWS = {row.name: row for row in ALL}


def look(content: bytes, name: str = "noname"):
    return probe_source(Source(io.BytesIO(content), len(content)), name)


def test_every_row_has_a_sample():
    assert set(SAMPLES) == set(ROWS)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_whole_sample_is_recognised_under_its_own_extension(name, tmp_path):
    row = ROWS[name]
    path = tmp_path / sample_name(name, row.extensions)
    path.write_bytes(SAMPLES[name])
    found = probe(str(path), path.name, path.stat().st_size)
    assert (found.format, found.lying_extension, found.damage) == (row, None, None)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_name_is_not_needed(name):
    assert look(SAMPLES[name]).format.name == name
    assert look(SAMPLES[name], "x.backup").lying_extension is None


@pytest.mark.parametrize(
    ("content", "file_name", "lie"),
    [
        ("jpeg", "a.png", "png"),
        ("jpeg", "A.PNG", "png"),
        ("png", "a.jpg", "jpg"),
        ("webp", "a.jpeg", "jpeg"),
        ("avif", "a.heic", "heic"),
        ("mkv", "a.mp4", "mp4"),
        ("mp3", "a.wav", "wav"),
        ("html", "a.jpg", "jpg"),
        ("zip", "a.mov", "mov"),
        ("svg", "a.xml", "xml"),
        ("jpeg", "a.txt", "txt"),
        ("jpeg", "a.jfif", None),
        ("heif", "a.heic", None),
        ("mp4", "a.mov", None),
        ("m4a", "a.mp4", None),
        ("dng", "a.tif", None),
        ("tiff", "a.dng", None),
        ("bwf", "a.wav", None),
        ("rf64", "a.bwf", None),
        ("opus", "a.ogg", None),
        ("pdf", "a.ai", None),
        ("postscript", "a.ai", None),
        ("xml", "a.txt", None),
        ("json", "a.srt", None),
        ("text", "a.ts", None),
        ("jpeg", "a", None),
        ("jpeg", ".png", None),
        ("jpeg", "a.", None),
        ("jpeg", "a.xyz", None),
        ("apple-double", "._a.jpg", None),
    ],
)
def test_a_lying_extension_is_named(content, file_name, lie):
    found = look(SAMPLES[content], file_name)
    assert (found.format.name, found.lying_extension) == (content, lie)


@pytest.mark.parametrize("row", [row for row in ALL if row.kind.is_media], ids=lambda row: row.name)
def test_zero_bytes_under_a_media_extension(row):
    found = look(b"", f"a.{row.extensions[0].upper()}")
    assert found.format.kind.is_media
    assert row.extensions[0] in found.format.extensions
    assert found.damage == "zero bytes"


def test_zero_bytes_under_any_other_name():
    for name in ("a", "a.txt", "a.xyz"):
        assert (look(b"", name).format, look(b"", name).damage) == (UNKNOWN_FORMAT, "zero bytes")


@pytest.mark.parametrize("content", [bytes(5000), b"\x91\x02\xf3" * 700, b"not a picture at all", b"abcd\n"])
def test_unknown_bytes_under_a_media_extension_are_said_to_be_so(content):
    found = look(content, "still.JPG")
    assert (found.format, found.damage) == (UNKNOWN_FORMAT, "named .jpg, but its bytes are no known format")


def test_unknown_bytes_elsewhere_are_no_damage():
    for name in ("a.bin", "a", "a.zip", "a.ttf"):
        assert look(b"\x91\x02\xf3" * 700, name).damage is None
        assert look(b"\x91\x02\xf3" * 700, name).lying_extension is None


def test_litter_is_in_the_table_and_no_media():
    assert {ROWS[name].kind for name in LITTER} == {MediaKind.NOT_MEDIA}


def test_a_missing_file_is_an_os_error(tmp_path):
    with pytest.raises(OSError):
        probe(str(tmp_path / "gone.jpg"), "gone.jpg", 10)


def test_a_link_or_pipe_is_an_os_error(tmp_path):
    (tmp_path / "a.jpg").write_bytes(SAMPLES["jpeg"])
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    for name in ("link.jpg", "pipe.jpg"):
        with pytest.raises(OSError):
            probe(str(tmp_path / name), name, 10)


def test_a_file_that_shrank_since_the_crawl_reads_as_cut(tmp_path):
    path = tmp_path / "a.mov"
    path.write_bytes(movie(b"qt  ")[:100])
    assert probe(str(path), "a.mov", 5000).format.name == "mov"


def test_big_files_are_not_read_whole(tmp_path):
    path = tmp_path / "a.wav"
    content = wave()
    with path.open("wb") as stream:
        stream.write(content[:4] + (3 << 30).to_bytes(4, "little") + content[8 : -200 - 4] + (3 << 30).to_bytes(4, "little"))
        stream.truncate((3 << 30) + 44)
    started = time.monotonic()
    assert probe(str(path), "a.wav", path.stat().st_size).damage is None
    assert time.monotonic() - started < 1


# The slowest permitted walk is a GIF of one-byte blocks; no sample here comes near a second.
LONGEST_SECONDS = 1.0


def assert_quick(content: bytes, name: str) -> None:
    started = time.monotonic()
    look(content, name)
    assert time.monotonic() - started < LONGEST_SECONDS


@given(st.binary(max_size=300), st.sampled_from(["a.jpg", "a", "a.mov", "a.txt"]))
@settings(max_examples=150, deadline=None)
def test_any_bytes_are_answered(content, name):
    assert_quick(content, name)


@given(st.sampled_from(sorted(SAMPLES)), st.data())
@settings(max_examples=300, deadline=None)
def test_any_mutated_sample_is_answered(name, draw):
    content = bytearray(SAMPLES[name][:8192])
    for _ in range(draw.draw(st.integers(1, 6))):
        at = draw.draw(st.integers(0, len(content) - 1))
        patch = draw.draw(
            st.one_of(st.binary(min_size=1, max_size=8), st.sampled_from([b"\0" * 8, b"\xff" * 8, b"\x80" + b"\0" * 7]))
        )
        content[at : at + len(patch)] = patch
    assert_quick(bytes(content), f"a.{ROWS[name].extensions[0]}" if ROWS[name].extensions else name)


@given(st.sampled_from(sorted(SAMPLES)), st.floats(0, 1))
@settings(max_examples=200, deadline=None)
def test_any_cut_sample_is_answered(name, share):
    content = SAMPLES[name][: int(len(SAMPLES[name]) * share)]
    assert_quick(content, f"a.{ROWS[name].extensions[0]}" if ROWS[name].extensions else name)
