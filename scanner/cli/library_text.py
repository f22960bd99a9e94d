"""What ``scanner library`` says: references as text, CSV and JSON, and what became of files that were to be added."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from scanner.model.belongings import Belongings
from scanner.model.matching import Reference
from scanner.model.text import shown
from scanner.pipeline.learning import Learned
from scanner.store.places import shown_place

LIST_FORMATS = ["text", "csv", "json"]
_REFUSED_SHOWN = 10
_COLUMNS = ("id", "role", "name", "sha256", "source", "owner", "licence", "no_ai_alteration", "algorithm", "bits", "flat")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def listed(references: Iterable[Reference], layout: str) -> Iterator[str]:
    """Yield the lines of a list; JSON comes as one list, an object a line."""
    match layout:
        case "csv":
            yield _csv_line(_COLUMNS)
            yield from (_csv_line([_cell(value) for value in _fields(one).values()]) for one in references)
        case "json":
            yield from _json_lines(references)
        case _:
            yield from (_text_line(one) for one in references)


def whole(reference: Reference, its: Belongings) -> str:
    """Return all fields of a reference and what belongs to it, one a line."""
    fields = {**_fields(reference), "size": _size(reference), "pixels": reference.pixel_digest}
    fields["collections"] = ", ".join(its.collections)
    fields["thumbnail"] = bool(its.thumbnail)
    fields["picture"] = bool(its.picture)
    fields["hashes"] = ", ".join(f"{mark.algorithm} ({mark.variant})" for mark in its.hashes)
    fields["local features"] = ", ".join(f"{mark.algorithm}, {mark.count} points" for mark in its.features)
    return "\n".join(f"{name.replace('_', ' '):<18}{shown(_word(value)) or '–'}" for name, value in fields.items())


def told(learned: Learned, role: str, total: int, place: str, *, updated: bool) -> str:
    """Return what became of files that were to be added."""
    added = f"{learned.new} added{' as ' * bool(role)}{role}"
    lines = [f"{added}, {learned.known} known already; the library holds {total} ({shown_place(place)})"]
    if learned.stopped:
        lines.append("stopped: what was added is kept, and the same command goes on where it was")
    if learned.differing:
        done = "now have the rights given" if updated else "have other rights than those given: --update sets them"
        lines.append(f"{learned.differing} of the known {done}")
    if learned.plain:
        lines.append(f"{learned.plain} too plain to be recognised but by equal bytes")
    if learned.bytes_only:
        lines.append(f"{learned.bytes_only} without a picture to compare: recognised by equal bytes only")
    lines += [f"not added: {shown(path)}: {shown(why)}" for path, why in learned.refused[:_REFUSED_SHOWN]]
    if len(learned.refused) > _REFUSED_SHOWN:
        lines.append(f"not added: {len(learned.refused) - _REFUSED_SHOWN} more")
    return "\n".join(lines)


def collections_listed(collections: Mapping[str, int]) -> str:
    """Return the collections by name, one a line, with the number of their references."""
    if not collections:
        return "no collections: `scanner library add --collection NAME` makes one"
    return "\n".join(f"{count:>8}  {shown(name)}" for name, count in collections.items())


def _fields(one: Reference) -> dict[str, str | bool]:
    mark, rights = one.fingerprint, one.rights
    hashed: tuple[str, str, str | bool] = (mark.algorithm, mark.bits, mark.flat) if mark else ("", "", "")
    terms = (rights.source, rights.owner, rights.licence, rights.no_ai_alteration)
    return dict(zip(_COLUMNS, (one.id, one.role.value, one.name, one.sha256, *terms, *hashed), strict=True))


def _text_line(one: Reference) -> str:
    note = "" if one.fingerprint and not one.fingerprint.flat else "  (by equal bytes only)"
    return f"{one.role.value:<10} {one.id}  {shown(one.name)}{note}"


def _json_lines(references: Iterable[Reference]) -> Iterator[str]:
    yield "["
    before = ""
    for one in references:
        if before:
            yield f"{before},"
        before = json.dumps(_fields(one), ensure_ascii=True)
    if before:
        yield before
    yield "]"


def _csv_line(cells: Iterable[str]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="").writerow(cells)
    return stream.getvalue()


def _cell(value: str | bool) -> str:
    # A spreadsheet would run a cell that begins like a formula.
    text = shown(_word(value))
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _word(value: str | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _size(one: Reference) -> str:
    return f"{one.fingerprint.width} × {one.fingerprint.height}" if one.fingerprint else ""
