from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from scanner.cli.cuesheet import load_sheet
from scanner.report.cuesheet.columns import REQUIRED, Column
from scanner.report.cuesheet.xlsx_sheet import TAB
from tests.cli.conftest import Run, generated, scanned_once
from tests.cli.test_scan import digests
from tests.cli.warm import WarmCommand


@pytest.fixture(scope="module")
def reports(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return scanned_once(warm, tmp_path_factory.mktemp("scanned"), "leak.png")


@pytest.fixture
def report(reports: Path, tmp_path: Path) -> str:
    """A report of a delivery that stays as it is."""
    shutil.copytree(reports, tmp_path / "out")
    return str(tmp_path / "out" / "scan.json")


@pytest.fixture
def own_report(run: Run, delivery: Path, tmp_path: Path) -> str:
    """The report of `delivery`, which may be changed."""
    generated(delivery / "final" / "leak.png")
    assert run("scan", "--quiet", "--output", str(tmp_path / "out"), str(delivery)).returncode == 11
    return str(tmp_path / "out" / "scan.json")


def typed(path: Path, **cells: str) -> None:
    """Type into the first row of an XLSX sheet, as a person does."""
    book = openpyxl.load_workbook(path)
    headings = [cell.value for cell in book[TAB][1]]
    for name, text in cells.items():
        book[TAB].cell(2, headings.index(Column[name.upper()].value) + 1, text)
    book.save(path)


def test_a_sheet_with_pictures_beside_the_report(run: Run, own_report: str, delivery: Path) -> None:
    before = digests(delivery)

    done = run("cuesheet", own_report)

    assert (done.returncode, done.stderr) == (0, "")
    path = Path(own_report).with_name("genai-cue-sheet.xlsx")
    assert done.stdout.splitlines()[:2] == [str(path), "2 assets listed: 1 that may be in the programme, 1 set aside"]
    tab = openpyxl.load_workbook(path)[TAB]
    assert len(tab._images) == 2
    assert [row[Column.FILE] for row in load_sheet(str(path)).rows] == ["final/leak.png", "temp/idea.png"]
    assert digests(delivery) == before


def test_what_people_filled_in_survives_a_rescan(run: Run, own_report: str, delivery: Path, tmp_path: Path) -> None:
    run("cuesheet", own_report)
    first = Path(own_report).with_name("genai-cue-sheet.xlsx")
    typed(first, description="the harbour poster", tc_in="01:00:10:00", tool="Midjourney, says the editor")
    (delivery / "final" / "leak.png").rename(delivery / "final" / "poster.png")
    generated(delivery / "final" / "new.png")
    run("scan", "--quiet", "--output", str(tmp_path / "second"), str(delivery))

    done = run("cuesheet", str(tmp_path / "second" / "scan.json"), "--previous", str(first), "--output", "second.xlsx")

    assert "2 rows carried over" in done.stdout
    rows = {row[Column.ID]: row for row in load_sheet(str(tmp_path / "work" / "second.xlsx")).rows}
    kept = rows["AI-001"]
    assert kept[Column.FILE] in ("final/poster.png", "final/new.png")  # both have the same bytes
    assert (kept[Column.DESCRIPTION], kept[Column.TC_IN]) == ("the harbour poster", "01:00:10:00")
    assert kept[Column.TOOL] == "Midjourney, says the editor"
    assert sorted(rows) == ["AI-001", "AI-002", "AI-003"]


def test_check_lists_what_lacks_and_passes_a_full_sheet(run: Run, report: str) -> None:
    run("cuesheet", report, "--no-thumbnails")
    path = Path(report).with_name("genai-cue-sheet.xlsx")

    done = run("cuesheet", "--check", str(path))

    assert done.returncode == 10
    assert "1 of 1 row to complete" in done.stdout
    assert "AI-001  leak.png: Description, TC in, TC out, " in done.stdout
    typed(path, **{column.name: "said" for column in REQUIRED})
    assert run("cuesheet", "--check", str(path)).returncode == 0
    assert run("cuesheet", report, "--check", str(path)).returncode == 0


def test_check_with_a_report_tells_what_the_sheet_has_not(run: Run, own_report: str, delivery: Path, tmp_path: Path) -> None:
    run("cuesheet", own_report)
    path = Path(own_report).with_name("genai-cue-sheet.xlsx")
    typed(path, **{column.name: "said" for column in REQUIRED})
    with (delivery / "final" / "leak.png").open("ab") as stream:
        stream.write(b"other bytes")
    run("scan", "--quiet", "--output", str(tmp_path / "second"), str(delivery))

    done = run("cuesheet", str(tmp_path / "second" / "scan.json"), "--check", str(path))

    assert done.returncode == 10
    assert "1 asset of the scan not in the sheet:\n  final/leak.png" in done.stdout


def test_csv_to_standard_output(run: Run, report: str) -> None:
    done = run("cuesheet", report, "--output", "-")
    table = list(csv.reader(io.StringIO(done.stdout.removeprefix("\ufeff"), newline="")))
    assert (done.returncode, done.stderr, len(table)) == (0, "", 3)


def test_nothing_is_overwritten(run: Run, report: str, tmp_path: Path) -> None:
    for _ in range(2):
        run("cuesheet", report, "--format", "csv")
    assert sorted(path.name for path in Path(report).parent.glob("*.csv")) == ["genai-cue-sheet-2.csv", "genai-cue-sheet.csv"]
    (tmp_path / "mine.csv").write_text("mine")
    done = run("cuesheet", report, "--output", str(tmp_path / "mine.csv"))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert (tmp_path / "mine.csv").read_text() == "mine"


def test_thumbnails_are_not_available_when_the_delivery_is_not_there(
    run: Run, own_report: str, delivery: Path, tmp_path: Path
) -> None:
    delivery.rename(tmp_path / "elsewhere")

    done = run("cuesheet", own_report)

    assert "0 thumbnails made" in done.stdout
    sheet = load_sheet(str(Path(own_report).with_name("genai-cue-sheet.xlsx")))
    assert sheet.rows[0][Column.THUMBNAIL] == "not available\nleak.png"
    assert "not available" not in run("cuesheet", own_report, "--delivery", str(tmp_path / "elsewhere")).stdout


def test_nothing_goes_into_the_delivery(run: Run, own_report: str, delivery: Path) -> None:
    before = digests(delivery)
    for output in (delivery, delivery / "sheet.xlsx", delivery / "final" / "x"):
        assert run("cuesheet", own_report, "--output", str(output)).returncode == 2
    assert digests(delivery) == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--output", "x.csv", "--format", "xlsx"],
        ["--output", "-", "--format", "xlsx"],
        ["--previous", "missing.xlsx"],
        ["--delivery", "a", "--delivery", "b"],
        ["--check", "x.xlsx", "--format", "csv"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_in_a_line(run: Run, report: str, arguments: list[str]) -> None:
    done = run("cuesheet", *([report] if arguments else []), *arguments)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"a,b\n", b"\xff\xff\xff"])
def test_a_previous_sheet_that_is_none_is_told_in_a_line(run: Run, report: str, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd.xlsx").write_bytes(content)
    for option in ("--previous", "--check"):
        done = run("cuesheet", report, option, str(tmp_path / "odd.xlsx"))
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert not list(Path(report).parent.glob("genai*"))


def test_a_report_by_another_hand_leads_nowhere(run: Run, report: str, tmp_path: Path) -> None:
    content = json.loads(Path(report).read_text())
    content["roots"] = ["nul\0", "/"]
    content["name"] = "\x1b[31m{{7*7}}"
    Path(report).write_text(json.dumps(content))

    done = run("cuesheet", report, "--output", str(tmp_path / "sheet.xlsx"))
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)  # "/" holds every place
    content["roots"] = ["nul\0"]
    Path(report).write_text(json.dumps(content))
    done = run("cuesheet", report, "--output", str(tmp_path / "sheet.xlsx"))
    assert (done.returncode, done.stderr) == (0, "")
    assert "its seal does not hold" in done.stdout
    assert run("verify", report).returncode == 2
