from __future__ import annotations

from PIL import Image

from scanner.fingerprint.phash import fingerprint
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from scanner.model.algorithms import GLOBAL_HASH
from tests.fingerprint.scenes import colour_scene, scene


def prints(image):
    mark, hashes = prints_of(Picture(image, *image.size))
    assert mark == fingerprint(Picture(image, *image.size))
    return mark, hashes


def test_a_picture_without_bars_has_one():
    mark, (only,) = prints(colour_scene(1))
    assert (only.algorithm, only.variant, len(only.bits), mark.inner) == (GLOBAL_HASH, "whole", 64, ())
    assert mark.quality > 50


def test_bars_are_told_in_shares_and_what_they_leave_has_a_hash_of_its_own():
    frame = Image.new("L", (320, 320))
    frame.paste(scene(2).point(lambda level: 90 + level // 2), (0, 40))
    mark, both = prints(frame)
    assert mark.inner == (0.0, 0.125, 1.0, 0.875)
    assert [one.variant for one in both] == ["whole", "inner"]


def test_a_plain_picture_has_none():
    mark, none = prints(Image.new("L", (640, 360), 30))
    assert (mark.flat, none, mark.quality) == (True, (), 0)


def test_a_picture_small_in_its_frame_is_plain_as_a_whole_and_has_the_hash_within():
    frame = Image.new("L", (1000, 700))
    frame.paste(scene(3, 450, 320).point(lambda level: 90 + level // 2), (275, 190))
    mark, hashes = prints(frame)
    assert mark.flat
    assert [one.variant for one in hashes] == ["inner"]


def test_plain_within_bars_has_none():
    frame = Image.new("L", (640, 360))
    frame.paste(120, (0, 60, 640, 300))
    assert prints(frame)[1] == ()
