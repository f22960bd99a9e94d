"""Pictures of frames: geometry, colour and light against what was drawn."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

av = pytest.importorskip("av", reason="films need the extra `video`")

from scanner.frames.opening import open_moving  # noqa: E402
from scanner.frames.rendering import Pixels, Renderer, first_field  # noqa: E402
from scanner.frames.sampling import Sampling  # noqa: E402
from scanner.frames.tone import Light  # noqa: E402
from scanner.model.moving import MovingPicture, Orientation  # noqa: E402
from tests.frames.films import Film, made, number_on  # noqa: E402

KR_KB = {1: (0.2126, 0.0722), 5: (0.299, 0.114), 6: (0.299, 0.114), 9: (0.2627, 0.0593)}
UNSAID = 2
RED = (200, 60, 30)


def first_of(path: Path, format_name: str = "mov", side_px: int = 512) -> Pixels:
    with open_moving(str(path), format_name) as film:
        return next(iter(Sampling(film, side_px=side_px))).pixels


def description(tmp_path: Path) -> MovingPicture:
    with open_moving(str(made(tmp_path / "plain.mov", Film(frames=2))), "mov") as film:
        return film.description


def flat(colour: tuple[int, int, int], matrix: int, full: bool, width: int = 160, height: int = 90) -> Any:
    """A frame of one colour, its numbers reckoned here."""
    red, green, blue = (level / 255 for level in colour)
    kr, kb = KR_KB[matrix]
    luma = kr * red + (1 - kr - kb) * green + kb * blue
    chroma = ((blue - luma) / (2 * (1 - kb)), (red - luma) / (2 * (1 - kr)))
    levels = (
        (luma * 255, *(128 + 255 * one for one in chroma)) if full else (16 + 219 * luma, *(128 + 224 * one for one in chroma))
    )
    frame = av.VideoFrame(width, height, "yuv444p")
    for plane, level in zip(frame.planes, levels, strict=True):
        plane.update(bytes([round(level)]) * plane.buffer_size)
    frame.color_range = 2 if full else 1
    return frame


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("matrix", [1, 5, 6, 9])
def test_each_matrix_and_range(tmp_path: Path, matrix: int, full: bool) -> None:
    frame = flat(RED, matrix, full)
    frame.colorspace = matrix

    assert np.abs(Renderer(description(tmp_path)).render(frame)[40, 80].astype(int) - RED).max() <= 3


@pytest.mark.parametrize(("height", "matrix"), [(576, 5), (720, 1)])
def test_a_film_that_does_not_say_goes_by_its_size(tmp_path: Path, height: int, matrix: int) -> None:
    said = replace(description(tmp_path), width=720 if height == 576 else 1280, height=height)
    frame = flat(RED, matrix, full=False)
    frame.colorspace = UNSAID

    assert np.abs(Renderer(said).render(frame)[40, 80].astype(int) - RED).max() <= 3


def test_rgb_is_taken_as_it_is(tmp_path: Path) -> None:
    frame = av.VideoFrame.from_ndarray(np.full((90, 160, 3), RED, np.uint8), "rgb24")

    assert tuple(Renderer(description(tmp_path)).render(frame)[40, 80]) == RED


@pytest.mark.parametrize(
    ("width", "height", "aspect", "expected"),
    [
        (1920, 1080, Fraction(1), (288, 512)),
        (720, 576, Fraction(64, 45), (288, 512)),
        (2048, 1716, Fraction(2), (214, 512)),
        (160, 90, Fraction(1), (90, 160)),
        (90, 160, Fraction(1), (160, 90)),
        (1080, 1920, Fraction(1), (512, 288)),
    ],
)
def test_size_and_sample_aspect(tmp_path: Path, width: int, height: int, aspect: Fraction, expected: tuple[int, int]) -> None:
    said = replace(description(tmp_path), sample_aspect=aspect)

    assert Renderer(said).render(av.VideoFrame(width, height, "yuv420p")).shape == (*expected, 3)


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_turned_film_is_set_upright(tmp_path: Path, turn: int) -> None:
    """A frame is drawn upright, stored turned, and the file says how to turn it back."""

    def stored(number: int) -> Any:
        from tests.frames.films import numbered

        upright = numbered(number, 3, 160, 96)
        return av.VideoFrame.from_ndarray(np.ascontiguousarray(np.rot90(upright, -turn // 90)), "rgb24")

    size = (96, 160) if turn in (90, 270) else (160, 96)
    film = Film(frames=60, width=size[0], height=size[1], turn=turn, draw=stored)
    path = made(tmp_path / "film.mov", film)

    with open_moving(str(path), "mov") as opened:
        assert opened.description.orientation == Orientation(turn_degrees=360 - turn)
        frames = list(Sampling(opened))
    assert {frame.pixels.shape for frame in frames} == {(96, 160, 3)}
    assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]


def combed(number: int) -> Any:
    """An interlaced frame whose two fields show two numbers."""
    from tests.frames.films import numbered

    woven = numbered(number, 1)
    woven[1::2] = numbered(1023 - number, 2)[1::2]
    return av.VideoFrame.from_ndarray(woven, "rgb24").reformat(format="yuv422p")


def test_an_interlaced_film_shows_one_field(tmp_path: Path) -> None:
    options = {"flags": "+ildct+ilme", "top": "1", "qmin": "1", "qmax": "2"}
    film = Film(
        "mpeg2video", "mxf", frames=50, pixel_format="yuv422p", gop=1, options=options, colours={"field_order": 2}, draw=combed
    )
    path = made(tmp_path / "film.mxf", film)

    with open_moving(str(path), "mxf") as opened:
        frames = list(Sampling(opened))
    assert len(frames) >= 2
    assert [number_on(frame.pixels) for frame in frames] == [frame.mark.number for frame in frames]
    assert frames[0].pixels.shape == (90, 160, 3)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "yuyv422", "nv12", "gbrp"])
def test_a_field_is_every_other_row(pixel_format: str) -> None:
    frame = av.VideoFrame(64, 48, pixel_format)
    for plane in frame.planes:
        rows = np.zeros((plane.buffer_size // plane.line_size, plane.line_size), np.uint8)
        rows[::2], rows[1::2] = 100, 200
        plane.update(rows.tobytes())

    field = first_field(frame)

    assert (field.width, field.height) == (64, 24)
    assert {bytes(plane)[0] for plane in field.planes} == {100}
    assert not any(200 in bytes(plane) for plane in field.planes)


def wide(signal: float, transfer: int) -> Any:
    """A grey ten-bit frame at a signal level of 0 to 1."""
    frame = av.VideoFrame(160, 90, "yuv444p10le")
    for plane, level in zip(frame.planes, (64 + 876 * signal, 512, 512), strict=True):
        plane.update(np.full(plane.buffer_size // 2, round(level), "<u2").tobytes())
    frame.colorspace, frame.color_range, frame.color_trc, frame.color_primaries = 9, 1, transfer, 9
    return frame


@pytest.mark.parametrize(("transfer", "white"), [(16, 0.5807), (18, 0.75)])
def test_reference_white_is_nearly_white_and_below_it_nothing_is_bent(tmp_path: Path, transfer: int, white: float) -> None:
    renderer = Renderer(description(tmp_path))
    levels = [int(renderer.render(wide(signal, transfer))[40, 80, 0]) for signal in (0.0, white / 2, white, 1.0)]

    assert levels[0] <= 1
    assert 215 <= levels[2] <= 245
    assert levels == sorted(levels)


def test_pq_of_a_grey_is_what_the_same_grey_is_in_sdr(tmp_path: Path) -> None:
    # 18 % of reference white, 36.5 cd/m²: signal 0.4109 in PQ, level 118 in sRGB.
    level = Renderer(description(tmp_path)).render(wide(0.4109, 16))[40, 80, 0]

    assert abs(int(level) - 118) <= 2


def test_another_curve_can_be_handed_in(tmp_path: Path) -> None:
    def plain(light: Light) -> Light:
        return np.full_like(light, 0.5)

    assert (Renderer(description(tmp_path), tone=plain).render(wide(0.3, 16)) == 128).all()


def test_jpeg_2000_is_decoded_small(tmp_path: Path) -> None:
    film = Film("jpeg2000", "mxf", frames=3, pixel_format="yuv422p10le", width=1280, height=720)
    path = made(tmp_path / "film.mxf", film)

    with open_moving(str(path), "mxf") as opened:
        frame = next(iter(Sampling(opened, side_px=160)))
        assert opened.stream.codec_context.width < 1280
    assert frame.pixels.shape == (90, 160, 3)
    assert number_on(frame.pixels) == 0
