from __future__ import annotations

from scanner.report.coverage_statement import coverage_statement
from tests.report.scans import blocked, incomplete, interrupted, passing


def said(scan):
    return {section.title: section.lines for section in coverage_statement(scan)}


def test_what_was_not_done_and_the_notes_are_told():
    assert "1 folder not listed" in said(incomplete())["Not looked at"]
    assert incomplete().notes[0] in said(incomplete())["Not looked at"]


def test_limits_are_told_by_format_with_their_counts():
    assert said(blocked())["Limits by format"][0] == "MXF, 1 asset: Content credentials cannot be read in MXF."


def test_a_part_with_nothing_to_say_is_left_out():
    assert "Limits by format" not in said(passing())


def test_a_scan_that_was_stopped_says_so_first():
    assert said(interrupted())["Not looked at"][0].startswith("INTERRUPTED")
