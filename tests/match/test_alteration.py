"""Altered regions: nothing where nothing was altered, a box where something was, overlays by their names."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from scanner.match.alteration import LEAST_SHARE, compare_pictures
from scanner.match.overlays import LOGO, LOWER_THIRD, TIMECODE
from tests.match.altered_scenes import (
    FLOPPED,
    HEIGHT,
    REGION_SHARES,
    WIDTH,
    alignment,
    cut_out,
    graded,
    kept,
    letterboxed,
    meshed,
    overlap,
    pasted,
    saved,
    scene,
    skyline,
    with_bar,
    with_logo,
    with_lower_third,
    with_timecode,
)


def grey(pixels):
    return np.repeat(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)[..., None], 3, axis=2)


def grainy(pixels):
    return np.clip(pixels + np.random.default_rng(3).normal(0, 8, pixels.shape), 0, 255).astype(np.uint8)


def vignetted(pixels):
    rows, columns = np.mgrid[-1 : 1 : HEIGHT * 1j, -1 : 1 : WIDTH * 1j]
    return (pixels * (1 - 0.25 * (rows**2 + columns**2))[..., None]).astype(np.uint8)


BENIGN = {
    "identical": lambda pixels: pixels,
    "saved at q40": lambda pixels: saved(pixels, 40),
    "graded": graded,
    "grey": grey,
    "grain": grainy,
    "soft": lambda pixels: cv2.GaussianBlur(pixels, (0, 0), 2),
    "vignette": vignetted,
    "black bars": letterboxed,
    "bars, grade, grain": lambda pixels: saved(grainy(graded(letterboxed(pixels)))),
    "half size": lambda pixels: cv2.resize(pixels, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA),
}


@pytest.mark.parametrize("name", BENIGN)
def test_what_alters_nothing_is_not_told(name):
    comparison = compare_pictures(BENIGN[name](scene()), kept(scene()), alignment())
    assert comparison.alteration.share == 0
    assert comparison.alteration.boxes == ()
    assert comparison.alteration.overlays == ()
    assert not comparison.difference.any()


@pytest.mark.parametrize("edit", [lambda pixels: pixels, graded, grey, letterboxed, lambda pixels: saved(grainy(graded(pixels)))])
def test_a_pasted_region_is_told_with_its_box(edit):
    asset = edit(pasted(scene(), scene(2)))
    comparison = compare_pictures(asset, kept(scene()), alignment())
    assert overlap(comparison.alteration.boxes[0], REGION_SHARES) > 0.6
    assert 0.05 < comparison.alteration.share < 0.16
    assert comparison.alteration.overlays == ()


def test_a_region_filled_from_around_is_told():
    asset = cv2.inpaint(scene(), np.any(pasted(scene(), 255 - scene()) != scene(), axis=2).astype(np.uint8), 4, cv2.INPAINT_TELEA)
    comparison = compare_pictures(saved(asset), kept(scene()), alignment())
    assert overlap(comparison.alteration.boxes[0], REGION_SHARES) > 0.5


def test_a_flopped_asset_is_compared_flopped():
    flop = alignment(FLOPPED, mirrored=True)
    assert compare_pictures(scene()[:, ::-1], kept(scene()), flop).alteration.share == 0
    altered = compare_pictures(pasted(scene(), scene(2))[:, ::-1], kept(scene()), flop).alteration
    flopped_box = (1 - REGION_SHARES[2], REGION_SHARES[1], 1 - REGION_SHARES[0], REGION_SHARES[3])
    assert overlap(altered.boxes[0], flopped_box) > 0.6


def test_an_alignment_a_hundredth_of_the_side_off_is_mended():
    off = alignment((1.004, 0.0, 0.006, 0.0, 0.997, -0.005, 0.0, 0.0, 1.0))
    assert compare_pictures(scene(), kept(scene()), off).alteration.share == 0


def test_a_crop_is_compared_with_its_part_and_boxes_are_of_the_asset():
    left, top, right, bottom = 96, 64, 432, 288
    cut = (WIDTH / (right - left), 0, -left / (right - left), 0, HEIGHT / (bottom - top), -top / (bottom - top), 0, 0, 1)
    asset = pasted(scene(), scene(2))[top:bottom, left:right]
    comparison = compare_pictures(asset, kept(scene()), alignment(tuple(map(float, cut))))
    box = ((150 - left) / 336, (90 - top) / 224, (270 - left) / 336, (190 - top) / 224)
    assert overlap(comparison.alteration.boxes[0], box) > 0.6


@pytest.mark.parametrize(
    ("lay", "kind", "box"),
    [
        (with_lower_third, LOWER_THIRD, (0.05, 0.7, 0.95, 0.9)),
        (with_timecode, TIMECODE, (0.38, 0.905, 0.62, 0.96)),
        (with_logo, LOGO, (0.865, 0.0625, 0.948, 0.1875)),
    ],
)
def test_overlays_are_told_as_such(lay, kind, box):
    alteration = compare_pictures(saved(graded(lay(scene()))), kept(scene()), alignment()).alteration
    assert alteration.share == 0
    assert [overlay.kind for overlay in alteration.overlays] == [kind]
    assert overlap(alteration.overlays[0].box, box) > 0.6


def test_beside_an_overlay_an_alteration_is_still_told():
    alteration = compare_pictures(with_lower_third(pasted(scene(), scene(2))), kept(scene()), alignment()).alteration
    assert [overlay.kind for overlay in alteration.overlays] == [LOWER_THIRD]
    assert overlap(alteration.boxes[0], REGION_SHARES) > 0.5


def test_a_flat_region_in_the_middle_is_no_overlay():
    asset = scene().copy()
    asset[120:200, 140:340] = (30, 40, 90)
    alteration = compare_pictures(asset, kept(scene()), alignment()).alteration
    assert alteration.overlays == ()
    assert alteration.share > LEAST_SHARE


def test_a_blob_with_a_flat_box_in_it_is_no_overlay():
    asset = scene().copy()
    cv2.ellipse(asset, (140, 250), (110, 60), 0, 0, 360, (200, 120, 60), -1)
    cv2.ellipse(asset, (140, 250), (80, 26), 0, 0, 360, (30, 40, 90), -1)
    alteration = compare_pictures(asset, kept(scene()), alignment()).alteration
    assert alteration.overlays == ()
    assert overlap(alteration.boxes[0], (30 / WIDTH, 190 / HEIGHT, 250 / WIDTH, 310 / HEIGHT)) > 0.6


def test_pictures_come_back_in_the_frame_of_the_asset():
    asset = cv2.resize(pasted(scene(), scene(2)), (600, 400), interpolation=cv2.INTER_CUBIC)
    comparison = compare_pictures(asset, kept(scene()), alignment((0.5, 0, 0.25, 0, 0.5, 0.25, 0, 0, 1)))
    assert comparison.reference_aligned.shape == (400, 600, 3)
    assert comparison.difference.shape == (400, 600)
    assert not comparison.reference_aligned[:90].any()
    assert comparison.reference_aligned[150:250, 200:400].any()


def test_the_map_shows_the_region_and_nothing_else():
    comparison = compare_pictures(pasted(scene(), scene(2)), kept(scene()), alignment())
    assert comparison.difference[100:180, 160:260].mean() > 150
    assert not comparison.difference[:60].any()


def test_a_picture_with_too_little_in_common_has_no_alteration():
    tiny = alignment((0.01, 0, 0.5, 0, 0.01, 0.5, 0, 0, 1))
    assert compare_pictures(scene(), kept(scene()), tiny).alteration.share == 0


def test_flat_pictures_are_compared_without_warnings():
    flat = np.full((200, 300, 3), 90, np.uint8)
    with np.errstate(all="raise"):
        assert compare_pictures(flat, flat, alignment()).alteration.share == 0


def test_a_bar_of_one_colour_is_no_overlay():
    alteration = compare_pictures(saved(graded(with_bar(scene()))), kept(scene()), alignment()).alteration
    assert alteration.overlays == ()
    assert len(alteration.boxes) == 1


def test_grain_over_flat_sky_does_not_blur_the_detail_below_it():
    alteration = compare_pictures(grainy(skyline()), kept(skyline()), alignment()).alteration
    assert alteration.boxes == ()


def test_the_tones_of_a_soft_copy_are_not_those_of_its_fine_detail():
    soft = cv2.GaussianBlur(meshed(), (0, 0), 2)
    alteration = compare_pictures(soft, kept(meshed()), alignment()).alteration
    assert alteration.boxes == ()


def test_a_flat_backdrop_in_place_of_most_of_the_picture_is_told_whole():
    reference = cut_out(scene(), (40, 60, 120), (230, 170, 90), downward=False)
    asset = cut_out(scene(), (60, 150, 60), (120, 40, 140), downward=True)
    alteration = compare_pictures(saved(asset), kept(reference), alignment()).alteration
    assert overlap(alteration.boxes[0], (0, 0, 1, 1)) > 0.6
    assert alteration.overlays == ()


def test_a_bump_beside_a_lower_third_does_not_make_it_an_alteration():
    asset = with_lower_third(scene()).copy()
    asset[204:224, 300:316] = 255 - asset[204:224, 300:316]
    alteration = compare_pictures(asset, kept(scene()), alignment()).alteration
    assert [overlay.kind for overlay in alteration.overlays] == [LOWER_THIRD]
    assert alteration.boxes == ()


def test_a_timecode_whose_box_is_as_dark_as_the_picture_is_told_by_its_letters():
    dark = scene().copy()
    dark[270:] = 4
    alteration = compare_pictures(saved(with_timecode(dark)), kept(dark), alignment()).alteration
    assert [overlay.kind for overlay in alteration.overlays] == [TIMECODE]
    assert alteration.boxes == ()


def test_the_edge_of_an_overlay_of_strong_contrast_is_no_alteration():
    light = np.clip(scene().astype(np.int16) // 8 + 222, 0, 255).astype(np.uint8)
    comparison = compare_pictures(saved(with_lower_third(light)), kept(light), alignment())
    assert [overlay.kind for overlay in comparison.alteration.overlays] == [LOWER_THIRD]
    assert comparison.alteration.boxes == ()
