from __future__ import annotations

import io
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from scanner.fingerprint.local_features import POINTS, local_features, local_query
from scanner.fingerprint.picture import Picture, open_picture
from scanner.match.points import pair_up, points_of
from scanner.model.algorithms import LOCAL_FEATURES
from scanner.model.matching import LocalFeatures
from tests.fingerprint.landscapes import landscape
from tests.fingerprint.plain_pictures import plain_pictures

ARRAYS = ("places", "codes", "words")
GOLDEN = Path(__file__).parent / "golden_features.npz"
"""Features of two landscapes, made with OpenCV 5.0 on x86-64; other versions and processors round differently.

After a change that deserves a new version: SAVE_GOLDEN=1 pytest tests/fingerprint/test_local_features.py, and look at the
diff."""


def of(image):
    return local_features(Picture(image, *image.size))


def paired(one, other):
    return pair_up(points_of(one), points_of(other))


def share_paired(one, other):
    return len(paired(one, other)) / max(1, min(one.count, other.count))


def test_the_same_picture_has_the_same_features():
    assert of(landscape(0)) == of(landscape(0))


@pytest.fixture(scope="module", autouse=True)
def saved_golden():
    if os.environ.get("SAVE_GOLDEN"):
        made = {seed: of(landscape(seed)) for seed in (0, 1)}
        arrays = {f"{name}{seed}": np.frombuffer(getattr(one, name), np.uint8) for seed, one in made.items() for name in ARRAYS}
        np.savez_compressed(GOLDEN, algorithm=LOCAL_FEATURES, **arrays)


@pytest.mark.parametrize("seed", [0, 1])
def test_golden_features_hold_but_for_rounding(seed):
    features = of(landscape(seed))
    with np.load(GOLDEN) as held:
        golden = LocalFeatures(str(held["algorithm"]), 480, 320, *(held[f"{name}{seed}"].tobytes() for name in ARRAYS))
    assert features.algorithm == golden.algorithm == LOCAL_FEATURES, "other features need another name, and new golden ones"
    assert abs(features.count - golden.count) <= 0.03 * golden.count
    pairs = paired(features, golden)
    assert len(pairs) > 0.8 * golden.count
    assert np.quantile(np.abs(pairs.asset - pairs.reference).max(axis=1), 0.95) < 0.004
    same = np.frombuffer(features.words, "<u4")[:100] == np.frombuffer(golden.words, "<u4")[:100]
    assert same.mean() > 0.5


def test_features_are_bounded_and_28_bytes_a_point():
    features = of(_pebbles(5, 1600, 1200))
    count = features.count
    assert 0.9 * POINTS < count <= POINTS
    assert (len(features.places), len(features.codes), len(features.words)) == (8 * count, 16 * count, 4 * count)
    assert (features.width, features.height) == (1600, 1200)


def _pebbles(seed, width, height):
    image = landscape(seed, width, height)
    for part in range(24):
        patch = landscape(seed + part).resize((width // 6, height // 4))
        image.paste(patch, (part % 6 * (width // 6), part // 6 * (height // 4)))
    return image


def test_size_of_the_decode_hardly_matters():
    large = landscape(6, 1920, 1280)
    whole, half = of(large), local_features(Picture(large.resize((960, 640), Image.Resampling.BOX), 1920, 1280))
    assert (whole.width, whole.height) == (half.width, half.height)
    pairs = paired(whole, half)
    assert len(pairs) > 0.6 * whole.count
    assert np.median(np.abs(pairs.asset - pairs.reference)) < 0.001


def test_a_jpeg_scaled_down_while_decoding_gives_the_same_points(tmp_path):
    path = tmp_path / "large.jpg"
    landscape(7, 2400, 1600).save(path, quality=92)
    whole, draft = (local_features(open_picture(str(path), "jpeg", small=small)) for small in (False, True))
    assert share_paired(whole, draft) > 0.6


def test_the_mirrored_points_are_those_of_the_flopped_picture():
    image = landscape(8)
    query, flopped = local_query(Picture(image, *image.size)), of(image.transpose(Image.Transpose.FLIP_LEFT_RIGHT))
    pairs = paired(query.mirrored, flopped)
    assert len(pairs) > 0.7 * flopped.count
    assert np.median(np.abs(pairs.asset - pairs.reference)) < 0.002
    assert np.median(np.abs((pairs.turn + np.pi) % (2 * np.pi) - np.pi)) < 0.02
    assert share_paired(query.features, flopped) < 0.1


def test_a_query_has_the_features_of_the_picture_and_words_near_each_point():
    image = landscape(9)
    query, features = local_query(Picture(image, *image.size)), of(image)
    assert query.features == features
    for own, near in ((query.features, query.near_words), (query.mirrored, query.mirrored_near_words)):
        rows = np.frombuffer(near, "<u4").reshape(own.count, -1)
        assert np.array_equal(rows[:, 0], np.frombuffer(own.words, "<u4"))
        assert all(len(set(row)) == len(row) for row in rows.tolist())


def test_plain_pictures_have_no_points():
    assert {kind for kind, image in plain_pictures(120, seed=21) if of(image.convert("RGB")).count} == set()


@pytest.mark.parametrize("size", [(1, 1), (8, 300), (300, 8), (40, 40)])
def test_tiny_pictures_are_no_trouble(size):
    assert of(landscape(1).resize(size)).count < 60


def test_lettering_has_no_points_while_the_picture_around_it_has():
    image = landscape(2)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 200, 480, 290), fill=(15, 15, 15))
    for row in range(3):
        draw.text((10, 202 + 28 * row), "ARCHIVE REEL NINETEEN 45", fill=(240, 240, 240), font=ImageFont.load_default(24))
    features = of(image)
    places = points_of(features).places * 480
    inside = np.all((places > (4, 206)) & (places < (476, 284)), axis=1)
    assert features.count > 200
    assert inside.mean() < 0.03


def test_what_repeats_has_hardly_any_points_while_the_picture_around_it_has():
    image, tile = landscape(3), landscape(4).resize((60, 60))
    alone = landscape(3)
    alone.paste(tile, (0, 20))
    for left in range(0, 360, 60):
        image.paste(tile, (left, 20))
    once, often = (points_of(of(picture)).places * 480 for picture in (alone, image))

    def within(places):
        return int(np.all((places > (2, 22)) & (places < (58, 78)), axis=1).sum())

    assert within(once) > 10
    assert within(often) < 0.4 * within(once)
    assert len(often) > 200


@pytest.mark.parametrize("mode", ["L", "LA", "RGBA", "P", "CMYK", "I;16", "1"])
def test_any_mode_will_do(mode):
    stream = io.BytesIO()
    image = landscape(4).convert("L").convert("I;16") if mode == "I;16" else landscape(4).convert(mode)
    image.save(stream, "TIFF")
    opened = Image.open(stream)
    opened.load()
    assert of(opened).algorithm == LOCAL_FEATURES
