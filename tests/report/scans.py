"""Scans to report on: one for each thing a report must be able to say. Built by hand, so that no other part is needed."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scanner.model.approvals import AppliedApproval, Approval, ApprovalLogStamp, ApprovalState, Category, ContentKind
from scanner.model.assets import ContentHash, SpecialEntry
from scanner.model.credentials import (
    Action,
    Assertion,
    Credentials,
    Ingredient,
    Manifest,
    ManifestStore,
    Signer,
    TrustList,
    ValidationCode,
)
from scanner.model.cut import FrameRange, TrackKind
from scanner.model.generation import GenerationNote
from scanner.model.in_cut import CutStamp, InCut, MissingMedia, OnScreenInCut
from scanner.model.judging import Severity, Verdict, Zone, ZoneChoice
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import NearCopy, Relation, Rights, Role, Segment
from scanner.model.people import People
from scanner.model.placement import RecognisedBy
from scanner.model.readings import ReadingSummary
from scanner.model.scan import AssetRecord, BaselineStamp, Coverage, LibraryStamp, PolicyStamp, Scan, ToolVersions
from scanner.model.sealed import SealAction, SealedHash, SealKind
from scanner.model.sealed_told import AssetSealed, ListState, SealedBy, SealedState
from scanner.model.timecode import Rate, format_timecode
from scanner.report.withholding import withhold
from tests.report.approved_scan import approved
from tests.report.filmed import filmed
from tests.report.parts import EXR, HOSTILE, JPEG, MXF, ODD, SRT, TIFF, asset, chain, finding, jpeg_bytes, mark, match

MUSEUM = Rights("county museum, box 4", "County Museum", "CM-2024-017", no_ai_alteration=True)


def blocked() -> Scan:
    """Return a delivery with something of everything in it."""
    declares = finding("ai-mark-in-final", "the file declares AI generation (unsigned, XMP)")
    leaked = finding("matches-ai-reference", "same bytes as temp/boards/b_07.png, which declares AI generation")
    near = finding(
        "near-ai-reference",
        "similar to a known AI temporary, temp/boards/b_09.png (6 of 64 bits differ)",
        Severity.MEDIUM,
        confidence=Confidence.STRONG,
        next_step="Compare the two pictures side by side and record what was decided.",
        who="archive producer",
    )
    upres = finding("enhancement-in-archival", "the file declares AI enhancement (Topaz Photo AI)", Severity.MEDIUM)
    truncated = finding("media-not-read", "the file ends before its last chunk", coverage=True, who="whoever made the export")
    truncated = replace(truncated, next_step="Export it again and scan the new file.")
    wrong = finding("extension-differs", "the bytes are JPEG, the name says png", Severity.INFO)
    assets = (
        asset(
            "final/ep1/st_014.tif",
            verdict=Verdict.BLOCKED,
            format=TIFF,
            provenance=Provenance.GENERATED,
            marks=(mark(),),
            findings=(wrong, declares),
            sidecars=("final/ep1/st_014.xmp",),
            camera="Canon EOS R5",
        ),
        asset(
            "final/ep2/titles/plate_background_street_scene_v007_graded_export.1001-1045#.exr",
            verdict=Verdict.BLOCKED,
            kind="sequence",
            format=EXR,
            members=tuple(
                f"final/ep2/titles/plate_background_street_scene_v007_graded_export.{n}.exr" for n in (1001, 1002, 1045)
            ),
            missing_frames="1003-1044",
            provenance=Provenance.COMPOSITE,
            credentials=Credentials.NOT_CHECKABLE,
            marks=(mark(meaning=Meaning.COMPOSITE, generator="Runway", frames="1001-1002"),),
            findings=(finding("ai-mark-in-final", "2 of its 3 frames declare an AI-generated element (Runway)"),),
            fingerprinted=False,
            picture_note="OpenEXR pictures are not decoded",
        ),
        asset(
            "final/ep1/b_07.png",
            verdict=Verdict.BLOCKED,
            matches=(match(Role.AI, Relation.SAME, "temp/boards/b_07.png"),),
            findings=(leaked,),
        ),
        asset(
            "temp/boards/b_07.png",
            Zone.TEMPORARY,
            provenance=Provenance.GENERATED,
            credentials=Credentials.TRUSTED,
            marks=(mark(id="c2pa-created-trained", generator="GPT-4o", where="manifest urn:c2pa:made", reader="c2pa"),),
            manifests=chain(),
        ),
        asset(
            "final/ep1/street_wide.jpg",
            verdict=Verdict.REVIEW,
            matches=(
                match(Role.AI, Relation.SIMILAR, "temp/boards/b_09.png", 6),
                match(Role.LICENSED, Relation.SIMILAR, "originals/street.tif", 9, MUSEUM),
            ),
            near_copies=(NearCopy(0, "temp/boards/b_07.png", Zone.TEMPORARY, Provenance.GENERATED, 5),),
            findings=(near,),
        ),
        asset(
            "archival/family/print_03.jpg",
            Zone.ARCHIVAL,
            Verdict.REVIEW,
            provenance=Provenance.ENHANCED,
            marks=(mark(id="topaz", meaning=Meaning.ENHANCED, generator="Topaz Photo AI"),),
            findings=(upres,),
            credentials=Credentials.VALID,
            credential_problems=("signingCredential.untrusted: the signer is on none of the lists",),
        ),
        asset(
            "final/ep1/broken.jpg",
            verdict=Verdict.INCOMPLETE,
            provenance=Provenance.UNREADABLE,
            credentials=Credentials.UNREADABLE,
            readings=(ReadingSummary("exiftool", "failed", "file ends early"), ReadingSummary("c2pa", "failed", "no JPEG end")),
            findings=(truncated,),
            fingerprinted=False,
        ),
        asset("final/ep1/cut.mxf", format=MXF, credentials=Credentials.NOT_CHECKABLE, size_bytes=3 << 30, hash=ContentHash()),
        asset("final/ep1/cut.srt", format=SRT, provenance=Provenance.NOT_CHECKABLE, credentials=Credentials.NOT_CHECKABLE),
        *(asset(f"STILLS/day 1/scan_{n:03}.jpg", Zone.UNASSIGNED) for n in range(4)),
        *(asset(f"GFX/map_{n}.jpg", Zone.UNASSIGNED) for n in range(2)),
        asset("odd.bin", Zone.UNASSIGNED, format=ODD, provenance=Provenance.NOT_CHECKABLE),
    )
    return Scan(
        name="DRIVE_07",
        versions=ToolVersions("0.1.0", (("exiftool", "13.10"), ("c2pa", "0.38.0"))),
        roots=("/Volumes/DRIVE_07",),
        started="2026-11-20T18:00:00Z",
        finished="2026-11-20T18:04:10Z",
        complete=True,
        policy=PolicyStamp("default", "11" * 32),
        catalogue_sha256="22" * 32,
        library=LibraryStamp("show.library", "33" * 32, 412),
        trust_lists=(TrustList("C2PA trust list", "2026-08-13", "44" * 32), TrustList("interim list", "2025-12-01", "55" * 32)),
        verdict=Verdict.BLOCKED,
        coverage=Coverage(
            files=20,
            assets=len(assets),
            not_media=1,
            not_checkable=1,
            unreadable=1,
            special=1,
            litter=1,
            by_format=(("exr", 1), ("jpeg", 11), ("mxf", 1), ("srt", 1), ("tiff", 1), ("unknown", 1)),
            by_zone=(("archival", 1), ("final", 7), ("temporary", 1), ("unassigned", 7)),
            pictures=14,
            pictures_compared=12,
            not_compared=(
                ("OpenEXR pictures are not decoded", 1),
                ("pictures of moving images are not compared in this version", 1),
            ),
            readings_lost=(("exiftool: file ends early", 1),),
        ),
        assets=assets,
        specials=((0, SpecialEntry("final/latest", "symlink")),),
        litter=((0, "final/._st_014.tif"),),
        reference_thumbnails={"ai-5ca1ab1e": jpeg_bytes("#6b575b")},
        thumbnails={0: jpeg_bytes("#8a6a4f"), 2: jpeg_bytes("#35506b"), 4: jpeg_bytes("#5b6b57")},
    )


def passing() -> Scan:
    """Return a delivery in which nothing was found."""
    assets = (asset("final/a.jpg"), asset("final/b.jpg"), asset("archival/c.jpg", Zone.ARCHIVAL))
    return replace(
        blocked(),
        name="QUIET",
        roots=("/Volumes/QUIET",),
        verdict=Verdict.PASS,
        assets=assets,
        coverage=Coverage(files=3, assets=3, by_format=(("jpeg", 3),), by_zone=(("archival", 1), ("final", 2))),
        specials=(),
        litter=(),
        thumbnails={},
    )


def incomplete() -> Scan:
    """Return a delivery of which a part could not be read, under a gate that was lowered."""
    lost = finding(
        "media-not-read", "no reader could open it: permission denied", coverage=True, next_step="Ask for rights to it."
    )
    return replace(
        passing(),
        name="HALF",
        verdict=Verdict.INCOMPLETE,
        complete=False,
        assets=(asset("final/a.jpg"), asset("final/b.jpg", verdict=Verdict.INCOMPLETE, findings=(lost,))),
        unreadable_folders=((0, "final/private", "permission denied"),),
        options=(("fail-on", "blocked"), ("allow-incomplete", "yes")),
        notes=("Archive::Zip is missing: metadata in zipped documents is not read.",),
    )


def interrupted() -> Scan:
    """Return a scan that was stopped by Ctrl-C."""
    return replace(blocked(), interrupted=True, complete=False, trust_lists=())


def without_library() -> Scan:
    """Return a scan with an empty library, which is said beside the verdict, and a finding on the delivery."""
    whole = finding(
        "pictures-not-compared", "12 pictures in final were not compared", Severity.MEDIUM, next_step="Fill the library."
    )
    return replace(
        passing(), verdict=Verdict.REVIEW, library=LibraryStamp("show.library", "33" * 32, 0), trust_lists=(), findings=(whole,)
    )


def since_baseline() -> Scan:
    """Return a scan compared with an earlier report that had most of it."""
    scan = blocked()
    known = tuple(
        replace(record, findings=tuple(replace(one, known=True) for one in record.findings))
        if not record.path.startswith("final/ep2")
        else record
        for record in scan.assets
    )
    return replace(scan, assets=known, baseline=BaselineStamp("scan.json", "DRIVE_07", "2026-11-18T09:30:00Z", "ab" * 32, gone=2))


def located() -> Scan:
    """Return a scan that was given two cuts, one of which places nothing."""
    scan = blocked()
    seen = {
        "final/ep1/st_014.tif": (
            _seen(0, 0, 90_250, 90_350),
            _seen(0, 1, 90_250, 90_350, RecognisedBy.PATH, track="V2"),
            _seen(0, 1, 180_000, 180_012, RecognisedBy.UUID, enabled=False),
        ),
        "final/ep1/street_wide.jpg": (_seen(0, 0, 90_000, 90_100, RecognisedBy.TAPE, among=2), _seen(1, 0, None, None)),
        "final/ep1/cut.mxf": (_seen(0, 0, 0, 90_000, RecognisedBy.PATH),),
    }
    missing = (
        MissingMedia("interview_03.mov", 12, "01:00:40:00", "01:00:52:10", "line 40"),
        MissingMedia("wild track", 1, "", "", "row 3"),
    )
    cuts = (
        CutStamp(
            "reel1.edl",
            "66" * 32,
            "EDL",
            "REEL 1 LOCKED",
            Rate(Fraction(25)),
            120,
            118,
            missing,
            2,
            ("2 events are at another speed",),
        ),
        CutStamp("bin.ale", "77" * 32, "ALE", "", Rate(Fraction(30_000, 1001), True), 3, 1),
    )
    assets = (_with_a_temporary(one) if one.path == "final/ep1/cut.mxf" else one for one in scan.assets)
    return replace(scan, cuts=cuts, assets=tuple(replace(one, in_cut=seen.get(one.path, ())) for one in assets))


def _with_a_temporary(film: AssetRecord) -> AssetRecord:
    """A film in which a temporary is on screen twice; the first time is in the cut, on two tracks, the second is not."""
    times = (
        OnScreenInCut(0, "V1", FrameRange(90_100, 90_200), "01:00:04:00", "01:00:08:00", exact=True),
        OnScreenInCut(0, "V2", FrameRange(90_400, 90_450), "01:00:16:00", "01:00:18:00", exact=False, among=2),
        OnScreenInCut(0, "V3", FrameRange(0, 50), "00:00:00:00", "00:00:02:00", exact=True, enabled=False),
    )
    segments = (
        Segment(Fraction(4), Fraction(8), "10:00:04:00", "10:00:08:00", Fraction(5), 4, exact=True, in_cut=times),
        Segment(Fraction(90), Fraction(2401, 25), "10:01:30:00", "10:01:36:01", Fraction(91), 6),
    )
    found = replace(match(Role.AI, Relation.DERIVED, "temp/dune_v3.png"), segments=segments)
    shows = finding("ai-reference-match", "the file shows a known temporary", next_step="Replace it.")
    return replace(film, matches=(found,), findings=(*film.findings, shows), verdict=Verdict.BLOCKED)


def sealed() -> Scan:
    """Return a scan that was asked to compare sealed hashes: lists that are whole, broken, unreadable, and packing lists."""
    scan = blocked()
    md5 = SealedHash("md5", "d4" * 16, 2, SealAction.VERIFIED, "2026-11-18T09:30:00+00:00")
    sha1 = SealedHash("sha1", "e5" * 20)
    differs, skipped, added, verified = SealedState
    told = {
        "final/ep1/st_014.tif": AssetSealed(
            differs,
            0,
            "final/ep1/ascmhl",
            md5,
            "its md5 is not the sealed one",
            ((differs, 1), (verified, 1)),
            ("final/ep1/st_014.tif",),
        ),
        "final/ep1/b_07.png": AssetSealed(added, 0, "final/ep1/ascmhl", None, counts=((added, 1),)),
        "final/ep1/cut.mxf": AssetSealed(verified, 3, "final/ep1/ASSETMAP.xml", sha1, counts=((verified, 1),)),
        "archival/family/print_03.jpg": AssetSealed(
            skipped, 1, "archival/ascmhl", md5, "whirlpool cannot be computed here", ((skipped, 1),)
        ),
    }
    whole = SealedBy(
        SealKind.MHL,
        0,
        "final/ep1/ascmhl",
        ListState.HOLDS,
        checked=True,
        generations=2,
        date="2026-11-18T09:30:00+00:00",
        tool="ascmhl.py 1.2",
        files=1204,
        verified=1200,
        differs=1,
        not_checked=0,
        missing=("final/ep1/st_015.tif", "final/ep1/st_016.tif", "final/ep1/st_017.tif"),
        missing_total=3,
        not_listed=1,
    )
    broken = replace(
        whole,
        path="archival/ascmhl",
        state=ListState.BROKEN,
        files=1,
        verified=0,
        differs=0,
        not_checked=1,
        not_checked_why="whirlpool cannot be computed here",
        missing=(),
        missing_total=0,
        not_listed=0,
        notes=("a generation is not as the chain seals it, and is not believed (ascmhl/0002_archival.mhl)",),
    )
    lost = SealedBy(SealKind.MHL, 0, "temp/ascmhl", ListState.UNREADABLE, "the XML is broken: no element found", checked=True)
    packed = SealedBy(SealKind.PKL, 0, "final/ep1/ASSETMAP.xml", ListState.HOLDS, checked=True, files=1, verified=1)
    assets = tuple(replace(one, sealed=told.get(one.path)) for one in scan.assets)
    return replace(scan, assets=assets, sealed_by=(whole, broken, lost, packed), options=(("check-hashes", "yes"),))


def _seen(
    cut: int,
    place: int,
    start: int | None,
    end: int | None,
    by: RecognisedBy = RecognisedBy.NAME,
    *,
    track: str = "V1",
    among: int = 1,
    enabled: bool = True,
) -> InCut:
    if start is None or end is None:
        return InCut(cut, TrackKind.VIDEO, "", None, "", "", by, among, f"row {place}", enabled)
    rate = Rate(Fraction(25))
    times = format_timecode(start, rate), format_timecode(end, rate)
    return InCut(cut, TrackKind.VIDEO, track, FrameRange(start, end), *times, by, among, f"line {place}", enabled)


def hostile() -> Scan:
    """Return a scan in which every text that can come from a file or folder is hostile."""
    path = f"final/{HOSTILE.replace('/', '')}.jpg"
    bad = finding(HOSTILE, HOSTILE, next_step=HOSTILE, who=HOSTILE, id=HOSTILE, principle=HOSTILE)
    permission = Approval(
        *(HOSTILE, HOSTILE, ContentKind.FILE, HOSTILE, HOSTILE, HOSTILE, Category.TALENT, HOSTILE, HOSTILE, HOSTILE),
        *(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
    )
    nasty = asset(
        path,
        verdict=Verdict.BLOCKED,
        members=(path, "final/plain.jpg"),
        sidecars=(path + ".xmp",),
        format=replace(JPEG, name=HOSTILE, title=HOSTILE, limits=HOSTILE),
        credential_problems=(HOSTILE,),
        credentials=Credentials.REMOTE,
        readings=(ReadingSummary(HOSTILE, "failed", HOSTILE),),
        marks=(mark(generator=HOSTILE, where=HOSTILE, value=HOSTILE, regions=(HOSTILE,), frames=HOSTILE, reader=HOSTILE),),
        matches=(match(Role.AI, Relation.SIMILAR, HOSTILE, 3, Rights(HOSTILE, HOSTILE, HOSTILE, True)),),
        near_copies=(
            NearCopy(1, HOSTILE, Zone.TEMPORARY, Provenance.EDITED, 3),
            NearCopy(1, path, Zone.FINAL, Provenance.EDITED, 3),
        ),
        findings=(bad,),
        manifests=_hostile_chain(),
        remote_url=f"javascript:{HOSTILE}",
        camera=HOSTILE,
        picture_note=HOSTILE,
        missing_frames=HOSTILE,
        content_digest=HOSTILE,
        generation=GenerationNote(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        people=People((HOSTILE,), 1),
        approvals=tuple(AppliedApproval(permission, state, HOSTILE) for state in ApprovalState),
        sealed=AssetSealed(
            SealedState.DIFFERS,
            0,
            HOSTILE,
            SealedHash(HOSTILE, HOSTILE, 1, date=HOSTILE),
            HOSTILE,
            ((SealedState.DIFFERS, 2),),
            (path,),
        ),
        in_cut=(InCut(0, TrackKind.VIDEO, HOSTILE, FrameRange(1, 2), HOSTILE, HOSTILE, RecognisedBy.TAPE, 2, HOSTILE, False),),
    )
    nasty = replace(nasty, zone=ZoneChoice(Zone.FINAL, HOSTILE))
    return replace(
        blocked(),
        name=HOSTILE,
        roots=(HOSTILE, "/other/" + HOSTILE),
        assets=(nasty, replace(nasty, root=1, zone=ZoneChoice(Zone.UNASSIGNED, HOSTILE)), asset(HOSTILE + "/a", Zone.UNASSIGNED)),
        versions=ToolVersions(HOSTILE, ((HOSTILE, HOSTILE),)),
        policy=PolicyStamp(HOSTILE, HOSTILE),
        library=LibraryStamp(HOSTILE, HOSTILE, 3),
        trust_lists=(TrustList(HOSTILE, HOSTILE, HOSTILE),),
        findings=(bad, replace(bad, severity=Severity.MEDIUM), replace(bad, coverage=True), replace(bad, allowed_by=HOSTILE)),
        approval_log=ApprovalLogStamp(HOSTILE, HOSTILE, 1),
        confidentiality=HOSTILE,
        specials=((0, SpecialEntry(HOSTILE, HOSTILE)),),
        unreadable_folders=((0, HOSTILE, HOSTILE),),
        litter=((0, HOSTILE),),
        sealed_by=(
            SealedBy(
                *(SealKind.MHL, 0, HOSTILE, ListState.UNREADABLE, HOSTILE, False, 1, HOSTILE, HOSTILE, 1, 0, 0, 1, HOSTILE),
                missing=(path, HOSTILE),
                missing_total=2,
                notes=(HOSTILE,),
            ),
        ),
        cuts=(
            CutStamp(
                *[HOSTILE] * 4, Rate(Fraction(25)), 3, 2, (MissingMedia(HOSTILE, 1, HOSTILE, HOSTILE, HOSTILE),), 1, (HOSTILE,)
            ),
        ),
        notes=(HOSTILE,),
        options=((HOSTILE, HOSTILE),),
        baseline=BaselineStamp(HOSTILE, HOSTILE, HOSTILE, HOSTILE),
        coverage=replace(
            blocked().coverage, by_format=((HOSTILE, 1),), not_compared=((HOSTILE, 1),), readings_lost=((HOSTILE, 1),)
        ),
    )


def _hostile_chain() -> ManifestStore:
    action = Action(HOSTILE, HOSTILE, HOSTILE, HOSTILE, ((HOSTILE, HOSTILE),), (HOSTILE,), HOSTILE, (HOSTILE,))
    manifest = Manifest(
        HOSTILE,
        HOSTILE,
        HOSTILE,
        Signer(HOSTILE, HOSTILE, HOSTILE),
        (action,),
        (Ingredient(HOSTILE, HOSTILE, HOSTILE, HOSTILE),),
        (Assertion(HOSTILE, ((HOSTILE, HOSTILE),)),),
    )
    return ManifestStore(
        HOSTILE,
        (manifest,),
        (ValidationCode(HOSTILE, HOSTILE, "failure"),),
        origin=HOSTILE,
        trusted_by=(TrustList(HOSTILE, HOSTILE, HOSTILE),),
    )


ALL = {
    "blocked": blocked,
    "pass": passing,
    "incomplete": incomplete,
    "interrupted": interrupted,
    "empty-library": without_library,
    "baseline": since_baseline,
    "in-cut": located,
    "sealed": sealed,
    "hostile": hostile,
    "filmed": filmed,
    "approved": lambda: approved(passing()),
    "withheld": lambda: withhold(approved(passing())),
}
"""Name of each golden report → the scan it is of."""
