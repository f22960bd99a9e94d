"""A scan that knows what was approved."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from scanner.fingerprint.pixels import pixel_digest
from scanner.model.approvals import Approval, Category, ContentKind, Lineage
from scanner.model.approved import Approved
from scanner.model.assets import ContentHash, sequence_digest
from scanner.model.errors import ApprovalLogError, UsageError
from scanner.model.matching import Fingerprint, Match, Reference, Relation, Role
from scanner.model.scan import AssetRecord, Scan
from scanner.pipeline.approvals import find_kin, load_approvals
from scanner.pipeline.gather import Gathered, gather
from scanner.pipeline.matching import Matched
from scanner.pipeline.records import content_digest
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.approval_entries import APPROVAL, approval_payload
from scanner.store.approval_log import open_approval_log
from tests.pipeline.conftest import InProcessEngine, RunScan, asset, examined, generated, picture

MOMENT = "2026-01-01T00:00:00Z"


def approved(content: str, **more: object) -> Approved:
    kept = {key: more.pop(key) for key in ("fingerprints", "pixel_digest", "size_bytes") if key in more}
    told = {"category": Category.CREATIVE_OUTPUT, "date": "2025-12-01", "content_kind": ContentKind.FILE, **more}
    approval = Approval(id="", content=content, approver="Dana", recorder="ines", reference="R", use="plate", **told)  # type: ignore[arg-type]
    return Approved(approval, **kept)  # type: ignore[arg-type]


@pytest.fixture
def log_path(tmp_path: Path) -> str:
    return str(tmp_path / "log" / "approvals.sqlite")


def recorded(path: str, *approvals: Approved) -> None:
    with closing(open_approval_log(path, create=True)) as log:
        for one in approvals:
            log.append(APPROVAL, MOMENT, approval_payload(one))


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    root = tmp_path / "DRIVE"
    for zone in ("final", "temp"):
        (root / zone).mkdir(parents=True)
    generated(root / "final" / "still.png", 2)
    return root


def by_path(scan: Scan) -> dict[str, AssetRecord]:
    return {one.path: one for one in scan.assets}


def test_an_approved_leak_passes_and_is_told(run: RunScan, delivery: Path, log_path: str) -> None:
    assert run(delivery).verdict == "blocked"
    recorded(log_path, approved(sha256(delivery / "final" / "still.png")))

    scan = run(delivery, approvals=log_path)

    (one,) = scan.assets
    assert scan.verdict == one.verdict == "pass"
    assert [finding.rule for finding in one.findings] == ["ai-declared"]
    assert one.findings[0].allowed_by == one.approvals[0].approval.id
    assert scan.approval_log is not None
    assert (scan.approval_log.name, scan.approval_log.entries, len(scan.approval_log.head)) == ("approvals.sqlite", 1, 64)
    assert scan.findings == ()


def test_another_picture_under_the_approved_name_blocks(run: RunScan, delivery: Path, log_path: str) -> None:
    recorded(log_path, approved(sha256(delivery / "final" / "still.png"), path="final/still.png"))
    generated(delivery / "final" / "still.png", 3)

    scan = run(delivery, approvals=log_path)

    assert scan.verdict == "blocked"
    assert [finding.rule for finding in scan.findings] == ["approval-unused"]


def test_a_copy_of_the_approved_bytes_passes_anywhere(run: RunScan, delivery: Path, log_path: str) -> None:
    generated(delivery / "final" / "copy.png", 2)
    recorded(log_path, approved(sha256(delivery / "final" / "still.png")))

    assert run(delivery, approvals=log_path).verdict == "pass"


def test_the_approved_content_in_the_delivery_is_known_by_its_look(run: RunScan, delivery: Path, log_path: str) -> None:
    # Recorded from a table, without a fingerprint: the scan itself has seen how it looks.
    recorded(log_path, approved(sha256(delivery / "final" / "still.png")))
    picture(2).resize((80, 80)).save(delivery / "final" / "smaller.jpg", quality=60)

    one = by_path(run(delivery, approvals=log_path))["final/smaller.jpg"]

    assert one.verdict == "review"
    assert one.approvals[0].lineage is Lineage.SIMILAR
    assert "approval-carried-over" in {finding.rule for finding in one.findings}


def seen_now(run: RunScan, delivery: Path, path: str = "final/still.png") -> Approved:
    """An approval of a file as `scanner approve` records it."""
    run(delivery)
    engine: InProcessEngine = run.engines[-1]  # type: ignore[attr-defined]
    (one,) = engine.run([replace(engine.tasks[0], path=str(delivery / path))])
    return approved(
        sha256(delivery / path),
        fingerprints=(one.fingerprint,),
        pixel_digest=pixel_digest(str(delivery / path), "png"),  # type: ignore[union-attr]
    )


def test_equal_pixels_and_marks_review_instead_of_blocking(run: RunScan, delivery: Path, log_path: str) -> None:
    recorded(log_path, seen_now(run, delivery))
    still = delivery / "final" / "still.png"
    before = sha256(still)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", "a pier\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 96x96")
    Image.open(still).save(still, pnginfo=text, compress_level=1)
    assert sha256(still) != before

    scan = run(delivery, approvals=log_path)

    (one,) = scan.assets
    assert scan.verdict == "review"
    assert (one.approvals[0].lineage, one.approvals[0].why) == (Lineage.SAME, "same pixels as approved content")
    assert [(finding.rule, finding.severity) for finding in one.findings] == [
        ("approval-carried-over", "medium"),
        ("ai-declared", "medium"),
    ]


def test_a_lapsed_approval_of_the_content_blocks_and_says_so(run: RunScan, delivery: Path, log_path: str) -> None:
    recorded(log_path, approved(sha256(delivery / "final" / "still.png"), expires="2025-12-31"))

    scan = run(delivery, approvals=log_path)

    assert scan.verdict == "blocked"
    assert [finding.rule for finding in scan.assets[0].findings] == ["ai-declared", "approval-lapsed"]
    assert scan.findings == ()


def test_a_sequence_is_approved_as_a_whole(run: RunScan, delivery: Path, log_path: str) -> None:
    (delivery / "final" / "still.png").unlink()
    frames = [delivery / "final" / f"a.{number:04}.png" for number in range(1, 11)]
    for number, frame in enumerate(frames):
        generated(frame, number)
    digest = sequence_digest([sha256(frame) for frame in frames])
    recorded(log_path, approved(digest, content_kind=ContentKind.SEQUENCE))
    assert run(delivery, approvals=log_path).verdict == "pass"

    generated(frames[4], 99)
    assert run(delivery, approvals=log_path).verdict == "blocked"


def test_files_of_an_approved_size_are_hashed_however_large(tmp_path: Path, delivery: Path, log_path: str) -> None:
    still = delivery / "final" / "still.png"
    recorded(log_path, approved(sha256(still), size_bytes=still.stat().st_size))
    generated(delivery / "temp" / "other.png", 30)
    limits = WorkerSettings(hash_below_bytes=10)
    with closing(InProcessEngine(limits)) as engine:
        settings = ScanSettings((str(delivery),), worker=limits, approvals=log_path)
        scan = run_scan(settings, engine, clock=lambda: MOMENT, progress=lambda *_: None)

    found = by_path(scan)
    assert found["final/still.png"].verdict == "pass"
    assert found["temp/other.png"].hash.value is None


def test_no_log_no_approvals(run: RunScan, delivery: Path) -> None:
    scan = run(delivery)

    assert scan.approval_log is None
    assert scan.assets[0].approvals == ()


def test_a_broken_log_stops_the_scan_before_anything_is_read(run: RunScan, delivery: Path, log_path: str) -> None:
    recorded(log_path, approved("a" * 64), approved("b" * 64))
    with sqlite3.connect(log_path) as connection:
        connection.execute("DROP TRIGGER entry_is_not_changed")
        connection.execute("UPDATE entry SET payload = replace(payload, 'Dana', 'Anna') WHERE sequence = 2")
    connection.close()

    with pytest.raises(ApprovalLogError, match="entry 2 is not what was recorded") as caught:
        run(delivery, approvals=log_path)
    assert caught.value.exit_code == 2
    assert run.engines[-1].tasks == []  # type: ignore[attr-defined]


def test_a_log_that_is_missing_or_lies_in_the_delivery(run: RunScan, delivery: Path, log_path: str) -> None:
    with pytest.raises(UsageError, match="no approval log here"):
        run(delivery, approvals=log_path)
    inside = str(delivery / "approvals.sqlite")
    recorded(inside, approved("a" * 64))
    with pytest.raises(UsageError, match="must not be kept in the scanned folder"):
        run(delivery, approvals=inside)


def test_a_link_into_the_delivery_does_not_help(run: RunScan, delivery: Path, tmp_path: Path) -> None:
    recorded(str(delivery / "approvals.sqlite"), approved("a" * 64))
    (tmp_path / "link.sqlite").symlink_to(delivery / "approvals.sqlite")

    with pytest.raises(UsageError, match="must not be kept in the scanned folder"):
        run(delivery, approvals=str(tmp_path / "link.sqlite"))


def test_an_interrupted_scan_tells_its_log_and_no_unused_ones(run: RunScan, delivery: Path, log_path: str) -> None:
    recorded(log_path, approved("a" * 64))

    scan = run(delivery, approvals=log_path, stop_after=0)

    assert scan.interrupted
    assert scan.approval_log is not None
    assert "approval-unused" not in {finding.rule for finding in scan.findings}


# What follows is without files: the kin of assets that were read already.


class NoRoom:
    def absolute(self, root: int, path: str) -> str:
        return path


def print_of(bits: int, *, flat: bool = False) -> Fingerprint:
    return Fingerprint("phash64/x", f"{bits:016x}", 96, 96, flat)


def read(*prints: Fingerprint | None, content: str = "") -> Gathered:
    """A file that looks so, or a sequence of several pictures."""
    frames = len(prints) if len(prints) > 1 else 0
    examinations = [
        examined(fingerprint=each, hash=ContentHash(value=content or f"{at:064}", origin="computed"))
        for at, each in enumerate(prints)
    ]
    return gather(asset("final/a.png", frames), examinations, [])


def kin_of(log_path: str, one: Gathered, *approvals: Approved, matches: tuple[Match, ...] = ()):
    recorded(log_path, *approvals)
    loaded = load_approvals(log_path, (), MOMENT)

    class Engine:
        def run(self, tasks: object) -> Iterator[object]:
            return iter(())

    found = find_kin([one], Matched({0: matches}, {}, {}), loaded, NoRoom(), Engine(), lambda *_: None)  # type: ignore[arg-type]
    return [(each.content, each.lineage, each.distance_bits) for each in found.get(0, ())]


A, B = "a" * 64, "b" * 64


def matched(content: str, relation: Relation) -> Match:
    return Match(Reference("ai-1", Role.AI, "x", content), relation, "pixels", 4)


def test_the_threshold_is_that_of_matching(log_path: str) -> None:
    near = approved(A, fingerprints=(print_of(0b1_1111_1111),))
    far = approved(B, fingerprints=(print_of(0b11_1111_1111),))

    assert kin_of(log_path, read(print_of(0)), near, far) == [(A, Lineage.SIMILAR, 9)]


def test_flat_pictures_have_no_kin(log_path: str) -> None:
    assert kin_of(log_path, read(print_of(0, flat=True)), approved(A, fingerprints=(print_of(0),))) == []


def test_flat_approved_pictures_have_none_either(log_path: str) -> None:
    assert kin_of(log_path, read(print_of(0)), approved(A, fingerprints=(print_of(0, flat=True),))) == []


def test_every_compared_picture_of_a_sequence_must_be_near(log_path: str) -> None:
    held = approved(A, fingerprints=(print_of(0), print_of(0xFFFF0000)))

    assert kin_of(log_path, read(print_of(1), None, print_of(0xFFFF0003)), held) == [(A, Lineage.SIMILAR, 2)]


def test_a_sequence_that_shares_one_picture_is_no_kin(log_path: str) -> None:
    held = approved(A, fingerprints=(print_of(0), print_of(0xFFFF0000)))

    assert kin_of(log_path, read(print_of(1), print_of(0xFFFFFFFFFFFF)), held) == []


def test_the_content_itself_is_not_its_kin(log_path: str) -> None:
    assert kin_of(log_path, read(print_of(0), content=A), approved(A, fingerprints=(print_of(0),))) == []


def test_a_lapsed_approval_makes_no_kin(log_path: str) -> None:
    assert kin_of(log_path, read(print_of(0)), approved(A, fingerprints=(print_of(0),), expires="2025-12-31")) == []


@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        (Relation.SAME, [(A, Lineage.SAME, 4), (A, Lineage.SIMILAR, 1)]),
        (Relation.DERIVED, [(A, Lineage.DERIVED, 4), (A, Lineage.SIMILAR, 1)]),
        (Relation.SIMILAR, [(A, Lineage.SIMILAR, 1)]),
        # These never carry, however alike the hash says they are.
        (Relation.ALTERED, []),
        (Relation.CONTAINS, []),
        (Relation.CONTAINED, []),
    ],
)
def test_what_the_library_knows_of_the_approved_content(log_path: str, relation: Relation, expected: object) -> None:
    held = approved(A, fingerprints=(print_of(1),))

    assert kin_of(log_path, read(print_of(0)), held, matches=(matched(A, relation),)) == expected


def test_content_is_known_only_where_all_of_it_was_hashed_at_rest() -> None:
    one = read(print_of(0), content=A)
    assert content_digest(one) == A
    assert content_digest(replace(one, changed=True)) == ""
    assert content_digest(replace(one, hash=ContentHash())) == ""
    sequence = read(print_of(0), print_of(1))
    lacking = replace(sequence.frames[1][1], hash=ContentHash())
    assert len(content_digest(sequence)) == 64
    assert content_digest(replace(sequence, frames=(sequence.frames[0], (2, lacking)))) == ""
