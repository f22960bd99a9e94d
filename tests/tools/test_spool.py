import errno
import os
import tempfile
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.errors import ScannerError
from scanner.tools import spool
from scanner.tools.spool import BLOCK, Spool, sorted_spool


@dataclass(frozen=True, slots=True)
class Shared:
    name: str


@given(st.integers(0, 3 * BLOCK + 1))
def test_it_is_the_sequence_that_was_put_in(count):
    kept = Spool(range(count))
    assert len(kept) == count
    assert list(kept) == list(range(count))
    assert [kept[at] for at in reversed(range(count))] == list(reversed(range(count)))


def test_it_is_indexed_like_any_sequence():
    kept = Spool(range(600))
    assert (kept[-1], kept[-600], kept[5:8], kept[598:900]) == (599, 0, [5, 6, 7], [598, 599])
    for index in (600, -601):
        with pytest.raises(IndexError):
            kept[index]


def test_what_a_block_shares_is_shared_again():
    shared = Shared("jpeg")
    kept = Spool((shared, number) for number in range(2 * BLOCK))
    assert kept[0][0] == shared
    assert kept[0][0] is kept[1][0]


def test_few_values_never_touch_the_disk(monkeypatch):
    monkeypatch.setattr(tempfile, "TemporaryFile", None)
    assert len(Spool(range(BLOCK - 1))) == BLOCK - 1


def test_memory_holds_a_few_blocks_only():
    kept = Spool(range(40 * BLOCK))
    for at in range(0, len(kept), BLOCK):
        kept[at]
    assert len(kept._at_hand) == spool.BLOCKS_AT_HAND


def test_it_can_be_read_while_it_grows():
    kept = Spool(range(BLOCK + 3))
    walk = iter(kept)
    assert next(walk) == 0
    kept.extend(range(BLOCK + 3, 4 * BLOCK))
    assert list(walk)[:5] == [1, 2, 3, 4, 5]
    assert list(kept) == list(range(4 * BLOCK))


def test_a_full_disk_is_told_in_one_line(monkeypatch):
    class Full:
        def seek(self, place):
            return place

        def write(self, content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **_: Full())
    with pytest.raises(ScannerError, match=r"cannot be kept .*No space left") as told:
        Spool(range(BLOCK))
    assert "TMPDIR" in str(told.value.next_step)


@given(st.lists(st.tuples(st.integers(0, 5), st.integers()), max_size=60))
def test_sorting_by_runs_is_sorting(values):
    before = spool.RUN
    spool.RUN = 7
    try:
        assert list(sorted_spool(values, key=lambda pair: pair[0])) == sorted(values, key=lambda pair: pair[0])
    finally:
        spool.RUN = before


def test_what_comes_nearly_sorted_is_put_away_once(monkeypatch):
    monkeypatch.setattr(spool, "RUN", 8)
    monkeypatch.setattr(spool.heapq, "merge", None)
    early = [90, 91, 92]
    assert list(sorted_spool([*early, *range(50)], key=lambda value: value)) == [*range(50), *early]
