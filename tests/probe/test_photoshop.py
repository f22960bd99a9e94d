"""PSD and PSB: sections that run past the end, headers that cannot be."""

import struct

import pytest

from tests.probe.opened import damage_of, name_of
from tests.probe.samples import photoshop


@pytest.mark.parametrize("version", [1, 2])
def test_cuts(version):
    content = photoshop(version)
    for end in range(8, len(content) - 50):
        assert damage_of(content[:end], "psd" if version == 1 else "psb")


def test_sections_that_run_past_the_end():
    content = photoshop(1)
    assert damage_of(content[:30] + struct.pack(">I", 1 << 31) + content[34:]) == "the file ends inside its image resources"
    assert damage_of(photoshop(2)[:34] + b"\xff" * 8 + bytes(50)) == "the file ends inside its layers"


def test_headers_that_cannot_be():
    for at, value in ((12, 0), (12, 57), (22, 9)):
        content = bytearray(photoshop(1))
        struct.pack_into(">H", content, at, value)
        assert damage_of(bytes(content)) == "its header names a picture that cannot be"


def test_another_version_is_not_guessed():
    assert name_of(photoshop(3)) is None
