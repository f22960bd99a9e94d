from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanner.fingerprint.flatness import is_flat
from scanner.fingerprint.plainness import in_two_tones, stands_in_plain
from tests.fingerprint.landscapes import landscape
from tests.fingerprint.plain_pictures import plain_pictures


def on_black(image, width=960, height=540):
    frame = Image.new("L", (width, height))
    frame.paste(image.convert("L").resize((240, 160)), (600, 100))
    return frame


def test_a_picture_on_black_looks_plain_and_yet_holds_a_picture():
    frame = on_black(landscape(1))
    assert is_flat(frame)
    assert stands_in_plain(np.asarray(frame))


def test_a_picture_in_log_holds_a_picture():
    levels = (112 + 0.04 * (np.asarray(landscape(2).convert("L"), np.float32) - 128)).astype(np.uint8)
    assert not stands_in_plain(levels), "beyond any log curve"
    assert stands_in_plain((95 + 0.42 * np.asarray(landscape(2).convert("L"), np.float32)).astype(np.uint8))


@pytest.mark.parametrize("kind", ["black with grain", "bars", "slate", "credits", "gradient", "countdown", "tint"])
def test_plain_pictures_hold_nothing(kind):
    made = [np.asarray(image.convert("L")) for name, image in plain_pictures(100) if name == kind]
    assert made
    assert not any(stands_in_plain(levels) for levels in made)


def test_lettering_is_in_two_tones_and_a_landscape_is_not():
    image = landscape(3).convert("L")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 240, 480, 300), fill=20)
    draw.text((20, 245), "ARCHIVE 1945", fill=235, font=ImageFont.load_default(40))
    levels = np.asarray(image)
    edges = np.argwhere(np.abs(np.diff(levels[242:298].astype(int), axis=1)) > 100)[:, ::-1] + (0, 242)
    above = np.random.default_rng(1).uniform((20, 20), (460, 200), (300, 2)).astype(np.float32)
    assert in_two_tones(levels, edges.astype(np.float32)).mean() > 0.9
    assert in_two_tones(levels, above).mean() < 0.2


def test_places_at_the_edge_and_no_places():
    levels = np.asarray(landscape(4).convert("L"))
    assert in_two_tones(levels, np.array([[0, 0], [479.6, 319.6]], np.float32)).shape == (2,)
    assert in_two_tones(levels, np.zeros((0, 2), np.float32)).shape == (0,)
