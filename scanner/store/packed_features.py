"""Local features as a library keeps them: width and height, then the arrays one after the other; 28 bytes a point."""

from __future__ import annotations

import struct

from scanner.model.belongings import PackedFeatures
from scanner.model.matching import LocalFeatures

_SIZE = struct.Struct("<II")
BYTES_BEFORE = _SIZE.size
_PLACE, _CODE, _WORD = 8, 16, 4
BYTES_A_POINT = _PLACE + _CODE + _WORD


def packed_length(points: int) -> int:
    """Return how many bytes so many points take."""
    return BYTES_BEFORE + points * BYTES_A_POINT


def pack(features: LocalFeatures) -> PackedFeatures:
    """Return the features as they are kept."""
    payload = _SIZE.pack(features.width, features.height) + features.places + features.codes + features.words
    return PackedFeatures(features.algorithm, features.count, payload)


def unpack(packed: PackedFeatures) -> LocalFeatures:
    """Return the features that were kept.

    Raises:
        ValueError: the payload is not as long as its number of points says.
    """
    if packed.count < 0 or len(packed.payload) != packed_length(packed.count):
        raise ValueError(f"local features of {packed.count} points take {len(packed.payload)} bytes")
    width, height = _SIZE.unpack_from(packed.payload)
    codes = BYTES_BEFORE + packed.count * _PLACE
    words = codes + packed.count * _CODE
    return LocalFeatures(
        packed.algorithm, width, height, packed.payload[BYTES_BEFORE:codes], packed.payload[codes:words], packed.payload[words:]
    )
