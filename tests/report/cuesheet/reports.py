"""Reports to make cue sheets of, and the people who fill them in."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, ContentKind
from scanner.model.assets import ContentHash
from scanner.model.generation import GenerationNote
from scanner.model.judging import Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import NearCopy, Relation, Rights, Role
from scanner.model.people import People
from scanner.model.recorded import RecordedScan
from scanner.model.scan import AssetRecord, FileRecord, Scan
from scanner.report.cuesheet.columns import Column
from scanner.report.cuesheet.row import Row
from scanner.report.cuesheet.rows import rows_of
from scanner.report.json_reading import read_report
from tests.report.parts import EXR, HOSTILE, MOV, asset, chain, mark, match
from tests.report.scans import passing
from tests.report.written import to_json

NOTE = GenerationNote("Midjourney", "6.1", "a harbour at dusk\nsoft light", "Kim Roe", "2026-05-02", "file, XMP")
APPROVAL = Approval(
    *("ab" * 8, "ab" * 32, ContentKind.FILE, "Dana Reyes, Netflix", "kim", "NFX-2231", Category.CREATIVE_OUTPUT),
    *("background poster", "2026-04-01", "2027-04-01"),
)
TOPAZ = mark(id="topaz", meaning=Meaning.ENHANCED, generator="Topaz Photo AI")


def generated(path: str, zone: Zone = Zone.FINAL, digest: str = "", **changes: object) -> AssetRecord:
    plain = {"provenance": Provenance.GENERATED, "marks": (mark(generator="Midjourney"),), "content_digest": digest}
    hashed = {} if digest else {"hash": ContentHash()}
    return asset(path, zone, **{**plain, **hashed, **changes})


def report(*assets: AssetRecord, **changes: object) -> RecordedScan:
    """Write a scan of these assets and read it back, as the command does."""
    files = tuple(FileRecord(one.root, one.path, one.size_bytes, 0, "ab" * 32) for one in assets if not one.members)
    scan: Scan = replace(passing(), assets=assets, inventory=files, **changes)
    return read_report(to_json(scan).encode("utf-8"), "scan.json")


def rows(*assets: AssetRecord, **changes: object) -> tuple[Row, ...]:
    return rows_of(report(*assets, **changes), lambda name: {"exr": "still", "mov": "video"}.get(name, "still"))


def one_of_each() -> tuple[AssetRecord, ...]:
    """A delivery with every reason to be in a cue sheet, and some to be in none."""
    return (
        generated(
            "final/ep1/harbour.png",
            digest="11" * 32,
            generation=NOTE,
            approvals=(AppliedApproval(APPROVAL, ApprovalState.VALID),),
        ),
        generated(
            "final/ep1/withheld.png", digest="22" * 32, generation=replace(NOTE, prompt="withheld", prompt_writer="withheld")
        ),
        generated(
            "final/plate.1001-1003#.exr",
            provenance=Provenance.COMPOSITE,
            kind="sequence",
            format=EXR,
            members=tuple(f"final/plate.{number}.exr" for number in (1001, 1002, 1003)),
            content_digest="33" * 32,
            manifests=chain(),
        ),
        asset(
            "final/clip.mov", format=MOV, provenance=Provenance.EDITED, marks=(mark(meaning=Meaning.EDITED, generator="Runway"),)
        ),
        asset("archival/print.jpg", Zone.ARCHIVAL, provenance=Provenance.ENHANCED, marks=(TOPAZ,), people=People((), 2)),
        asset("final/comp.psd", marks=(mark(id="component", meaning=Meaning.HISTORY, generator="Firefly"),)),
        asset("final/maybe.jpg", marks=(mark(id="iptc-composite", meaning=Meaning.MAY_CONTAIN),)),
        asset(
            "final/leak.jpg",
            matches=(
                match(Role.AI, Relation.SIMILAR, "temp/board.png", 6),
                match(
                    Role.LICENSED,
                    Relation.SIMILAR,
                    "street.tif",
                    9,
                    Rights("county museum, box 4", "County Museum", "CM-17", True),
                ),
            ),
        ),
        asset("final/copy.jpg", near_copies=(NearCopy(0, "temp/board.png", Zone.TEMPORARY, Provenance.GENERATED, 5),)),
        asset("final/stripped.jpg", approvals=(AppliedApproval(APPROVAL, ApprovalState.CARRIED_OVER),)),
        generated("temp/board.png", Zone.TEMPORARY),
        asset("final/hint.jpg", marks=(mark(id="name", confidence=Confidence.WEAK),)),
        asset("final/clean.jpg"),
        asset("final/owned.jpg", matches=(match(Role.OWNED, Relation.SAME, "owned.tif"),)),
    )


def hostile_rows() -> tuple[Row, ...]:
    """Rows of which each text that came from a file tries to be something else."""
    note = GenerationNote(*(f"={HOSTILE}" for _ in range(6)))
    evil = [
        generated(
            f"final/{start}cmd|' /C calc'!A0.png", generation=replace(note, prompt=f"{start}1+1\n{start}2"), digest=f"{n:064x}"
        )
        for n, start in enumerate(["=", "+", "-", "@", "\t=", "\r=", "＝"])
    ]
    return rows(*evil)


def filled(row: Row, **cells: str) -> Row:
    """The row after a person typed into it."""
    return row.with_cells({Column[name.upper()]: text for name, text in cells.items()})
