from __future__ import annotations

from pathlib import Path

from scanner.report.cuesheet.columns import COLUMNS, REQUIRED, VISIBLE, By, Column

PAGE = Path(__file__).parents[3] / "docs" / "cue-sheet.md"


def test_twelve_columns_are_seen_at_once():
    assert [column.value for column in VISIBLE] == [
        *("ID", "Description", "Thumbnail", "TC in", "TC out", "AI involvement", "Tool", "Prompt"),
        *("Source and archive ID", "Rights", "Approval", "On-screen disclosure"),
    ]
    assert [column for column in COLUMNS if column.is_visible] == list(VISIBLE)


def test_headings_are_unique_even_for_readers_that_do_not_mind_case():
    assert len({column.value.casefold() for column in COLUMNS}) == len(COLUMNS)


def test_what_is_required_can_be_seen_and_filled_in():
    assert all(column.is_visible and column.by is not By.SCAN for column in REQUIRED)


def test_the_page_explains_each_column_and_says_who_fills_it():
    lines = PAGE.read_text("utf-8").splitlines()
    for column in COLUMNS:
        row = next((line for line in lines if line.startswith(f"| {column.value} |")), "")
        assert f"| {column.by.value} |" in row, column


def test_the_note_is_next_to_what_is_seen():
    assert COLUMNS[12] is Column.NOTE
