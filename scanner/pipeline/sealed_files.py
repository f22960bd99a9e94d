"""Sealed hashes in a scan: the lists that stand in the delivery, and how each file stands to them."""

from __future__ import annotations

import os
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from scanner.crawl.walk import root_folder
from scanner.model.assets import Asset, Crawl, FileEntry
from scanner.model.protocols import Engine
from scanner.model.sealed import SealAnswer, SealedHash, SealKind
from scanner.model.sealed_told import DIFFERING_LIMIT, MISSING_LIMIT, AssetSealed, ListState, SealedBy, SealedState
from scanner.model.work import Examination, SealedList, SealedListTask, WorkFailed
from scanner.pipeline.plan import Plan, Progress
from scanner.timeline.ascmhl import CHAIN, FOLDER
from scanner.timeline.imf import ASSET_MAPS
from scanner.tools.digests import XXH_HINT, can_digest

_NOT_REACHED = "the scan was stopped before it was read"
_NOT_ASKED = "its bytes were not compared, since --check-hashes was not given"
_ORDER = tuple(SealedState)

FileKey = tuple[int, str]
"""Root index and path below it."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a list stands."""

    kind: SealKind
    root: int
    folder: str
    """What it speaks of, below the root; empty for the root itself."""
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one list seals of one file."""

    by: int
    hash: SealedHash | None
    size_bytes: int | None


@dataclass(frozen=True, slots=True)
class _Standing:
    """How a file stands to one claim; `by` is the list."""

    state: SealedState
    by: int
    hash: SealedHash | None = None
    why: str = ""


@dataclass(slots=True)
class _Heard:
    """What a list said, its files taken in."""

    said: SealedList
    files: int = 0
    missing: list[str] = field(default_factory=list)
    missing_total: int = 0
    behind: int = 0
    """Sealed files behind links and in folders that could not be listed."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """The lists of a scan, and the files under them."""

    by: tuple[SealedBy, ...]
    standings: Mapping[FileKey, _Standing]

    def of(self, asset: Asset) -> AssetSealed | None:
        """Return how an asset stands to what is sealed of its files; None where no list speaks of any."""
        if not self.standings:
            return None
        found = [
            (file.path, standing)
            for file in (*asset.files, *asset.sidecars)
            if (standing := self.standings.get((asset.root, file.path)))
        ]
        if not found:
            return None
        lead = _worst(standing for _, standing in found)
        counts = Counter(standing.state for _, standing in found)
        differing = [path for path, standing in found if standing.state is SealedState.DIFFERS]
        return AssetSealed(
            state=lead.state,
            by=lead.by,
            list_path=self.by[lead.by].path,
            hash=lead.hash,
            why=lead.why,
            counts=tuple((state, counts[state]) for state in _ORDER if counts[state]),
            differing=tuple(differing[:DIFFERING_LIMIT]),
        )


class SealedLists:
    """Finds the lists of a plan, has workers read them, and compares what they seal with what was read."""

    def __init__(self, plan: Plan, *, check: bool) -> None:
        """Look where lists stand; `check` asks for their algorithms when files are hashed."""
        self._plan = plan
        self._check = check
        self._places = tuple(place for root, crawl in enumerate(plan.crawls) for place in _places(root, crawl))
        self._heard = {number: _Heard(SealedList(number, why=_NOT_REACHED)) for number in range(len(self._places))}
        self._claims: defaultdict[FileKey, list[_Claim]] = defaultdict(list)
        self._present = [_Present(crawl) for crawl in plan.crawls] if self._places else []

    def read(self, engine: Engine, progress: Progress) -> None:
        """Read all lists. One that cannot be read is told, and ends nothing."""
        tasks = [
            SealedListTask(number, self._absolute(place), place.size_bytes, place.kind)
            for number, place in enumerate(self._places)
        ]
        for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
            progress("reading sealed hashes", done, len(tasks))
            if isinstance(result, SealedList):
                self._heard[result.key] = self._taken_in(result)
            elif isinstance(result, WorkFailed):
                self._heard[result.key] = _Heard(SealedList(result.key, why=result.why))

    def algorithms(self, root: int, path: str) -> tuple[str, ...]:
        """Return what a file is to be hashed by beside SHA-256, to be compared with what is sealed of it."""
        if not self._check:
            return ()
        names = (claim.hash.algorithm for claim in self._claims.get((root, path), ()) if claim.hash)
        return tuple(sorted({name for name in names if can_digest(name)}))

    def compare(self, examination_of: Callable[[int, FileEntry], Examination]) -> Sealed:
        """Compare every file with what is sealed of it."""
        standings: dict[FileKey, _Standing] = {}
        told: defaultdict[int, list[_Standing]] = defaultdict(list)
        for root, crawl in enumerate(self._plan.crawls if self._places else ()):
            folders = {place.folder: number for number, place in enumerate(self._places) if place.root == root and _is_mhl(place)}
            for file in crawl.files:
                found = [self._standing(one, file, examination_of(root, file)) for one in self._claims.get((root, file.path), ())]
                if not any(_is_mhl(self._places[one.by]) for one in found):
                    found += self._unlisted(file.path, folders, examination_of(root, file))
                if found:
                    standings[root, file.path] = _worst(found)
                for one in found:
                    told[one.by].append(one)
        by = tuple(self._told(number, place, told[number]) for number, place in enumerate(self._places))
        return Sealed(by, standings)

    def _absolute(self, place: _Place) -> str:
        base = root_folder(self._plan.roots[place.root])
        named = place.path if place.kind is SealKind.PKL else place.folder
        return os.path.join(base, named) if named else base

    def _taken_in(self, said: SealedList) -> _Heard:
        place = self._places[said.key]
        present = self._present[place.root]
        heard = _Heard(replace(said, files=()), len(said.files))
        for sealed in said.files:
            path = f"{place.folder}/{sealed.path}" if place.folder else sealed.path
            here = present.find(path)
            if here is not None:
                claim = _Claim(said.key, sealed.hashes[0] if sealed.hashes else None, sealed.size_bytes)
                self._claims[place.root, here].append(claim)
            elif present.is_behind(path):
                heard.behind += 1
            else:
                heard.missing_total += 1
                heard.missing += [path] if len(heard.missing) < MISSING_LIMIT else []
        return heard

    def _standing(self, claim: _Claim, file: FileEntry, read: Examination) -> _Standing:
        state, why = self._compared(claim, file, read)
        return _Standing(state, claim.by, claim.hash, why)

    def _compared(self, claim: _Claim, file: FileEntry, read: Examination) -> tuple[SealedState, str]:
        if read.changed:
            return SealedState.NOT_CHECKED, "it changed while it was read"
        name = claim.hash.algorithm if claim.hash else ""
        digest = {"sha256": read.hash.value, **dict(read.sealed_digests)}.get(name)
        if claim.hash and digest and len(digest) != len(claim.hash.value):
            return SealedState.NOT_CHECKED, f"the sealed {name} is none: it has {len(claim.hash.value)} characters"
        if claim.hash and digest:
            same = digest == claim.hash.value
            return (SealedState.VERIFIED, "") if same else (SealedState.DIFFERS, f"its {name} is not the sealed one")
        if claim.size_bytes is not None and claim.size_bytes != file.size_bytes:
            return SealedState.DIFFERS, f"it has {file.size_bytes:,} bytes, and was sealed with {claim.size_bytes:,}"
        return SealedState.NOT_CHECKED, self._why_not(name, read)

    def _why_not(self, name: str, read: Examination) -> str:
        if not name:
            return "nothing is sealed of it that can be compared"
        if not can_digest(name):
            return f"{name} cannot be computed here" + (f"; {XXH_HINT}" if name.startswith("xxh") else "")
        if not self._check:
            return _NOT_ASKED
        return "its bytes could not be read" if read.reached else _NOT_REACHED

    def _unlisted(self, path: str, folders: Mapping[str, int], read: Examination) -> list[_Standing]:
        """A file that the history nearest above it does not list; what stands under one that is not whole cannot be told."""
        parts = path.split("/")[:-1]
        if FOLDER in parts or read.litter:
            return []
        above = ("/".join(parts[:depth]) for depth in range(len(parts), -1, -1))
        nearest = next((folders[folder] for folder in above if folder in folders), None)
        if nearest is None or self._state(nearest) is not ListState.HOLDS:
            return []
        return [_Standing(SealedState.NOT_LISTED, nearest)]

    def _state(self, number: int) -> ListState:
        said = self._heard[number].said
        if said.why:
            return ListState.UNREADABLE
        return ListState.HOLDS if said.holds else ListState.BROKEN

    def _told(self, number: int, place: _Place, standings: Sequence[_Standing]) -> SealedBy:
        heard = self._heard[number]
        states = Counter(one.state for one in standings)
        reasons = Counter(one.why for one in standings if one.state is SealedState.NOT_CHECKED)
        reasons["behind a link, or in a folder that could not be listed"] += heard.behind
        believed = [one for one in heard.said.generations if one.answer is SealAnswer.SAME]
        return SealedBy(
            kind=place.kind,
            root=place.root,
            path=place.path,
            state=self._state(number),
            why=heard.said.why,
            checked=self._check,
            generations=len(heard.said.generations),
            date=believed[-1].date if believed else "",
            tool=believed[-1].tool if believed else "",
            files=heard.files,
            verified=states[SealedState.VERIFIED],
            differs=states[SealedState.DIFFERS],
            not_checked=reasons.total(),
            not_checked_why=min(reasons, key=lambda why: (-reasons[why], why)) if reasons.total() else "",
            missing=tuple(heard.missing),
            missing_total=heard.missing_total,
            not_listed=states[SealedState.NOT_LISTED],
            notes=heard.said.notes,
        )


class _Present:
    """The files under one root, as a list may write their paths."""

    def __init__(self, crawl: Crawl) -> None:
        self._paths = {file.path for file in crawl.files}
        self._closed = {one.path for one in crawl.specials} | {path for path, _ in crawl.unreadable_folders}
        self._composed: dict[str, list[str]] | None = None

    def find(self, path: str) -> str | None:
        """The file of this path; else the only one whose path differs in its Unicode form alone, as disks of Macs have it."""
        if path in self._paths:
            return path
        if self._composed is None:
            self._composed = defaultdict(list)
            for one in self._paths:
                self._composed[unicodedata.normalize("NFC", one)].append(one)
        alike = self._composed.get(unicodedata.normalize("NFC", path), [])
        return alike[0] if len(alike) == 1 else None

    def is_behind(self, path: str) -> bool:
        """Whether what would be there is a link or lies behind one, or in a folder that could not be listed."""
        if not self._closed:
            return False
        parts = path.split("/")
        return any("/".join(parts[:depth]) in self._closed for depth in range(len(parts) + 1))


def _places(root: int, crawl: Crawl) -> Iterator[_Place]:
    """Find what may be a list: a folder ``ascmhl`` that holds a chain or a hash list, and asset maps."""
    histories: defaultdict[str, list[FileEntry]] = defaultdict(list)
    maps = []
    for file in crawl.files:
        folder, _, name = file.path.rpartition("/")
        if folder.rpartition("/")[2] == FOLDER and (name == CHAIN or name.endswith(".mhl")):
            histories[folder].append(file)
        elif name in ASSET_MAPS:
            maps.append(_Place(SealKind.PKL, root, folder, file.path, file.size_bytes))
    found = [
        _Place(SealKind.MHL, root, folder.rpartition("/")[0], folder, sum(one.size_bytes for one in files))
        for folder, files in histories.items()
    ]
    return iter(sorted([*found, *maps], key=lambda place: place.path))


def _is_mhl(place: _Place) -> bool:
    return place.kind is SealKind.MHL


def _worst(standings: Iterable[_Standing]) -> _Standing:
    return min(standings, key=lambda one: _ORDER.index(one.state))
