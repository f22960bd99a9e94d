from __future__ import annotations

import pytest

from scanner.report.cuesheet.columns import COLUMNS, Column
from scanner.report.cuesheet.table import SheetError, sheet_from

HEADINGS = [column.value for column in COLUMNS]


def test_columns_stand_in_any_order_and_spelling():
    sheet = sheet_from([["  prompt ", "RIGHTS", "Id", "tool", "TC\nin"], ["p", "r", "AI-1", "t", "01:00:00:00"]])
    assert sheet.rows[0].cells == {
        Column.PROMPT: "p",
        Column.RIGHTS: "r",
        Column.ID: "AI-1",
        Column.TOOL: "t",
        Column.TC_IN: "01:00:00:00",
    }
    assert sheet.columns == frozenset(sheet.rows[0].cells)


def test_titles_above_the_headings_are_told_as_left_out():
    assert sheet_from([["Our film"], [], HEADINGS]).left_out == ("2 rows above the headings",)
    assert sheet_from([["", ""], HEADINGS]).left_out == ()


def test_columns_of_people_keep_their_headings_or_get_one():
    sheet = sheet_from([[*HEADINGS[:4], "Mine", "mine", "", ""], ["1", "2", "3", "4", "a", "b", "c", "", "beyond"]])
    assert sheet.rows[0].extra == (("Mine", "a"), ("mine (2)", "b"), ("Column 7", "c"), ("Column 9", "beyond"))
    assert sheet.extra == ("Mine", "mine (2)", "Column 7", "Column 9")


def test_a_name_given_to_a_column_without_heading_is_no_heading_of_somebody_else():
    sheet = sheet_from([[*HEADINGS[:4], "", "Column 5"], ["1", "2", "3", "4", "x", "y"]])
    assert sheet.rows[0].extra == (("Column 5", "x"), ("Column 5 (2)", "y"))


def test_empty_rows_are_passed_over():
    assert len(sheet_from([HEADINGS, [], ["", " "], ["AI-1"], [""]]).rows) == 1


@pytest.mark.parametrize("table", [[], [[]], [["ID", "Tool", "Prompt"]], [["x"]] * 60 + [HEADINGS]])
def test_without_headings_it_is_no_sheet(table):
    with pytest.raises(SheetError, match="headings"):
        sheet_from(table)


def test_a_marked_formula_reads_as_it_was():
    assert sheet_from([HEADINGS, ["AI-1", "'=1+1"]]).rows[0][Column.DESCRIPTION] == "=1+1"
