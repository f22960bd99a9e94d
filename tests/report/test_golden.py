"""Golden reports, byte for byte. After a wanted change: UPDATE_GOLDEN=1 pytest tests/report/test_golden.py, and read the diff."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from scanner.model.scan import Scan
from scanner.report.formats import FORMATS
from scanner.report.terminal import summary
from tests.report.scans import ALL
from tests.report.written import render

GOLDEN = Path(__file__).parent.parent / "golden"


def screen(scan: Scan) -> str:
    return summary(scan, "reports/DRIVE_07-20261120T180000Z/scan.html")


REPORTS: dict[str, Callable[[Scan], str]] = {
    **{one.file_name: partial(render, name=name) for name, one in FORMATS.items()},
    "screen.txt": screen,
}


@pytest.mark.parametrize("report", REPORTS)
@pytest.mark.parametrize("name", ALL)
def test_report_is_as_kept(name: str, report: str) -> None:
    # Pixels differ between versions of the JPEG encoder, so the kept pages are of scans with a fixed stand-in.
    scan = ALL[name]()
    stand_in = b"\xff\xd8 stand-in"
    scan = replace(
        scan,
        thumbnails=dict.fromkeys(scan.thumbnails, stand_in),
        reference_thumbnails=dict.fromkeys(scan.reference_thumbnails, stand_in),
        film_frames=dict.fromkeys(scan.film_frames, stand_in),
    )
    made = REPORTS[report](scan).encode("utf-8")
    kept = GOLDEN / name / report
    if os.environ.get("UPDATE_GOLDEN"):
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(made)
    assert made == kept.read_bytes()


@pytest.mark.parametrize("report", REPORTS)
def test_equal_scans_give_equal_bytes(report: str) -> None:
    first, second = ALL["blocked"](), ALL["blocked"]()
    assert REPORTS[report](first) == REPORTS[report](second)


@pytest.mark.parametrize("report", [report for report in REPORTS if report != "scan.html"])
def test_order_of_arrival_changes_nothing(report: str) -> None:
    scan = ALL["blocked"]()
    assert REPORTS[report](replace(scan, assets=scan.assets[::-1])) == REPORTS[report](scan)
