"""The ExifTool reader: EXIF, XMP, IPTC, PNG text, QuickTime keys, ID3, RIFF and whatever else ExifTool names."""

from __future__ import annotations

import contextlib
import json
import os
import re
import tempfile
from collections.abc import Iterator
from typing import Any

from scanner.model.errors import ToolError
from scanner.model.formats import Format, MediaKind
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, Statement
from scanner.read.pdf_metadata import has_unread_metadata
from scanner.read.safe_exiftool import SafeExifTool
from scanner.tools.process import ChildFailedError

TIMEOUT_SECONDS = 30.0
"""Wall time of one file. Ordinary files take 15 ms; XML nested 200,000 deep took over 25 s."""

_RESTART_AFTER = 5000
"""Files a child reads before it is replaced: Perl gives memory back only when it ends."""

_SILENT_GROUPS = frozenset({"System", "SourceFile"})
"""The file system's own facts, the file's name among them: a name is no statement of the file."""

_STRUCTURE_GROUPS = frozenset({"System", "File", "ExifTool"})

_DAMAGE = re.compile(
    r"truncated|corrupt|format error|unexpected (?:eof|end)|EOI marker not found|closing tag|lost synchronization|missing page"
    r"|null chunk|not found at offset|^error (?:reading|inflating)|^malformed app1|^incomplete extended xmp"
    r"|^(?:bad|invalid) ",
    re.IGNORECASE,
)
"""Warnings that say that what follows was not read; each was brought about by damaging a fixture (benchmarks/mutants.py)."""
_SKIPPED = re.compile(r"skipped unknown \d{3,} bytes after jpeg", re.IGNORECASE)
"""A segment lost from the chain of a JPEG, whatever ExifTool thinks of it; one that bears a mark has 100 bytes and more, and
cameras pad by fewer (6 in a real file)."""
_HARMLESS = re.compile(
    r"\[minor\]|maker ?notes?|preview|thumbnail|PrintIM|Samsung Gallery|GPS|for IFD1|CFAPattern|charset"
    r"|ID3 frame size|Canon|Casio|FujiFilm|Kodak|Leica|Minolta|Nikon|Olympus|Panasonic|Pentax|Ricoh|Sony",
    re.IGNORECASE,
)
"""Damage where no mark stands (maker notes, previews, colour, position), and what whole files of cameras give too."""
_MISSING_MODULE = re.compile(r"\bInstall ([\w:]+)")
_SAFE_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


class ExifToolReader:
    """Reads metadata through one supervised ExifTool child. Implements `model.protocols.Reader`."""

    name = "exiftool"

    def __init__(self, executable: str = "exiftool", *, timeout_seconds: float = TIMEOUT_SECONDS) -> None:
        """Prepare the reader; its child starts with the first file.

        Raises:
            ToolError: ExifTool is missing.
        """
        self._tool = SafeExifTool(executable, timeout_seconds=timeout_seconds)
        self._links = _SafeNames()
        self._version = ""
        self._served = 0
        self._began: str | None = None

    @property
    def version(self) -> str:
        """Version of ExifTool; starts it if need be.

        Raises:
            ToolError: it cannot be started or is too old.
        """
        if not self._version:
            if not self._tool.version:
                self._tool.run()
            self._version = self._tool.version
        return self._version

    @property
    def child_pid(self) -> int | None:
        """Process id of the child, for supervision."""
        return self._tool.pid

    def begin(self, path: str) -> None:
        """Start reading the file at the absolute `path`; `finish` brings the outcome.

        Raises:
            ToolError: ExifTool has never started, or is too old. That it does not start *again* costs only this file's reading.
        """
        self._served += 1
        if self._served > _RESTART_AFTER:
            self._served = 1
            self._tool.terminate()
        self._began = path
        try:
            self._tool.begin("-j", self._links.argument(path))
        except (ChildFailedError, OSError):
            self._tool.terminate()
        except ToolError:
            if not self._tool.version:
                raise

    def finish(self, file_format: Format) -> Outcome:
        """Bring the outcome of what `begin` started; a child that failed is replaced and the file tried once more, alone."""
        path, self._began = self._began, None
        assert path is not None
        try:
            outcome = _outcome(self._answer(path), file_format)
            told = outcome.statements if isinstance(outcome, Found | NotFound) else None
            if file_format.name == "pdf" and told is not None and has_unread_metadata(path, told):
                return Failed("the PDF names metadata that ExifTool could not read", told)
        except ChildFailedError as failure:
            return Failed(f"ExifTool {failure}", transient=True)
        except (ToolError, OSError) as error:
            # No second ExifTool can be started, or no safe name be made: this file's loss, not the scan's.
            return Failed(str(error), transient=True)
        return outcome

    def read(self, path: str, file_format: Format, size_bytes: int) -> Outcome:  # noqa: ARG002 - protocol
        """Read one file; see `model.protocols.Reader`."""
        if not file_format.metadata:
            return NotTried(f"{file_format.title} holds no metadata that ExifTool reads")
        self.begin(path)
        return self.finish(file_format)

    def close(self) -> None:
        """Stop the child and remove the folder of safe names."""
        with contextlib.suppress(OSError):
            self._tool.terminate()
        self._links.close()

    def _answer(self, path: str) -> bytes:
        if self._tool.pid is None:
            return self._again(path)
        try:
            return self._tool.finish()
        except ChildFailedError as first:
            try:
                return self._again(path)
            except ChildFailedError as second:
                raise ChildFailedError(str(first) if str(first) == str(second) else f"{first}, then {second}") from second

    def _again(self, path: str) -> bytes:
        self._tool.begin("-j", self._links.argument(path))
        return self._tool.finish()


def _outcome(answer: bytes, file_format: Format) -> Outcome:
    try:
        # Numbers stay as they are written: a comment "1.10" is not 1.1.
        rows = json.loads(answer.decode("utf-8", "replace") or "[]", parse_float=str, parse_int=str)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            return Failed("ExifTool's answer is not one of its own", transient=True)
        if not rows:
            return Failed("ExifTool could not open the file", transient=True)
        statements = tuple(_statements(rows[0]))
    except (ValueError, RecursionError):
        return Failed("ExifTool's answer is no JSON", transient=True)
    return _judge_answer(statements, file_format)


def _judge_answer(statements: tuple[Statement, ...], file_format: Format) -> Outcome:
    told = tuple(item for item in statements if item.field.partition(":")[0] not in _SILENT_GROUPS)
    errors = [item.value for item in told if item.field == "ExifTool:Error"]
    warnings = tuple(item.value for item in told if item.field == "ExifTool:Warning")
    if errors:
        if file_format.kind is MediaKind.UNKNOWN:
            return NotTried(f"ExifTool knows no such type ({errors[0]})")
        return Failed(f"ExifTool: {errors[0]}", told)
    for warning in warnings:
        if missing := _MISSING_MODULE.search(warning):
            why = f"ExifTool lacks the Perl module {missing.group(1)}; part of the metadata stays unread"
            return Failed(why, told, transient=True)
        if _tells_damage(warning):
            return Failed(f"ExifTool warns of damage: {warning}", told)
    if all(item.field.partition(":")[0] in _STRUCTURE_GROUPS and item.field != "File:Comment" for item in told):
        return NotFound(warnings, told)
    return Found(told, warnings=warnings)


def _tells_damage(warning: str) -> bool:
    return bool(_SKIPPED.search(warning) or (_DAMAGE.search(warning) and not _HARMLESS.search(warning)))


def _statements(row: dict[str, Any]) -> Iterator[Statement]:
    for key, value in row.items():
        parts = key.split(":")
        field = f"{parts[0]}:{parts[-1]}" if len(parts) > 1 else key
        for text in _texts(value):
            yield Statement(field, text)


def _texts(value: Any) -> Iterator[str]:  # noqa: ANN401 - JSON
    if isinstance(value, list):
        for element in value:
            yield from _texts(element)
    elif isinstance(value, dict):
        yield json.dumps(value, ensure_ascii=False)
    else:
        yield value if isinstance(value, str) else json.dumps(value)


class _SafeNames:
    """Gives ExifTool a name that cannot steer it.

    Its arguments come one a line, so a name with a line break would be further options, and a name ending in a carriage return
    opens another file. Such a file is handed over as a symbolic link in a private folder of ours.
    """

    def __init__(self) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def argument(self, path: str) -> bytes:
        raw = os.fsencode(path)
        if not path.startswith("/"):
            raise ValueError("ExifTool is given absolute paths only")
        if b"\n" not in raw and b"\r" not in raw:
            return raw
        return os.fsencode(self._link(raw))

    def _link(self, raw: bytes) -> str:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="scanner-names-")
        suffix = _SAFE_SUFFIX.search(os.fsdecode(raw))
        link = os.path.join(self._folder.name, f"named{suffix.group() if suffix else ''}")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(link)
        os.symlink(raw, os.fsencode(link))
        return link

    def close(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
