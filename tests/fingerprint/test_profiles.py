from __future__ import annotations

import struct

import numpy as np
import pytest
from PIL import Image, ImageCms

from scanner.fingerprint.profiles import conversion_of, converted, family_of, profile_of
from tests.fingerprint.scenes import colour_scene

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def profile(space, gamma, primaries=((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))):
    """A small ICC 2 profile: one gamma for all, and primaries adapted to D50 well enough for a test."""
    curve = b"curv" + bytes(4) + struct.pack(">IHxx", 1, round(gamma * 256))
    white = (0.9642, 1.0, 0.8249)
    tags = {b"wtpt": xyz(white), b"cprt": b"text" + bytes(4) + b"none\0\0\0\0", b"desc": described()}
    if space == b"GRAY":
        tags[b"kTRC"] = curve
    else:
        columns = np.array([(x / y, 1.0, (1 - x - y) / y) for x, y in primaries]).T
        scale = np.linalg.solve(columns, np.array(white))
        for name, column in zip((b"r", b"g", b"b"), (columns * scale).T, strict=True):
            tags[name + b"XYZ"], tags[name + b"TRC"] = xyz(column), curve
    table, body, at = struct.pack(">I", len(tags)), b"", 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = 128 + len(table) + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"none", 0x02400000, b"mntr", space, b"XYZ ") + bytes(12) + b"acsp" + bytes(28)
    return (head + xyz(white)[8:]).ljust(128, b"\0") + table + body


def xyz(values):
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(round(value * 65536) for value in values))


def described():
    return b"desc" + bytes(4) + struct.pack(">I", 5) + b"test\0" + bytes(11 + 67)


WIDE = profile(b"RGB ", 2.2, ((0.7347, 0.2653), (0.1596, 0.8404), (0.0366, 0.0001)))
LINEAR = profile(b"RGB ", 1.0)
GREY_LINEAR = profile(b"GRAY", 1.0)
GREY_GAMMA = profile(b"GRAY", 2.2)


def test_what_means_srgb_is_not_applied():
    assert conversion_of(SRGB, "RGB") is None
    assert conversion_of(b"", "RGB") is None


@pytest.mark.parametrize("given", [WIDE, LINEAR], ids=["wide", "linear"])
def test_what_moves_colours_is_applied(given):
    image = colour_scene(1)
    shown = converted(image, conversion_of(given, "RGB"))
    assert (shown.mode, shown.size) == ("RGB", image.size)
    assert np.abs(np.asarray(shown).astype(int) - np.asarray(image)).mean() > 5


def test_grey_gamma():
    image = Image.new("L", (8, 8), 55)
    assert 125 <= converted(image, conversion_of(GREY_LINEAR, "L")).getpixel((0, 0))[0] <= 132
    assert conversion_of(GREY_LINEAR, "I;16") is not None
    shown = conversion_of(GREY_GAMMA, "L")
    assert shown is None or abs(converted(image, shown).getpixel((0, 0))[0] - 55) <= 8


@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK", "LAB", "HSV"])
@pytest.mark.parametrize("given", [b"no profile", bytes(4096), SRGB[:200], SRGB[:128] + bytes(3000), WIDE[:-40]])
def test_a_broken_profile_costs_nothing(given, mode):
    assert conversion_of(given, mode) is None


def test_a_profile_of_another_space_is_not_applied():
    assert conversion_of(WIDE, "L") is None
    assert conversion_of(GREY_LINEAR, "RGB") is None
    assert conversion_of(WIDE, "CMYK") is None


def test_modes_have_the_profiles_of_their_colours():
    assert {family_of(mode) for mode in ("RGB", "RGBA", "P", "PA", "RGBX")} == {"RGB"}
    assert {family_of(mode) for mode in ("L", "LA", "1", "I;16", "I;16B", "F")} == {"L"}
    assert family_of("CMYK") == "CMYK"


def test_a_profile_too_long_or_no_bytes_at_all_is_not_looked_at():
    image = Image.new("RGB", (1, 1))
    assert profile_of(image) == b""
    for odd in (b"x" * (5 << 20), "text", None):
        image.info["icc_profile"] = odd
        assert profile_of(image) == b""
