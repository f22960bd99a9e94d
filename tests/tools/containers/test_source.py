"""Bounded random access: any offset and size are answered, none reads more than its bound."""

import io

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.tools.containers.source import READ_LIMIT_BYTES, Source

CONTENT = bytes(range(256)) * 80


@given(
    st.lists(st.tuples(st.integers(-10, 2**70), st.integers(-5, 2**70)) | st.tuples(st.integers(0, 21_000), st.integers(0, 9000)))
)
@settings(max_examples=100, deadline=None)
def test_reads_are_slices(reads):
    source = Source(io.BytesIO(CONTENT), len(CONTENT))
    for offset, size in reads:
        expected = CONTENT[offset : offset + max(size, 0)] if offset >= 0 else b""
        assert source.at(offset, size) == expected


def test_one_read_has_a_bound():
    source = Source(io.BytesIO(bytes(200_000)), 200_000)
    assert len(source.at(0, 10**9)) == READ_LIMIT_BYTES
    assert len(source.tail(10**9)) == READ_LIMIT_BYTES


def test_bytes_past_the_known_size_are_not_there():
    source = Source(io.BytesIO(b"abcdef"), 4)
    assert (source.head, source.at(2, 10), source.tail(2)) == (b"abcd", b"cd", b"cd")


def test_numbers():
    source = Source(io.BytesIO(b"\x01\x02\x03"), 3)
    assert source.number(0, 2) == 0x0102
    assert source.number(0, 2, little=True) == 0x0201
    assert source.number(2, 2) is None
