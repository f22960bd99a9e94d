"""What changed between two scans."""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.approvals import Category
from scanner.model.judging import Verdict, Zone
from scanner.model.scan import AssetRecord, Scan
from scanner.review.changes import Change, changes
from scanner.review.room import Room
from tests.report.parts import asset, finding
from tests.report.scans import blocked
from tests.review.asking import Visitor
from tests.review.conftest import Opened


def digest(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def scan_of(*assets: AssetRecord, finished: str = "2026-11-20T18:04:10Z") -> Scan:
    return replace(blocked(), name="DRIVE_07", assets=assets, thumbnails={}, reference_thumbnails={}, finished=finished)


def still(path: str, content: int, **more: object) -> AssetRecord:
    return replace(asset(path, Zone.FINAL), content_digest=digest(content) if content else "", **more)


def told(room: Room) -> dict[str, set[tuple[str, str]]]:
    """Kind of change → paths before and now, empty where there is none."""
    before, now = (report.catalogue for report in room.reports)

    def path(catalogue, row) -> str:
        return "" if row is None else catalogue.asset(row).text("path")

    found = changes(before, now)
    return {
        change.value: {(path(before, one.before), path(now, one.now)) for one in pairs}
        for change, pairs in found.items()
        if pairs
    }


def test_each_kind_is_told(opened: Opened) -> None:
    allowed = finding("ai-declared", "the file declares AI generation", categories=(Category.CREATIVE_OUTPUT,))
    room = opened(
        scan_of(still("a", 1), still("b", 2), still("c", 3), still("d", 4), still("e", 5, findings=(allowed,)), still("f", 0)),
        scan_of(
            still("a", 1),
            still("b", 22),
            still("moved/c", 3),
            still("e", 5, findings=(replace(allowed, allowed_by="0" * 16),)),
            still("f", 0, verdict=Verdict.REVIEW),
            still("g", 7),
        ),
    )
    assert told(room) == {
        Change.CHANGED: {("b", "b")},
        Change.MOVED: {("c", "moved/c")},
        Change.GONE: {("d", "")},
        Change.JUDGED: {("e", "e"), ("f", "f")},
        Change.NEW: {("", "g")},
    }


def test_nothing_changed_between_two_scans_of_the_same(opened: Opened) -> None:
    scan = scan_of(*(still(f"a{number}", number + 1) for number in range(5)))
    assert told(opened(scan, scan)) == {}


def test_of_copies_each_is_paired_once(opened: Opened) -> None:
    room = opened(scan_of(still("a", 1), still("b", 1)), scan_of(still("c", 1), still("d", 1), still("e", 1)))
    found = told(room)
    assert found[Change.MOVED] == {("a", "c"), ("b", "d")}
    assert found[Change.NEW] == {("", "e")}


paths = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 5), max_size=8)


@given(paths, paths)
@settings(deadline=None, max_examples=30)
def test_every_asset_is_told_once(tmp_path_factory, before: dict[str, int], now: dict[str, int]) -> None:
    from scanner.review.room import open_room
    from tests.report.written import to_json

    folder = tmp_path_factory.mktemp("scans")
    for name, assets in (("0", before), ("1", now)):
        (folder / name).write_text(to_json(scan_of(*(still(path, content) for path, content in sorted(assets.items())))))
    room = open_room([str(folder / "0"), str(folder / "1")], lambda *_: None)
    pairs = [pair for kind in told(room).values() for pair in kind]
    assert sorted(one for one, _ in pairs if one) == sorted({one for one, _ in pairs} - {""})
    unchanged = {path for path in before.keys() & now.keys() if before[path] == now[path] or not before[path] or not now[path]}
    assert {one for one, _ in pairs} - {""} == before.keys() - unchanged
    assert {two for _, two in pairs} - {""} == now.keys() - unchanged
    for kind, found in told(room).items():
        if kind == Change.MOVED:
            assert all(before[one] == now[two] != 0 for one, two in found)
    for report in room.reports:
        report.file.close()


def test_the_page_has_both_sides(opened: Opened) -> None:
    visitor = Visitor(
        opened(
            scan_of(still("was.jpg", 1), still("same<script>.jpg", 2)),
            scan_of(
                still("same<script>.jpg", 3),
                *(still(f"n{number:04}.jpg", number + 10) for number in range(450)),
                finished="2026-11-21T18:04:10Z",
            ),
        )
    )
    page = visitor.get("/scans/2/changes?since=1")
    assert page.status == 200
    assert "was.jpg" in page.text and "same&lt;script&gt;.jpg" in page.text and "<script>.jpg" not in page.text
    assert "All 450" in page.text and "n0019.jpg" in page.text and "n0020.jpg" not in page.text
    assert "What changed since 2026-11-20T18:04:10Z" in visitor.get("/scans/2").text
    assert "What changed" not in visitor.get("/scans/1").text
    last = visitor.get("/scans/2/changes?since=1&kind=new&page=99")
    assert "n0449.jpg" in last.text and "n0399.jpg" not in last.text
    assert "the other way round" in visitor.get("/scans/1/changes?since=2").text


def test_addresses_that_lead_nowhere(opened: Opened) -> None:
    visitor = Visitor(opened(scan_of(still("a", 1)), scan_of(still("a", 1))))
    for target in (
        "/scans/1/changes",
        "/scans/1/changes?since=1",
        "/scans/1/changes?since=9",
        "/scans/1/changes?since=x",
        "/scans/9/changes?since=1",
    ):
        assert visitor.get(target).status == 404, target
    assert visitor.get("/scans/1/changes?since=2&kind=nonsense&page=-3").status == 200


def test_what_was_decided_since_is_told(opened: Opened, tmp_path: Path) -> None:
    from scanner.review.app import make_app
    from scanner.review.decisions import DecisionDesk
    from scanner.store.approval_entries import APPROVAL, approval_payload
    from scanner.store.approval_log import open_approval_log
    from tests.store.approvals import made_approval

    place = str(tmp_path / "log" / "approvals.sqlite")
    one = made_approval(1)
    with closing(open_approval_log(place, create=True)) as log:
        for moment, content, reference in (
            ("2026-11-19T00:00:00Z", digest(1), "BEFORE-1"),
            ("2026-11-20T20:00:00Z", digest(1), "SINCE-1"),
            ("2026-11-20T20:00:01Z", digest(9), "ELSEWHERE-1"),
        ):
            log.append(
                APPROVAL,
                moment,
                approval_payload(replace(one, approval=replace(one.approval, content=content, reference=reference))),
            )
    room = opened(
        scan_of(still("a", 1)), scan_of(*(still(f"b{number}", 1) for number in range(8)), finished="2026-11-21T18:04:10Z")
    )
    visitor = Visitor(room)
    visitor.app._app = make_app(room, desk=DecisionDesk(place, lambda _: None, lambda: "2026-11-22T00:00:00Z"))
    page = visitor.get("/scans/2/changes?since=1").text
    assert "SINCE-1" in page and "BEFORE-1" not in page and "ELSEWHERE-1" not in page
    assert "b4" in page and "and 3 more" in page
