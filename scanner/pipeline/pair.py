"""One pair of pictures, stage by stage: everything that comparing a delivery with references looks at, for a person to read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

import numpy as np

from scanner.match.alignment import align
from scanner.match.local_index import is_sound
from scanner.match.points import pair_up, points_of
from scanner.match.search import THRESHOLD_BITS
from scanner.match.ways import WAYS, laid
from scanner.model.errors import UsageError
from scanner.model.matching import Alignment, GlobalHash, LocalQuery, Relation
from scanner.model.pair import Pair, PairSide
from scanner.model.protocols import Engine
from scanner.model.text import shown
from scanner.model.work import (
    Compared,
    CompareTask,
    Examination,
    ExamineTask,
    PixelDigest,
    PixelsTask,
    PointsFound,
    PointsTask,
    Result,
    Task,
)
from scanner.pipeline.plan import Progress

_GLOBAL_BITS = 256
_Kind = TypeVar("_Kind", bound=Result)


def explain_pair(asset: str, reference: str, engine: Engine, progress: Progress) -> Pair:
    """Compare two files by every stage, also where an earlier one settled the question.

    Raises:
        UsageError: one of them is no regular file, or cannot be looked at.
    """
    told = asset, reference
    asset, reference = (os.path.abspath(path) for path in told)
    sizes = {path: _size(path) for path in (asset, reference)}
    stages = _Stages(sizes, engine, progress)
    examined = stages.run("reading", ExamineTask, Examination)
    digests = {path: one.digest for path, one in stages.run("decoding", PixelsTask, PixelDigest).items()}
    queries = {
        path: one.query
        for path, one in stages.run("looking for parts", PointsTask, PointsFound).items()
        if one.query is not None and is_sound(one.query)
    }
    a, b = _examined(examined, asset), _examined(examined, reference)
    bits, way = _global_bits(a.prints, b.prints)
    paired, found = _aligned(queries.get(asset), queries.get(reference))
    compared = _compared(stages, asset, reference, found[0]) if found else None
    pair = Pair(
        asset=_side(told[0], a, queries.get(asset)),
        reference=_side(told[1], b, queries.get(reference)),
        equal_bytes=a.hash.value is not None and a.hash.value == b.hash.value,
        equal_pixels=_equal(digests.get(asset, ""), digests.get(reference, "")),
        fingerprint_bits=_fingerprint_bits(a, b),
        fingerprint_limit=THRESHOLD_BITS,
        global_bits=bits,
        global_way=way,
        paired_points=paired,
        alignment=found[0] if found else None,
        alteration=compared.alteration if compared else None,
        relation=found[1] if found else None,
        laid_over=compared.laid_over if compared else None,
    )
    return replace(pair, relation=_relation(pair))


class _Stages:
    """Runs one kind of task on both files."""

    def __init__(self, sizes: Mapping[str, int], engine: Engine, progress: Progress) -> None:
        self.sizes = sizes
        self._paths = tuple(sizes)
        self._engine = engine
        self._progress = progress

    def run(self, phase: str, make: Callable[[int, str, int], Task], kind: type[_Kind]) -> dict[str, _Kind]:
        tasks = [make(key, path, self.sizes[path]) for key, path in enumerate(self._paths)]
        return {self._paths[result.key]: result for result in self.run_all(phase, tasks) if isinstance(result, kind)}

    def run_all(self, phase: str, tasks: list[Task]) -> list[Result]:
        results = []
        for done, result in enumerate(self._engine.run(tasks), 1):
            self._progress(phase, done, len(tasks))
            results.append(result)
        return results


def _size(path: str) -> int:
    try:
        found = os.stat(path)
    except OSError as error:
        raise UsageError(f"cannot be looked at: {error.strerror}", where=shown(path)) from error
    if not stat.S_ISREG(found.st_mode):
        raise UsageError("is no file", where=shown(path), next_step="Name two picture files.")
    return found.st_size


def _examined(examined: Mapping[str, Examination], path: str) -> Examination:
    if path not in examined:
        raise UsageError("cannot be read: the process that read it failed", where=shown(path))
    return examined[path]


def _side(path: str, one: Examination, query: LocalQuery | None) -> PairSide:
    return PairSide(
        path, one.format.title, one.fingerprint, query.features.count if query else 0, one.picture_note or _damage(one)
    )


def _damage(one: Examination) -> str:
    return next((reading.reason or "" for reading in one.readings if reading.state == "failed"), "")


def _equal(one: str, other: str) -> bool | None:
    return one == other if one and other else None


def _fingerprint_bits(a: Examination, b: Examination) -> int | None:
    one, other = a.fingerprint, b.fingerprint
    if one is None or other is None or one.flat or other.flat or one.algorithm != other.algorithm:
        return None
    return (int(one.bits, 16) ^ int(other.bits, 16)).bit_count()


def _global_bits(a: Iterable[GlobalHash], b: Iterable[GlobalHash]) -> tuple[int | None, str]:
    """Least differing bits between any view of one and any of the other, and the way in which the first was laid."""
    held = _hashes(b)
    nearest: tuple[int, int] | None = None
    for number, way in enumerate(WAYS):
        for own in laid(_hashes(a), way):
            for bits in np.bitwise_count(held ^ own).sum(axis=1):
                nearest = min(nearest or (_GLOBAL_BITS + 1, 0), (int(bits), number))
    return (nearest[0], WAYS[nearest[1]]) if nearest else (None, "")


def _hashes(prints: Iterable[GlobalHash]) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    digits = bytes.fromhex("".join(one.bits for one in prints))
    return np.frombuffer(digits, np.uint8).reshape(-1, _GLOBAL_BITS // 8)


def _aligned(asset: LocalQuery | None, reference: LocalQuery | None) -> tuple[int, tuple[Alignment, Relation] | None]:
    """Pairs of points, and the alignment with most agreeing ones, of the asset as it is or of its mirror image."""
    if asset is None or reference is None or not (asset.features.count and reference.features.count):
        return 0, None
    held = points_of(reference.features)
    ways = [(points_of(asset.features), False), (points_of(asset.mirrored), True)]
    paired = max(len(pair_up(points, held)) for points, _ in ways)
    found = [one for points, mirrored in ways if (one := align(points, held, mirrored=mirrored)) is not None]
    return paired, max(found, key=lambda one: one[0].inliers, default=None)


def _compared(stages: _Stages, asset: str, reference: str, alignment: Alignment) -> Compared | None:
    task = CompareTask(
        0,
        asset,
        stages.sizes[asset],
        alignment,
        reference_path=reference,
        reference_size_bytes=stages.sizes[reference],
        shown=True,
    )
    results = stages.run_all("laying over each other", [task])
    return next((one for one in results if isinstance(one, Compared)), None)


def _relation(pair: Pair) -> Relation | None:
    if pair.equal_bytes or pair.equal_pixels:
        return Relation.SAME
    if pair.relation is not None:
        altered = pair.alteration is not None and pair.alteration.boxes and pair.relation is not Relation.CONTAINED
        return Relation.ALTERED if altered else pair.relation
    alike = pair.fingerprint_bits is not None and pair.fingerprint_bits <= THRESHOLD_BITS
    return Relation.SIMILAR if alike else None
