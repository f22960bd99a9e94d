"""Approvals and other decisions as CSV (RFC 4180) and TOML, to carry them between logs and to show them to people.

A spreadsheet runs a cell that begins like a formula, so such a cell gets an apostrophe in front, which reading takes away
again: what was exported comes back as it was.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from scanner.model.approvals import Approval, ContentKind
from scanner.model.approved import Approved, Decided, Logged
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.errors import UsageError
from scanner.model.matching import Fingerprint
from scanner.model.text import shown
from scanner.store.approval_entries import APPROVAL, BITS, SHA256
from scanner.store.approval_fields import category_field, day_field, segment_field, span, text_field

REQUIRED = ("content", "approver", "reference", "category", "use", "date")
COLUMNS = (
    *("id", *REQUIRED, "expires", "content_kind", "supersedes", "path", "recorder", "recorded", "revoked"),
    *("fingerprints", "pixel_digest", "size_bytes", "imported_from", "kind", "statement", "addressee", "segment"),
)
"""Of a decision that is no approval, ``approver`` holds who decided, ``revoked`` when it was withdrawn; ``segment`` holds two
fractions of seconds: ``12 61/2``. An empty ``kind`` is an approval."""
_SIZE_LIMIT_BYTES = 64 << 20
_MISTAKES_TOLD = 20
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_TABLE = re.compile(r"\s*\[\[\s*approval\s*\]\]")
_LARGEST_SIDE_PX = 1 << 24

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Carried:
    """A decision of a file that is imported: as it was recorded there."""

    logged: Logged
    line: int
    """In the file; 0 where not known."""


def to_csv(decisions: Iterable[Logged]) -> str:
    """Return decisions as CSV, one a row."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([neutral(value) for value in row_of(one).values()] for one in decisions)
    return stream.getvalue()


def to_toml(decisions: Iterable[Logged]) -> str:
    """Return decisions as TOML, a table ``[[approval]]`` each; empty fields are left out."""
    return "\n".join("[[approval]]\n" + "".join(_toml_lines(row_of(one))) for one in decisions)


def row_of(logged: Logged) -> dict[str, str]:
    """Return all that is known of a decision, by column."""
    decision = logged.approval if isinstance(logged, Approved) else logged.decision
    row = {name: str(getattr(decision, name)) for name in COLUMNS if hasattr(decision, name)}
    if isinstance(decision, Decision):
        row |= {"approver": decision.decider, "revoked": decision.withdrawn}
    else:
        row["kind"] = APPROVAL
    segment = decision.segment
    row["segment"] = f"{segment.first} {segment.after}" if segment else ""
    row["fingerprints"] = " ".join(_fingerprint_text(mark) for mark in logged.fingerprints)
    row["pixel_digest"], row["imported_from"] = logged.pixel_digest, logged.imported_from
    row["size_bytes"] = str(logged.size_bytes) if logged.size_bytes else ""
    return {name: row.get(name, "") for name in COLUMNS}


def neutral(text: str) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip("'").startswith(_FORMULA_STARTS) else text


def read_approvals(path: str) -> tuple[Carried, ...]:
    """Read the decisions of a ``.csv`` or ``.toml`` file, and check each.

    Raises:
        UsageError: it cannot be read, or has mistakes; all of them are told, with their lines.
    """
    reading = _Reading()
    text = _text(path)
    if path.lower().endswith(".toml"):
        reading.take_toml(text)
    else:
        reading.take_csv(text)
    if reading.mistakes:
        told = "; ".join(reading.mistakes[:_MISTAKES_TOLD])
        more = f"; and {len(reading.mistakes) - _MISTAKES_TOLD} more" if len(reading.mistakes) > _MISTAKES_TOLD else ""
        raise UsageError(told + more, where=shown(path), next_step="Nothing was imported; correct them, then run this again")
    return tuple(reading.found)


class _Reading:
    """One file while it is read: its approvals, and its mistakes with their lines."""

    def __init__(self) -> None:
        self.found: list[Carried] = []
        self.mistakes: list[str] = []

    def take_csv(self, text: str) -> None:
        rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        line, header = 1, list[str]()
        try:
            for cells in rows:
                if not header:
                    header = [cell.strip().lower() for cell in cells]
                    if not self._knows(header, "line 1", "column") or not self._has_all(header):
                        return
                elif len(cells) != len(header) and cells:
                    self._wrong(line, f"has {len(cells)} cells, the header {len(header)}")
                elif cells:
                    self._take(line, {name: _plain(cell) for name, cell in zip(header, cells, strict=True)})
                line = rows.line_num + 1
        except csv.Error as error:
            self._wrong(line, f"is no CSV ({error})")
        if not header:
            self._wrong(1, f"a header is missing: {','.join(COLUMNS)}")

    def take_toml(self, text: str) -> None:
        try:
            content = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.mistakes.append(f"is no TOML: {error}")
            return
        tables = content.pop("approval", [])
        if content or not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
            self.mistakes.append("holds something else than tables [[approval]]")
            return
        lines = [number for number, line in enumerate(text.splitlines(), 1) if _TABLE.match(line)]
        for at, table in enumerate(tables):
            line = lines[at] if len(lines) == len(tables) else 0
            if self._knows(table, f"line {line}", "key"):
                self._take(line, {name: value if isinstance(value, str) else str(value) for name, value in table.items()})

    def _knows(self, names: Iterable[str], where: str, kind: str) -> bool:
        unknown = [shown(name, 40) or "(empty)" for name in names if name not in COLUMNS]
        twice = sorted({name for name in names if list(names).count(name) > 1})
        if unknown:
            self.mistakes.append(f"{where}: unknown {kind} {', '.join(unknown)} (there are {', '.join(COLUMNS)})")
        if twice:
            self.mistakes.append(f"{where}: {kind} {shown(', '.join(twice), 80)} stands twice")
        return not unknown and not twice

    def _has_all(self, header: Iterable[str]) -> bool:
        missing = [name for name in REQUIRED if name not in header]
        if missing:
            self._wrong(1, f"missing column {', '.join(missing)}")
        return not missing

    def _take(self, line: int, row: Row) -> None:
        try:
            self.found.append(Carried(_logged(row), line))
        except ValueError as error:
            self._wrong(line, str(error))

    def _wrong(self, line: int, what: str) -> None:
        self.mistakes.append(f"line {line}: {what}" if line else what)


def _logged(row: Row) -> Logged:
    kind = row.get("kind", "").strip() or APPROVAL
    if kind not in (APPROVAL, *DecisionKind):
        raise ValueError(f"kind is {shown(kind, 40)}, not one of {', '.join((APPROVAL, *DecisionKind))}")
    prints = tuple(_fingerprint(text) for text in row.get("fingerprints", "").split())
    pixels = text_field("pixel_digest", row.get("pixel_digest", ""), required=False)
    came = text_field("imported_from", row.get("imported_from", ""), required=False)
    looks = prints, pixels, _size(row.get("size_bytes", "").strip()), came
    return Approved(_approval(row), *looks) if kind == APPROVAL else Decided(_decision(row, DecisionKind(kind)), *looks)


def _approval(row: Row) -> Approval:
    content, kind = _content(row)
    supersedes = row.get("supersedes", "").strip().lower()
    if supersedes and not SHA256.fullmatch(supersedes):
        raise ValueError("supersedes is no SHA-256 of 64 hexadecimal digits")
    date, expires = day_field("date", row.get("date", "")), day_field("expires", row.get("expires", ""), required=False)
    span(date, expires)
    approver, reference, use = (text_field(name, row.get(name, "")) for name in ("approver", "reference", "use"))
    identity, path, recorder, recorded, revoked = _own(row)
    category = category_field(row.get("category", ""))
    return Approval(
        *(identity, content, kind, approver, recorder, reference, category, use),
        *(date, expires, supersedes, path, recorded, revoked, segment_field(row.get("segment", ""))),
    )


def _decision(row: Row, kind: DecisionKind) -> Decision:
    content, content_kind = _content(row)
    decider, statement = (text_field(name, row.get(name, "")) for name in ("approver", "statement"))
    addressee, reference = (text_field(name, row.get(name, ""), required=False) for name in ("addressee", "reference"))
    identity, path, recorder, recorded, withdrawn = _own(row)
    return Decision(
        *(identity, kind, content, content_kind, decider, recorder, statement, day_field("date", row.get("date", ""))),
        *(addressee, reference, path, segment_field(row.get("segment", "")), recorded, withdrawn),
    )


def _content(row: Row) -> tuple[str, ContentKind]:
    content = row.get("content", "").strip().lower()
    kind = row.get("content_kind", "").strip() or ContentKind.FILE.value
    if not SHA256.fullmatch(content):
        raise ValueError("content is no SHA-256 of 64 hexadecimal digits" if content else "content is empty")
    if kind not in list(ContentKind):
        raise ValueError(f"content_kind is {shown(kind, 40)}, not one of {', '.join(ContentKind)}")
    return content, ContentKind(kind)


def _own(row: Row) -> tuple[str, str, str, str, str]:
    """Return what the log that it came from gave it: id, path, recorder, time recorded, time withdrawn."""
    identity, path, recorder, recorded, revoked = (
        text_field(name, row.get(name, ""), required=False) for name in ("id", "path", "recorder", "recorded", "revoked")
    )
    return identity, path, recorder, recorded, revoked


def _size(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and len(text) < 19):
        raise ValueError(f"size_bytes is no number of bytes: {shown(text, 40)}")
    return int(text) if text else 0


def _fingerprint_text(mark: Fingerprint) -> str:
    return ":".join((mark.algorithm, mark.bits, f"{mark.width}x{mark.height}", *(["flat"] if mark.flat else [])))


def _fingerprint(text: str) -> Fingerprint:
    algorithm, bits, size, flat = [*text.split(":"), "", "", ""][:4]
    width, _, height = size.partition("x")
    sides = [int(side) for side in (width, height) if side.isascii() and side.isdigit() and len(side) < 9]
    named = algorithm and BITS.fullmatch(bits) and flat in ("", "flat") and text.count(":") <= 3
    if not named or len(sides) != 2 or not all(0 < side <= _LARGEST_SIDE_PX for side in sides):
        raise ValueError(f"fingerprints: {shown(text, 60)} is none")
    return Fingerprint(algorithm, bits, sides[0], sides[1], bool(flat))


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA_STARTS) else cell


def _toml_lines(row: Row) -> Iterator[str]:
    for name, value in row.items():
        if value:
            # JSON's escapes are TOML's too; only DEL stands bare in JSON and must not in TOML.
            quoted = json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
            yield f"{name} = {quoted}\n"


def _text(path: str) -> str:
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(_SIZE_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=shown(path), next_step="Name another file") from error
    if len(content) > _SIZE_LIMIT_BYTES:
        raise UsageError(f"is larger than {_SIZE_LIMIT_BYTES >> 20} MB", where=shown(path), next_step="Split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise UsageError(f"line {line}: is not UTF-8", where=shown(path), next_step="Save it as UTF-8") from error
