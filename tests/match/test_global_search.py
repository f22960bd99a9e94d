from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.match.global_search import GlobalSearch, Near
from scanner.match.ways import WAYS, laid
from scanner.model.belongings import HashRow
from scanner.model.matching import GlobalHash


def hashes(count: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, 32), np.uint8)


def rows(table: np.ndarray, variants: int = 1) -> list[HashRow]:
    names = ("whole", "inner")[:variants]
    return [
        HashRow(f"r{number:04d}", names, table[number * variants : (number + 1) * variants].tobytes())
        for number in range(len(table) // variants)
    ]


def prints(*views: np.ndarray) -> list[GlobalHash]:
    return [GlobalHash("dct256/1", name, view.tobytes().hex()) for name, view in zip(("whole", "inner"), views, strict=False)]


def flipped(one: np.ndarray, count: int, seed: int) -> np.ndarray:
    bits = np.unpackbits(one)
    bits[np.random.default_rng(seed).choice(256, count, replace=False)] ^= 1
    return np.packbits(bits)


def differing(one: np.ndarray, other: np.ndarray) -> int:
    return int(np.unpackbits(one ^ other).sum())


@pytest.mark.parametrize("way", WAYS)
def test_a_picture_is_found_however_it_lies(way: str) -> None:
    table = hashes(50)
    query = flipped(laid(table[17:18], way)[0], 20, 3)
    (near,) = GlobalSearch(rows(table)).find(prints(query))
    assert (near.reference, near.bits) == ("r0017", 20)
    # Laid in the way that it says, the looked-for picture is the reference's.
    assert differing(laid(query[None], near.way)[0], table[17]) == 20


@given(st.integers(0, 2**32 - 1), st.integers(90, 128))
def test_as_a_naive_search_says(seed: int, threshold: int) -> None:
    table, views = hashes(12, seed), hashes(2, seed + 1)
    found = GlobalSearch(rows(table, 2)).find(prints(*views), threshold)
    expected = {}
    for number in range(6):
        bits = min(
            differing(laid(view[None], way)[0], held) for view in views for way in WAYS for held in table[2 * number :][:2]
        )
        if bits <= threshold:
            expected[f"r{number:04d}"] = bits
    assert {near.reference: near.bits for near in found} == expected
    assert [near.bits for near in found] == sorted(near.bits for near in found)


def test_the_threshold_is_inclusive_and_nothing_beyond_is_told() -> None:
    table = hashes(1)
    search = GlobalSearch(rows(table))
    assert [near.bits for near in search.find(prints(flipped(table[0], 31, 2)), 31)] == [31]
    assert search.find(prints(flipped(table[0], 32, 2)), 31) == ()


def test_only_the_wanted_and_only_whole_rows() -> None:
    table = hashes(3)
    held = [*rows(table), HashRow("cut", ("whole",), b"\x00" * 31)]
    search = GlobalSearch(held, only=["r0001", "cut"])
    assert len(search) == 1
    assert search.find(prints(table[1])) == (Near("r0001", 0, "upright"),)
    assert search.find(prints(table[0]), 20) == ()


@pytest.mark.parametrize("asked", [[], [GlobalHash("dct256/1", "whole", "00")]])
def test_nothing_to_look_for_finds_nothing(asked: list[GlobalHash]) -> None:
    assert GlobalSearch(rows(hashes(3))).find(asked) == ()
    assert GlobalSearch([]).find(prints(hashes(1)[0])) == ()


def test_many_rows_are_all_looked_at() -> None:
    table = hashes(70_001)
    search = GlobalSearch(rows(table))
    for at in (0, 32_767, 32_768, 65_535, 65_536, 70_000):
        assert search.find(prints(flipped(table[at], 10, at)))[0] == Near(f"r{at:04d}", 10, "upright")
