from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scanner.match.postings import Postings, build_postings
from scanner.model.matching import LocalFeatures
from scanner.pipeline import index_cache
from scanner.pipeline.index_cache import KEPT, cached_index


class Maker:
    """Makes two segments, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self) -> Iterator[Postings]:
        self.asked += 1
        for seed in (1, 2):
            random = np.random.default_rng(seed)
            words = random.integers(0, 1000, 30).astype("<u4").tobytes()
            yield build_postings([LocalFeatures("sift128/1", 9, 9, random.bytes(240), random.bytes(480), words)] * 3)


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "media-provenance-scanner" / "index"


def equal(one: tuple[Postings, ...], other: tuple[Postings, ...]) -> bool:
    names = ("starts", "rows", "poses", "signatures")
    return len(one) == len(other) and all(
        a.references == b.references and all(np.array_equal(getattr(a, name), getattr(b, name)) for name in names)
        for a, b in zip(one, other, strict=True)
    )


def test_made_once_and_mapped_ever_after(cache: Path) -> None:
    make = Maker()
    first, second = cached_index("a" * 32, make), cached_index("a" * 32, make)
    assert make.asked == 1
    assert equal(first, second) and equal(second, tuple(Maker()()))
    assert isinstance(second[0].rows, np.memmap)
    assert [one.name for one in cache.iterdir()] == ["a" * 32]


def test_another_name_is_another_index() -> None:
    make = Maker()
    cached_index("a", make)
    cached_index("b", make)
    assert make.asked == 2


@pytest.mark.parametrize("broken", ["complete", "1/rows.npy", "0/starts.npy"])
def test_a_damaged_one_is_made_again(cache: Path, broken: str) -> None:
    make = Maker()
    cached_index("a", make)
    (cache / "a" / broken).write_bytes(b"")
    assert equal(cached_index("a", make), tuple(Maker()()))
    assert make.asked == 2
    cached_index("a", make)
    assert make.asked == 2


def test_what_a_killed_scan_left_is_no_index(cache: Path) -> None:
    (cache / "a" / "0").mkdir(parents=True)
    make = Maker()
    assert equal(cached_index("a", make), tuple(Maker()()))


def test_the_last_used_stay_and_old_leftovers_go(cache: Path) -> None:
    cache.mkdir(parents=True)
    (cache / "unfinished-old").mkdir()
    os.utime(cache / "unfinished-old", (1, 1))
    (cache / "unfinished-now").mkdir()
    for number in range(KEPT):
        cached_index(f"{number}", Maker())
        os.utime(cache / f"{number}", (1_000_000_000 + number,) * 2)
    cached_index("0", Maker())
    cached_index("last", Maker())
    assert {one.name for one in cache.iterdir()} == {"unfinished-now", "0", "2", "last"}


@pytest.mark.parametrize("obstacle", ["no folder can be made", "the disk is full"])
def test_where_nothing_can_be_kept_it_is_made_in_memory(cache: Path, obstacle: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    if obstacle == "the disk is full":
        monkeypatch.setattr(index_cache, "save_postings", refuse)
    else:
        cache.parent.mkdir(parents=True)
        cache.write_bytes(b"a file in its place")
    assert equal(cached_index("a", Maker()), tuple(Maker()()))
    assert not cache.is_dir() or list(cache.iterdir()) == []
