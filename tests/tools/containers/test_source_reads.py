"""Longer reads and searches of a source: bounded, and whole across the seams between blocks."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tools.bounded import CHUNK_BYTES
from scanner.tools.containers.source import READ_LIMIT_BYTES, Source


def source(content: bytes) -> Source:
    return Source(io.BytesIO(content), len(content))


def test_a_long_read_has_the_bound_that_is_asked_for():
    content = bytes(range(256)) * 1024
    assert source(content).take(3, len(content), 200_000) == content[3:200_003]
    assert source(content).take(3, 10**12, 10**12) == content[3:]
    assert len(source(content).take(0, len(content), READ_LIMIT_BYTES - 1)) == READ_LIMIT_BYTES - 1


@pytest.mark.parametrize(("offset", "size"), [(-1, 10**6), (10**12, 10), (0, -5), (262_144, 1)])
def test_a_long_read_outside_the_file_is_empty(offset, size):
    assert source(bytes(262_144)).take(offset, size, 10**6) == b""


@pytest.mark.parametrize("at", [0, 5, CHUNK_BYTES - 1, CHUNK_BYTES - 8, CHUNK_BYTES, 2 * CHUNK_BYTES - 3])
def test_a_needle_is_found_across_blocks(at):
    content = bytes(at) + b"the needle" + bytes(CHUNK_BYTES)
    assert source(content).find(b"the needle", 0, len(content)) == at
    assert source(content).find(b"the needle", at + 1, len(content)) is None
    assert source(content).find(b"the needle", 0, at + 9) is None


@given(st.binary(max_size=300), st.binary(min_size=1, max_size=4), st.integers(0, 320), st.integers(-5, 10**9))
@settings(max_examples=200, deadline=None)
def test_a_search_is_that_of_bytes(content, needle, start, end):
    found = content.find(needle, start, max(end, 0))
    assert source(content).find(needle, start, end) == (None if found < 0 else found)
