from __future__ import annotations

import struct
import zlib

import pytest
from PIL import Image

from scanner.fingerprint.failures import PictureBroken, PictureError, PictureRefused, told_apart

BROKEN = [
    OSError("image file is truncated (12 bytes not processed)"),
    SyntaxError("broken PNG file"),
    ValueError("bad"),
    struct.error("unpack requires"),
    EOFError(),
    zlib.error("incorrect header"),
    IndexError(),
    RecursionError(),
    OverflowError(),
    RuntimeError("x"),
    AssertionError(),
]
REFUSED = [
    MemoryError(),
    Image.DecompressionBombError("too many"),
    NotImplementedError(),
    KeyError((3, 16)),
    OSError("decoder jpeg2k not available"),
    SyntaxError("unknown pixel mode"),
]


@pytest.mark.parametrize("error", BROKEN, ids=repr)
def test_damage(error):
    with pytest.raises(PictureBroken) as caught, told_apart():
        raise error
    assert caught.value.why


@pytest.mark.parametrize("error", REFUSED, ids=repr)
def test_limits_and_varieties_are_no_damage(error):
    with pytest.raises(PictureRefused), told_apart():
        raise error


def test_a_reason_is_one_bounded_line():
    with pytest.raises(PictureError) as caught, told_apart():
        raise ValueError("a\n\x1b[31m" + "x" * 10_000)
    assert "\n" not in caught.value.why
    assert "\x1b" not in caught.value.why
    assert len(caught.value.why) < 250


def test_an_interrupt_is_no_picture_s_fault():
    with pytest.raises(KeyboardInterrupt), told_apart():
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("error", "transient"),
    [
        (OSError(5, "Input/output error"), True),
        (OSError("image file is truncated"), False),
        (MemoryError(), True),
        (SyntaxError("broken PNG file"), False),
        (Image.DecompressionBombError("too many"), False),
    ],
    ids=repr,
)
def test_what_the_system_or_the_memory_failed_at_may_go_well_another_time(error, transient):
    with pytest.raises(PictureError) as caught, told_apart():
        raise error
    assert caught.value.transient is transient
