from __future__ import annotations

import io
import struct

import pytest

from scanner.tools.containers.source import Source
from scanner.tools.containers.tiff import read_layout, read_next


def directories(order: str, following: int, *, big: bool = False) -> bytes:
    mark = b"II" if order == "<" else b"MM"
    if big:
        return mark + struct.pack(order + "HHHQ", 43, 8, 0, 16) + struct.pack(order + "QHHQQQ", 1, 256, 3, 1, 9, following)
    return mark + struct.pack(order + "HI", 42, 8) + struct.pack(order + "HHHIII", 1, 256, 3, 1, 9, following)


def following(content: bytes) -> int | None:
    source = Source(io.BytesIO(content), len(content))
    layout = read_layout(source)
    assert layout is not None
    return read_next(source, layout, layout.first)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("big", [False, True])
def test_the_directory_that_follows(order: str, big: bool) -> None:
    assert following(directories(order, 777, big=big)) == 777
    assert following(directories(order, 0, big=big)) is None
    assert following(directories(order, 777, big=big)[:-1]) is None


def test_a_directory_without_end_has_none_after_it() -> None:
    content = bytearray(directories("<", 777))
    content[8:10] = b"\xff\xff"
    assert following(bytes(content)) is None
