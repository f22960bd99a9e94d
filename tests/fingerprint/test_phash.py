from __future__ import annotations

import imagehash
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.fingerprint.phash import ALGORITHM, fingerprint
from scanner.fingerprint.picture import Picture, open_picture
from tests.fingerprint.scenes import colour_scene, scene

GOLDEN = {
    0: "81d9393c449b87fc",
    1: "92c61b0c2bf1ce9d",
    2: "9b58fa2e225b2857",
    3: "cc0f9b9a65e54711",
    4: "a5abd9861ec8c1d3",
    5: "93cbb0065a7a5ad9",
    6: "bbe3922f7618640e",
    7: "86ed2c6ec5f68710",
}
LAID_AS = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}
"""EXIF orientation → the Transpose that lays an upright picture so."""


def of(image):
    return fingerprint(Picture(image, *image.size))


def differing(one, other):
    return (int(one.bits, 16) ^ int(other.bits, 16)).bit_count()


def test_the_algorithm_bears_its_version():
    major, minor = imagehash.__version__.split(".")[:2]
    assert f"phash64/imagehash-{major}.{minor}" == ALGORITHM


@pytest.mark.parametrize("seed", GOLDEN)
def test_golden_hashes(seed):
    """Made arrays, no decoder: a change here means that every stored fingerprint is worthless."""
    assert of(scene(seed)).bits == GOLDEN[seed]


def test_what_it_says():
    mark = of(colour_scene(1))
    assert (mark.algorithm, mark.width, mark.height, mark.flat) == (ALGORITHM, 320, 240, False)
    assert len(mark.bits) == 16


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), orientation=st.sampled_from(sorted(LAID_AS)))
def test_orientation_makes_no_difference(tmp_path_factory, seed, orientation):
    folder = tmp_path_factory.mktemp("laid")
    upright, exif = colour_scene(seed, 96, 64), Image.Exif()
    exif[0x0112] = orientation
    upright.save(folder / "upright.png")
    upright.transpose(Image.Transpose(LAID_AS[orientation])).save(folder / "laid.png", exif=exif)
    one, other = (fingerprint(open_picture(str(folder / name), "png", small=True)) for name in ("upright.png", "laid.png"))
    assert one == other


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_distance_is_symmetric_and_nought_for_itself(one, other):
    first, second = of(scene(one, 64, 48)), of(scene(other, 64, 48))
    assert differing(first, second) == differing(second, first)
    assert differing(first, first) == 0


def test_a_scaled_decode_is_near_the_whole_one(tmp_path):
    path = str(tmp_path / "large.jpg")
    colour_scene(9, 2000, 1500).save(path, quality=85)
    small, whole = (fingerprint(open_picture(path, "jpeg", small=small)) for small in (True, False))
    assert differing(small, whole) <= 2


def test_alpha_palette_depth_and_grey_of_one_picture_agree(tmp_path):
    import numpy as np

    grey = scene(3)
    variants = [grey, grey.convert("RGB"), grey.convert("RGBA"), grey.convert("LA"), grey.convert("P")]
    variants.append(Image.fromarray(np.asarray(grey).astype(np.uint16) * 257))
    assert {of(image).bits for image in variants} == {of(grey).bits}
