from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.judging import Route, Severity, Verdict, Zone
from scanner.model.scan import Scan
from scanner.model.text import shown
from scanner.report.columns import width_of
from scanner.report.terminal import FIX_LINES, NARROWEST, summary
from tests.report.parts import asset, finding
from tests.report.scans import ALL, blocked, incomplete, interrupted, passing, without_library

HARD = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x9b\u202e\udcff新é\u0301 /")), min_size=1, max_size=100)


def screen(scan: Scan, width: int = 80) -> list[str]:
    return summary(scan, "reports/x/scan.html", width).splitlines()


@pytest.mark.parametrize("width", [NARROWEST, 40, 80, 132])
@pytest.mark.parametrize("name", ALL)
def test_every_line_fits_and_is_safe(name, width):
    for line in screen(ALL[name](), width):
        assert width_of(line) <= width
        assert shown(line) == line


@settings(max_examples=60, deadline=None)
@given(HARD, HARD, HARD, st.integers(NARROWEST, 120), st.sampled_from(Verdict), st.sampled_from(Zone))
def test_hostile_texts_neither_widen_nor_steer(name, path, message, width, verdict, zone):
    bad = asset(path, zone, verdict)
    bad = replace(bad, findings=(finding(name, message, principle=message), finding(message, name)))
    scan = replace(blocked(), name=name, assets=(bad,), verdict=verdict, notes=(message,), findings=bad.findings)
    for line in summary(scan, path, width).split("\n"):
        assert width_of(line) <= width
        assert shown(line) == line


def test_first_line_says_verdict_delivery_policy_and_work():
    assert screen(blocked())[0] == "BLOCKED  DRIVE_07 · default policy · 3 to fix, 2 to review, 1 not read"


def test_last_line_says_where_the_report_is():
    assert screen(blocked())[-1] == "Report   reports/x/scan.html"


def test_a_long_report_path_stays_whole():
    path = "/Volumes/somewhere/" + "deep/" * 30 + "scan.html"
    lines = summary(passing(), path).splitlines()
    tail = lines[[line.startswith("Report") for line in lines].index(True) :]
    assert "".join(line[9:] for line in tail) == path


def test_a_pass_does_not_say_too_much():
    text = " ".join(" ".join(screen(passing())).split())
    assert "PASS QUIET" in text
    assert "this does not prove that nothing is there" in text


def test_an_interrupted_scan_says_so_first():
    assert screen(interrupted())[0].startswith("INTERRUPTED: ")


def test_an_incomplete_scan_says_so_first_and_names_the_lowered_gate():
    lines = screen(incomplete())
    assert lines[0].startswith("NOT COMPLETE: 1 folder could not be listed")
    assert lines[1].startswith("INCOMPLETE  HALF")
    assert any("--fail-on blocked" in line for line in lines)
    assert any("--allow-incomplete" in line for line in lines)


def test_an_empty_library_is_said():
    assert "NOT DONE library empty: no picture was compared" in screen(without_library())


def test_unassigned_media_asks_for_a_zone_with_an_example():
    text = "\n".join(screen(blocked()))
    assert "unassigned 7 (name them with --zone)" in text
    assert "for example --zone 'STILLS/**=final'" in text


def test_lists_are_cut_and_say_so():
    many = tuple(asset(f"final/{n:03}.jpg", verdict=Verdict.BLOCKED, findings=(finding("r", "declares"),)) for n in range(40))
    lines = screen(replace(blocked(), assets=many))
    assert sum(line.startswith("FIX ") for line in lines) == FIX_LINES
    assert "         and 30 more in the report" in lines


def test_what_else_asks_for_something_is_named_below_the_reason():
    first = finding("ai-declared", "the file declares a generative AI edit", principle="P4", route=Route.ESCALATE)
    second = finding("ai-with-person", "its metadata names 1 person", Severity.MEDIUM, principle="P5", route=Route.ESCALATE)
    lines = screen(
        replace(blocked(), assets=(replace(asset("final/a.jpg", Zone.FINAL, Verdict.BLOCKED), findings=(first, second)),))
    )
    assert "           also ai-with-person; touches P4, P5: escalate" in lines


def test_findings_on_the_delivery_are_listed():
    whole = finding("whole", "12 pictures in final were not compared", Severity.MEDIUM)
    assert "REVIEW   12 pictures in final were not compared" in screen(replace(passing(), findings=(whole,)))


def test_several_roots_are_told_apart():
    scan = replace(blocked(), roots=("/a/one", "/a/two"), assets=(asset("x.jpg", verdict=Verdict.BLOCKED, root=1),))
    assert any(line.startswith("FIX      two/x.jpg") for line in screen(scan))


def test_colour_only_when_asked_and_only_around_our_own_words():
    plain, coloured = summary(blocked(), "r"), summary(blocked(), "r", color=True)
    assert "\x1b" not in plain
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert "\x1b[1;31mBLOCKED\x1b[0m" in coloured
