from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.report.cuesheet.columns import COLUMNS, GONE, By, Column
from scanner.report.cuesheet.csv_sheet import read_csv, to_csv
from scanner.report.cuesheet.merge import merge, persons
from scanner.report.cuesheet.row import Row, Sheet
from tests.report.cuesheet.reports import NOTE, filled, generated, rows

DAY = "2026-11-20"
ONE, TWO = generated("final/one.png", digest="11" * 32), generated("final/two.png", digest="22" * 32)


def sheet_of(*assets) -> Sheet:
    return merge(rows(*assets), None, DAY).sheet


def edited(sheet: Sheet, at: int = 0, **cells: str) -> Sheet:
    made = list(sheet.rows)
    made[at] = filled(made[at], **cells)
    return replace(sheet, rows=tuple(made))


def again(sheet: Sheet, *assets):
    # Through a file and back, as in life.
    return merge(rows(*assets), read_csv(to_csv(sheet).encode()), DAY)


def test_a_first_sheet_numbers_its_rows():
    assert [row[Column.ID] for row in sheet_of(ONE, TWO).rows] == ["AI-001", "AI-002"]


def test_what_nobody_touched_is_written_anew():
    merged = again(sheet_of(ONE), replace(ONE, generation=NOTE))
    assert merged.sheet.rows[0][Column.PROMPT] == NOTE.prompt
    assert merged.carried == 1


def test_an_unchanged_scan_changes_nothing():
    sheet = edited(sheet_of(ONE, TWO), description="the harbour", tc_in="01:00:10:00")
    first = again(sheet, ONE, TWO).sheet
    assert again(first, ONE, TWO).sheet == first
    assert first.rows[0][Column.DESCRIPTION] == "the harbour"


def test_what_people_wrote_stays_in_their_columns():
    sheet = edited(sheet_of(ONE), description="the harbour", tool="something else", tc_in="01:00:10:00", status="ok")
    row = again(sheet, replace(ONE, generation=NOTE)).sheet.rows[0]
    assert (row[Column.DESCRIPTION], row[Column.TOOL], row[Column.TC_IN]) == ("the harbour", "something else", "01:00:10:00")
    assert row[Column.PROMPT] == NOTE.prompt
    assert row[Column.NOTE] == ""


def test_a_persons_text_that_the_scan_comes_to_say_too_stays_theirs():
    sheet = edited(sheet_of(ONE), tool="Firefly")
    noted = replace(ONE, generation=replace(NOTE, tool="Firefly"))
    then = again(again(sheet, noted).sheet, replace(ONE, generation=replace(NOTE, tool="Other")))
    assert then.sheet.rows[0][Column.TOOL] == "Firefly"


def test_a_moved_file_keeps_its_row_by_content():
    sheet = edited(sheet_of(ONE, TWO), description="the harbour")
    row = next(row for row in again(sheet, replace(ONE, path="final/renamed.png"), TWO).sheet.rows if row[Column.DESCRIPTION])
    assert (row[Column.ID], row[Column.FILE], row[Column.NOTE]) == ("AI-001", "final/renamed.png", "")


def test_a_changed_file_keeps_its_row_by_path_and_asks_to_confirm_until_somebody_does():
    sheet = edited(sheet_of(ONE), approval="NFX-1")
    changed = replace(ONE, content_digest="99" * 32)
    row = again(sheet, changed).sheet.rows[0]
    assert row[Column.APPROVAL] == "NFX-1"
    assert row[Column.NOTE] == f"content changed, seen {DAY}: confirm what is filled in, then delete this line"
    twice = again(again(sheet, changed).sheet, changed).sheet
    assert twice.rows[0][Column.NOTE] == row[Column.NOTE]
    assert again(edited(twice, note=""), changed).sheet.rows[0][Column.NOTE] == ""


def test_a_changed_file_in_whose_row_nobody_wrote_asks_for_nothing():
    assert again(sheet_of(ONE), replace(ONE, content_digest="99" * 32)).sheet.rows[0][Column.NOTE] == ""


def test_what_is_gone_is_kept_at_the_end_if_somebody_wrote_in_it():
    sheet = edited(sheet_of(ONE, TWO), description="the harbour")
    merged = again(sheet, TWO)
    assert [row[Column.FILE] for row in merged.sheet.rows] == ["final/two.png", "final/one.png"]
    assert (merged.sheet.rows[1][Column.NOTE], merged.gone, merged.dropped) == (GONE, 1, 0)
    assert again(merged.sheet, TWO).sheet == merged.sheet
    back = again(merged.sheet, ONE, TWO).sheet.rows[0]
    assert (back[Column.ID], back[Column.DESCRIPTION], back[Column.NOTE]) == ("AI-001", "the harbour", "")


def test_what_is_gone_and_nobody_wrote_in_is_dropped_and_counted():
    merged = again(sheet_of(ONE, TWO), TWO)
    assert ([row[Column.ID] for row in merged.sheet.rows], merged.dropped) == (["AI-002"], 1)


def test_an_id_is_never_used_again():
    assert [row[Column.ID] for row in again(sheet_of(ONE), TWO).sheet.rows] == ["AI-002"]


def test_a_row_that_a_person_added_stays_and_is_not_called_gone():
    by_hand = Row({Column.DESCRIPTION: "AI voice in reel 2", Column.TOOL: "ElevenLabs"})
    sheet = sheet_of(ONE)
    merged = again(replace(sheet, rows=(by_hand, *sheet.rows)), ONE)
    assert merged.sheet.rows[1][Column.DESCRIPTION] == "AI voice in reel 2"
    assert (merged.sheet.rows[1][Column.NOTE], merged.sheet.rows[1][Column.ID]) == ("", "AI-002")
    assert again(merged.sheet, ONE).sheet == merged.sheet


def test_a_row_that_a_person_doubled_for_a_second_use_stays_beside_the_first():
    sheet = edited(sheet_of(ONE, TWO), tc_in="01:00:10:00")
    doubled = filled(sheet.rows[0], tc_in="01:20:00:00")
    merged = again(replace(sheet, rows=(*sheet.rows, doubled)), replace(ONE, path="final/renamed.png"), TWO)
    uses = [(row[Column.ID], row[Column.TC_IN], row[Column.NOTE]) for row in merged.sheet.rows]
    assert ("AI-001", "01:00:10:00", "") in uses
    assert ("AI-003", "01:20:00:00", "") in uses
    assert merged.carried == 3


def test_a_copy_of_described_content_is_described_too_but_not_its_timecode():
    sheet = edited(sheet_of(ONE), description="the harbour", tc_in="01:00:10:00")
    copied = again(sheet, ONE, replace(ONE, path="final/zopy.png")).sheet.rows[1]
    assert (copied[Column.DESCRIPTION], copied[Column.TC_IN], copied[Column.ID]) == (
        "the harbour",
        "not located in cut",
        "AI-002",
    )


def test_text_in_a_column_of_the_scan_moves_to_the_note():
    row = again(edited(sheet_of(ONE), evidence="I made this"), ONE).sheet.rows[0]
    assert row[Column.NOTE] == "Evidence had: I made this"
    assert row[Column.EVIDENCE].startswith("iptc-")


def test_columns_that_people_added_are_carried():
    sheet = sheet_of(ONE)
    own = replace(sheet, rows=(replace(sheet.rows[0], extra=(("Editor's remark", "cut it"),)),), extra=("Editor's remark",))
    merged = again(own, ONE)
    assert merged.sheet.extra == ("Editor's remark",)
    assert merged.sheet.rows[0].extra == (("Editor's remark", "cut it"),)
    assert again(own, TWO).sheet.rows[1].extra == (("Editor's remark", "cut it"),)


@pytest.mark.parametrize("cell", ["", "hello there", "TOOL", "TOOL=", "NOPE=12345678"])
def test_without_the_record_of_the_scan_every_text_counts_as_a_persons(cell):
    sheet = edited(sheet_of(ONE), tool="mine", as_scanned=cell)
    row = again(sheet, replace(ONE, generation=NOTE)).sheet.rows[0]
    assert (row[Column.TOOL], row[Column.PROMPT], row[Column.NOTE]) == ("mine", NOTE.prompt, "")


def test_white_space_of_a_spreadsheet_is_nobodys_text():
    sheet = sheet_of(replace(ONE, generation=NOTE))
    row = filled(sheet.rows[0], prompt="a harbour at dusk\r\nsoft light \r\n")
    assert persons(row) == {}


WORDS = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=10).map(lambda text: f"Q{text}Q")
WRITTEN = st.dictionaries(
    st.sampled_from([column for column in COLUMNS if column not in (Column.ID, Column.AS_SCANNED)]), WORDS, max_size=6
)
MACHINE_KEYS = [Column.FILE, Column.CONTENT_HASH]


@st.composite
def rounds(draw):
    """What a delivery held at several scans, and what people did to the sheet after each."""
    contents = st.sampled_from(["11" * 32, "22" * 32, "33" * 32, ""])
    delivery = st.dictionaries(st.sampled_from(["final/a.png", "final/b.png", "c.png"]), contents, max_size=3)
    return [(draw(delivery), draw(st.lists(WRITTEN, max_size=5)), draw(st.randoms()), draw(st.integers(0, 9))) for _ in range(3)]


def written_by_people(sheet: Sheet, cells, chance, act: int, texts: set[str]) -> Sheet:
    made = list(sheet.rows)
    for at, each in enumerate(cells):
        if at < len(made):
            made[at] = made[at].with_cells({column: text for column, text in each.items() if column not in MACHINE_KEYS})
            texts -= {text for text in texts if not any(_holds(row, text) for row in made)}
            texts |= {text for column, text in each.items() if column not in MACHINE_KEYS}
        elif each:
            made.append(Row(each))
            texts |= set(each.values())
    chance.shuffle(made)
    if act == 0 and made:
        made.append(made[0])
    if act == 1:
        made = [row.with_cells({Column.AS_SCANNED: ""}) for row in made]
    return replace(sheet, rows=tuple(made))


def _holds(row: Row, text: str) -> bool:
    return any(text in each for each in row.cells.values())


@settings(deadline=None, max_examples=200)
@given(rounds())
def test_no_text_of_a_person_is_ever_lost(steps):
    sheet, texts = None, set()
    for delivery, cells, chance, act in steps:
        made = rows(*(generated(path, digest=digest) for path, digest in delivery.items()))
        sheet = merge(made, sheet and read_csv(to_csv(sheet).encode()), DAY).sheet
        lost = {text for text in texts if not any(_holds(row, text) for row in sheet.rows)}
        assert not lost
        ids = [row[Column.ID] for row in sheet.rows]
        assert len(ids) == len(set(ids))
        assert {row[Column.FILE] for row in made} <= {row[Column.FILE] for row in sheet.rows}
        sheet = written_by_people(sheet, cells, chance, act, texts)


@given(WRITTEN)
def test_a_persons_cell_is_never_overwritten(cells):
    mine = {column: text for column, text in cells.items() if column.by is not By.SCAN and column is not Column.NOTE}
    sheet = sheet_of(ONE)
    typed = replace(sheet, rows=(sheet.rows[0].with_cells(mine),))
    row = again(typed, replace(ONE, generation=NOTE, provenance=ONE.provenance)).sheet.rows[0]
    assert {column: row[column] for column in mine} == mine
