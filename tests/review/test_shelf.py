"""Pictures that were made, on disk without a name: bounded, gone with the process."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.review.shelf import Shelf


def test_what_is_kept_comes_back_and_has_no_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    shelf = Shelf()
    assert shelf.get(("a", 1)) is None
    shelf.put(("a", 1), b"picture")
    shelf.put(("b", "\udcff"), b"")
    assert (shelf.get(("a", 1)), shelf.get(("b", "\udcff"))) == (b"picture", b"")
    assert list(tmp_path.iterdir()) == []
    shelf.close()


def test_after_its_end_nothing_is_kept_and_nothing_taken() -> None:
    shelf = Shelf()
    shelf.put("a", b"a")
    shelf.put("b", b"")
    shelf.close()
    shelf.put("c", b"c")
    shelf.close()
    assert [shelf.get(name) for name in "abc"] == [None, None, None]


def test_a_full_disk_costs_the_picture_only(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    shelf = Shelf()
    with monkeypatch.context() as patched:
        patched.setattr(os, "pwrite", full)
        shelf.put("a", b"a")
    assert shelf.get("a") is None
    shelf.put("a", b"a")
    assert shelf.get("a") == b"a"
    shelf.close()


@given(st.lists(st.integers(0, 40), max_size=60))
def test_the_newest_are_there_and_whole_and_never_more_than_the_limit(lengths: list[int]) -> None:
    limit = 64
    shelf = Shelf(limit)
    contents = {number: bytes([number]) * length for number, length in enumerate(lengths)}
    for number, content in contents.items():
        shelf.put(number, content)
        assert shelf.get(number) == content
        kept = {each: shelf.get(each) for each in range(number + 1)}
        there = {each: held for each, held in kept.items() if held is not None}
        assert all(held == contents[each] for each, held in there.items())
        assert sum(map(len, there.values())) <= limit
        assert shelf._file is None or os.fstat(shelf._file.fileno()).st_size <= limit
    shelf.put("too large", b"x" * (limit + 1))
    assert shelf.get("too large") is None
    shelf.close()
