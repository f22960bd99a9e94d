"""Photoshop PSD and PSB: the block ``GenI``, in which the program notes whether generative tools were used.

The block stands behind the layers, or with one layer. Most files hold it, and say 0 (40 of 40 of psd-tools' samples).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from scanner.read.residue_descriptor import DescriptorBrokenError, read_pairs
from scanner.read.residue_harvest import Harvest
from scanner.tools.containers.source import Source

_SIGNATURES = (b"8BIM", b"8B64")
_LONG_KEYS = frozenset(b"LMsk Lr16 Lr32 Layr Mt16 Mt32 Mtrn Alph FMsk lnk2 lnkE FEid FXid PxSD extn cinf".split())
"""Blocks whose length takes eight bytes in PSB (github:Agamnentzar/ag-psd; the specification lists most of them)."""
_LAYERS_IN_BLOCK = frozenset({b"Lr16", b"Lr32", b"Layr"})
"""Documents of 16 and 32 bits keep their layers in such a block."""
_BLOCKS_LIMIT = 50_000
_LAYERS_LIMIT = 8000
"""Layers that Photoshop allows."""
_BLOCK_LIMIT_BYTES = 1 << 16
_FIELDS = ("isUsingGenTech", "externalModelList")
_VERSION_BYTES = 4


@dataclass(frozen=True, slots=True)
class _Block:
    key: bytes
    start: int
    end: int


def harvest_psd(source: Source, harvest: Harvest) -> None:
    """Read what Photoshop notes of generative tools."""
    large = source.at(4, 2) == b"\0\x02"
    steps = iter(range(_BLOCKS_LIMIT))
    for block in _all_blocks(source, large, harvest):
        if next(steps, None) is None:
            harvest.warn("it has more blocks than are read")
            return
        if block.key == b"GenI":
            _harvest_note(source.take(block.start, block.end - block.start, _BLOCK_LIMIT_BYTES), harvest)


def _harvest_note(content: bytes, harvest: Harvest) -> None:
    try:
        for name, value in read_pairs(content[_VERSION_BYTES:]):
            if name in _FIELDS and value not in (None, []):
                text = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
                harvest.add(f"PSD:GenI.{name}", text)
    except DescriptorBrokenError as error:
        harvest.warn(f"its GenI block is not read to its end ({error})")


def _all_blocks(source: Source, large: bool, harvest: Harvest) -> Iterator[_Block]:
    """Yield the blocks of all layers, and those behind them."""
    width = 8 if large else 4
    section = _skip_sections(source)
    length = source.number(section, width) if section else None
    if section is None or length is None:
        harvest.warn("the file ends before its layers")
        return
    start = section + width
    end = start + length
    if end > source.size_bytes:
        harvest.warn("the file ends inside its layers")
    layers = source.number(start, width) if length else 0
    behind = start + width + (layers or 0)
    yield from _layer_blocks(source, start + width, min(behind, end), large)
    masks = source.number(behind, 4) or 0
    for block in _walk(source, behind + 4 + masks, end, large):
        yield block
        if block.key in _LAYERS_IN_BLOCK:
            yield from _layer_blocks(source, block.start, min(block.end, end), large)


def _skip_sections(source: Source) -> int | None:
    """Return the offset of the layer section: behind header, colour table and image resources."""
    offset = 26
    for _ in range(2):
        length = source.number(offset, 4)
        if length is None:
            return None
        offset += 4 + length
    return offset


def _layer_blocks(source: Source, start: int, end: int, large: bool) -> Iterator[_Block]:
    """Yield the blocks of each layer record; `start` is behind the length of the layer information."""
    count = source.number(start, 2) or 0
    # Negative where the first alpha channel is the merged picture's transparency.
    layers = 65536 - count if count > 32767 else count
    offset = start + 2
    for _ in range(min(layers, _LAYERS_LIMIT)):
        channels = source.number(offset + 16, 2)
        if channels is None or offset >= end:
            return
        blend = offset + 18 + channels * (10 if large else 6)
        extra = source.number(blend + 12, 4)
        if source.at(blend, 4) != b"8BIM" or extra is None:
            return
        offset = blend + 16 + extra
        yield from _walk(source, _skip_layer_head(source, blend + 16), min(offset, end), large)


def _skip_layer_head(source: Source, offset: int) -> int:
    """Skip a layer's mask, blending ranges and Pascal name, which is padded to four bytes."""
    for _ in range(2):
        offset += 4 + (source.number(offset, 4) or 0)
    return offset + (1 + (source.number(offset, 1) or 0) + 3) // 4 * 4


def _walk(source: Source, offset: int, end: int, large: bool) -> Iterator[_Block]:
    """Walk tagged blocks up to `end`; writers pad them to one, two or four bytes."""
    for _ in range(_BLOCKS_LIMIT):
        padding = next((pad for pad in range(4) if source.at(offset + pad, 4) in _SIGNATURES), None)
        if padding is None or offset + padding + 12 > end:
            return
        offset += padding
        key = source.at(offset + 4, 4)
        width = 8 if source.at(offset, 4) == b"8B64" or (large and key in _LONG_KEYS) else 4
        length = source.number(offset + 8, width)
        if length is None:
            return
        start = offset + 8 + width
        offset = start + length
        yield _Block(key, start, min(offset, end))
