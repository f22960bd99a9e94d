from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.judging import Zone
from scanner.report.cuesheet.checking import lacking, missing
from scanner.report.cuesheet.columns import GONE, REQUIRED, Column
from scanner.report.cuesheet.merge import merge
from scanner.report.cuesheet.row import Row, Sheet
from tests.report.cuesheet.reports import filled, generated, one_of_each, rows

FULL = Row({**dict.fromkeys(REQUIRED, "said"), Column.ID: "AI-001", Column.FILE: "final/a.png", Column.USE: "final"})


def lacks(row: Row) -> tuple[Column, ...]:
    return next((one.empty for one in lacking(Sheet((row,)))), ())


def test_a_row_with_all_required_cells_lacks_nothing():
    assert lacking(Sheet((FULL,))) == ()


@pytest.mark.parametrize("column", REQUIRED)
@pytest.mark.parametrize("text", ["", " ", "not located in cut"])
def test_each_required_cell_is_missed(column, text):
    assert lacks(FULL.with_cells({column: text})) == (column,)


def test_enhancement_needs_no_prompt():
    assert lacks(filled(FULL, prompt="", involvement="enhanced by AI, not generated")) == ()


def test_a_withheld_prompt_is_an_answer():
    assert lacks(filled(FULL, prompt="withheld")) == ()


@pytest.mark.parametrize("changed", [{"use": "temporary"}, {"use": " Reference"}, {"note": f"seen\n{GONE}"}])
def test_what_is_not_delivered_asks_for_nothing(changed):
    assert lacks(filled(FULL, description="", **changed)) == ()


def test_a_row_without_a_zone_is_asked():
    assert lacks(filled(FULL, description="", use="")) == (Column.DESCRIPTION,)


def test_a_note_that_asks_to_confirm_is_listed():
    row = filled(FULL, note="content changed, seen 2026-11-20: confirm what is filled in, then delete this line\nfine")
    assert lacking(Sheet((row,)))[0].to_confirm == (
        "content changed, seen 2026-11-20: confirm what is filled in, then delete this line",
    )


def test_a_row_without_an_id_is_named_by_its_place():
    assert lacking(Sheet((FULL, filled(FULL, id="", tool=""))))[0].identity == "row 2"


def test_assets_that_a_sheet_has_not_are_told_by_content_or_path():
    sheet = merge(rows(*one_of_each()), None, "").sheet
    assert missing(sheet, rows(*one_of_each())) == ()
    moved = generated("elsewhere.png", digest="11" * 32)
    new, unhashed = generated("new.png", digest="77" * 32), generated("unhashed.png", Zone.TEMPORARY)
    assert [row[Column.FILE] for row in missing(sheet, rows(moved, new, unhashed))] == ["new.png", "unhashed.png"]
    assert missing(replace(sheet, rows=()), rows(moved)) == rows(moved)
