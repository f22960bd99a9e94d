from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.belongings import PackedFeatures
from scanner.model.matching import LocalFeatures
from scanner.store.packed_features import BYTES_A_POINT, BYTES_BEFORE, pack, unpack


@given(st.integers(0, 40), st.integers(1, 1 << 20), st.integers(1, 1 << 20), st.randoms())
def test_what_was_packed_is_unpacked(points: int, width: int, height: int, random) -> None:
    features = LocalFeatures(
        "sift128/1", width, height, random.randbytes(8 * points), random.randbytes(16 * points), random.randbytes(4 * points)
    )
    packed = pack(features)
    assert (packed.algorithm, packed.count) == ("sift128/1", points)
    assert len(packed.payload) == BYTES_BEFORE + points * BYTES_A_POINT
    assert unpack(packed) == features


@pytest.mark.parametrize(("count", "length"), [(1, BYTES_BEFORE), (0, 0), (2, BYTES_BEFORE + BYTES_A_POINT), (-1, 0)])
def test_a_payload_of_another_length_is_refused(count: int, length: int) -> None:
    with pytest.raises(ValueError, match="local features"):
        unpack(PackedFeatures("sift128/1", count, bytes(length)))
