from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.report.cells import cell, restored
from scanner.report.csv_report import COLUMNS
from tests.report.parts import asset, finding, mark
from tests.report.reading_back import rows_of
from tests.report.scans import ALL, blocked
from tests.report.written import to_csv

FORMULAS = [
    *("=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1", " =1+1", '"=1+1', "＝1+1", "＋1+1", "－1+1", "＠SUM(1)"),
    *('=HYPERLINK("http://x.invalid","y")', "=cmd|' /C calc'!A0", "a;=1+1", 'a;"=1+1', "a\t=1+1", "−1+1", "%0A=1+1", "'=1+1"),
]


def formulas() -> list:
    return [
        asset(f"{text}{number}", marks=(mark(generator=text),), findings=(finding(text, text),), camera=text)
        for number, text in enumerate(FORMULAS)
    ]


def test_it_is_rfc_4180_with_a_byte_order_mark():
    text = to_csv(ALL["hostile"]())
    assert text.startswith("\ufeffrecord,verdict,")
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    assert {len(row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)} == {len(COLUMNS)}


def test_one_row_an_asset():
    rows = [row for row in rows_of(to_csv(blocked())) if row["record"] == "asset"]
    assert [row["path"] for row in rows] == sorted(record.path for record in blocked().assets)
    by_path = {row["path"]: row for row in rows}
    assert by_path["final/ep1/st_014.tif"]["verdict"] == "blocked"
    assert by_path["final/ep1/cut.srt"]["verdict"] == ""
    assert by_path["final/ep1/st_014.tif"]["says"] == "the file declares AI generation (unsigned, XMP)"


def test_every_column_is_documented():
    page = (Path(__file__).parents[2] / "docs" / "reports.md").read_text("utf-8")
    assert not [column for column in COLUMNS if f"`{column}`" not in page]


def test_no_cell_begins_a_formula():
    text = to_csv(replace(blocked(), assets=tuple(formulas()), name="=1+1", confidentiality="=1+1", notes=("@x",)))
    for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")):
        assert not [each for each in row if re.match(r"[\s\"]*[=+\-@＝＋－＠−\t\r]", each)]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_cell_says_what_it_was(text):
    assert restored(cell(text)).replace("\\t", "\t").replace("\\r", "\r").replace("\\n", "\n") == text


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("separator", ["44", "59", "9", "44/59/9"])
def test_libreoffice_finds_no_formula_in_it(tmp_path, separator):
    source = tmp_path / "scan.csv"
    source.write_text(to_csv(replace(blocked(), assets=tuple(formulas()), name="=1+1")), encoding="utf-8", newline="")
    made = converted(source, tmp_path, separator)
    assert "table:formula" not in made
    assert "1+1" in made


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_would_run_a_cell_that_is_not_neutralised(tmp_path):
    source = tmp_path / "bad.csv"
    source.write_text("a,=1+1\r\n", encoding="utf-8", newline="")
    assert "table:formula" in converted(source, tmp_path, "44")


def converted(source: Path, folder: Path, separator: str) -> str:
    """Import a CSV into LibreOffice, formulas evaluated, and return it as flat XML."""
    # Tokens of the import filter: separators, quote, UTF-8, from line 1, …, evaluate formulas.
    options = f"CSV:{separator},34,76,1,,0,false,true,false,false,false,-1,true"
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile"),
            *(f"--infilter={options}", "--convert-to", "fods", "--outdir", str(folder), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    [made] = [path for path in folder.glob("*.fods") if path.stem.startswith(source.stem)]
    return made.read_text("utf-8")
