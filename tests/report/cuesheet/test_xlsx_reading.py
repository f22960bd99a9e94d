from __future__ import annotations

import datetime
import io
import zipfile
from collections.abc import Callable

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.report.cuesheet.columns import COLUMNS, Column
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.cuesheet.rows import caption_of
from scanner.report.cuesheet.table import SheetError
from scanner.report.cuesheet.xlsx_reading import read_xlsx
from scanner.report.cuesheet.xlsx_sheet import TAB, to_xlsx
from tests.report.cuesheet.reports import report

CAPTION = caption_of(report())
PLAIN = Sheet((Row({Column.ID: "AI-001", Column.DESCRIPTION: "the harbour"}),))
GOOD = to_xlsx(PLAIN, CAPTION, {})
TAB_PART = "xl/worksheets/sheet1.xml"


def saved(change: Callable[[openpyxl.Workbook], None]) -> bytes:
    """The sheet after somebody worked in it."""
    book = openpyxl.load_workbook(io.BytesIO(GOOD))
    change(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def repacked(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """The archive with its parts changed by hand."""
    with zipfile.ZipFile(io.BytesIO(GOOD)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def test_what_people_type_is_read_as_they_see_it() -> None:
    values = [
        1.5,
        2024,
        datetime.datetime(2026, 5, 2),
        datetime.datetime(2026, 5, 2, 10, 30),
        datetime.time(1, 0, 10),
        True,
        "text",
    ]

    def typed(book: openpyxl.Workbook) -> None:
        for at, value in enumerate(values):
            book[TAB].cell(2, 4 + at, value).number_format = "General"
        for at, number_format in ((6, "yyyy-mm-dd"), (7, "yyyy-mm-dd hh:mm"), (8, "hh:mm:ss")):
            book[TAB].cell(2, at).number_format = number_format

    row = read_xlsx(saved(typed)).rows[0]
    assert [row[column] for column in COLUMNS[3:10]] == [
        "1.5",
        "2024",
        "2026-05-02",
        "2026-05-02 10:30:00",
        "01:00:10",
        "yes",
        "text",
    ]


def test_a_formula_gives_its_saved_value_or_stands_as_typed() -> None:
    def typed(book: openpyxl.Workbook) -> None:
        book[TAB]["B2"] = "=A2"
        book[TAB]["F2"] = "=1+1"

    content = saved(typed)
    assert read_xlsx(content).rows[0][Column.DESCRIPTION] == "=A2"

    def valued(parts: dict[str, bytes]) -> None:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts.clear()
            parts |= {name: archive.read(name) for name in archive.namelist()}
        for name, part in parts.items():
            parts[name] = part.replace(b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(
                b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>"
            )

    assert read_xlsx(repacked(valued)).rows[0][Column.INVOLVEMENT] == "2"


def test_the_tab_may_be_renamed_and_stand_anywhere_and_others_are_told() -> None:
    def changed(book: openpyxl.Workbook) -> None:
        book[TAB].title = "My sheet"
        book.create_sheet("Budget", 0)["A1"] = "secret"

    sheet = read_xlsx(saved(changed))
    assert sheet.rows == PLAIN.rows
    assert sheet.left_out == ("other tabs (Budget)",)


def test_rows_above_the_headings_are_told() -> None:
    sheet = read_xlsx(saved(lambda book: (book[TAB].insert_rows(1, 2), book[TAB].__setitem__("A1", "Our film"))))
    assert (sheet.rows, sheet.left_out) == (PLAIN.rows, ("2 rows above the headings",))


def test_a_cell_far_away_is_a_column_of_its_own() -> None:
    sheet = read_xlsx(saved(lambda book: book[TAB].cell(2, 500, "remark")))
    assert sheet.rows[0].extra == (("Column 500", "remark"),)


def test_a_far_row_is_read() -> None:
    sheet = read_xlsx(saved(lambda book: book[TAB].cell(300_000, 2, "by hand")))
    assert sheet.rows[1][Column.DESCRIPTION] == "by hand"


ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    "name", [TAB_PART, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml", "xl/_rels/workbook.xml.rels"]
)
def test_entities_are_refused_wherever_they_are_declared(name: str) -> None:
    with pytest.raises(SheetError, match="entities"):
        read_xlsx(repacked(lambda parts: parts.update({name: ENTITY + parts[name].partition(b"?>")[2]})))


def test_entities_are_refused_in_another_encoding_and_across_two_reads() -> None:
    with pytest.raises(SheetError, match="not UTF-8"):
        read_xlsx(repacked(lambda parts: parts.update({TAB_PART: ENTITY.decode().encode("utf-16")})))
    with pytest.raises(SheetError, match="entities"):
        read_xlsx(repacked(lambda parts: parts.update({TAB_PART: b" " * ((1 << 20) - 5) + ENTITY})))


def test_a_bomb_is_refused_before_the_library_sees_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.report.cuesheet.xlsx_reading.XML_LIMIT_BYTES", 1 << 20)
    monkeypatch.setattr("scanner.report.cuesheet.xlsx_reading._opened", None)
    with pytest.raises(SheetError, match="unpacks to more"):
        read_xlsx(repacked(lambda parts: parts.update({"xl/sharedStrings.xml": b" " * (2 << 20)})))


def test_pictures_are_bounded_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.report.cuesheet.xlsx_reading.OTHER_LIMIT_BYTES", 1 << 20)
    with pytest.raises(SheetError, match="unpacks to more"):
        read_xlsx(repacked(lambda parts: parts.update({"xl/media/image1.png": bytes(2 << 20)})))


def test_too_many_parts_or_one_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO(GOOD)
    with zipfile.ZipFile(stream, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("xl/workbook.xml", b"<x/>")
    with pytest.raises(SheetError, match="twice"):
        read_xlsx(stream.getvalue())
    monkeypatch.setattr("scanner.report.cuesheet.xlsx_reading.PARTS_LIMIT", 3)
    with pytest.raises(SheetError, match="more than 3 parts"):
        read_xlsx(GOOD)


@pytest.mark.parametrize("row", ["1048577", "99999999999", "0", "-1", "x"])
def test_a_row_that_claims_to_be_the_billionth_does_not_hold_it(row: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.report.cuesheet.xlsx_reading.CELLS_LIMIT", 100_000)
    content = repacked(lambda parts: parts.update({TAB_PART: parts[TAB_PART].replace(b'<row r="2"', f'<row r="{row}"'.encode())}))
    try:
        read_xlsx(content)
    except SheetError as error:
        assert str(error).isprintable()


def test_a_claimed_size_is_not_believed() -> None:
    content = repacked(
        lambda parts: parts.update({TAB_PART: parts[TAB_PART].replace(b'ref="A1:AH2"', b'ref="A1:XFD1048576"', 1)})
    )
    assert read_xlsx(content).rows == PLAIN.rows


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x03\x04" + bytes(1000), GOOD[:-100], GOOD[:500], GOOD[2000:]])
def test_what_is_no_archive_is_told(content: bytes) -> None:
    with pytest.raises(SheetError, match="no XLSX file"):
        read_xlsx(content)


@pytest.mark.parametrize("name", [TAB_PART, "xl/workbook.xml", "[Content_Types].xml"])
def test_a_missing_or_broken_part_is_told(name: str) -> None:
    for change in (
        lambda parts: parts.pop(name),
        lambda parts: parts.update({name: b"<broken"}),
        lambda parts: parts.update({name: b""}),
    ):
        with pytest.raises(SheetError):
            read_xlsx(repacked(change))


def test_a_workbook_that_is_no_cue_sheet_is_told() -> None:
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)
    with pytest.raises(SheetError, match=r"no tab with a table|headings"):
        read_xlsx(stream.getvalue())


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_gives_a_sheet_or_one_error(data: st.DataObject) -> None:
    damaged = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_xlsx(bytes(damaged))
    except SheetError as error:
        assert str(error).isprintable()
