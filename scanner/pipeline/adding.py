"""Adding files and folders to the reference library, part by part: what was acknowledged stays, whatever stops the rest.

A part is a few hundred files. Those whose content the library knows are left out before anything of them is decoded, so that an
interrupted add goes on where it was, and a second one is quick.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.crawl.walk import root_folder
from scanner.model.assets import Asset
from scanner.model.matching import Reference
from scanner.model.protocols import Engine, ReferenceStore
from scanner.model.work import DigestTask, FileDigest
from scanner.pipeline.belongings import kept_algorithms
from scanner.pipeline.fetching import expect_objects
from scanner.pipeline.learning import Learnable, Learned, Source, acknowledge, learn, reference_name
from scanner.pipeline.plan import Plan, Progress, make_plan
from scanner.pipeline.reading import FileKey, ReadingRoom
from scanner.pipeline.settings import HASH_BELOW_BYTES, ScanSettings
from scanner.store.rows import reference_id

NAMED_AT_ONCE = 500
"""Named paths planned together, so that a manifest of any length needs bounded memory."""
FILES_AT_ONCE = 200
"""Files read and acknowledged together; a sequence is never parted."""


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

    The rights of files that are known already stay, unless `update` asks to set them. Ctrl-C ends the adding, not the function.

    Raises:
        UsageError, NothingToScan: as for a scan. StoreError: the library cannot be written.
    """
    learned = Learned()
    for start in range(0, len(sources), NAMED_AT_ONCE):
        named = sources[start : start + NAMED_AT_ONCE]
        plan = make_plan(replace(settings, paths=tuple(source.path for source in named)))
        expect_objects(engine, plan.roots, plan.crawls)
        learned += add_plan(Adding(plan, named, store, engine, progress, update=update))
        if learned.stopped:
            break
    return learned


@dataclass(frozen=True, slots=True)
class Adding:
    """What is to be added, and by what means."""

    plan: Plan
    sources: Sequence[Source]
    """One a root of the plan."""
    store: ReferenceStore
    engine: Engine
    progress: Progress
    update: bool = False
    expected: Mapping[FileKey, str] | None = None
    """The files of the plan that are wanted, with the SHA-256 that their bytes must have; None for all, whatever their bytes."""

    def wants(self, key: FileKey, digest: str = "") -> bool:
        """Whether a file is to be added; with its digest, whether its bytes are those that are."""
        if self.expected is None:
            return True
        return key in self.expected and (not digest or digest == self.expected[key])

    def id_of(self, key: FileKey, digest: str) -> str:
        """Return the id of the reference that a file makes."""
        return reference_id(self.sources[key[0]].role, digest)

    def absolute(self, key: FileKey) -> str:
        """Return the absolute path of a file."""
        return os.path.join(root_folder(self.plan.roots[key[0]]), key[1])


def add_plan(adding: Adding) -> Learned:
    """Add the media of a plan, a part at a time; after Ctrl-C what is told to be learned is in the library.

    Raises:
        StoreError: the library cannot be written.
    """
    learned, done = Learned(), 0
    wanted = [asset for asset in adding.plan.assets if any(adding.wants(key) for key in _keys(asset))]
    total = sum(len(asset.files) for asset in wanted)
    try:
        for part in _parts(wanted):
            progress = _counting_on(adding.progress, done, total)
            learned += _add_part(replace(adding, plan=replace(adding.plan, assets=part), progress=progress))
            done += sum(len(asset.files) for asset in part)
    except KeyboardInterrupt:
        return replace(learned, stopped=True)
    return learned


def _add_part(adding: Adding) -> Learned:
    digests = _digests(adding)
    ids = {key: adding.id_of(key, digest) for key, digest in digests.items() if adding.wants(key, digest)}
    complete = adding.store.find_complete(ids.values(), kept_algorithms())
    contents = adding.store.find_contents(complete)
    # By its id alone a file that was made to collide would be passed over as known.
    known = {key for key, one in ids.items() if contents.get(one) == (adding.sources[key[0]].role, digests[key])}
    learned = Learned()
    for root, source in enumerate(adding.sources):
        if here := {ids[key]: digests[key] for key in known if key[0] == root}:
            references = [Reference(one, source.role, "", digest, rights=source.rights) for one, digest in here.items()]
            differing = acknowledge(references, source, adding.store, update=adding.update)
            learned += Learned(known=sum(key[0] == root for key in known), differing=differing)
    left = tuple(asset for asset in adding.plan.assets if not known.issuperset(_keys(asset)))
    if left:
        files = _read(replace(adding, plan=replace(adding.plan, assets=left)), known)
        learned += learn(files, adding.store, adding.engine, adding.progress, update=adding.update)
    return learned


def _digests(adding: Adding) -> dict[FileKey, str]:
    """The SHA-256 of every file that may be known; none where nothing can be."""
    roles = {source.role for source in adding.sources}
    if not any(adding.store.count(role) for role in roles):
        return {}
    files = [(asset.root, file) for asset in adding.plan.assets for file in asset.files if not file.failed]
    files = [(root, file) for root, file in files if adding.wants((root, file.path))]
    tasks = [
        DigestTask(number, adding.absolute((root, file.path)), file.size_bytes)
        for number, (root, file) in enumerate(files)
        if file.size_bytes < HASH_BELOW_BYTES
    ]
    digests: dict[FileKey, str] = {}
    for done, result in enumerate(adding.engine.run(tasks) if tasks else (), 1):
        adding.progress("looking for known files", done, len(tasks))
        if isinstance(result, FileDigest) and result.sha256:
            root, file = files[result.key]
            digests[root, file.path] = result.sha256
    return digests


def _read(adding: Adding, known: set[FileKey]) -> tuple[Learnable, ...]:
    """Read what is left of a plan.

    Raises:
        KeyboardInterrupt: it was stopped; nothing of the part is added then.
    """
    room = ReadingRoom(adding.plan, adding.engine, adding.progress, fingerprints=True)
    found = [
        Learnable(
            path=room.absolute(one.asset.root, file.path),
            size_bytes=file.size_bytes,
            name=reference_name(adding.plan.roots[one.asset.root], file.path),
            role=adding.sources[one.asset.root].role,
            rights=adding.sources[one.asset.root].rights,
            collections=adding.sources[one.asset.root].collections,
            examination=examination,
            expected_sha256=(adding.expected or {}).get((one.asset.root, file.path), ""),
        )
        for one in room.read()
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
        if not examination.litter and adding.wants(key := (one.asset.root, file.path)) and key not in known
    ]
    if room.interrupted:
        raise KeyboardInterrupt
    return tuple(found)


def _keys(asset: Asset) -> list[FileKey]:
    return [(asset.root, file.path) for file in asset.files]


def _parts(assets: Sequence[Asset]) -> Iterator[tuple[Asset, ...]]:
    part, count = list[Asset](), 0
    for asset in assets:
        part.append(asset)
        count += len(asset.files)
        if count >= FILES_AT_ONCE:
            yield tuple(part)
            part, count = [], 0
    if part:
        yield tuple(part)


def _counting_on(progress: Progress, before: int, total: int) -> Progress:
    """Tell of a part as of the whole."""
    return lambda phase, done, _: progress(phase, before + done, total)
