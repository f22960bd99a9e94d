"""Which assets have content that another one has too, found without keeping a digest of each."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.pipeline import copies
from scanner.pipeline.copies import CopyIndex

digests = st.one_of(
    st.integers(0, 6).map("{:064x}".format), st.integers(0, 6).map(lambda number: f"{number:016x}".ljust(64, "f"))
)


def file(digest: str) -> Any:
    return SimpleNamespace(hash=SimpleNamespace(value=digest), frames=())


@given(st.lists(digests, max_size=60))
def test_it_finds_what_comparing_each_with_each_finds(contents: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(copies, "_PIECE", 7)
        index = CopyIndex()
        for digest in contents:
            index.add(file(digest))
        beginnings = [digest[:16] for digest in contents]
        assert index.several() == [at for at, each in enumerate(beginnings) if beginnings.count(each) > 1]


def test_nothing_has_no_copies() -> None:
    assert CopyIndex().several() == []
