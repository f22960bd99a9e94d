"""Movie tags that ExifTool passes over: iTunes items that lack a part, and values that stand before the keys that name them.

Layout: QuickTime File Format, metadata atoms; the iTunes ``----`` item holds ``mean`` (namespace), ``name`` and ``data``.
"""

from __future__ import annotations

from collections.abc import Iterator

from scanner.read.residue_harvest import TEXT_LIMIT_BYTES, Harvest, decode_text
from scanner.tools.containers.bmff import Box, boxes_within
from scanner.tools.containers.source import Source

_NAME_LIMIT_BYTES = 256
_KEYS_LIMIT = 1000
_VALUE_HEAD_BYTES = 8
"""Type and locale, four bytes each, before the value in a ``data`` box."""


def harvest_movie_tags(source: Source, movie: Box, harvest: Harvest) -> None:
    """Read what ExifTool leaves of the tags in one ``moov`` box."""
    for user in _children(source, movie.start, movie.end, b"udta"):
        for meta in _children(source, user.start, user.end, b"meta"):
            _harvest_meta(source, meta, harvest)
    for meta in _children(source, movie.start, movie.end, b"meta"):
        _harvest_meta(source, meta, harvest)


def _harvest_meta(source: Source, meta: Box, harvest: Harvest) -> None:
    # A full box in MP4, with four bytes of version and flags; a plain one in QuickTime.
    start = meta.start if source.at(meta.start + 4, 4) == b"hdlr" else meta.start + 4
    parts = {box.kind: box for box in boxes_within(source, start, meta.end)}
    tags, keys = parts.get(b"ilst"), parts.get(b"keys")
    if tags is None:
        return
    for item in _children(source, tags.start, tags.end, b"----"):
        _harvest_free_form(source, item, harvest)
    if keys is not None and keys.offset > tags.offset:
        _harvest_keyed(source, tags, _key_names(source, keys), harvest)


def _children(source: Source, start: int, end: int, kind: bytes) -> Iterator[Box]:
    return (box for box in boxes_within(source, start, end) if box.kind == kind)


def _harvest_free_form(source: Source, item: Box, harvest: Harvest) -> None:
    parts = {box.kind: box for box in boxes_within(source, item.start, item.end)}
    name, value = parts.get(b"name"), parts.get(b"data")
    if name is None or value is None:
        harvest.lose("a free-form tag lacks its name or its value")
    elif b"mean" not in parts:
        named = source.at(name.start + 4, min(name.end - name.start - 4, _NAME_LIMIT_BYTES))
        harvest.add(f"iTunes:{decode_text(named)}", _text(source, value))


def _key_names(source: Source, keys: Box) -> tuple[str, ...]:
    names, at = [], keys.start + 8
    for _ in range(min(source.number(keys.start + 4, 4) or 0, _KEYS_LIMIT)):
        size = source.number(at, 4) or 0
        if size < 8 or at + size > keys.end:
            break
        names.append(decode_text(source.at(at + 8, min(size - 8, _NAME_LIMIT_BYTES))))
        at += size
    return tuple(names)


def _harvest_keyed(source: Source, tags: Box, names: tuple[str, ...], harvest: Harvest) -> None:
    at = tags.start
    for _ in range(_KEYS_LIMIT):
        size, index = source.number(at, 4) or 0, source.number(at + 4, 4) or 0
        if size < 8 or at + size > tags.end:
            return
        for value in _children(source, at + 8, at + size, b"data"):
            if 0 < index <= len(names):
                harvest.add(f"Keys:{names[index - 1]}", _text(source, value))
        at += size


def _text(source: Source, value: Box) -> str:
    start = value.start + _VALUE_HEAD_BYTES
    return decode_text(source.take(start, value.end - start, TEXT_LIMIT_BYTES))
