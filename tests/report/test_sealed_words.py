from __future__ import annotations

from dataclasses import replace

from scanner.report.sealed_words import coverage_lines, list_lines, standing
from tests.report.scans import blocked, sealed


def told(path: str) -> str:
    scan = sealed()
    return standing(scan, next(one for one in scan.assets if one.path == path))


def test_every_list_is_told_with_its_figures():
    assert list_lines(sealed()) == [
        "final/ep1/ascmhl: 1,204 sealed files, 1,200 verified, 1 not as sealed, 3 not here, 1 other file beside it",
        "archival/ascmhl: not whole, 1 sealed file, 1 not compared",
        "temp/ascmhl: cannot be read: the XML is broken: no element found",
        "final/ep1/ASSETMAP.xml: 1 sealed file, 1 verified",
    ]
    assert list_lines(blocked()) == []


def test_what_was_not_asked_for_is_said():
    scan = sealed()
    (one,) = list_lines(replace(scan, sealed_by=(replace(scan.sealed_by[1], checked=False, notes=()),)))
    assert one == "archival/ascmhl: not whole, 1 sealed file, 1 not compared (--check-hashes compares them)"
    lines = coverage_lines(replace(scan, sealed_by=(replace(scan.sealed_by[1], checked=False, notes=()),)))
    assert lines[-1] == "Of sealed files only the size was compared: --check-hashes compares their bytes."


def test_the_coverage_says_why_and_what_it_does_not_show():
    lines = coverage_lines(sealed())
    assert "archival/ascmhl: not compared, mostly because whirlpool cannot be computed here" in lines
    assert any(line.startswith("archival/ascmhl: a generation is not as the chain seals it") for line in lines)
    assert lines[-1].endswith("Whoever replaces a file can seal it anew.")


def test_an_asset_is_told_with_the_hash_that_it_was_compared_with():
    assert told("final/ep1/st_014.tif") == (
        "the bytes are not the sealed ones: its md5 is not the sealed one (md5, generation 2 of 2026-11-18, final/ep1/ascmhl); "
        "files: 1 not as sealed, 1 verified"
    )
    assert told("final/ep1/cut.mxf") == "the bytes are the sealed ones (sha1, final/ep1/ASSETMAP.xml)"
    assert told("final/ep1/b_07.png") == "not listed in final/ep1/ascmhl, the history of its folder"
    assert told("archival/family/print_03.jpg") == ("sealed in archival/ascmhl, not compared: whirlpool cannot be computed here")
    assert told("temp/boards/b_07.png") == ""
