from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.crawl.zones import ZoneMap, parse_zone_option
from scanner.model.judging import Severity, Verdict, Zone
from scanner.report.sentences import zone_examples
from scanner.report.worklist import allowed, baseline_counts, not_read, to_fix, to_review, unassigned_folders, zone_counts
from tests.report.approved import approved
from tests.report.parts import SRT, asset, finding
from tests.report.scans import blocked, since_baseline


def unassigned(*paths, **changes):
    return replace(blocked(), assets=tuple(asset(path, Zone.UNASSIGNED, **changes) for path in paths))


def paths(entries):
    return [entry.record.path if entry.record else "" for entry in entries]


def test_each_concern_has_its_list():
    scan = blocked()
    assert paths(to_fix(scan)) == [
        "final/ep1/b_07.png",
        "final/ep1/st_014.tif",
        "final/ep2/titles/plate_background_street_scene_v007_graded_export.1001-1045#.exr",
    ]
    assert paths(to_review(scan)) == ["archival/family/print_03.jpg", "final/ep1/street_wide.jpg"]
    assert paths(not_read(scan)) == ["final/ep1/broken.jpg"]


def test_findings_on_the_delivery_come_first():
    high, medium = finding("a", "x"), finding("b", "x", Severity.MEDIUM)
    lost = finding("c", "x", coverage=True)
    scan = replace(blocked(), findings=(high, medium, lost, finding("d", "x", Severity.INFO)))
    assert [entries[0].findings for entries in (to_fix(scan), to_review(scan), not_read(scan))] == [(high,), (medium,), (lost,)]


def test_the_finding_that_decided_stands_first():
    lost, high, low = finding("a", "x", coverage=True), finding("b", "x"), finding("0", "x", Severity.INFO)
    both = asset("final/a.jpg", verdict=Verdict.BLOCKED, findings=(low, lost, high))
    scan = replace(blocked(), assets=(both, replace(both, path="final/b.jpg", verdict=Verdict.INCOMPLETE)))
    assert [each.rule for each in to_fix(scan)[0].findings] == ["b", "a", "0"]
    assert [each.rule for each in not_read(scan)[0].findings] == ["a", "b", "0"]


def test_zone_figures_add_up():
    for zone in zone_counts(blocked()):
        assert zone.assets == zone.blocked + zone.incomplete + zone.review + zone.passed + zone.not_judged


def test_largest_unassigned_folders_first():
    scan = unassigned("A/1.jpg", "B/1.jpg", "B/2.jpg", "C/1.jpg", "D/1.jpg")
    assert unassigned_folders(scan) == [("B", 2), ("A", 1), ("C", 1)]


def test_a_folder_that_wraps_everything_is_passed_over():
    assert unassigned_folders(unassigned("DRIVE/A/1.jpg", "DRIVE/B/2.jpg", "DRIVE/B/x/3.jpg")) == [("DRIVE/B", 2), ("DRIVE/A", 1)]


def test_files_of_the_root_and_files_that_are_no_media_make_no_example():
    assert unassigned_folders(unassigned("1.jpg")) == []
    assert unassigned_folders(unassigned("A/1.srt", format=SRT)) == []


@pytest.mark.parametrize("folder", ["STILLS", "day 1/b", "it's", "新しい"])
def test_examples_can_be_typed_and_work(folder):
    import shlex

    [(option, count)] = zone_examples(unassigned(f"{folder}/1.jpg", f"{folder}/2.jpg"))
    name, value = shlex.split(option)
    assert (name, count) == ("--zone", 2)
    assert ZoneMap((parse_zone_option(value),)).choose(f"{folder}/1.jpg").zone is Zone.FINAL


@pytest.mark.parametrize("folder", ["a*", "[x]", "a=b", "~final", "a\x1b[31m", "a\udcff"])
def test_folders_that_make_no_ready_example_are_left_out(folder):
    assert zone_examples(unassigned(f"{folder}/1.jpg")) == []


def test_an_entry_is_known_where_all_that_asks_for_a_verdict_is():
    scan = since_baseline()
    assert [entry.known for entry in to_fix(scan)] == [False, True, True]
    assert paths(to_fix(scan))[0].startswith("final/ep2")
    counts = baseline_counts(scan)
    assert counts.known == {"blocked": 2, "incomplete": 1, "review": 2}
    assert counts.new == {"blocked": 1, "incomplete": 0, "review": 0}


def test_an_entry_with_something_new_or_nothing_to_know_is_not_known():
    known, new = finding("r", "m", known=True), finding("s", "n", Severity.MEDIUM)
    mixed = asset("final/a.jpg", verdict=Verdict.BLOCKED, findings=(known, new))
    bare = asset("final/b.jpg", verdict=Verdict.BLOCKED)
    quiet = asset("final/c.jpg", verdict=Verdict.BLOCKED, findings=(known, replace(new, severity=Severity.INFO)))
    scan = replace(blocked(), assets=(mixed, bare, quiet))
    assert [(entry.record.path, entry.known) for entry in to_fix(scan)] == [
        ("final/a.jpg", False),
        ("final/b.jpg", False),
        ("final/c.jpg", True),
    ]


def test_what_was_allowed_stands_apart_and_never_leads_a_card_that_asks():
    assert paths(allowed(approved())) == ["final/allowed.png"]
    assert paths(to_fix(approved())) == ["final/lapsed.png", "final/open.png"]
    assert [bool(finding.allowed_by) for finding in to_fix(approved())[1].findings] == [False, True]


def test_an_allowed_finding_on_the_delivery_asks_for_nothing():
    whole = replace(finding("r", "m"), allowed_by="5f0c2a9be1d04437")
    scan = replace(
        approved(), assets=(), findings=(whole, replace(whole, severity=Severity.MEDIUM), replace(whole, coverage=True))
    )
    assert not any(len(entries(scan)) for entries in (to_fix, to_review, not_read))
    assert len(allowed(scan)) == 3
