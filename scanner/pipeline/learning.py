"""Adding to the reference library: read files as a scan does, keep what they can be recognised by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace

from scanner.model.matching import Reference, Rights, Role
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.work import Examination, PixelDigest, PixelsTask, Thumbnail, ThumbnailTask
from scanner.pipeline.plan import Progress, make_plan
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings
from scanner.store.rows import reference_id
from scanner.store.thumbnails import fitted

_AT_ONCE = 500
"""Named paths read and acknowledged together, so that a manifest of any length needs bounded memory."""
_WHOLE = ("probe", "picture")
"""Readers that say whether the file and its picture are whole."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file or folder to add, and what its material is to us."""

    path: str
    role: Role
    rights: Rights = field(default_factory=Rights)


@dataclass(frozen=True, slots=True)
class Learned:
    """What became of the files that were to be added."""

    new: int = 0
    known: int = 0
    """Already in the library under this role."""
    differing: int = 0
    """Known ones whose rights are others than those given now; set to these where that was asked."""
    plain: int = 0
    """Pictures too plain to be recognised but by equal bytes."""
    bytes_only: int = 0
    """Media without a comparable picture: recognised by equal bytes."""
    refused: tuple[tuple[str, str], ...] = ()
    """Path and reason of each file that was not added."""

    def __add__(self, other: Learned) -> Learned:
        """Both together."""
        return Learned(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Learnable:
    """One file to make a reference of."""

    path: str
    """Absolute."""
    size_bytes: int
    name: str
    role: Role
    rights: Rights
    examination: Examination


def add_references(
    settings: ScanSettings,
    sources: Sequence[Source],
    store: ReferenceStore,
    engine: Engine,
    progress: Progress,
    *,
    update: bool = False,
) -> Learned:
    """Add every media file under `sources` to `store`; sequences frame by frame.

    The rights of files that are known already stay, unless `update` asks to set them.

    Raises:
        UsageError, NothingToScan: as for a scan. StoreError: the library cannot be written.
    """
    learned = Learned()
    for start in range(0, len(sources), _AT_ONCE):
        files = read_sources(settings, sources[start : start + _AT_ONCE], engine, progress)
        learned += learn(files, store, engine, progress, update=update)
    return learned


def read_sources(settings: ScanSettings, sources: Sequence[Source], engine: Engine, progress: Progress) -> tuple[Learnable, ...]:
    """Read every file under `sources`."""
    plan = make_plan(replace(settings, paths=tuple(source.path for source in sources)))
    room = ReadingRoom(plan, engine, progress, fingerprints=True)
    return tuple(
        Learnable(
            path=room.absolute(one.asset.root, file.path),
            size_bytes=file.size_bytes,
            name=reference_name(plan.roots[one.asset.root], file.path),
            role=sources[one.asset.root].role,
            rights=sources[one.asset.root].rights,
            examination=examination,
        )
        for one in room.read()
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
        if not examination.litter
    )


def learn(
    files: Sequence[Learnable], store: ReferenceStore, engine: Engine, progress: Progress, *, update: bool = False
) -> Learned:
    """Add files that were read, with a thumbnail each; what is damaged or no media is refused.

    Raises:
        StoreError: the library cannot be written.
    """
    refused = tuple((one.name, why) for one in files if (why := _refusal(one.examination)))
    wanted = [one for one in files if _refusal(one.examination) is None]
    digests = _pixel_digests(wanted, engine, progress)
    references = [_reference(one, digests.get(number, "")) for number, one in enumerate(wanted)]
    differing = store.find_differing_rights(references)
    new = store.add(references, _thumbnails(wanted, engine, progress))
    if update:
        store.set_rights(differing)
    prints = [reference.fingerprint for reference in references]
    return Learned(
        new=new,
        known=len(references) - new,
        differing=len(differing),
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


def _pixel_digests(wanted: Sequence[Learnable], engine: Engine, progress: Progress) -> dict[int, str]:
    tasks = [PixelsTask(number, one.path, one.size_bytes) for number, one in _pictures(wanted)]
    digests: dict[int, str] = {}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("decoding", done, len(tasks))
        if isinstance(result, PixelDigest):
            digests[result.key] = result.digest
    return digests


def _thumbnails(wanted: Sequence[Learnable], engine: Engine, progress: Progress) -> dict[str, bytes]:
    tasks = [ThumbnailTask(number, one.path, one.size_bytes) for number, one in _pictures(wanted)]
    made: dict[str, bytes] = {}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("making thumbnails", done, len(tasks))
        if isinstance(result, Thumbnail):
            one = wanted[result.key]
            made[reference_id(one.role, one.examination.hash.value or "")] = fitted(result.jpeg)
    return made


def _pictures(wanted: Sequence[Learnable]) -> Iterator[tuple[int, Learnable]]:
    return ((number, one) for number, one in enumerate(wanted) if one.examination.fingerprint is not None)


def _reference(one: Learnable, pixel_digest: str) -> Reference:
    sha256 = one.examination.hash.value or ""
    return Reference(
        reference_id(one.role, sha256), one.role, one.name, sha256, one.examination.fingerprint, pixel_digest, one.rights
    )


def reference_name(root: str, path: str) -> str:
    """Return the path below its root, the root's own name in front: short, and still telling."""
    base = root.rstrip("/").rpartition("/")[2]
    return path if base == path else f"{base}/{path}"
