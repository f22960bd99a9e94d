from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from scanner.match.hamming import HashTable, count_ones, count_ones_by_sums

HASHES = st.integers(0, 2**64 - 1)


@given(st.lists(HASHES, max_size=40))
def test_both_ways_of_counting_are_python_s(values):
    array = np.array(values, np.uint64)
    expected = [value.bit_count() for value in values]
    assert count_ones(array).tolist() == expected
    assert count_ones_by_sums(array).tolist() == expected


@given(st.lists(HASHES, max_size=40), HASHES, st.integers(0, 64))
def test_every_row_within_the_threshold_is_found(values, query, threshold):
    expected = [
        (row, (value ^ query).bit_count()) for row, value in enumerate(values) if (value ^ query).bit_count() <= threshold
    ]
    assert list(HashTable(np.array(values, np.uint64)).within(query, threshold)) == expected
