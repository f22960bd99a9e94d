"""Bytes and text of a cut file, bounded, and its errors in the project's words."""

from __future__ import annotations

import codecs
import io
import os
from typing import TextIO

from scanner.model.cut import CutError
from scanner.tools.bounded import open_regular, read_at, read_fully
from scanner.tools.hardened_xml import Element, XmlError, parse_xml

LIMIT_BYTES = 256 << 20
"""Of a cut file: an EDL of a million events has 160 MB, a feature's XML or AAF some tens."""
XML_LIMIT_BYTES = 64 << 20

_PIECE_BYTES = 1 << 20
_UNMARKED = ("utf-8", "cp1252")
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def read_content(path: str, limit_bytes: int = LIMIT_BYTES) -> bytes:
    """Read a cut file whole; a symlink is followed, since it was named by the user.

    Raises:
        CutError: it cannot be read, is no regular file, is empty, or larger than the limit.
    """
    try:
        with open_regular(os.path.realpath(path)) as stream:
            content = read_fully(stream, limit_bytes + 1)
    except OSError as error:
        raise _unreadable(path, error) from None
    if len(content) > limit_bytes:
        raise CutError(f"is larger than {limit_bytes >> 20} MB, which no cut is", where=path, next_step="Check the path")
    if not content:
        raise CutError("is empty", where=path, next_step="Export the cut again")
    return content


def read_head(path: str, size_bytes: int) -> bytes:
    """Read the first bytes of a cut file.

    Raises:
        CutError: it cannot be read, is no regular file, or is empty.
    """
    try:
        content = read_at(os.path.realpath(path), 0, size_bytes)
    except OSError as error:
        raise _unreadable(path, error) from None
    if not content:
        raise CutError("is empty", where=path, next_step="Export the cut again")
    return content


def open_text(content: bytes, path: str) -> TextIO:
    """Open a text for reading line by line, whatever ends them: by its byte order mark, UTF-8, or Windows' Western code page.

    Raises:
        CutError: it holds bytes that no text has.
    """
    encodings = next(((name,) for mark, name in _MARKS if content.startswith(mark)), _UNMARKED)
    for encoding in encodings:
        # Five bytes are undefined in cp1252; they stand in names that some Mac wrote, which are not worth a refusal.
        errors = "replace" if encoding == "cp1252" else "strict"
        if _is_text(content, encoding, errors):
            return io.TextIOWrapper(io.BytesIO(content), encoding, errors, newline=None)
    raise CutError("is no text", where=path, next_step="Give an EDL, ALE, OTIO, FCPXML, FCP7 XML, AAF or IMF package")


def _is_text(content: bytes, encoding: str, errors: str) -> bool:
    # Piece by piece: whole, the text of a list of a million events is as large as the list once more.
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    pieces = range(0, len(content), _PIECE_BYTES)
    try:
        return not any("\0" in decoder.decode(content[at : at + _PIECE_BYTES], at == pieces[-1]) for at in pieces)
    except UnicodeError:
        return False


def parse_xml_file(path: str) -> Element:
    """Parse an XML file with all guards.

    Raises:
        CutError: it cannot be read, is broken, or asks for more than is given to one.
    """
    return parse_sized_xml_file(path)[0]


def parse_sized_xml_file(path: str) -> tuple[Element, int]:
    """Parse an XML file as `parse_xml_file` does; returns also its size in bytes."""
    content = read_content(path, XML_LIMIT_BYTES)
    try:
        return parse_xml(content), len(content)
    except XmlError as error:
        raise CutError(str(error), where=path, next_step="Export the cut again") from None


def _unreadable(path: str, error: OSError) -> CutError:
    return CutError(f"the cut cannot be read: {error.strerror or error}", where=path, next_step="Check the path")
