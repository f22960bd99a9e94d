from __future__ import annotations

import io

import pytest

from scanner.fingerprint.jpeg import decodes_in_one_pass
from tests.fingerprint.scenes import colour_scene, scene


def jpeg(image, **options):
    stream = io.BytesIO()
    image.save(stream, "JPEG", **options)
    return stream


def test_baseline_decodes_in_one_pass():
    assert decodes_in_one_pass(jpeg(colour_scene(1)))
    assert decodes_in_one_pass(jpeg(scene(1), comment=b"\xff\xda" * 9))


def test_progressive_does_not():
    assert not decodes_in_one_pass(jpeg(colour_scene(1), progressive=True))


def test_a_first_scan_that_lacks_a_component_does_not():
    content = bytearray(jpeg(colour_scene(1)).getvalue())
    scan = content.index(b"\xff\xda")
    content[scan + 4] = 1
    assert not decodes_in_one_pass(io.BytesIO(content))


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xd8", b"\xff\xd8\xff\xc0\0\0", b"\xff\xd8\xff\xda\0\x02", b"\xff\xd8" + b"\xff" * 50]
)
def test_anything_odd_does_not(content):
    assert not decodes_in_one_pass(io.BytesIO(content))


def test_the_position_is_kept():
    stream = jpeg(scene(1))
    stream.seek(11)
    decodes_in_one_pass(stream)
    assert stream.tell() == 11
