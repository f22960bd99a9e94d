"""Checking a library, and making anew what is wrong in it from files that are still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from scanner.model.belongings import NOTHING, KnownAlgorithms, Trouble
from scanner.model.matching import Role
from scanner.model.protocols import Engine
from scanner.model.work import DigestTask, FileDigest
from scanner.pipeline.belongings import FEATURES, FINGERPRINTS, HASHES, kept_algorithms
from scanner.pipeline.learning import Learnable, make_references, refusal
from scanner.pipeline.plan import Plan, Progress, make_plan
from scanner.pipeline.reading import FileKey, ReadingRoom
from scanner.pipeline.settings import ScanSettings
from scanner.store.checking import check_library
from scanner.store.library import SqlLibrary
from scanner.store.mending import mend, remove_orphans
from scanner.store.rows import reference_id

_ORPHAN = "orphan"


@dataclass(frozen=True, slots=True)
class Mended:
    """What was put right."""

    references: int = 0
    orphans: int = 0
    """Rows that belonged to no reference and were taken out."""


def find_troubles(library: SqlLibrary, progress: Progress) -> Iterator[Trouble]:
    """Yield what is wrong with a library; changes nothing.

    Raises:
        StoreError: the server went away.
    """
    known = KnownAlgorithms(FINGERPRINTS, HASHES, FEATURES)
    return check_library(library.database, known, lambda done, total: progress("checking", done, total))


def repair(
    settings: ScanSettings, library: SqlLibrary, troubles: Iterable[Trouble], engine: Engine, progress: Progress
) -> Mended:
    """Take out orphans, and replace what is wrong by what is made of files with the same bytes under the settings' paths.

    Raises:
        UsageError, NothingToScan: as for a scan. StoreError: the library cannot be written.
    """
    wrong: defaultdict[str, set[str]] = defaultdict(set)
    for one in troubles:
        if one.part:
            wrong[one.part if one.part == _ORPHAN else one.reference].add(one.part)
    orphans = remove_orphans(library.database) if wrong.pop(_ORPHAN, None) else 0
    if not wrong or not settings.paths:
        return Mended(orphans=orphans)
    plan = make_plan(settings)
    contents = library.find_contents(wrong)
    files = _read(plan, _same_bytes(plan, wrong, contents, engine, progress), engine, progress)
    references, belongings = make_references(files, engine, progress)
    for reference in references:
        mend(library.database, reference, belongings.get(reference.id, NOTHING), wrong[reference.id])
    return Mended(len(references), orphans)


def count_incomplete(library: SqlLibrary) -> int:
    """Count the references that lack what this version of the scanner keeps of every picture."""
    ids = (one.id for one in library.references())
    return library.count() - len(library.find_complete(ids, kept_algorithms()))


def _same_bytes(
    plan: Plan, wrong: Collection[str], contents: Mapping[str, tuple[str, str]], engine: Engine, progress: Progress
) -> dict[str, tuple[FileKey, Role]]:
    """Return, by the ids of references that something is wrong with, a file that has the content of each."""
    files = [(asset.root, file) for asset in plan.assets for file in asset.files if not file.failed]
    room = ReadingRoom(plan, engine, progress, fingerprints=False)
    tasks = [DigestTask(number, room.absolute(root, file.path), file.size_bytes) for number, (root, file) in enumerate(files)]
    found: dict[str, tuple[FileKey, Role]] = {}
    for done, result in enumerate(engine.run(tasks), 1):
        progress("looking for the files", done, len(tasks))
        if isinstance(result, FileDigest) and result.sha256:
            root, file = files[result.key]
            for role in Role:
                one = reference_id(role, result.sha256)
                if one in wrong and _has_content(one, role, result.sha256, contents):
                    found[one] = ((root, file.path), role)
    return found


def _has_content(one: str, role: Role, sha256: str, contents: Mapping[str, tuple[str, str]]) -> bool:
    held = contents[one][1] if one in contents else None
    # Where the digest itself is damaged, the id is all that tells what the content was.
    return held == sha256 or not isinstance(held, str) or reference_id(role, held) != one


def _read(plan: Plan, found: Mapping[str, tuple[FileKey, Role]], engine: Engine, progress: Progress) -> Sequence[Learnable]:
    """Read the files that were found, as for adding them.

    Raises:
        KeyboardInterrupt: it was stopped.
    """
    roles: defaultdict[FileKey, list[Role]] = defaultdict(list)
    for key, role in found.values():
        roles[key].append(role)
    assets = tuple(one for one in plan.assets if any((one.root, file.path) in roles for file in one.files))
    room = ReadingRoom(replace(plan, assets=assets), engine, progress, fingerprints=True)
    files = [
        Learnable(room.absolute(one.asset.root, file.path), file.size_bytes, file.path, role, examination=examination)
        for one in room.read()
        for file, (_, examination) in zip(one.asset.files, one.frames, strict=True)
        for role in roles.get((one.asset.root, file.path), ())
    ]
    if room.interrupted:
        raise KeyboardInterrupt
    return [one for one in files if refusal(one) is None and one.id in found]
