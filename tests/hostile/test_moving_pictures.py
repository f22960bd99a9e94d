"""Films that claim what cannot be: what can be seen of them is seen, what cannot is said, and neither takes long."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest

from scanner.pipeline.film_stretches import EMPTY_LIMIT
from tests.frames.films import Film, made, numbered
from tests.hostile.moving import looked_at, set_in_box

av = pytest.importorskip("av", reason="films need the extra `video`")

FRAMES, RATE = 75, 25
MP4 = Film(frames=FRAMES, gop=25, b_frames=0)


@pytest.fixture(scope="module")
def movie(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Three seconds of H.264 in MP4."""
    return made(tmp_path_factory.mktemp("movie") / "film.mp4", MP4).read_bytes()


def written(folder: Path, content: bytes, name: str = "film.mp4") -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("claim", ["9999:00:03.0000000", "168:00:03.00000000"])
def test_a_header_that_claims_a_week_or_a_year_costs_some_stretches(tmp_path: Path, claim: str) -> None:
    film = made(tmp_path / "true.mkv", Film("libx264", "matroska", frames=FRAMES, gop=25))
    claims = re.sub(rb"00:00:03\.\d{9}", claim.encode(), film.read_bytes())
    seen = looked_at(written(tmp_path, claims, "film.mkv"))
    assert len(seen.times) == 3
    assert seen.asked == EMPTY_LIMIT + 1
    assert seen.why == "it ends before it says it does"


def test_a_header_that_claims_no_length_hides_nothing(tmp_path: Path) -> None:
    film = made(tmp_path / "film.mp4", Film(frames=2000, gop=250, options={"preset": "ultrafast"}))
    claims = film.read_bytes()
    for kind in (b"mvhd", b"mdhd"):
        claims = set_in_box(claims, kind, 16, 1)
    seen = looked_at(written(tmp_path, claims, "short.mp4"))
    assert seen.times[-1] >= 78
    assert max(later - earlier for earlier, later in zip(seen.times, seen.times[1:], strict=False)) <= 1


@pytest.mark.parametrize("kind", [b"mvhd", b"mdhd"])
def test_a_time_base_of_zero(tmp_path: Path, movie: bytes, kind: bytes) -> None:
    seen = looked_at(written(tmp_path, set_in_box(movie, kind, 12, 0)))
    assert seen.times or seen.why


def test_a_frame_that_is_shown_for_years(tmp_path: Path, movie: bytes) -> None:
    # The first entry of the table of times: every frame 2^32 ticks after the one before.
    seen = looked_at(written(tmp_path, set_in_box(movie, b"stts", 12, 0xFFFFFFFF)))
    assert seen.asked <= EMPTY_LIMIT + FRAMES
    assert seen.times or seen.why


def test_a_frame_an_hour_is_seen_without_looking_at_each_half_minute(tmp_path: Path) -> None:
    times = [3600 * at for at in range(10)]
    film = Film("libx264", "matroska", frames=10, rate=Fraction(1), times=times, gop=1)
    seen = looked_at(made(tmp_path / "film.mkv", film))
    assert seen.times == times
    assert seen.asked <= 2 * len(times)
    assert seen.why == ""


@pytest.mark.parametrize("name", ["film.mkv", "film.ts", "film.mp4", "film.mov"])
def test_times_before_zero(tmp_path: Path, name: str) -> None:
    options = {"avoid_negative_ts": "disabled"}
    film = Film(frames=100, gop=25, b_frames=0, first_time=-50, container_options=options)
    seen = looked_at(made(tmp_path / name, film))
    assert len(seen.times) >= 2
    assert seen.why == ""


def leaping(ticks: int) -> bytes:
    """Matroska as it is streamed, its second cluster at `ticks` milliseconds."""
    import io

    stream = io.BytesIO()
    options = {"live": "1", "cluster_time_limit": "1000"}
    with av.open(stream, "w", format="matroska", options=options) as output:
        video = output.add_stream("libx264", rate=RATE, options={"preset": "ultrafast"})
        video.width, video.height, video.gop_size, video.max_b_frames = 160, 90, 25, 0
        for number in range(100):
            output.mux(video.encode(av.VideoFrame.from_ndarray(numbered(number), "rgb24")))
        output.mux(video.encode(None))
    content = stream.getvalue()
    second = content.find(b"\x1f\x43\xb6\x75", content.find(b"\x1f\x43\xb6\x75") + 1)
    at = content.find(b"\xe7", second)
    length = content[at + 1] & 0x7F
    return content[: at + 1] + b"\x88" + ticks.to_bytes(8, "big") + content[at + 2 + length :]


@pytest.mark.parametrize("ticks", [2**62, 2**63 - 1, 2**64 - 1, 10**9])
def test_times_that_leap(tmp_path: Path, ticks: int) -> None:
    seen = looked_at(written(tmp_path, leaping(ticks), "film.mkv"))
    assert seen.times
    assert seen.asked <= EMPTY_LIMIT + 10


@pytest.mark.parametrize("suffix", [".ts", ".avi"])
def test_pictures_that_change_their_size_on_the_way(tmp_path: Path, suffix: str) -> None:
    if suffix == ".ts":
        sizes = (Film(frames=50, gop=25), Film(frames=50, gop=25, width=320, height=180, first_time=50))
        parts = [made(tmp_path / f"{at}.ts", film).read_bytes() for at, film in enumerate(sizes)]
        seen = looked_at(written(tmp_path, b"".join(parts), "film.ts"))
        assert len(seen.times) >= 4
    else:
        seen = looked_at(written(tmp_path, pictures_of(160, 320), "film.avi"))
        assert len(seen.times) >= 3
    assert seen.why == ""


def pictures_of(*widths: int, claimed: int = 0) -> bytes:
    """Motion JPEG in AVI: a second of each width; `claimed` is written into the last second's pictures as their size."""
    import io

    stream = io.BytesIO()
    with av.open(stream, "w", format="avi") as output:
        video = output.add_stream("mjpeg", rate=RATE)
        video.width, video.height, video.pix_fmt = widths[0], widths[0], "yuvj420p"
        number = 0
        for place, width in enumerate(widths):
            encoder = av.CodecContext.create("mjpeg", "w")
            encoder.width, encoder.height, encoder.pix_fmt = width, width, "yuvj420p"
            encoder.time_base = Fraction(1, RATE)
            for _ in range(RATE):
                frame = av.VideoFrame.from_ndarray(numbered(number, 0, width, width), "rgb24").reformat(format="yuvj420p")
                frame.pts, frame.time_base = number, Fraction(1, RATE)
                for packet in encoder.encode(frame):
                    content = bytes(packet)
                    if claimed and place == len(widths) - 1:
                        at = content.find(b"\xff\xc0") + 5
                        content = content[:at] + claimed.to_bytes(2, "big") * 2 + content[at + 4 :]
                    made_packet = av.Packet(content)
                    made_packet.stream, made_packet.pts, made_packet.dts = video, number, number
                    made_packet.time_base, made_packet.is_keyframe = Fraction(1, RATE), True
                    output.mux(made_packet)
                number += 1
    return stream.getvalue()


_LOOK = """
import pathlib, re, sys
import resource
from tests.hostile.moving import looked_at
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for path in sys.argv[1:]:
    seen = looked_at(pathlib.Path(path))
    print(len(seen.times), seen.why)
print(int(re.search("VmHWM:\\\\s+(\\\\d+)", pathlib.Path("/proc/self/status").read_text())[1]) >> 10)
"""


def in_a_process_of_its_own(*paths: Path) -> list[str]:
    """Look at films and return a line each, and the memory that it took in MB: a crash must fail the test, not end the suite."""
    command = [sys.executable, "-c", _LOOK, *map(str, paths)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_pictures_that_grow_to_268_million_pixels_on_the_way(tmp_path: Path) -> None:
    told, memory = in_a_process_of_its_own(written(tmp_path, pictures_of(160, 160, 160, claimed=16384), "film.avi"))
    assert int(told.split()[0]) >= 2
    assert int(memory) < 500


@pytest.mark.skipif(sys.platform != "linux", reason="memory is told by /proc")
def test_mutants_of_films(tmp_path: Path, movie: bytes) -> None:
    chance = random.Random(1)
    originals = {
        "mp4": movie,
        "mov": made(tmp_path / "o.mov", Film("prores_ks", pixel_format="yuv422p10le", frames=30)).read_bytes(),
        "mkv": made(tmp_path / "o.mkv", Film("libx264", "matroska", frames=50, gop=12)).read_bytes(),
        "ts": made(tmp_path / "o.ts", Film("libx264", "mpegts", frames=50, gop=12)).read_bytes(),
        "mxf": made(tmp_path / "o.mxf", Film("mpeg2video", "mxf", frames=50, gop=12)).read_bytes(),
    }
    mutants = []
    for number in range(40):
        name = chance.choice(list(originals))
        content = bytearray(originals[name])
        start = max(0, content.find(b"moov"))
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(start, len(content))
            content[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", bytes(4), b"\x7f\xff\xff\xff", chance.randbytes(1)))
        mutants.append(written(tmp_path, bytes(content), f"{number}.{name}"))
    *told, memory = in_a_process_of_its_own(*mutants)
    assert len(told) == len(mutants)
    assert int(memory) < 1500


def test_packets_that_do_not_decode_are_said_where_seconds_are_lost(tmp_path: Path) -> None:
    content = bytearray(pictures_of(160, 160, 160, 160, 160, 160))
    starts = [found.start() for found in re.finditer(rb"\xff\xd8", bytes(content))]
    spoilt = bytearray(content)
    spoilt[starts[10] : starts[11] - 8] = bytes(starts[11] - 8 - starts[10])
    assert looked_at(written(tmp_path, bytes(spoilt), "one.avi")).why == ""
    for start, following in pairwise(starts[RATE : 5 * RATE]):
        content[start : following - 8] = bytes(following - 8 - start)
    many = looked_at(written(tmp_path, bytes(content), "many.avi"))
    assert many.why == "a part of it cannot be decoded"
    assert len(many.times) > 2
