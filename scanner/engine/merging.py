"""Reports of parts, put together: their readings are taken as guarded as those of workers, then judged as one scan."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.engine.frames import MESSAGE_LIMIT_BYTES, decode
from scanner.model.errors import UsageError
from scanner.model.shards import Shard, ShardFile, ShardPart, ShardReading, ShardRoot
from scanner.model.text import shown
from scanner.model.work import Examination
from scanner.pipeline.merging import differing
from scanner.pipeline.shard_readings import MergedParts
from scanner.report.json_shard_reading import load_part

_RESCAN = "Scan all parts of the tree again."


@dataclass(frozen=True, slots=True)
class _Loaded:
    """The report of one part."""

    path: str
    part: ShardPart
    roots: tuple[str, ...]


def load_parts(paths: Sequence[str]) -> MergedParts:
    """Read the reports of parts of one delivery; parts that are not among them are told in what comes back.

    Raises:
        UsageError: one is no report of a part, is there twice, or is of another tree, division, version, setting or policy.
    """
    loaded = [_Loaded(path, *load_part(path)) for path in paths]
    first = loaded[0]
    for one in loaded[1:]:
        _refuse_other(first, one)
    _refuse_doubled(loaded)
    present = {one.part.shard for one in loaded}
    count = first.part.shard.count
    roots: list[ShardRoot] = []
    files: list[ShardFile] = []
    readings: dict[tuple[int, str, str], Examination] = {}
    for one in loaded:
        roots.clear()
        for value in _values(one):
            match value:
                case ShardRoot():
                    roots.append(value)
                case ShardFile():
                    files.append(value)
                case ShardReading():
                    readings[value.root, value.path, value.asked] = value.examination
        if len(roots) != len(first.roots) or not all(_is_below(each, len(roots)) for each in files):
            raise _broken(one.path)
    return MergedParts(
        roots=first.roots,
        plan_sha256=first.part.plan_sha256,
        beside=tuple(roots),
        files=files,
        readings=readings,
        made_of=dict(first.part.made_of),
        missing=tuple(shard for index in range(1, count + 1) if (shard := Shard(index, count)) not in present),
    )


def _refuse_other(first: _Loaded, other: _Loaded) -> None:
    where = f"{shown(first.path)} and {shown(other.path)}"
    if first.part.shard.count != other.part.shard.count:
        what = f"one is a part of {first.part.shard.count}, the other of {other.part.shard.count}"
        raise UsageError(f"the delivery was divided differently: {what}", where=where, next_step=_RESCAN)
    if told := differing(dict(first.part.made_of), dict(other.part.made_of)):
        raise UsageError(f"the parts were scanned with other tools or settings ({told})", where=where, next_step=_RESCAN)
    if first.part.plan_sha256 != other.part.plan_sha256:
        raise UsageError("the parts are not of one tree, or it changed between their scans", where=where, next_step=_RESCAN)


def _refuse_doubled(loaded: Sequence[_Loaded]) -> None:
    known: dict[Shard, str] = {}
    for one in loaded:
        if one.part.shard in known:
            where = f"{shown(known[one.part.shard])} and {shown(one.path)}"
            raise UsageError(f"both are part {one.part.shard}", where=where, next_step="Name each part once.")
        known[one.part.shard] = one.path


def _values(one: _Loaded) -> Sequence[object]:
    values: list[object] = []
    for block in one.part.readings:
        inflater = zlib.decompressobj()
        try:
            body = inflater.decompress(block, MESSAGE_LIMIT_BYTES)
            decoded = decode(body) if inflater.eof else None
        except (zlib.error, pickle.UnpicklingError):
            decoded = None
        if not isinstance(decoded, tuple) or not all(isinstance(each, (ShardRoot, ShardFile, ShardReading)) for each in decoded):
            raise _broken(one.path)
        values += decoded
    return values


def _is_below(one: ShardFile, roots: int) -> bool:
    """Whether a file lies below its root: a report that somebody made must not have others read."""
    path = one.file.path
    return 0 <= one.root < roots and not path.startswith("/") and ".." not in path.split("/") and bool(path)


def _broken(path: str) -> UsageError:
    return UsageError("what it carries of its part cannot be read", where=shown(path), next_step="Scan the part again.")
