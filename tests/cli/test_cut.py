"""``scan --cut``: where in the programme the flagged assets are seen."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scanner.report.cuesheet.columns import Column
from scanner.report.cuesheet.csv_sheet import read_csv
from tests.cli.conftest import Run, clean_environment, generated, make_delivery
from tests.cli.warm import WarmCommand

EDL = """TITLE: REEL 1 LOCKED
FCM: NON-DROP FRAME

001  AX       V     C        00:00:00:00 00:00:04:00 01:00:00:00 01:00:04:00
* FROM CLIP NAME: leak.png
* SOURCE FILE: D:\\Show\\final\\leak.png
002  AX       V     C        00:00:00:00 00:00:02:12 01:00:04:00 01:00:06:12
* FROM CLIP NAME: STILL.PNG
003  A001C002 V     C        10:00:00:00 10:00:01:00 01:00:06:12 01:00:07:12
* FROM CLIP NAME: interview_03.mov
004  BL       V     C        00:00:00:00 00:00:01:00 01:00:07:12 01:00:08:12
"""


def scan(warm: WarmCommand, folder: Path, *more: str) -> Any:
    arguments = ["scan", "--workers", "1", "--output", str(folder / "out"), str(folder / "DRIVE_07"), *more]
    return warm.run(arguments, folder, clean_environment(folder / "home"), folder)


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    """What the screen says and where the reports are, of a delivery in the cut of which one picture blocks."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("cut")
    root = make_delivery(folder)
    generated(root / "final" / "leak.png")
    (folder / "reel1.edl").write_text(EDL)
    done = scan(
        warm,
        folder,
        "--cut",
        str(folder / "reel1.edl"),
        "--rate",
        "25",
        *(word for name in ("json", "html", "csv") for word in ("--format", name)),
    )
    assert done.returncode == 11, done.stderr
    return done.stdout, folder / "out"


def report_of(scanned: tuple[str, Path]) -> dict[str, Any]:
    return json.loads((scanned[1] / "scan.json").read_text())


def test_an_asset_is_told_with_its_time_and_how_it_was_found(scanned: tuple[str, Path]) -> None:
    assets = {asset["path"]: asset["in_cut"] for asset in report_of(scanned)["assets"]}
    (seen,) = assets["final/leak.png"]
    assert (seen["tc_in"], seen["tc_out"], seen["recognised_by"]) == ("01:00:00:00", "01:00:04:00", "path")
    assert seen["frames"] == [90_000, 90_100]
    assert [seen["recognised_by"] for seen in assets["final/still.png"]] == ["name"]
    assert assets["temp/idea.png"] == []


def test_the_cut_is_told_with_what_the_delivery_lacks(scanned: tuple[str, Path]) -> None:
    (cut,) = report_of(scanned)["cuts"]
    assert (cut["file"], cut["title"], cut["frames_per_second"], cut["events_located"]) == ("reel1.edl", "REEL 1 LOCKED", "25", 2)
    assert len(cut["sha256"]) == 64
    assert [(one["name"], one["tc_in"]) for one in cut["missing"]] == [("interview_03.mov", "01:00:06:12")]


def test_the_screen_says_where_what_blocks_is_seen(scanned: tuple[str, Path]) -> None:
    screen = scanned[0]
    assert "in the cut at 01:00:00:00–01:00:04:00" in screen
    assert "1 source not in this delivery" in screen
    assert "flagged 2: 1 in the cut, 1 not located in it" in screen


def test_page_and_table_say_it_too(scanned: tuple[str, Path]) -> None:
    page = (scanned[1] / "scan.html").read_text("utf-8")
    assert "In the cut at 01:00:00:00–01:00:04:00" in page
    assert "interview_03.mov" in page
    rows = csv.DictReader(io.StringIO((scanned[1] / "scan.csv").read_text("utf-8-sig"), newline=""))
    assert {row["path"]: row["in_cut"] for row in rows}["final/leak.png"] == "01:00:00:00–01:00:04:00, track V, by path"


def test_the_cue_sheet_has_the_times(scanned: tuple[str, Path], run: Run) -> None:
    done = run("cuesheet", str(scanned[1] / "scan.json"), "--output", "-")
    rows = {row[Column.FILE]: row for row in read_csv(done.stdout.encode()).rows}
    assert (rows["final/leak.png"][Column.TC_IN], rows["final/leak.png"][Column.TC_OUT]) == ("01:00:00:00", "01:00:04:00")
    assert rows["temp/idea.png"][Column.TC_IN] == "not located in cut"


@pytest.mark.parametrize(
    ("text", "more", "words"),
    [
        (EDL, (), ["does not say its frame rate", "--rate"]),
        (EDL, ("--rate", "fast"), ["is no frame rate"]),
        ("no edit here\n", ("--rate", "25"), ["reel1.edl", "holds no edit decision"]),
        (None, ("--rate", "25"), ["reel1.edl"]),
    ],
)
def test_a_cut_that_cannot_be_read_ends_before_anything_is(
    run: Run, delivery: Path, tmp_path: Path, text: str | None, more: tuple[str, ...], words: list[str]
) -> None:
    if text is not None:
        (tmp_path / "reel1.edl").write_text(text)
    done = run("scan", str(delivery), "--output", str(tmp_path / "out"), "--cut", str(tmp_path / "reel1.edl"), *more)
    assert done.returncode == 2
    assert all(word in done.stderr for word in words), done.stderr
    assert "Traceback" not in done.stderr
    assert not list((tmp_path / "out").glob("*"))
