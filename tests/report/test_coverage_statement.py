from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.approvals import ApprovalLogStamp
from scanner.model.credentials import Credentials
from scanner.model.readings import PLAIN_NOTE, ReadingSummary
from scanner.report.coverage_statement import MOST_LINES, coverage_statement
from scanner.report.sentences import cannot_show
from tests.report.parts import MXF, asset
from tests.report.scans import ALL, blocked, passing

TITLES = [
    *("Checked", "Not checkable", "Not read", "Pictures compared", "Counted, not judged", "Made with", "Judged by"),
    "What this scan cannot show",
]
LOCATED = "Located in the cut"
"""Stands only where there is a cut."""
SEALED = "Sealed hashes"
"""Stands only where there are some."""


def section(scan, title):
    [found] = [one for one in coverage_statement(scan) if one.title == title]
    return found.lines


@pytest.mark.parametrize("name", ALL)
def test_every_scan_has_every_section_and_none_is_empty(name):
    sections = coverage_statement(ALL[name]())
    assert [one.title for one in sections if one.title not in (LOCATED, SEALED)] == TITLES
    assert (SEALED in [one.title for one in sections]) == bool(ALL[name]().sealed_by)
    assert (LOCATED in [one.title for one in sections]) == bool(ALL[name]().cuts)
    assert all(one.lines and all(one.lines) for one in sections)
    assert max(len(one.lines) for one in sections) <= MOST_LINES + 1


def test_each_format_is_told_with_the_readers_that_looked():
    lines = section(blocked(), "Checked")
    assert "20 files, taken together as 16 assets" in lines
    assert "exiftool 13.10 looked for metadata in 14 assets" in lines
    assert "JPEG: 11 assets, exiftool 10, c2pa 10, picture compared 10" in lines  # one of them is broken
    assert not [line for line in lines if line.startswith("SubRip")]


def test_what_was_read_without_exiftool_is_counted():
    walked = replace(
        asset("a.jpg"), readings=(ReadingSummary("exiftool", "found", PLAIN_NOTE), ReadingSummary("c2pa", "not-found"))
    )
    lines = section(replace(passing(), assets=(walked, asset("b.jpg"))), "Checked")
    assert "1 of these by the scanner's own walk alone (--thorough asks ExifTool about all)" in lines
    assert not any("own walk" in line for line in section(passing(), "Checked"))


def test_a_reader_that_looked_into_some_frames_is_counted_once():
    readings = (ReadingSummary("exiftool", "found", "frames 1-2"), ReadingSummary("exiftool", "not-found", "frames 3"))
    assert "JPEG: 1 asset, exiftool 1, picture compared 1" in section(
        replace(passing(), assets=(asset("a", readings=readings),)), "Checked"
    )


def test_what_cannot_be_checked_is_told_by_format_and_why():
    readings = (ReadingSummary("residue", "not-tried", "its picture was not decoded"),)
    scan = replace(blocked(), assets=(asset("a.mxf", format=MXF, readings=readings),))
    assert section(scan, "Not checkable") == (
        "MXF, 1 asset: Content credentials cannot be read in MXF",
        "MXF, 1 asset: its picture was not decoded",
    )


def test_what_was_not_read_is_told_with_its_reason():
    assert section(ALL["incomplete"](), "Not read") == ("1 folder not listed: permission denied",)
    assert "1 asset: exiftool: file ends early" in section(blocked(), "Not read")
    assert section(passing(), "Not read") == ("Nothing: every reading that was tried came to its end.",)


def test_what_was_only_counted_is_told():
    assert section(blocked(), "Counted, not judged") == (
        "SubRip subtitles: 1 file, not media",
        "symlink: 1, never opened",
        "operating-system litter: 1 file, known by content",
    )


def test_digests_of_all_that_judged_are_told():
    lines = section(replace(blocked(), approval_log=ApprovalLogStamp("approvals.db", "77" * 32, 3)), "Judged by")
    for digest in ("11", "22", "33", "44", "55", "77"):
        assert any(digest * 32 in line for line in lines)
    assert "approval log approvals.db, 3 entries, head " + "77" * 32 in lines


def test_a_scan_that_did_not_end_says_so_first():
    assert section(ALL["interrupted"](), "Checked")[0].startswith("The scan is not complete")


def test_a_thousand_reasons_are_cut():
    lost = tuple((f"reason {n:04}", 1) for n in range(1000))
    scan = replace(blocked(), coverage=replace(blocked().coverage, readings_lost=lost))
    lines = section(scan, "Not read")
    assert lines[-1] == f"and {1001 - MOST_LINES} more"


@pytest.mark.parametrize(
    ("scan", "said"),
    [
        (passing(), "No invisible watermark was looked for"),
        (replace(passing(), library=None), "No reference library was given"),
        (passing(), "What is not in the reference library cannot match it"),
        (replace(passing(), trust_lists=()), "No trust list was loaded"),
        (replace(passing(), assets=(asset("a", credentials=Credentials.REMOTE),)), "It was not fetched"),
        (
            replace(passing(), assets=(asset("a", readings=(ReadingSummary("watermark", "not-found"),)),)),
            "Of invisible watermarks only open ones were looked for",
        ),
    ],
)
def test_what_it_cannot_show_depends_on_what_was_asked(scan, said):
    assert any(said in line for line in cannot_show(scan))
