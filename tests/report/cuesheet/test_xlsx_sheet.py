from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import openpyxl
import pytest

from scanner.report.cuesheet.columns import COLUMNS, VISIBLE, Column
from scanner.report.cuesheet.csv_sheet import read_csv, to_csv
from scanner.report.cuesheet.merge import merge
from scanner.report.cuesheet.row import Row, Sheet
from scanner.report.cuesheet.rows import caption_of, with_thumbnail_text
from scanner.report.cuesheet.table import SheetError
from scanner.report.cuesheet.xlsx_reading import read_xlsx
from scanner.report.cuesheet.xlsx_sheet import CELL_LIMIT, about, to_xlsx
from tests.report.cuesheet.reports import filled, hostile_rows, one_of_each, report, rows
from tests.report.parts import HOSTILE, jpeg_bytes

CAPTION = caption_of(report(*one_of_each()))
TEXTS = {
    "prompt": "=1+1",
    "rights": "-see mail",
    "tool": "'quoted",
    "source": "two\nlines",
    "description": "naïve 港 👩‍👧",
    "status": "+",
}


def sheet() -> Sheet:
    made = merge([with_thumbnail_text(row, False) for row in rows(*one_of_each())], None, "2026-11-20").sheet
    return Sheet((filled(made.rows[0], **TEXTS), *made.rows[1:]), ())


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


def parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def test_what_is_written_is_read() -> None:
    assert read_xlsx(to_xlsx(sheet(), CAPTION, {})).rows == tuple(
        Row({k: v for k, v in row.cells.items() if v}) for row in sheet().rows
    )


def test_equal_sheets_give_equal_bytes() -> None:
    assert to_xlsx(sheet(), CAPTION, {}) == to_xlsx(sheet(), CAPTION, {})


def test_every_cell_is_a_text_and_nothing_links_or_runs() -> None:
    hostile = merge(hostile_rows(), None, "").sheet
    content = to_xlsx(
        Sheet(hostile.rows, (f"={HOSTILE}",)), caption_of(report(confidentiality=f"={HOSTILE}&G", name=HOSTILE)), {}
    )
    for tab in opened(content).worksheets:
        for cells in tab.iter_rows():
            assert {cell.data_type for cell in cells if cell.value is not None} <= {"s"}
            assert all(cell.number_format == "@" and cell.style_id for cell in cells if cell.value)
    for text in parts(content).values():
        assert not re.search(r"<f[ >]|<hyperlink|TargetMode=.External", text)
    assert not [name for name in parts(content) if "vba" in name or "externalLink" in name]


def test_cells_stay_text_when_somebody_edits_them() -> None:
    assert 'quotePrefix="1"' in parts(to_xlsx(sheet(), CAPTION, {}))["xl/styles.xml"]


def test_twelve_columns_are_open_and_the_others_folded() -> None:
    tab = opened(to_xlsx(merge(rows(*one_of_each()), None, "").sheet, CAPTION, {}))["GenAI cue sheet"]
    hidden = [column.value for at, column in enumerate(COLUMNS, 1) if _dimension(tab, at).hidden]
    assert hidden == [column.value for column in COLUMNS if column not in VISIBLE]
    assert all(_dimension(tab, at).outlineLevel == 1 for at in range(13, len(COLUMNS) + 1))


def _dimension(tab, at: int):
    return next(one for one in tab.column_dimensions.values() if one.min <= at <= one.max)


def test_the_note_is_seen_when_there_is_one() -> None:
    made = Sheet((filled(sheet().rows[0], note="confirm this"),))
    tab = opened(to_xlsx(made, CAPTION, {}))["GenAI cue sheet"]
    assert not _dimension(tab, COLUMNS.index(Column.NOTE) + 1).hidden


def test_it_prints_in_landscape_with_its_headings_on_each_page() -> None:
    tab = opened(to_xlsx(sheet(), CAPTION, {}))["GenAI cue sheet"]
    assert (tab.freeze_panes, tab.page_setup.orientation, tab.print_title_rows) == ("B2", "landscape", "$1:$1")
    assert (tab.page_setup.fitToWidth or 1, tab.page_setup.fitToHeight) == (1, 0)
    assert tab["B2"].alignment.wrap_text
    assert tab.auto_filter.ref.startswith("A1:")


def test_pictures_stand_in_their_rows_with_a_description() -> None:
    made = merge([with_thumbnail_text(row, True) for row in rows(*one_of_each())], None, "").sheet
    pictures = {row.place: jpeg_bytes("#8a6a4f") for row in made.rows[:2] if row.place}
    content = to_xlsx(made, CAPTION, pictures)
    tab = opened(content)["GenAI cue sheet"]
    assert [image.anchor._from.row for image in tab._images] == [1, 2]
    assert tab["C2"].value == "print.jpg"
    assert 'descr="Small picture of AI-001"' in parts(content)["xl/drawings/drawing1.xml"]


def test_a_cell_past_the_formats_limit_is_told() -> None:
    for text in ("x" * (CELL_LIMIT + 1), "👩" * (CELL_LIMIT // 2 + 1)):
        with pytest.raises(SheetError, match="a cell of AI-001 is longer"):
            to_xlsx(Sheet((Row({Column.ID: "AI-001", Column.DESCRIPTION: text}),)), CAPTION, {})
    to_xlsx(Sheet((Row({Column.DESCRIPTION: "x" * CELL_LIMIT}),)), CAPTION, {})


def test_what_xml_cannot_hold_is_written_out() -> None:
    made = read_xlsx(to_xlsx(Sheet((Row({Column.ID: "AI-1", Column.TOOL: "a\x00\x1b\ufffe"}),)), CAPTION, {}))
    assert made.rows[0][Column.TOOL] == "a\\u0000\\u001b\\ufffe"


def test_an_empty_sheet_can_be_opened() -> None:
    assert read_xlsx(to_xlsx(Sheet(()), CAPTION, {})).rows == ()


def test_about_says_what_the_scan_said_and_who_fills_what() -> None:
    told = dict(about(sheet(), CAPTION))
    assert told["GenAI cue sheet"] == "QUIET"
    assert "Description" in told["Filled by you"]
    assert told["Not listed"].startswith("1 assets with weak hints")
    assert "no rights clearance" in told["Statement"]
    assert "Not complete" in dict(about(sheet(), caption_of(report(complete=False))))


needs_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")


def converted(folder: Path, name: str, content: bytes, to: str) -> bytes:
    source = folder / name
    source.write_bytes(content)
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        f"{folder}/out",
        str(source),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return (folder / "out" / f"{source.stem}.{to}").read_bytes()


@needs_office
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_libreoffice_sees_no_formula(form: str, tmp_path: Path) -> None:
    made = merge((*hostile_rows(), *rows(*one_of_each())), None, "").sheet
    content = to_csv(made).encode() if form == "csv" else to_xlsx(made, CAPTION, {})
    flat = converted(tmp_path, f"sheet.{form}", content, "fods").decode()
    assert "AI-001" in flat
    assert "table:formula" not in flat
    assert "xlink:href" not in flat.partition("<office:body>")[2]


@needs_office
def test_a_sheet_that_libreoffice_saved_is_read_with_every_text(tmp_path: Path) -> None:
    before = read_csv(to_csv(sheet()).encode())
    assert read_xlsx(converted(tmp_path, "sheet.xlsx", to_xlsx(sheet(), CAPTION, {}), "xlsx")).rows == before.rows
