from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest
from PIL import Image, ImageDraw

from scanner.fingerprint.local_features import local_query
from scanner.fingerprint.picture import Picture
from scanner.match.alignment import SMALL_SHARE, align, in_pixels, relation_of
from scanner.match.geometry import FEWEST_INLIERS, apply_matrix
from scanner.match.points import Points, points_of
from scanner.model.matching import Alignment, Relation
from tests.fingerprint.landscapes import landscape
from tests.match.point_clouds import SIZE, cloud, moved, similarity


def query_of(image):
    return _query_of(image.mode, image.size, image.tobytes())


@lru_cache(64)
def _query_of(mode, size, pixels):
    # Of the same few pictures again and again, and the only part that takes time.
    return local_query(Picture(Image.frombytes(mode, size, pixels), *size))


def between(asset, reference, mirrored=False):
    query = query_of(asset)
    own = points_of(query_of(reference).features)
    return align(points_of(query.mirrored if mirrored else query.features), own, mirrored=mirrored)


def placed(alignment, corners):
    return apply_matrix(np.array(alignment.matrix).reshape(3, 3), np.array(corners, float))


def test_a_crop_is_derived_and_the_matrix_says_where_it_was_cut():
    reference = landscape(1)
    alignment, relation = between(reference.crop((120, 60, 420, 260)), reference)
    assert relation is Relation.DERIVED
    assert np.abs(placed(alignment, [[120 / 480, 60 / 320], [420 / 480, 260 / 320]]) - [[0, 0], [1, 1]]).max() < 0.01
    assert alignment.asset_share > 0.98
    assert alignment.reference_share == pytest.approx(300 * 200 / (480 * 320), abs=0.04)
    assert alignment.coverage > 0.6
    assert not alignment.mirrored


def test_the_matrix_in_pixels_is_good_to_less_than_one():
    reference = landscape(1)
    asset = reference.crop((100, 70, 400, 270)).resize((600, 400), Image.Resampling.BICUBIC)
    alignment, _ = between(asset, reference)
    matrix = in_pixels(alignment, (480, 320), (600, 400))
    corners = np.array([[100, 70], [400, 70], [400, 270], [100, 270]], float)
    assert np.abs(apply_matrix(matrix, corners) - (corners - (100, 70)) * 2).max() < 0.5
    assert np.allclose(in_pixels(alignment, (960, 640), (600, 400)) @ np.diag([2, 2, 1]), matrix)


def test_a_mirrored_asset_has_the_flop_in_its_matrix():
    reference = landscape(2)
    flopped = reference.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    assert between(flopped, reference) is None
    alignment, relation = between(flopped, reference, mirrored=True)
    assert relation is Relation.DERIVED
    assert alignment.mirrored
    assert np.abs(placed(alignment, [[0, 0], [1, 0], [0.25, 1]]) - [[1, 0], [0, 0], [0.75, 1]]).max() < 0.01


def test_a_picture_in_a_picture_is_contained_by_the_asset():
    frame = landscape(4, 960, 540)
    frame.paste(landscape(3).resize((360, 240)), (500, 200))
    alignment, relation = between(frame, landscape(3))
    assert relation is Relation.CONTAINS
    assert np.abs(placed(alignment, [[0, 0], [1, 1]]) - [[500 / 960, 200 / 540], [860 / 960, 440 / 540]]).max() < 0.01
    assert alignment.reference_share > 0.98
    assert alignment.asset_share == pytest.approx(360 * 240 / (960 * 540), abs=0.02)


def test_a_small_detail_is_contained_in_the_reference():
    sheet = Image.new("RGB", (1440, 1280))
    for part in range(12):
        sheet.paste(landscape(20 + part), (part % 3 * 480, part // 3 * 320))
    alignment, relation = between(landscape(31), sheet)
    assert relation is Relation.CONTAINED
    assert alignment.reference_share <= SMALL_SHARE


@pytest.mark.parametrize("size", [(480, 320), (860, 320), (480, 620), (1000, 320)])
def test_bars_do_not_make_a_frame(size):
    frame = Image.new("RGB", size)
    frame.paste(landscape(5), ((size[0] - 480) // 2, (size[1] - 320) // 2))
    assert between(frame, landscape(5))[1] is Relation.DERIVED


def test_a_picture_on_a_black_matte_is_a_frame():
    frame = Image.new("RGB", (960, 640))
    frame.paste(landscape(5).resize((420, 280)), (300, 200))
    assert between(frame, landscape(5))[1] is Relation.CONTAINS


def test_a_common_corner_is_no_match():
    one, other = landscape(6), landscape(7)
    badge = landscape(8).resize((60, 60))
    one.paste(badge, (10, 10))
    other.paste(badge, (10, 10))
    assert between(one, other) is None


def test_a_common_lower_third_is_no_match():
    def captioned(image):
        draw = ImageDraw.Draw(image)
        draw.rectangle((20, 230, 460, 300), fill=(40, 60, 90))
        draw.text((30, 240), "Interview with a witness\nBerlin, winter", fill=(240, 240, 240), font_size=22)
        return image

    assert between(captioned(landscape(9)), captioned(landscape(10))) is None


def test_different_pictures_have_no_alignment():
    for seed in range(11, 15):
        assert between(landscape(seed), landscape(seed + 20)) is None
        assert between(landscape(seed), landscape(seed + 20), mirrored=True) is None


def test_too_few_points_are_no_evidence():
    reference = cloud(FEWEST_INLIERS - 1, 1)
    assert align(moved(reference, similarity()), reference) is None
    assert align(cloud(0, 1), cloud(0, 2)) is None
    reference = cloud(FEWEST_INLIERS + 4, 1)
    assert align(moved(reference, similarity()), reference) is not None


def sharing(spots, each):
    """Unlike clouds of 300 points but for the `each` nearest to each of the spots."""
    reference, asset = cloud(300, 2), cloud(300, 3)
    near = [np.argsort(np.linalg.norm(reference.places - spot, axis=1))[:each] for spot in spots]
    shared = moved(reference, similarity())
    arrays = {}
    for name in ("places", "sizes", "angles", "codes"):
        arrays[name] = getattr(asset, name).copy()
        for rows in near:
            arrays[name][rows] = getattr(shared, name)[rows]
    return Points(SIZE, **arrays), reference


def test_points_in_one_spot_are_no_evidence():
    assert align(*sharing([(0.2, 0.2)], 12)) is None


def test_points_in_two_spots_are_no_evidence():
    # Two faces drawn in one manner have the same eyes; nothing else about them is the same.
    assert align(*sharing([(0.3, 0.3), (0.7, 0.36)], 6)) is None


def test_points_in_a_row_are_no_evidence_however_many():
    # A lower third, a row of subtitles: the same in every picture of a programme.
    reference, asset = cloud(300, 2), cloud(300, 3)
    shared = moved(reference, similarity())
    row = np.abs(reference.places[:, 1] - 0.55) < 0.05
    arrays = {name: getattr(asset, name).copy() for name in ("places", "sizes", "angles", "codes")}
    for name, values in arrays.items():
        values[row] = getattr(shared, name)[row]
    assert row.sum() > 40
    assert align(Points(SIZE, **arrays), reference) is None


def test_points_in_many_spots_are_evidence():
    # A still in a push-in, with grade and grain over it, keeps few points, but they are everywhere.
    spots = [(east, south) for east in (0.2, 0.4, 0.6, 0.8) for south in (0.15, 0.35, 0.55)]
    aligned = align(*sharing(spots, 2))
    assert aligned is not None
    assert aligned[0].inliers >= 20


WHOLE = Alignment((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), False, 50, 60, 1.0, 1.0, 1.0)


def test_relations_by_their_figures():
    half = replace(WHOLE, matrix=(0.5, 0, 0.2, 0, 0.5, 0.2, 0, 0, 1), asset_share=0.25)
    between_bars = replace(WHOLE, matrix=(0.5, 0, 0.25, 0, 1, 0, 0, 0, 1), asset_share=0.5)
    assert relation_of(WHOLE, beside=0) is Relation.DERIVED
    assert relation_of(half, beside=0.5) is Relation.CONTAINS
    assert relation_of(half, beside=0) is Relation.CONTAINS
    assert relation_of(between_bars, beside=0) is Relation.DERIVED
    assert relation_of(between_bars, beside=0.5) is Relation.CONTAINS
    assert relation_of(replace(WHOLE, reference_share=SMALL_SHARE), beside=0) is Relation.CONTAINED
