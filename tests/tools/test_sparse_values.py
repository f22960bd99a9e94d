"""Sparse values come back equal, share what they have in common, and nothing else comes out of what somebody wrote."""

from __future__ import annotations

import contextlib
import json
from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.work import Examination
from scanner.tools.plain_values import NoValueError
from scanner.tools.sparse_values import SparseForm
from tests.store.examinations import bare, delivery, marked
from tests.tools.test_plain_values import THING, Thing, _surrogates

FORM = SparseForm(
    Examination, own=("key", "hash", "width", "height", "captured", "exposure", "identity", "fingerprint", "prints")
)
THINGS = SparseForm(Thing, own=("text",))


@given(st.builds(Thing, text=_surrogates, share=st.floats(allow_nan=False)))
def test_what_was_written_is_read(thing: Thing) -> None:
    assert THINGS.read(THINGS.write(thing)) == thing


def test_examinations_come_back_equal() -> None:
    for one in (*delivery(20), marked(3)):
        assert FORM.read(FORM.write(one)) == one


def test_what_is_by_default_is_not_written_and_what_is_common_is_read_once() -> None:
    first, second = (FORM.read(FORM.write(bare(number))) for number in (1, 2))
    assert first != second
    assert first.readings is second.readings
    assert first.format is second.format
    own, common = json.loads(FORM.write(bare(1)))
    assert len(own) + len(json.loads(common)) < len(fields(Examination)) // 2


def test_a_long_common_part_is_not_remembered() -> None:
    long = Thing(THING.text, 1, True, 0.1, THING.colour, None, deep=(("k", "v" * 5000),))
    one, other = (THINGS.read(THINGS.write(long)) for _ in range(2))
    assert one == other == long
    assert one.deep is not other.deep


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[[]]",
        b'[[],"[]"]',
        b'[[],"{"]',
        b"[[],3]",
        b'[[[99,1]],"[]"]',
        b'[[[-1,1]],"[]"]',
        b'[[[true,1]],"[]"]',
        b'[[[0,"one"]],"[[1,2]]"]',
        b'[[["0","one"]],"[]"]',
        b'[{"0":1},"[]"]',
        b"\xff",
        b"[" * 100_000,
    ],
)
def test_what_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(NoValueError):
        THINGS.read(body)


@given(st.integers(0, 400), st.integers(0, 255))
def test_changed_bytes_are_a_value_or_refused(at: int, byte: int) -> None:
    body = bytearray(FORM.write(bare(1)))
    body[at % len(body)] = byte
    with contextlib.suppress(NoValueError):
        assert isinstance(FORM.read(bytes(body)), Examination)
