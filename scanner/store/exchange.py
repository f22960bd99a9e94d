"""The library as JSON lines, to carry from one place to another.

The first line names the schema, the number of references and their digest; each further line is one reference with all that
belongs to it. Exports of older scanners are read too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, cast

from scanner.model.errors import UsageError
from scanner.model.protocols import ReferenceStore
from scanner.model.text import shown
from scanner.store.belonging_rows import lines_of
from scanner.store.exchange_lines import (
    KEYS,
    KEYS_OF_1,
    Carried,
    Types,
    WrongLineError,
    carried_of,
    checked,
    columns_of,
)
from scanner.store.rows import digest_of

SCHEMA = "media-provenance-scanner/library/2"
_READ: Mapping[str, Types] = {SCHEMA: KEYS, "media-provenance-scanner/library/1": KEYS_OF_1}
"""Schema → keys of its lines."""
_AT_ONCE = 100
"""References carried in one piece: some 20 MB at most."""
_LINE_LIMIT_BYTES = 1 << 20
_HEADER: Types = {"schema": str, "references": int, "sha256": str}


def export_lines(store: ReferenceStore) -> Iterator[bytes]:
    """Yield the lines of an export; references that are added meanwhile are left out or make the file's digest wrong."""
    references = tuple(store.references())
    digest = store.digest(references)
    yield _encoded({"schema": SCHEMA, "references": len(references), "sha256": digest})
    for start in range(0, len(references), _AT_ONCE):
        page = references[start : start + _AT_ONCE]
        belongings = store.belongings([one.id for one in page])
        yield from (_encoded(columns_of(one, belongings[one.id])) for one in page)


def import_lines(stream: BinaryIO, where: str) -> Iterator[Carried]:
    """Read an export, line by line, and check each; at its end, that it was whole.

    Nothing of what is yielded is to be used before the end was reached: read it twice.

    Raises:
        UsageError: no export, damaged, or made by hand and wrong; says in which line.
    """
    number, references, belongings = 1, [], list[str]()
    try:
        expected, digest, keys = _header(_line_of(stream))
        while number := number + 1:
            if not (line := _line_of(stream)):
                break
            carried = carried_of(_parsed(line, keys))
            references.append(carried.reference)
            belongings += lines_of(carried.reference.id, carried.belongings)
            yield carried
        if len(references) != expected:
            raise WrongLineError(f"the file ends after {len(references)} of {expected} references")
    except WrongLineError as error:
        raise UsageError(f"line {number}: {error}", where=where, next_step="Export the library again") from error
    if digest_of(references, belongings) != digest:
        raise UsageError("the references are not those that were exported", where=where, next_step="Export the library again")


def import_into(store: ReferenceStore, stream: BinaryIO, where: str) -> tuple[int, int]:
    """Add all references of an export, after the whole of it was checked; returns how many were new, and known already.

    Known ones are given what they lack, and are put into the collections that the export has them in.

    Raises:
        UsageError: as `import_lines`; nothing was added. StoreError: the library cannot be written.
    """
    total = sum(1 for _ in import_lines(stream, where))
    stream.seek(0)
    again, new = import_lines(stream, where), 0
    while batch := list(islice(again, _AT_ONCE)):
        new += store.add((one.reference for one in batch), {one.reference.id: one.belongings for one in batch})
    return new, total - new


def _encoded(columns: Mapping[str, object]) -> bytes:
    return json.dumps(columns, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def _line_of(stream: BinaryIO) -> bytes:
    line = stream.readline(_LINE_LIMIT_BYTES + 1)
    if len(line) > _LINE_LIMIT_BYTES:
        raise WrongLineError("is too long")
    return line


def _header(line: bytes) -> tuple[int, str, Types]:
    header = _parsed(line, _HEADER)
    keys = _READ.get(cast(str, header["schema"]))
    if keys is None:
        raise WrongLineError(f"the schema is {shown(str(header['schema']), 80)}, this scanner reads {SCHEMA} and older ones")
    return cast(int, header["references"]), cast(str, header["sha256"]), keys


def _parsed(line: bytes, types: Types) -> Mapping[str, object]:
    try:
        parsed: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise WrongLineError("is no JSON") from error
    return checked(parsed, types)
