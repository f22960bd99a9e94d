"""Scans to disclose: what is to be escalated, what is allowed, what is told; in a cut, in films, nowhere."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.approvals import AppliedApproval, ApprovalState, Category
from scanner.model.cut import FrameRange, TrackKind
from scanner.model.in_cut import CutStamp, InCut
from scanner.model.judging import Finding, Route, Severity, Verdict, Zone
from scanner.model.matching import Role
from scanner.model.moving import FilmLook
from scanner.model.placement import RecognisedBy
from scanner.model.recorded import RecordedScan
from scanner.model.scan import AssetRecord, Scan
from scanner.model.timecode import Rate
from scanner.report.disclosure.entries import Disclosure, disclose
from scanner.report.disclosure.principles import Principle
from scanner.report.json_reading import read_report
from tests.report.cuesheet.reports import APPROVAL, NOTE, generated
from tests.report.filmed import EPISODE, copy_on_screen, film, on_screen, segment
from tests.report.parts import asset, finding
from tests.report.scans import passing
from tests.report.written import to_json

P1 = Principle("P1", "Outputs do not recreate unowned material.")
P4 = Principle("P4", "Generated material is temporary and not part of the final deliverables.")
P5 = Principle("P5", "No performance is replaced without consent.")
CUT = CutStamp("reel1.edl", "cd" * 32, "edl", "REEL 1", Rate(EPISODE.rate), 40, 31)


def declares(severity: Severity = Severity.HIGH, **changes: object) -> Finding:
    """The finding that a file declares AI generation, as Netflix's principles have it."""
    plain = finding(
        "ai-declared",
        "the file declares AI generation (unsigned, XMP)",
        severity,
        principle="P4",
        route=Route.INFORM if severity is Severity.INFO else Route.ESCALATE,
        categories=(Category.CREATIVE_OUTPUT, Category.ETHICS),
    )
    return replace(plain, **changes)


def seen(start: int, end: int, cut: int = 0, **changes: object) -> InCut:
    """A stretch of the cut, by its timecodes' seconds."""
    plain = InCut(
        cut,
        TrackKind.VIDEO,
        "V1",
        FrameRange(start * 25, end * 25),
        f"01:00:{start:02}:00",
        f"01:00:{end:02}:00",
        RecognisedBy.NAME,
    )
    return replace(plain, **changes)


def poster(path: str = "final/poster.png", **changes: object) -> AssetRecord:
    """A generated still in a final zone that nobody allowed."""
    return generated(path, digest="11" * 32, findings=(declares(),), verdict=Verdict.BLOCKED, generation=NOTE, **changes)


def delivery() -> tuple[AssetRecord, ...]:
    """A delivery with something of everything."""
    allowed = AppliedApproval(APPROVAL, ApprovalState.VALID)
    shown = finding("temporary-copy-in-final", "the film shows temp/idea.png", principle="P4", route=Route.ESCALATE)
    unowned = finding("restricted-reference-match", "looks like a restricted reference", principle="P1", route=Route.ESCALATE)
    return (
        poster(in_cut=(seen(10, 14), seen(30, 31, among=2))),
        generated("final/wall.png", digest="22" * 32, findings=(declares(allowed_by=APPROVAL.id),), approvals=(allowed,)),
        film(
            "final/ep1.mov",
            FilmLook(EPISODE, 61),
            copy_on_screen("temp/idea.png", segment(2, 4.6, 115), segment(20, 21, 31)),
            on_screen(Role.AI, "boards/dune.png", segment(30, 31)),
            on_screen(Role.OWNED, "archive/pier.tif", segment(40, 45)),
            findings=(shown,),
        ),
        asset("graphics/logo.png", Zone.GRAPHICS, findings=(unowned,)),
        generated("temp/idea.png", Zone.TEMPORARY, findings=(declares(Severity.INFO),)),
        generated("temp/other.png", Zone.TEMPORARY, findings=(declares(Severity.INFO),)),
        asset("final/plain.png"),
    )


def scan_of(*assets: AssetRecord, **changes: object) -> Scan:
    """A scan of these assets."""
    cuts = (CUT,) if any(one.in_cut for one in assets) else ()
    return replace(passing(), assets=assets, **{"cuts": cuts, **changes})


def recorded(*assets: AssetRecord, **changes: object) -> RecordedScan:
    """The scan, written and read back as the command does."""
    return read_report(to_json(scan_of(*assets, **changes)).encode("utf-8", "backslashreplace"), "scan.json")


def disclosed(*assets: AssetRecord, **changes: object) -> Disclosure:
    """What is disclosed of these assets."""
    return disclose(recorded(*assets, **changes), media_type)


def media_type(name: str) -> str:
    """The kind of media of the formats that these tests have."""
    return {"mov": "video", "exr": "still"}.get(name, "still")
