"""Overlays by themselves: drawn in the frame, with the score that a difference would give."""

from __future__ import annotations

import numpy as np

from scanner.match.common_frame import Frame
from scanner.match.overlays import LOWER_THIRD, find_overlays
from scanner.match.planes import soft

WIDTH, HEIGHT = 320, 213
BOX = (16, 149, 304, 192)
COLOUR = np.array((80, 90, 100), np.float32)


def wall():
    return np.full((HEIGHT, WIDTH, 3), 140, np.float32)


def boxed(picture):
    """A lower third with a line of letters."""
    left, top, right, bottom = BOX
    asset = picture.copy()
    asset[top:bottom, left:right] = COLOUR
    asset[top + 12 : bottom - 12, left + 20 : right - 60 : 6] = 240
    asset[top + 12 : bottom - 12, left + 21 : right - 60 : 6] = 240
    return asset


def found(asset, mapped):
    frame = Frame(asset, mapped, np.ones((HEIGHT, WIDTH), np.bool_), 0, 0, WIDTH, HEIGHT)
    score = soft(np.abs(asset - mapped).max(axis=2), 3.5) / 10
    return find_overlays(frame, mapped, score, 1.0)


def test_a_lower_third_is_found_where_it_lies():
    overlays = found(boxed(wall()), wall())
    assert [(overlay.kind, overlay.rectangle) for overlay in overlays] == [(LOWER_THIRD, BOX)]


def test_what_is_nearly_of_its_colour_beside_it_does_not_hide_a_lower_third():
    picture = wall()
    picture[153:189, 4:16] = COLOUR + 12
    overlays = found(boxed(picture), picture)
    assert [(overlay.kind, overlay.rectangle) for overlay in overlays] == [(LOWER_THIRD, BOX)]
