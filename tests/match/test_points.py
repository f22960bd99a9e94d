from __future__ import annotations

import numpy as np
import pytest

from scanner.match.points import MOST_BITS, Points, pair_up, points_of
from scanner.model.matching import LocalFeatures
from tests.match.point_clouds import cloud, features, moved, similarity


def test_places_are_in_units_of_the_longer_side():
    numbers = np.array([[0, 0, 32768, 0], [65535, 65535, 32768 - 2048, 16384]], "<u2")
    upright = LocalFeatures("a", 300, 400, numbers.tobytes(), bytes(32), bytes(8))
    points = points_of(upright)
    assert points.size == (0.75, 1.0)
    assert np.allclose(points.places, [[0, 0], [0.75, 1]])
    assert np.allclose(points.sizes, [0, -1])
    assert np.allclose(points.angles, [0, np.pi / 2])


def test_damaged_features_are_refused():
    whole = features(10, 1)
    with pytest.raises(ValueError, match=r"reshape|multiple"):
        points_of(LocalFeatures(whole.algorithm, 10, 10, whole.places[:-3], whole.codes, whole.words))


def test_no_points_have_no_pairs():
    none = points_of(features(0, 1))
    assert len(pair_up(none, cloud(20, 1))) == 0
    assert len(pair_up(cloud(20, 1), none)) == 0


def test_each_point_is_paired_with_its_like_and_once_only():
    reference = cloud(300, 1)
    pairs = pair_up(moved(reference, similarity()), reference)
    assert len(pairs) == 300
    assert np.allclose(pairs.asset, pairs.reference)
    assert len({tuple(place) for place in pairs.reference.tolist()}) == 300


def test_two_that_are_equally_like_stand_out_for_nobody():
    reference = cloud(50, 1)
    twice = Points(
        reference.size,
        *(np.concatenate([getattr(reference, name)] * 2) for name in ("places", "sizes", "angles", "codes")),
    )
    assert len(pair_up(reference, twice)) == 0


def test_unlike_points_are_not_paired():
    assert len(pair_up(cloud(400, 1), cloud(400, 2))) == 0


def test_the_surest_pairs_come_first():
    reference = cloud(40, 3)
    codes = reference.codes.copy()
    for row in range(40):
        for bit in range(row % 20):
            codes[row, bit % 2] ^= np.uint64(1) << np.uint64(bit)
    asset = Points(reference.size, reference.places, reference.sizes, reference.angles, codes)
    pairs = pair_up(asset, reference)
    order = [int(np.flatnonzero((reference.places == place).all(axis=1))[0]) % 20 for place in pairs.reference]
    assert order == sorted(order)
    assert MOST_BITS > 20
