"""Looking whether a library is whole: its file, each reference, and everything that belongs to one. Nothing is changed.

A row that cannot be read costs that row's reading only: a page that fails is read again one row at a time.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Row, Table, exists, func, select

from scanner.model.belongings import FEATURES_LIMIT_BYTES, KnownAlgorithm, KnownAlgorithms, Trouble
from scanner.model.errors import StoreError
from scanner.model.matching import Role
from scanner.model.text import shown
from scanner.store.belonging_rows import hashes_of
from scanner.store.database import Database
from scanner.store.kept_pictures import decodes, is_picture, is_thumbnail
from scanner.store.rows import box_of, reference_id
from scanner.store.schema import (
    BELONGINGS,
    reference,
    reference_features,
    reference_hash,
    reference_picture,
    reference_thumbnail,
)

_AT_ONCE = 100
_STRUCTURE_TOLD = 20
_SHA256 = re.compile(r"[0-9a-f]{64}")
_HEX = re.compile(r"(?:[0-9a-f]{2})+")
_PARTS = {
    reference_thumbnail: "thumbnail",
    reference_picture: "picture",
    reference_hash: "hashes",
    reference_features: "features",
}
"""Tables of what belongs to a reference → what it is called, as `Trouble.part`."""

Tell = Callable[[int, int], None]
"""Told how many references are done, and how many there are."""
_Wrong = tuple[str, str]
"""What is wrong, and the part to be made anew; as in `Trouble`."""


def check_library(database: Database, known: KnownAlgorithms, tell: Tell) -> Iterator[Trouble]:
    """Yield what is wrong with a library: first with its file, then by reference.

    Raises:
        StoreError: the server went away.
    """
    yield from _structure(database)
    yield from _orphans(database)
    yield from _each(database, known, tell)


def _structure(database: Database) -> Iterator[Trouble]:
    if database.is_postgresql:
        # The server checks its pages itself, with checksums, and offers pg_amcheck for the rest.
        return
    try:
        with database.transaction() as connection:
            rows = [str(row[0]) for row in connection.exec_driver_sql(f"PRAGMA integrity_check({_STRUCTURE_TOLD})")]
    except StoreError as error:
        rows = [error.what]
    yield from (Trouble("", "", f"the file is damaged: {shown(row, 200)}") for row in rows if row != "ok")


def _orphans(database: Database) -> Iterator[Trouble]:
    for table in BELONGINGS:
        key = table.c.reference
        alone = select(key, func.count()).where(~exists().where(reference.c.id == key)).group_by(key).order_by(key)
        try:
            with database.transaction() as connection:
                found = list(connection.execute(alone))
        except StoreError as error:
            yield Trouble("", "", f"the table {table.name} cannot be read: {error.what}")
            continue
        for one, count in found:
            what = _PARTS.get(table, "collection")
            yield Trouble(shown(str(one), 80), "", f"{what} of a reference that is not there ({count})", "orphan")


def _each(database: Database, known: KnownAlgorithms, tell: Tell) -> Iterator[Trouble]:
    try:
        ids = _ids(database)
    except StoreError as error:
        yield Trouble("", "", f"the references cannot be listed: {error.what}")
        return
    for start in range(0, len(ids), _AT_ONCE):
        page = ids[start : start + _AT_ONCE]
        names: dict[str, str] = {}
        wrong: dict[str, list[_Wrong]] = {}
        for one, row in _rows(database, reference, reference.c.id, page):
            names[one] = shown(str(row.name), 200) if row is not None else ""
            wrong.setdefault(one, []).extend(_of_reference(row, known))
        for table, part in _PARTS.items():
            for one, row in _rows(database, table, table.c.reference, page):
                found = [(f"the {part} cannot be read", part)] if row is None else _CHECKS[table](row, known)
                wrong.setdefault(one, []).extend(found)
        for one in sorted(wrong):
            yield from (Trouble(shown(one, 80), names.get(one, ""), what, part) for what, part in wrong[one])
        tell(start + len(page), len(ids))


def _ids(database: Database) -> list[str]:
    with database.transaction() as connection:
        return [str(one) for one in connection.execute(select(reference.c.id).order_by(reference.c.id)).scalars()]


def _rows(database: Database, table: Table, key: Any, ids: Sequence[str]) -> Iterator[tuple[str, Row[Any] | None]]:  # noqa: ANN401
    """Yield id and row of a page, None for a row that cannot be read."""

    def read(wanted: Sequence[str], connection: Connection) -> list[tuple[str, Row[Any] | None]]:
        return [(str(getattr(row, key.name)), row) for row in connection.execute(select(table).where(key.in_(wanted)))]

    try:
        with database.transaction() as connection:
            found = read(ids, connection)
    except StoreError:
        found = []
        for one in ids:
            try:
                with database.transaction() as connection:
                    found += read([one], connection)
            except StoreError:
                found.append((one, None))
    yield from found


def _of_reference(row: Row[Any] | None, known: KnownAlgorithms) -> Iterator[_Wrong]:
    if row is None:
        yield "the reference cannot be read", "reference"
        return
    if row.role not in list(Role) or not _is_text(row.sha256, _SHA256):
        yield "its role or its SHA-256 is none", "reference"
    elif row.id != reference_id(Role(row.role), row.sha256):
        yield "its id is not that of its role and content", "reference"
    mark = (row.algorithm, row.bits, row.width, row.height, row.flat)
    if all(value is None for value in mark):
        return
    if None in mark or not _is_text(row.bits, _HEX) or not _is_size(row.width, row.height) or not _is_rated(row):
        yield "its fingerprint is damaged", "reference"
    else:
        yield from _length("fingerprint", "reference", str(row.algorithm), len(row.bits) // 2, known.fingerprints)


def _of_thumbnail(row: Row[Any], _: KnownAlgorithms) -> Iterator[_Wrong]:
    if not (_is_bytes(row.jpeg) and is_thumbnail(row.jpeg) and decodes(row.jpeg)):
        yield "the thumbnail cannot be decoded", "thumbnail"


def _of_picture(row: Row[Any], _: KnownAlgorithms) -> Iterator[_Wrong]:
    if not _is_bytes(row.picture) or hashlib.sha256(row.picture).hexdigest() != row.sha256:
        yield "the picture is not the one that was kept: its digest differs", "picture"
    elif not (is_picture(row.picture) and decodes(row.picture)):
        yield "the picture cannot be decoded", "picture"


def _of_hashes(row: Row[Any], known: KnownAlgorithms) -> Iterator[_Wrong]:
    if row.variants == "" and row.bits == b"":
        return
    marks = hashes_of(str(row.variants), str(row.algorithm), row.bits) if _is_bytes(row.bits) and row.bits else ()
    if not marks or not all(mark.variant for mark in marks):
        yield f"the hashes by {shown(str(row.algorithm), 80)} are damaged", "hashes"
    else:
        yield from _length("hashes", "hashes", str(row.algorithm), len(marks[0].bits) // 2, known.hashes)


def _of_features(row: Row[Any], known: KnownAlgorithms) -> Iterator[_Wrong]:
    name = shown(str(row.algorithm), 80)
    if not _is_bytes(row.payload) or hashlib.sha256(row.payload).hexdigest() != row.sha256:
        yield f"the local features by {name} are not those that were kept: their digest differs", "features"
        return
    algorithm = next((one for one in known.features if one.name == row.algorithm), None)
    if algorithm is None:
        yield _not_compared("local features", name), ""
        return
    length = algorithm.bytes_before + algorithm.bytes_each * row.points if row.points else len(row.payload)
    if row.points < 0 or len(row.payload) > FEATURES_LIMIT_BYTES or len(row.payload) != length:
        yield f"the local features by {name} are not as long as {row.points} points are", "features"


_CHECKS: dict[Table, Callable[[Row[Any], KnownAlgorithms], Iterator[_Wrong]]] = {
    reference_thumbnail: _of_thumbnail,
    reference_picture: _of_picture,
    reference_hash: _of_hashes,
    reference_features: _of_features,
}


def _length(what: str, part: str, algorithm: str, length: int, known: Sequence[KnownAlgorithm]) -> Iterator[_Wrong]:
    name = shown(algorithm, 80)
    found = next((one for one in known if one.name == algorithm), None)
    if found is None:
        yield _not_compared(what, name), ""
    elif found.bytes_each != length:
        yield f"the {what} by {name}: {length * 8} bits in place of {found.bytes_each * 8}", part


def _not_compared(what: str, name: str) -> str:
    return f"this version of the scanner does not compare the {what} by {name}"


def _is_text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def _is_size(width: object, height: object) -> bool:
    return isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0


def _is_rated(row: Row[Any]) -> bool:
    if not isinstance(row.quality, int) or not 0 <= row.quality <= 100:
        return False
    return row.inner_box == "" or (isinstance(row.inner_box, str) and box_of(row.inner_box) != ())


def _is_bytes(value: object) -> bool:
    return isinstance(value, bytes)
