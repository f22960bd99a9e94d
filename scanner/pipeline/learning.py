"""Adding to the reference library: read files as a scan does, keep what they can be recognised by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scanner.model.matching import Reference, Role
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.work import Examination, PixelDigest, PixelsTask
from scanner.pipeline.plan import Plan, Progress, make_plan
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings
from scanner.store.library import reference_id

_BATCH = 200
"""References written at once: what was acknowledged is never lost, and a million files need no million transactions."""


_WHOLE = ("probe", "picture")
"""Readers that say whether the file and its picture are whole."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of the files that were to be added."""

    new: int
    known: int
    """Already in the library under this role."""
    plain: int
    """Pictures too plain to be recognised but by equal bytes."""
    bytes_only: int
    """Media without a comparable picture: recognised by equal bytes."""
    refused: tuple[tuple[str, str], ...]
    """Path and reason of each file that was not added."""


def add_references(settings: ScanSettings, role: Role, store: ReferenceStore, engine: Engine, progress: Progress) -> Learned:
    """Add every media file under the paths of `settings` to `store`; sequences frame by frame.

    Raises:
        UsageError, NothingToScan: as for a scan. StoreError: the library cannot be written.
    """
    plan = make_plan(settings)
    room = ReadingRoom(plan, engine, progress, fingerprints=True)
    files = [
        (one.asset.root, file.path, file.size_bytes, examination)
        for one in room.read()
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
        if not examination.litter
    ]
    wanted = [entry for entry in files if _refusal(entry[3]) is None]
    refused = tuple((path, why) for _, path, _, examination in files if (why := _refusal(examination)))
    digests = _pixel_digests(wanted, room, engine, progress)
    references = [
        _reference(role, _name(plan, root, path), examination, digests.get(number, ""))
        for number, (root, path, _, examination) in enumerate(wanted)
    ]
    new = sum(store.add(references[start : start + _BATCH]) for start in range(0, len(references), _BATCH))
    prints = [reference.fingerprint for reference in references]
    return Learned(
        new=new,
        known=len(references) - new,
        plain=sum(one is not None and one.flat for one in prints),
        bytes_only=sum(one is None for one in prints),
        refused=refused,
    )


def _refusal(examination: Examination) -> str | None:
    # A reference that is empty or cut short would be recognised in every other file that is.
    damage = next(
        (reading.reason for reading in examination.readings if reading.state == "failed" and reading.reader in _WHOLE), None
    )
    if damage:
        return damage
    if not examination.format.kind.is_media:
        return f"{examination.format.title} is no media"
    return None if examination.hash.value else "too large to be hashed"


def _pixel_digests(
    wanted: Sequence[tuple[int, str, int, Examination]], room: ReadingRoom, engine: Engine, progress: Progress
) -> dict[int, str]:
    tasks = [
        PixelsTask(number, room.absolute(root, path), size_bytes)
        for number, (root, path, size_bytes, examination) in enumerate(wanted)
        if examination.fingerprint is not None
    ]
    digests: dict[int, str] = {}
    for done, result in enumerate(engine.run(tasks), 1):
        progress("decoding", done, len(tasks))
        if isinstance(result, PixelDigest):
            digests[result.key] = result.digest
    return digests


def _reference(role: Role, name: str, examination: Examination, pixel_digest: str) -> Reference:
    sha256 = examination.hash.value or ""
    return Reference(reference_id(role, sha256), role, name, sha256, examination.fingerprint, pixel_digest)


def _name(plan: Plan, root: int, path: str) -> str:
    """The path below its root, the root's own name in front: short, and still telling."""
    base = plan.roots[root].rstrip("/").rpartition("/")[2]
    return path if base == path else f"{base}/{path}"
