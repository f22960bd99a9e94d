"""One scan, from a folder to everything a report says: what to do, in what order, and keep going."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from scanner.crawl.walk import check_roots
from scanner.interpret.catalogue import catalogue_sha256
from scanner.judge.approving import Kin
from scanner.judge.declared import declared_rules
from scanner.judge.policy import Policy
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.errors import UsageError
from scanner.model.judging import Verdict
from scanner.model.matching import Match, NearCopy
from scanner.model.protocols import Engine
from scanner.model.scan import AssetRecord, Scan, ToolVersions
from scanner.model.version import VERSION
from scanner.model.work import ThumbnailTask
from scanner.pipeline.alterations import Tracing, laid_over
from scanner.pipeline.approvals import LoadedApprovals, find_kin, load_approvals, unused
from scanner.pipeline.comparing import OpenedLibrary, load_library
from scanner.pipeline.copies import Copies, CopyIndex, copies_among
from scanner.pipeline.cut_reading import LoadedCut, load_cuts
from scanner.pipeline.cuts import place_in_cuts
from scanner.pipeline.fetching import expect_objects
from scanner.pipeline.film_matching import with_films
from scanner.pipeline.film_pictures import film_pictures
from scanner.pipeline.gather import Gathered
from scanner.pipeline.judging import Evidence, Judging
from scanner.pipeline.keeping import kept_readings
from scanner.pipeline.matching import Matched, Matching
from scanner.pipeline.merging import carried_part, carried_readings, check_parts, find_plans
from scanner.pipeline.plan import Plan, Progress
from scanner.pipeline.policies import check_readings, find_policy, policy_notes
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.reference_thumbnails import make_thumbnails, reference_thumbnails
from scanner.pipeline.scan_learning import learn_from_scan, prepare_learning
from scanner.pipeline.sealed_files import Sealed, SealedLists
from scanner.pipeline.settings import ScanSettings
from scanner.pipeline.shard_readings import MergedParts
from scanner.pipeline.since_baseline import since_baseline
from scanner.pipeline.trusting import age_notes
from scanner.read.exiftool_installation import LOST_WITHOUT, ExifToolInstallation, inspect_exiftool
from scanner.report.ordered import remember
from scanner.tools.versions import package_versions

Clock = Callable[[], str]
"""Gives the time as ISO 8601, UTC."""


def run_scan(
    settings: ScanSettings, engine: Engine, *, clock: Clock, progress: Progress, parts: MergedParts | None = None
) -> Scan:
    """Scan the delivery that `settings` names; a file that cannot be read never ends the run.

    Given what the scans of its `parts` read, it reads nothing of that again.

    Ctrl-C (KeyboardInterrupt) while files are read ends the reading; the scan comes back marked interrupted.

    Raises:
        ScannerError: wrong settings, no ExifTool, nothing to scan; found before the first file is read.
    """
    started, begun_ns = clock(), time.time_ns()
    bench = _prepare(settings, started, engine, progress, parts)
    check_parts(settings, parts, *bench.made_of)
    progress("walking", 0, 0)
    whole, plan = find_plans(replace(settings, zones=(*bench.policy.zones, *settings.zones)), parts)
    expect_objects(engine, whole.roots, whole.crawls)
    approved_sizes = bench.approvals.sizes if bench.approvals else frozenset()
    lists = SealedLists(whole, check=settings.check_hashes)
    with kept_readings(settings, plan.roots, bench.exiftool.version, bench.catalogue_sha256, begun_ns) as store:
        kept = carried_readings(settings, store, parts)
        room = ReadingRoom(
            plan,
            engine,
            progress,
            fingerprints=settings.fingerprints,
            hash_sizes=approved_sizes,
            sealed=lists,
            kept=kept,
            paranoid=settings.paranoid,
        )
        sorting = _Sorting()
        gathered = room.read(sorting.is_wanted)
    found = _compare(settings, bench, room, gathered, sorting, engine, progress)
    sealed = lists.compare(room.examination) if settings.shard is None else Sealed((), {})
    judging = _judge(settings, bench, found, sealed)
    view = _view(plan, judging, sealed, bench, interrupted=room.interrupted)
    judged = judging.delivery(view)
    gathered, matched = found.gathered, found.matched
    records, findings, baseline = since_baseline(settings, judging.records, judged.findings)
    records, cuts = place_in_cuts(bench.cuts, records, gathered)
    # What is known since a baseline, and where it stands in a cut, change neither verdicts nor what an asset looks like.
    shown, sided = judging.tally.standing_out(), judging.tally.with_sides()
    scan = Scan(
        name=_delivery_name(plan.roots),
        versions=ToolVersions(VERSION, (("exiftool", bench.exiftool.version), *package_versions())),
        roots=plan.roots,
        started=started,
        finished=clock(),
        complete=not room.interrupted and not view.unreadable_folders,
        policy=bench.policy.stamp,
        catalogue_sha256=bench.catalogue_sha256,
        library=bench.library.stamp if bench.library else None,
        trust_lists=settings.worker.trust.stamps,
        verdict=judged.verdict,
        coverage=judging.coverage(plan, len(found.litter)),
        assets=records,
        findings=findings,
        baseline=baseline,
        cuts=cuts,
        sealed_by=sealed.by,
        specials=tuple((root, special) for root, one in enumerate(plan.crawls) for special in one.specials),
        unreadable_folders=view.unreadable_folders,
        litter=found.litter,
        inventory=room.inventory,
        notes=(
            *settings.notes,
            *_notes(settings, bench, started),
            *((_NOT_KEPT.format(store.trouble),) if store and store.trouble else ()),
            *((_KEPT_BROKEN.format(store.broken),) if store and store.broken else ()),
            *_alteration_notes(matched),
            *matched.notes,
            *learn_from_scan(settings, plan, gathered, room, engine, progress),
        ),
        interrupted=room.interrupted,
        recalled=room.recalled if parts is None else 0,
        approval_log=bench.approvals.stamp if bench.approvals else None,
        options=settings.options,
        confidentiality=settings.confidentiality,
        rules=declared_rules(bench.policy),
        thumbnails=_thumbnails(settings, gathered, records, shown, room, engine, progress),
        reference_thumbnails=reference_thumbnails(settings, gathered, records, sided, matched.places, room, engine, progress),
        film_frames=film_pictures(settings, gathered, records, sided, room, engine, progress),
        shard=carried_part(settings, (whole, plan), kept, *bench.made_of),
        laid_over=laid_over(settings, records, sided, Tracing(gathered, bench.library, matched.places, room, engine, progress)),
    )
    if records is judging.records:
        remember(scan, judging.tally.end())
    return scan


@dataclass(frozen=True, slots=True)
class _Bench:
    """What is needed beside the delivery itself; made before anything is read, so that mistakes show at once."""

    exiftool: ExifToolInstallation
    policy: Policy
    catalogue_sha256: str
    library: OpenedLibrary | None
    approvals: LoadedApprovals | None
    cuts: tuple[LoadedCut, ...]

    @property
    def made_of(self) -> tuple[str, str, str]:
        """ExifTool's version, digests of catalogue and policy."""
        return self.exiftool.version, self.catalogue_sha256, self.policy.stamp.sha256


@dataclass(frozen=True, slots=True)
class _Found:
    """What the assets are, and what they are to each other and to references."""

    gathered: Sequence[Gathered]
    litter: tuple[tuple[int, str], ...]
    copies: Copies
    matched: Matched
    kin: Mapping[int, tuple[Kin, ...]]


@dataclass(frozen=True, slots=True)
class _Sorting:
    """What is noted of the assets on the way, so that nothing walks over them for it."""

    litter: list[tuple[int, str]] = field(default_factory=list)
    """Root and path of the operating system's own files."""
    copies: CopyIndex = field(default_factory=CopyIndex)

    def is_wanted(self, one: Gathered) -> bool:
        """Whether an asset is one of the delivery; each is to be asked about once, in order."""
        if one.first.litter:
            self.litter.extend((one.asset.root, file.path) for file in one.asset.files)
            return False
        self.copies.add(one)
        return True


def _prepare(settings: ScanSettings, started: str, engine: Engine, progress: Progress, parts: MergedParts | None) -> _Bench:
    if settings.learn:
        prepare_learning(settings)
    policy = find_policy(settings.policy)
    check_readings(policy, watermarks=settings.worker.watermarks, fingerprints=settings.fingerprints)
    return _Bench(
        exiftool=inspect_exiftool(settings.worker.exiftool),
        policy=policy,
        catalogue_sha256=catalogue_sha256([Path(path) for path in settings.worker.extra_marks]),
        library=_library(settings),
        approvals=_approvals(settings, started, parts),
        cuts=load_cuts(settings, engine, progress),
    )


def _approvals(settings: ScanSettings, started: str, parts: MergedParts | None) -> LoadedApprovals | None:
    if settings.approvals is None:
        return None
    # The tree of parts that are put together may be out of reach.
    return load_approvals(settings.approvals, parts.roots if parts else check_roots(settings.paths), started)


def _library(settings: ScanSettings) -> OpenedLibrary | None:
    if settings.library is None:
        if settings.collections:
            raise UsageError(
                "there is no library to take a collection from", where="--collection", next_step="Name one with --library"
            )
        return None
    # A scan that learns makes the collections that it puts what it learns into.
    return load_library(settings.library, settings.collections, must_have=not settings.learn)


def _compare(
    settings: ScanSettings,
    bench: _Bench,
    room: ReadingRoom,
    gathered: Sequence[Gathered],
    sorting: _Sorting,
    engine: Engine,
    progress: Progress,
) -> _Found:
    copies = sorting.copies.several()
    looked_through = settings.films and settings.fingerprints
    means = bench.library, room, engine, progress, settings.fingerprints, looked_through, settings.frames_per_second
    matched = Matching(gathered, copies, *means).match()
    gathered = with_films(gathered, matched.films)
    kin = find_kin(gathered, matched, bench.approvals, room, engine, progress) if bench.approvals else {}
    return _Found(gathered, tuple(sorting.litter), copies_among(gathered, copies), matched, kin)


def _judge(settings: ScanSettings, bench: _Bench, found: _Found, sealed: Sealed) -> Judging:
    matched = found.matched
    book = bench.approvals.book if bench.approvals else None
    evidence = Evidence(matched.matches, matched.near_copies, sealed.of, found.kin, book)
    judging = Judging(bench.policy, _surroundings(settings, found.copies, matched, bench), evidence, settings.fingerprints)
    judging.judge(found.gathered)
    return judging


def _surroundings(settings: ScanSettings, copies: Copies, matched: Matched, bench: _Bench) -> Surroundings:
    return Surroundings(
        copies=copies,
        near_copies=matched.near_copies,
        library_given=bench.library is not None,
        library_size=bench.library.stamp.references if bench.library else 0,
        trust_lists=settings.worker.trust.stamps,
        approved_tools=bench.policy.approved_tools,
        required_readings=bench.policy.required_readings,
    )


def _view(plan: Plan, judging: Judging, sealed: Sealed, bench: _Bench, *, interrupted: bool) -> DeliveryView:
    folders = tuple((root, path, why) for root, one in enumerate(plan.crawls) for path, why in one.unreadable_folders)
    loaded = bench.approvals
    standing, idle = (len(loaded.standing), unused(loaded, judging.used_approvals)) if loaded else (0, 0)
    return DeliveryView(judging.uncompared, folders, interrupted, standing, idle, sealed.by)


def _thumbnails(
    settings: ScanSettings,
    gathered: Sequence[Gathered],
    records: Sequence[AssetRecord],
    among: Sequence[int],
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> dict[int, bytes]:
    """Make small pictures of what a person will have to look at, the blocked first."""
    if not settings.thumbnails or room.interrupted:
        return {}
    shown = [index for index in among if _wants_thumbnail(records[index])]
    shown.sort(key=lambda index: -records[index].verdict.concern)
    tasks = [_thumbnail_task(index, gathered[index], records[index], room) for index in shown[: settings.thumbnails_limit]]
    return make_thumbnails(tasks, engine, progress)


def _wants_thumbnail(record: AssetRecord) -> bool:
    if not record.format.picture:
        return False
    return record.verdict is not Verdict.PASS or bool(record.matches or record.near_copies) or record.provenance.is_generative


def _thumbnail_task(index: int, one: Gathered, record: AssetRecord, room: ReadingRoom) -> ThumbnailTask:
    file = one.asset.files[_telling_file(one, record)]
    return ThumbnailTask(index, room.absolute(one.asset.root, file.path), file.size_bytes)


def _telling_file(one: Gathered, record: AssetRecord) -> int:
    """Position of the file to show: of a sequence, the frame that shows most of what was found."""
    everything: tuple[Match | NearCopy, ...] = (*record.matches, *record.near_copies)
    found = max((match for match in everything if match.segments), key=lambda match: match.inliers or 0, default=None)
    numbers = found.segments[0].numbers if found else None
    if numbers is None:
        return 0
    return one.asset.frames.index(int(found.frames) if isinstance(found, Match) and found.frames else numbers.best)


def _delivery_name(roots: Sequence[str]) -> str:
    first = os.path.basename(roots[0].rstrip("/")) or "root"
    return first if len(roots) == 1 else f"{first} and {len(roots) - 1} more"


def _notes(settings: ScanSettings, bench: _Bench, started: str) -> tuple[str, ...]:
    notes = [
        f"ExifTool lacks the Perl module {module}: {LOST_WITHOUT[module]}"
        for module in bench.exiftool.missing
        if _is_told(module)
    ]
    if not settings.worker.trust.anchors:
        notes.append("no trust list was loaded: signers of content credentials were not checked")
    if settings.fingerprints and bench.library is not None and (lacking := bench.library.pictures - bench.library.described) > 0:
        notes.append(_LACKING.format(lacking))
    return (*policy_notes(bench.policy), *notes, *age_notes(settings.worker.trust, started))


def _alteration_notes(matched: Matched) -> tuple[str, ...]:
    count = matched.not_laid_over
    if not count:
        return ()
    which = "1 match could not be laid over its" if count == 1 else f"{count} matches could not be laid over their"
    return (f"{which} reference: whether a region was altered is not known",)


def _is_told(module: str) -> bool:
    # Brotli and ZIP matter to few files, and where they do the file's own reading says so.
    return module in ("Compress::Zlib", "Digest::MD5")


_NOT_KEPT = "readings could not be kept for the next scan: {}"
_KEPT_BROKEN = "{} kept readings are damaged and their files were read again: see `scanner store verify`"
_LACKING = (
    "{} of the library's pictures have no local features yet, so that crops and altered copies of them are not recognised: "
    "`scanner library add` of the same files completes them"
)
