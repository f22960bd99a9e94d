"""Movies made of bare boxes that claim what they do not have."""

from __future__ import annotations

import io
import struct

import pytest

from scanner.frames.claims import FRAMES_LIMIT, movie_matrix, refuse_claims
from scanner.frames.failures import FilmError
from scanner.model.moving import FilmObstacle
from scanner.tools.containers.source import Source


def box(kind: bytes, *content: bytes) -> bytes:
    body = b"".join(content)
    return struct.pack(">I", 8 + len(body)) + kind + body


def sizes(frames: int) -> bytes:
    return box(b"stsz", struct.pack(">III", 0, 300, frames))


def track(frames: int, handler: bytes = b"vide", matrix: tuple[int, ...] = (0,) * 9) -> bytes:
    header = box(b"tkhd", bytes(40), struct.pack(">9i", *matrix), bytes(8))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12)), box(b"minf", box(b"stbl", sizes(frames))))
    return box(b"trak", header, media)


def source(*parts: bytes) -> Source:
    content = b"".join(parts)
    return Source(io.BytesIO(content), len(content))


def obstacle_of(*parts: bytes) -> FilmObstacle | None:
    try:
        refuse_claims(source(*parts))
    except FilmError as error:
        return error.obstacle
    return None


HEAD = box(b"ftyp", b"qt  ", bytes(4))


@pytest.mark.parametrize("frames", [1_000, 80_000_000, 1_000_000_000, 0xFFFFFFFF])
def test_more_frames_than_bytes_are_not_believed(frames: int) -> None:
    assert obstacle_of(HEAD, box(b"moov", track(frames))) is FilmObstacle.TOO_LARGE


def test_as_many_frames_as_fit_are() -> None:
    assert obstacle_of(HEAD, box(b"moov", track(100))) is None


def test_sound_may_count_each_sample() -> None:
    assert obstacle_of(HEAD, box(b"moov", track(345_000_000, b"soun"))) is None


def test_a_large_file_may_not_claim_any_number() -> None:
    class Large(Source):
        __slots__ = ()

    claimed = source(HEAD, box(b"moov", track(FRAMES_LIMIT + 1)))
    claimed.size_bytes = 1 << 40

    with pytest.raises(FilmError, match="declares"):
        refuse_claims(claimed)


def test_runs_of_fragments_count_together() -> None:
    runs = box(b"moof", box(b"traf", *(box(b"trun", struct.pack(">II", 0, 400)) for _ in range(3))))

    assert obstacle_of(HEAD, box(b"moov", track(0)), runs) is FilmObstacle.TOO_LARGE


def test_a_movie_that_ends_before_its_index_is_truncated() -> None:
    assert obstacle_of(HEAD, box(b"mdat", bytes(5000))[:2000]) is FilmObstacle.TRUNCATED


def test_a_movie_that_ends_within_its_index_is_truncated() -> None:
    assert obstacle_of(HEAD, box(b"moov", track(10))[:-20]) is FilmObstacle.TRUNCATED


def test_a_movie_that_ends_after_its_index_is_left_to_the_sampling() -> None:
    assert obstacle_of(HEAD, box(b"moov", track(10)), box(b"mdat", bytes(5000))[:2000]) is None


def test_the_matrix_is_that_of_the_picture() -> None:
    turned = (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)

    assert movie_matrix(source(HEAD, box(b"moov", track(10, b"soun"), track(10, b"vide", turned)))) == turned


def test_no_picture_has_no_matrix() -> None:
    assert movie_matrix(source(HEAD, box(b"moov", track(10, b"soun")))) == ()
