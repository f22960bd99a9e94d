from __future__ import annotations

import numpy as np
import pytest

from scanner.frames.orientation import orientation_of, set_upright
from scanner.model.moving import Orientation

ONE = 1 << 16


def matrix(a: int, b: int, c: int, d: int) -> tuple[int, ...]:
    return (a * ONE, b * ONE, 0, c * ONE, d * ONE, 0, 0, 0, 1 << 30)


@pytest.mark.parametrize(
    ("four", "expected"),
    [
        ((1, 0, 0, 1), Orientation()),
        ((0, 1, -1, 0), Orientation(turn_degrees=90)),
        ((-1, 0, 0, -1), Orientation(turn_degrees=180)),
        ((0, -1, 1, 0), Orientation(turn_degrees=270)),
        ((-1, 0, 0, 1), Orientation(mirrored=True)),
        ((1, 0, 0, -1), Orientation(mirrored=True, turn_degrees=180)),
        ((0, -1, -1, 0), Orientation(mirrored=True, turn_degrees=90)),
        ((0, 1, 1, 0), Orientation(mirrored=True, turn_degrees=270)),
        ((0, 0, 0, 0), Orientation()),
    ],
)
def test_a_matrix_is_read(four: tuple[int, int, int, int], expected: Orientation) -> None:
    assert orientation_of(matrix(*four)) == expected


def test_no_matrix_is_as_stored() -> None:
    assert orientation_of(()) == Orientation()


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_pixels_go_where_the_matrix_says(mirrored: bool, turn: int) -> None:
    width, height = 3, 2
    pixels = np.arange(width * height, dtype=np.uint8).reshape(height, width, 1)
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    first = -1 if mirrored else 1
    a, b, c, d = first * cos, first * sin, -sin, cos
    places = {(a * x + c * y, b * x + d * y): pixels[y, x, 0] for y in range(height) for x in range(width)}
    columns, rows = sorted({x for x, _ in places}), sorted({y for _, y in places})
    expected = np.array([[places[x, y] for x in columns] for y in rows])

    assert orientation_of(matrix(a, b, c, d)) == Orientation(mirrored, turn)
    assert (set_upright(pixels, Orientation(mirrored, turn))[..., 0] == expected).all()
