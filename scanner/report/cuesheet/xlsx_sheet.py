"""The cue sheet as XLSX: twelve columns at once, the rest folded away, every cell a text."""

from __future__ import annotations

import datetime
import io
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from PIL import Image
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from scanner.report.cuesheet.checking import empty_cells, is_asked
from scanner.report.cuesheet.columns import COLUMNS, By, Column
from scanner.report.cuesheet.row import Caption, Place, Row, Sheet
from scanner.report.cuesheet.table import SheetError

TAB = "GenAI cue sheet"
CELL_LIMIT = 32_767
"""Characters that a cell of this format holds (ECMA-376, and Excel's own limits)."""
PICTURE_SIDE_PX = 96
_LINE_POINTS = 15.0
_ROW_LIMIT_POINTS = 300.0
"""A long prompt is read by opening its cell: a row higher than a screen cannot be scrolled past."""
_POINTS_PER_PX = 0.75
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {
    Column.ID: 7,
    Column.DESCRIPTION: 24,
    Column.THUMBNAIL: 15,
    Column.TC_IN: 11,
    Column.TC_OUT: 11,
    Column.INVOLVEMENT: 16,
    Column.TOOL: 14,
    Column.PROMPT: 26,
    Column.SOURCE: 18,
    Column.RIGHTS: 14,
    Column.APPROVAL: 16,
    Column.DISCLOSURE: 14,
    Column.NOTE: 24,
    Column.FILE: 40,
    Column.CONTENT_HASH: 20,
    Column.EVIDENCE: 36,
    Column.SIGNER: 30,
}
"""Characters. The visible ones together print on A4 in landscape at three quarters of their size."""
_OTHER_WIDTH = 16
_ABOUT_WIDTHS = (30, 90)
_FOLDED = {"level": 1, "hidden": True}
_COLOURS = {"heading": "#DDE3EA", "asks": "#FFF6D6", "note": "#FBE3C8", "aside": "#F2F2F2"}


def to_xlsx(sheet: Sheet, caption: Caption, pictures: Mapping[Place, bytes]) -> bytes:
    """Return a sheet as an XLSX file; equal sheets give equal bytes.

    Args:
        sheet: the rows.
        caption: what the tab "About" and the printed margins say.
        pictures: JPEG bytes of the files that stand for rows.

    Raises:
        SheetError: a cell is longer than the format holds.
    """
    stream = io.BytesIO()
    # No text becomes a formula, a link or a number by looking like one.
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        _describe(book, caption)
        tab = book.add_worksheet(TAB)
        styles = _Styles(book)
        _lay_out(tab, sheet, caption, styles)
        for number, row in enumerate(sheet.rows, 1):
            _write_row(tab, number, row, sheet.extra, pictures, styles)
        _write_about(book.add_worksheet("About"), sheet, caption, styles)
    return stream.getvalue()


class _Styles:
    """The formats of one workbook. All are text (``@``) with the quote prefix: editing a cell makes no formula of it."""

    def __init__(self, book: Workbook) -> None:
        plain = {"num_format": "@", "quote_prefix": True, "text_wrap": True, "valign": "top", "font_size": 10}
        bordered = {**plain, "border": 1, "border_color": "#C8CDD3"}
        self.column: Format = book.add_format(plain)
        self.heading: Format = book.add_format({**bordered, "bold": True, "bg_color": _COLOURS["heading"], "valign": "vcenter"})
        self.cell: Format = book.add_format(bordered)
        self.asks: Format = book.add_format({**bordered, "bg_color": _COLOURS["asks"]})
        self.aside_caption: Format = book.add_format(
            {**bordered, "bg_color": _COLOURS["aside"], "valign": "bottom", "font_size": 8, "font_color": "#555555"}
        )
        self.caption: Format = book.add_format({**bordered, "valign": "bottom", "font_size": 8, "font_color": "#555555"})
        self.note: Format = book.add_format({**bordered, "bg_color": _COLOURS["note"]})
        self.aside: Format = book.add_format({**bordered, "bg_color": _COLOURS["aside"], "font_color": "#555555"})
        self.about: Format = book.add_format({**plain, "bold": True})


def _describe(book: Workbook, caption: Caption) -> None:
    book.set_properties(
        {
            "title": f"GenAI cue sheet: {_legal(caption.delivery)}",
            "comments": _legal(caption.confidentiality),
            "created": _day(caption.scanned),
        }
    )


def _day(text: str) -> datetime.datetime:
    try:
        return datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=None)
    except ValueError:
        return datetime.datetime(1980, 1, 1)


def _lay_out(tab: Worksheet, sheet: Sheet, caption: Caption, styles: _Styles) -> None:
    noted = any(row[Column.NOTE] for row in sheet.rows)
    for at, column in enumerate(COLUMNS):
        folded = not (column.is_visible or (column is Column.NOTE and noted))
        tab.set_column(at, at, _WIDTHS.get(column, _OTHER_WIDTH), styles.column, _FOLDED if folded else {})
        tab.write_string(0, at, column.value, styles.heading)
    after = len(COLUMNS)
    # The fold's button stands above the column after the folded ones.
    tab.set_column(after, after + max(len(sheet.extra), 1) - 1, _OTHER_WIDTH, styles.column, {"collapsed": True})
    for at, heading in enumerate(sheet.extra, after):
        tab.write_string(0, at, _fitting(heading, heading), styles.heading)
    tab.set_row(0, 2 * _LINE_POINTS + 4)
    tab.freeze_panes(1, 1)
    tab.autofilter(0, 0, max(len(sheet.rows), 1), len(COLUMNS) + len(sheet.extra) - 1)
    tab.set_landscape()
    tab.set_paper(9)
    tab.fit_to_pages(1, 0)
    tab.repeat_rows(0)
    tab.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
    tab.set_header(f"&LGenAI cue sheet: {_margin(caption.delivery)}&RScan of {_margin(caption.scanned[:10])}")
    tab.set_footer(f"&L{_margin(caption.confidentiality)}&RPage &P of &N")


def _write_row(
    tab: Worksheet, number: int, row: Row, headings: Sequence[str], pictures: Mapping[Place, bytes], styles: _Styles
) -> None:
    extra = dict(row.extra)
    texts = [row[column] for column in COLUMNS] + [extra.get(heading, "") for heading in headings]
    picture = _Picture.of(pictures.get(row.place)) if row.place else None
    tab.set_row(number, _height(row, picture))
    for at, text in enumerate(texts):
        column = COLUMNS[at] if at < len(COLUMNS) else None
        tab.write_string(number, at, _fitting(text, row[Column.ID]), _style(row, column, styles))
    if picture:
        tab.insert_image(number, COLUMNS.index(Column.THUMBNAIL), "thumbnail.jpg", picture.placed(row[Column.ID]))


def _style(row: Row, column: Column | None, styles: _Styles) -> Format:
    if not is_asked(row):
        return styles.aside_caption if column is Column.THUMBNAIL else styles.aside
    if column is Column.THUMBNAIL:
        return styles.caption
    if column is Column.NOTE and row[Column.NOTE]:
        return styles.note
    return styles.asks if column in empty_cells(row) else styles.cell


@dataclass(frozen=True, slots=True)
class _Picture:
    """A small picture, and how it is drawn in its cell."""

    jpeg: bytes
    scale: float
    height_points: float

    @classmethod
    def of(cls, jpeg: bytes | None) -> _Picture | None:
        if jpeg is None:
            return None
        with Image.open(io.BytesIO(jpeg)) as opened:
            width, height = opened.size
        scale = PICTURE_SIDE_PX / max(width, height, 1)
        return cls(jpeg, scale, height * scale * _POINTS_PER_PX)

    def placed(self, identity: str) -> dict[str, object]:
        return {
            "image_data": io.BytesIO(self.jpeg),
            "x_scale": self.scale,
            "y_scale": self.scale,
            "x_offset": 3,
            "y_offset": 3,
            "object_position": 1,
            "description": f"Small picture of {_legal(identity)}",
        }


def _height(row: Row, picture: _Picture | None) -> float:
    """Points that the row needs, by a rough count of lines; spreadsheets do not grow rows that hold pictures."""
    shown_at_once = [column for column in COLUMNS if column.is_visible or column is Column.NOTE]
    lines = max(_lines(row[column], _WIDTHS.get(column, _OTHER_WIDTH)) for column in shown_at_once)
    below = _lines(row[Column.THUMBNAIL], _WIDTHS[Column.THUMBNAIL]) * _LINE_POINTS
    pictured = picture.height_points + below + 8 if picture else 0.0
    return min(max(lines * _LINE_POINTS, pictured, 2 * _LINE_POINTS), _ROW_LIMIT_POINTS)


def _lines(text: str, width: int) -> int:
    return sum(max(1, math.ceil(len(line) / width)) for line in text.split("\n"))


def _write_about(tab: Worksheet, sheet: Sheet, caption: Caption, styles: _Styles) -> None:
    tab.set_column(0, 0, _ABOUT_WIDTHS[0], styles.column)
    tab.set_column(1, 1, _ABOUT_WIDTHS[1], styles.column)
    tab.set_landscape()
    tab.set_paper(9)
    tab.fit_to_pages(1, 0)
    for at, (name, text) in enumerate(about(sheet, caption)):
        tab.set_row(at, max(_lines(name, _ABOUT_WIDTHS[0]), _lines(text, _ABOUT_WIDTHS[1])) * _LINE_POINTS)
        tab.write_string(at, 0, name, styles.about)
        tab.write_string(at, 1, _fitting(text, name), styles.column)


def about(sheet: Sheet, caption: Caption) -> list[tuple[str, str]]:
    """Return what the sheet says of itself, and how to fill it, as lines of two cells."""
    lines = [
        ("GenAI cue sheet", caption.delivery),
        ("Confidentiality", caption.confidentiality),
        ("Scan", f"ended {caption.scanned}, scanner {caption.scanner}, policy {caption.policy}, verdict {caption.verdict}"),
        ("Report", f"scan.json with seal {caption.seal}"),
        ("Not complete", "" if caption.complete else "The scan did not look at everything: rows may be missing."),
        ("Rows", f"{len(sheet.rows)}: what declares, matches or resembles generative AI, or was approved as a use of it."),
        ("Not listed", f"{caption.hints} assets with weak hints only; scan.json names them." if caption.hints else ""),
        ("To fill in", "Yellow cells. A TC that reads “not located in cut” is still open."),
        ("Folded columns", "Opened with the [+] above the columns, or the 1 and 2 at the left."),
    ]
    lines += [
        (label, ", ".join(column.value for column in COLUMNS if column.by is by))
        for label, by in (
            ("Filled by you", By.YOU),
            ("Proposed by the scan, decided by you", By.BOTH),
            ("Written by the scan", By.SCAN),
        )
    ]
    lines.append(("Statement", caption.statement))
    return [(name, text) for name, text in lines if text]


def _fitting(text: str, where: str) -> str:
    legal = _legal(text)
    # The format counts UTF-16 units.
    if len(legal.encode("utf-16-le")) // 2 > CELL_LIMIT:
        raise SheetError(f"a cell of {where or 'a row'} is longer than the {CELL_LIMIT:,} characters that XLSX holds; use CSV")
    return legal


def _legal(text: str) -> str:
    """The text without what XML cannot hold; a person's CSV may have had it."""
    return _ILLEGAL.sub(lambda hit: f"\\u{ord(hit.group()):04x}", text)


def _margin(text: str) -> str:
    # "&" starts a field in headers and footers, which take 255 characters in all.
    return _legal(text)[:90].replace("&", "&&")
