"""DPX and OpenEXR: pictures that end early, renders that were never finished, packings not judged."""

import struct

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import dpx, exr


@pytest.mark.parametrize("order", ["<", ">"])
def test_both_byte_orders(order):
    content = dpx(order)
    assert (name_of(content), damage_of(content)) == ("dpx", None)
    assert damage_of(content[:2100]) == "DPX ends inside its picture"
    assert damage_of(content[:2048]) == "DPX ends before its picture"
    assert damage_of(content[:2000]) == "DPX ends inside its header"


def test_run_length_coding_is_not_judged():
    content = bytearray(dpx()[:2100])
    struct.pack_into(">H", content, 806, 1)
    assert damage_of(bytes(content)) is None


def test_a_wrong_size_in_the_header_is_not_judged():
    content = bytearray(dpx())
    struct.pack_into(">I", content, 16, 0xFFFFFFFF)
    assert damage_of(bytes(content)) is None


def test_a_render_that_was_not_finished():
    assert damage_of(exr(offsets=[500, 516, 0, 0])) == "EXR was not written to its end"


def test_a_cut_render():
    assert damage_of(exr()[:-9]) == "EXR ends inside its picture"
    assert damage_of(exr()[:150]) is not None


@pytest.mark.parametrize("flag", [0x200, 0x800, 0x1000])
def test_tiled_deep_and_multipart_are_not_judged(flag):
    content = exr()[:-9]
    assert damage_of(content[:4] + struct.pack("<I", 2 | flag) + content[8:]) is None


def test_hostile_windows():
    window = struct.pack("<iiii", 0, 0, 3, 3)
    for top, bottom in ((0, -5), (-(1 << 31), (1 << 31) - 1)):
        damage_of(exr().replace(window, struct.pack("<iiii", 0, top, 3, bottom)))
    assert damage_of(exr().replace(window, struct.pack("<iiii", 0, 0, 3, -5))) is None
