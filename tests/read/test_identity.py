"""What a cut can know a file by, read from containers that ffmpeg's library writes, and from the corpus."""

from __future__ import annotations

import shutil
import struct
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.cut import FrameRange
from scanner.model.placement import UNKNOWN_MEDIA, MediaIdentity
from scanner.model.timecode import Rate
from scanner.read.identity import read_identity
from scanner.read.umid import is_umid

NTSC_DROP = Rate(Fraction(30_000, 1001), drop_frame=True)
UMID = bytes.fromhex("060a2b340101010501010f1013000000") + bytes(range(16))


def identity(path: Path, format_name: str) -> MediaIdentity:
    return read_identity(str(path), format_name, path.stat().st_size)


def movie(path: Path, rate: str, codec: str, *more: str) -> Path:
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg is installed")
    picture = ["-f", "lavfi", "-i", f"testsrc2=size=320x180:rate={rate}:duration=2", "-c:v", codec]
    subprocess.run(["ffmpeg", "-v", "error", *picture, *more, str(path)], check=True)
    return path


def box(kind: bytes, *content: bytes) -> bytes:
    inside = b"".join(content)
    return struct.pack(">I4s", 8 + len(inside), kind) + inside


def timecode_movie(*, flags=0, scale=25, frame=1, start=900_000, name=b"A001", duration=(50, 25)) -> bytes:
    """A QuickTime movie with nothing but a timecode track; its sample stands at the end."""
    reel = box(b"name", struct.pack(">HH", len(name), 0), name)
    entry = struct.pack(">6xH4xIIIBx", 1, flags, scale, frame, 25) + reel

    def movie_at(offset: int) -> bytes:
        table = box(
            b"stbl", box(b"stsd", struct.pack(">4xI", 1), box(b"tmcd", entry)), box(b"stco", struct.pack(">4xII", 1, offset))
        )
        header = box(b"mdhd", struct.pack(">4x8xII4x", duration[1], duration[0]))
        return box(b"moov", box(b"trak", box(b"mdia", header, box(b"minf", table))))

    head = box(b"ftyp", b"qt  ", bytes(4))
    offset = len(head) + len(movie_at(0)) + 8
    return head + movie_at(offset) + box(b"mdat", struct.pack(">I", start))


@pytest.fixture
def read_movie(tmp_path):
    def read(content: bytes) -> MediaIdentity:
        (tmp_path / "a.mov").write_bytes(content)
        return identity(tmp_path / "a.mov", "mov")

    return read


def test_a_timecode_track_says_reel_frames_and_counting(read_movie):
    assert read_movie(timecode_movie()) == MediaIdentity((), "A001", FrameRange(900_000, 900_050), Rate(Fraction(25)))
    dropping = read_movie(timecode_movie(flags=1, scale=30_000, frame=1001, start=107_892, duration=(60_060, 30_000)))
    assert (dropping.timecode, dropping.rate) == (FrameRange(107_892, 107_952), NTSC_DROP)


@pytest.mark.parametrize(
    "odd",
    [
        {"scale": 0},
        {"frame": 0},
        {"flags": 4},
        {"flags": 1},
        {"scale": 1_000_000},
        {"duration": (0, 25)},
        {"duration": (50, 0)},
        {"duration": (1 << 31, 1)},
    ],
)
def test_a_timecode_track_that_cannot_be_gives_its_reel_alone(read_movie, odd):
    assert read_movie(timecode_movie(**odd)) == MediaIdentity(tape="A001")


@given(st.integers(0, 250))
def test_a_movie_cut_anywhere_is_read_or_not(tmp_path_factory, size):
    path = tmp_path_factory.getbasetemp() / "cut.mov"
    path.write_bytes(timecode_movie()[:size])

    assert identity(path, "mov").timecode in (None, FrameRange(900_000, 900_050))


def test_ffmpegs_movies_are_read(tmp_path):
    path = movie(tmp_path / "a.mov", "25", "mpeg4", "-timecode", "10:00:00:00", "-metadata:s:v", "reel_name=A001C002")
    assert identity(path, "mov") == MediaIdentity((), "A001C002", FrameRange(900_000, 900_050), Rate(Fraction(25)))


def test_ffmpegs_mxf_is_read(tmp_path):
    path = movie(tmp_path / "a.mxf", "30000/1001", "mpeg2video", "-timecode", "10:00:00;00")
    found = identity(path, "mxf")
    assert (found.timecode, found.rate) == (FrameRange(1_078_920, 1_078_980), NTSC_DROP)
    assert [len(uuid) for uuid in found.uuids] == [64, 64, 32, 32]
    assert found.uuids[0].startswith("060a2b34")


def test_an_atom_of_a_tape_is_read(tmp_path):
    profile = ["-profile:v", "dnxhr_lb", "-pix_fmt", "yuv422p", "-f", "mxf_opatom"]
    path = movie(tmp_path / "a.mxf", "25", "dnxhd", *profile, "-metadata", "reel_name=TAPE7", "-timecode", "09:00:00:00")
    found = identity(path, "mxf")
    assert (found.tape, found.timecode) == ("TAPE7", FrameRange(810_000, 810_050))


def test_a_placeholder_is_no_umid():
    assert is_umid(UMID)
    assert not any(is_umid(UMID[:16] + rest) for rest in (bytes(16), bytes(15) + b"\1", b"\xff" * 16, b"short"))
    assert not is_umid(b"x" + UMID[1:])


def test_a_broadcast_wave_has_an_umid(tmp_path):
    def wave(bext: bytes) -> MediaIdentity:
        content = b"WAVE" + struct.pack("<4sI", b"bext", len(bext)) + bext
        (tmp_path / "a.wav").write_bytes(struct.pack("<4sI", b"RIFF", len(content)) + content)
        return identity(tmp_path / "a.wav", "bwf")

    assert wave(bytes(348) + UMID + bytes(222)).uuids == (UMID.hex(),)
    assert wave(bytes(602)) == wave(bytes(10)) == UNKNOWN_MEDIA


@given(st.binary(max_size=400), st.binary(max_size=40))
def test_rubbish_behind_a_header_says_nothing_that_is_none(tmp_path_factory, sets, tail):
    path = tmp_path_factory.getbasetemp() / "rubbish.mxf"
    key = bytes.fromhex("060e2b34020501010d01020101020400")
    local = bytes.fromhex("060e2b34025301010d010101010136 00".replace(" ", ""))
    path.write_bytes(key + b"\x00" + local + bytes([0x82]) + struct.pack(">H", len(sets)) + sets + tail)

    assert identity(path, "mxf").tape == ""


def test_other_formats_are_not_opened():
    assert read_identity("/nowhere", "jpeg", 10) == UNKNOWN_MEDIA
