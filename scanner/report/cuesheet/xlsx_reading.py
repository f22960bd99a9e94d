"""Reading an XLSX cue sheet back. The file went through many hands: it is bounded and checked before a library sees it."""

from __future__ import annotations

import datetime
import io
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from scanner.report.cuesheet.row import Sheet
from scanner.report.cuesheet.table import SheetError, sheet_from
from scanner.report.cuesheet.xlsx_sheet import TAB

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

PARTS_LIMIT = 20_000
"""Files in the archive: a sheet with pictures has one for each."""
XML_LIMIT_BYTES = 128 << 20
"""All XML unpacked. A sheet of 5,000 rows takes 12 MB."""
OTHER_LIMIT_BYTES = 512 << 20
"""Pictures and the like, unpacked; they are never opened."""
CELLS_LIMIT = 8_000_000
"""Cells and rows, empty ones too: a file can claim its next row to be the billionth."""
_CHUNK = 1 << 20
_XML = (".xml", ".rels", ".vml")
_ENTITIES = (b"<!DOCTYPE", b"<!ENTITY")
_FORMULAS = (b"<f>", b"<f ", b"<f\n", b":f>", b":f ")


def read_xlsx(content: bytes) -> Sheet:
    """Read a sheet back.

    Raises:
        SheetError: it is no XLSX file, past the bounds, holds what no sheet needs (entities), or has no headings of ours.
    """
    has_formulas = _check_archive(content)
    try:
        return _read(content, has_formulas=has_formulas)
    except SheetError:
        raise
    except Exception as error:  # the library raises whatever a broken part makes it meet
        raise SheetError(f"it cannot be read as XLSX ({type(error).__name__})") from None


def _read(content: bytes, *, has_formulas: bool) -> Sheet:
    book = _opened(content, values=True)
    names = [sheet.title for sheet in book.worksheets]
    problem = SheetError("it has no tab with a table")
    # The tab may have been renamed: any other with our headings will do.
    for name in sorted(names, key=lambda each: each != TAB):
        try:
            sheet = sheet_from(_table(content, book, name, has_formulas=has_formulas))
        except SheetError as error:
            problem = problem if name != TAB else error
            continue
        others = [other for other in names if other not in (name, "About")]
        left_out = (*sheet.left_out, *((f"other tabs ({', '.join(others)})",) if others else ()))
        return Sheet(sheet.rows, sheet.extra, sheet.columns, left_out)
    raise problem


def _table(content: bytes, book: Workbook, name: str, *, has_formulas: bool) -> list[list[str]]:
    """The texts of a tab; a formula gives the value that was saved with it, or else stands as it was typed."""
    table = _texts(book, name)
    if has_formulas:
        for values, typed in zip(table, _texts(_opened(content, values=False), name), strict=False):
            for at, text in enumerate(typed):
                if text.startswith("=") and at < len(values) and not values[at]:
                    values[at] = text
    return table


def _opened(content: bytes, *, values: bool) -> Workbook:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(content), read_only=True, data_only=values, keep_links=False)


def _texts(book: Workbook, name: str) -> list[list[str]]:
    tab: Any = book[name]
    # The size that a file claims is not believed: the library would make so many empty cells of it.
    tab.reset_dimensions()
    table: list[list[str]] = []
    seen = 0
    for cells in tab.iter_rows(values_only=True):
        seen += len(cells) + 1
        if seen > CELLS_LIMIT:
            raise SheetError(f"it has more than {CELLS_LIMIT:,} cells and rows")
        table.append([_text(value) for value in cells])
    return _without_empty_end(table)


def _without_empty_end(table: list[list[str]]) -> list[list[str]]:
    while table and not any(table[-1]):
        table.pop()
    return table


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer():
            return str(int(value))
        case datetime.datetime():
            return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
        case datetime.date() | datetime.time():
            return value.isoformat()
        case _:
            return str(value)


def _check_archive(content: bytes) -> bool:
    """Unpack everything once, within bounds; tell whether a formula stands in it."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > PARTS_LIMIT:
                raise SheetError(f"it holds more than {PARTS_LIMIT:,} parts")
            if len({part.filename for part in parts}) != len(parts):
                raise SheetError("it holds a part twice")
            xml = [part for part in parts if part.filename.lower().endswith(_XML)]
            others = [part for part in parts if not part.filename.lower().endswith(_XML)]
            _unpack(archive, others, OTHER_LIMIT_BYTES, ())
            found = _unpack(archive, xml, XML_LIMIT_BYTES, (*_ENTITIES, *_FORMULAS))
    except SheetError:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        raise SheetError("it is no XLSX file, or a broken one") from None
    if found & set(_ENTITIES):
        raise SheetError("it declares entities, which no sheet needs")
    return bool(found)


def _unpack(archive: zipfile.ZipFile, parts: Iterable[zipfile.ZipInfo], budget: int, words: Sequence[bytes]) -> set[bytes]:
    """Unpack parts piece by piece within `budget` bytes; return which of `words` stand in them."""
    found: set[bytes] = set()
    for part in parts:
        last = b""
        with archive.open(part) as stream:
            while piece := stream.read(_CHUNK):
                budget -= len(piece)
                if budget < 0:
                    raise SheetError("it unpacks to more than a cue sheet takes")
                window = last + piece
                found.update(word for word in words if word in window)
                if words and not last and b"\0" in window[:4]:
                    # UTF-16 and UTF-32 would hide the words from this search; no spreadsheet writes them.
                    raise SheetError("one of its parts is not UTF-8")
                last = window[-16:]
    return found
