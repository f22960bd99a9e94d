from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.match.geometry import (
    FEWEST_INLIERS,
    LARGEST_GROWTH,
    MOST_BY_CHANCE,
    apply_matrix,
    breadth,
    common_shares,
    fit_transform,
    is_sane,
    log10_by_chance,
)
from tests.match.point_clouds import SIZE, pairs_on, similarity

scales = st.floats(0.2, 5)
degrees = st.floats(-180, 180)
shifts = st.floats(-0.5, 0.5)


@settings(max_examples=40, deadline=None)
@given(scales, degrees, shifts, shifts, st.integers(0, 1000))
def test_a_similarity_is_found_among_wrong_pairs(scale, turn, east, south, seed):
    matrix = similarity(scale, turn, east, south)
    fit = fit_transform(pairs_on(matrix, 40, 80, seed, noise=0.001 * min(scale, 1)))
    assert fit is not None
    assert fit.inliers >= 36
    assert fit.agreeing[:40].sum() >= 38
    corners = np.array([[0, 0], [SIZE[0], 0], SIZE])
    assert np.abs(apply_matrix(fit.matrix, corners) - apply_matrix(matrix, corners)).max() < 0.006 * max(scale, 1)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 150))
def test_random_pairs_never_look_like_evidence(seed, count):
    fit = fit_transform(pairs_on(similarity(), 0, count, seed))
    assert fit is None or fit.inliers < FEWEST_INLIERS


def test_a_homography_is_used_where_a_similarity_is_not_enough():
    matrix = np.array([[0.9, 0.08, 0.02], [-0.05, 0.8, 0.05], [0.25, -0.15, 1]])
    random = np.random.default_rng(1)
    pairs = pairs_on(matrix, 200, 100)
    placed = apply_matrix(matrix, pairs.reference[:200])
    pairs.asset[:200] = placed + random.normal(0, 0.001, placed.shape)
    fit = fit_transform(pairs)
    assert fit is not None
    assert fit.agreeing[:200].mean() > 0.95
    assert abs(fit.matrix[2, 0] - 0.25) < 0.03
    assert is_sane(fit.matrix, SIZE)


def test_a_similarity_is_kept_where_it_is_enough():
    fit = fit_transform(pairs_on(similarity(1.5, 3), 60, 60, noise=0.002))
    assert fit is not None
    assert np.allclose(fit.matrix[2], [0, 0, 1])
    assert fit.matrix[0, 0] == pytest.approx(fit.matrix[1, 1])


def test_the_order_of_wrong_pairs_does_not_matter():
    pairs = pairs_on(similarity(0.8, 10, 0.1), 30, 60)
    order = np.concatenate([np.arange(30), 30 + np.random.default_rng(3).permutation(60)])
    one, other = fit_transform(pairs), fit_transform(pairs[order])
    assert one is not None
    assert other is not None
    assert np.allclose(one.matrix, other.matrix)
    assert one.inliers == other.inliers


def test_pairs_in_one_place_count_once():
    pairs = pairs_on(similarity(), 3)
    many = pairs[np.repeat(np.arange(3), 20)]
    fit = fit_transform(many)
    assert fit is None or fit.inliers <= 3


@given(scales, degrees, shifts, shifts)
def test_similarities_are_sane_and_flops_are_not(scale, turn, east, south):
    matrix = similarity(scale, turn, east, south)
    assert is_sane(matrix, SIZE)
    assert not is_sane(matrix @ np.diag([-1.0, 1, 1]), SIZE)


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), min_size=9, max_size=9))
def test_any_numbers_are_judged_without_complaint(numbers):
    assert is_sane(np.array(numbers).reshape(3, 3), SIZE) in (True, False)


@pytest.mark.parametrize(
    "matrix",
    [
        similarity(LARGEST_GROWTH * 1.1),
        similarity(0.9 / LARGEST_GROWTH),
        np.diag([1.0, 0.1, 1]),
        np.zeros((3, 3)),
        np.array([[1.0, 0, 0], [0, 1, 0], [-1.2, 0, 1]]),
        np.array([[1.0, 0, 0], [0, 1, 0], [4, 0, 1]]),
        np.array([[1.0, 1, 0], [1, 1, 0], [0, 0, 1]]),
    ],
    ids=["too large", "too small", "squeezed", "nothing", "through the horizon", "bent", "flat"],
)
def test_what_no_picture_undergoes_is_not_sane(matrix):
    assert not is_sane(matrix, SIZE)


def test_chance_falls_with_agreement_and_grows_with_pairs():
    by_inliers = [log10_by_chance(inliers, 100, 0.66) for inliers in range(3, 30)]
    assert by_inliers == sorted(by_inliers, reverse=True)
    assert log10_by_chance(10, 800, 0.66) > log10_by_chance(10, 50, 0.66)
    assert log10_by_chance(FEWEST_INLIERS, 60, 0.66) < MOST_BY_CHANCE
    assert log10_by_chance(FEWEST_INLIERS, 800, 0.66) > MOST_BY_CHANCE


def test_shares_tell_crops_from_frames():
    assert common_shares(np.eye(3), SIZE, SIZE) == (1.0, 1.0)
    filled, shown = common_shares(similarity(2, 0, -0.5, -0.33), SIZE, SIZE)
    assert filled == 1.0
    assert shown == pytest.approx(0.25, abs=0.03)
    filled, shown = common_shares(similarity(0.5, 0, 0.1, 0.1), SIZE, SIZE)
    assert filled == pytest.approx(0.25, abs=0.03)
    assert shown == 1.0


def test_breadth_is_one_all_over_and_small_in_a_corner_and_in_a_row():
    every = np.random.default_rng(1).uniform((0, 0), SIZE, (500, 2))
    assert breadth(every[:40], every) == pytest.approx(1, abs=0.35)
    assert breadth(every[:40] * 0.1, every) < 0.12
    assert breadth(every[:40] * (1, 0.1), every) < 0.12
    assert breadth(every[:2], every) == 0
    assert breadth(every[:, :1] @ np.ones((1, 2)), every) < 0.01
