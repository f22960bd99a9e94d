from __future__ import annotations

import csv
import io
import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.cuesheet.columns import COLUMNS, Column
from scanner.report.cuesheet.csv_sheet import read_csv, to_csv
from scanner.report.cuesheet.merge import merge
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.cuesheet.table import SheetError
from tests.report.cuesheet.reports import hostile_rows, one_of_each, rows

GOLDEN = Path(__file__).parents[2] / "golden" / "cue-sheet" / "genai-cue-sheet.csv"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0")).filter(lambda text: text.strip())


def test_golden() -> None:
    made = to_csv(merge(rows(*one_of_each()), None, "2026-11-20").sheet).encode()
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.parent.mkdir(parents=True, exist_ok=True)
        GOLDEN.write_bytes(made)
    assert made == GOLDEN.read_bytes()


def test_it_is_rfc_4180_with_a_byte_order_mark() -> None:
    text = to_csv(Sheet((Row({Column.ID: "AI-001", Column.PROMPT: 'two\nlines, "quoted"'}),)))
    assert text.startswith("\ufeffID,Description,")
    table = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert text.count("\r\n") == 2
    assert {len(cells) for cells in table} == {len(COLUMNS)}
    assert table[1][7] == 'two\nlines, "quoted"'


def test_no_cell_begins_a_formula() -> None:
    table = list(csv.reader(io.StringIO(to_csv(merge(hostile_rows(), None, "").sheet).removeprefix("\ufeff"), newline="")))
    for cells in table:
        assert not [
            cell for cell in cells if cell.lstrip(" \"'\u3000").startswith(tuple("=+-@＝\t\r")) and not cell.startswith("'")
        ]


@given(st.dictionaries(st.sampled_from(COLUMNS), TEXTS, min_size=1), st.lists(TEXTS, max_size=2))
def test_what_is_written_is_read(cells, extra) -> None:
    headings = tuple(f"own {number}" for number in range(len(extra)))
    sheet = Sheet((Row(cells, tuple(zip(headings, extra, strict=True))),), headings)
    assert read_csv(to_csv(sheet).encode()) == sheet


@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_spreadsheets_make_of_it_is_read(separator, encoding) -> None:
    sheet = Sheet((Row({Column.ID: "AI-001", Column.PROMPT: "naïve, 港"}),))
    table = csv.reader(io.StringIO(to_csv(sheet).removeprefix("\ufeff"), newline=""))
    stream = io.StringIO()
    csv.writer(stream, delimiter=separator).writerows(table)
    assert read_csv(stream.getvalue().encode(encoding)) == sheet


def test_the_old_mac_and_unix_ends_of_lines_are_read() -> None:
    sheet = Sheet((Row({Column.ID: "AI-001"}),))
    for end in ("\n", "\r"):
        assert read_csv(to_csv(sheet).replace("\r\n", end).encode()) == sheet


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no row with the headings"),
        (b"a,b,c\n1,2,3\n", "no row with the headings"),
        ("Description,Prompt,ID,Rights,é".encode("latin-1"), "not UTF-8"),
        (b"ID,Description,Prompt,Rights\n" + b"x" * 200_000, "no CSV"),
        (b"ID,Description,Prompt,Rights,prompt\n", "the column Prompt twice"),
        (b"\xff\xfe\x00", "not UTF-8"),
    ],
)
def test_what_is_no_sheet_is_told(content, says) -> None:
    with pytest.raises(SheetError, match=says):
        read_csv(content)


def test_too_many_rows_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.report.cuesheet.csv_sheet.ROWS_LIMIT", 10)
    with pytest.raises(SheetError, match="more than 10 rows"):
        read_csv(to_csv(Sheet((Row({Column.ID: "a"}),) * 11)).encode())


def test_a_text_that_no_csv_should_hold_does_not_stop_it() -> None:
    assert read_csv(to_csv(replace(Sheet(()), rows=(Row({Column.ID: "a\x01"}),))).encode()).rows[0][Column.ID] == "a\x01"
