"""Registration: what is a pixel off is moved, what lies as it should stays."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.match import registration
from scanner.match.common_frame import Frame
from scanner.match.registration import agreement, registered
from tests.match.altered_scenes import HEIGHT, WIDTH, scene


def frame_of(asset, reference):
    every = np.ones((HEIGHT, WIDTH), np.bool_)
    return Frame(asset.astype(np.float32), reference.astype(np.float32), every, 0, 0, WIDTH, HEIGHT)


def test_a_reference_two_pixels_off_is_moved():
    shifted = cv2.warpAffine(scene(), np.array([[1.0, 0, 2], [0, 1, -1.5]]), (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE)
    frame = frame_of(scene(), shifted)
    moved = registered(frame)
    assert agreement(moved)[20:-20, 20:-20].mean() > agreement(frame)[20:-20, 20:-20].mean() + 0.1


def test_a_field_that_makes_less_agree_is_not_applied(monkeypatch: pytest.MonkeyPatch):
    slipped = np.full((HEIGHT, WIDTH, 2), 5.0, np.float32)
    monkeypatch.setattr(registration, "_field", lambda asset, frame: slipped)
    frame = frame_of(scene(), scene())
    assert registered(frame) is frame
