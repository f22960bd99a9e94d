"""From the belongings of references to rows of the tables that hang on them, and back.

Everything here works on one connection, within a transaction of the caller's.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, exists, or_, select

from scanner.model.belongings import Belongings, HashRow, PackedFeatures
from scanner.model.matching import GlobalHash
from scanner.store.database import Insert
from scanner.store.rows import kept_text
from scanner.store.schema import (
    collection_member,
    reference,
    reference_features,
    reference_hash,
    reference_picture,
    reference_thumbnail,
)

Rows = list[dict[str, object]]
Pages = Callable[[Select[Any], Sequence[ColumnElement[str]]], Iterable[Row[Any]]]
"""Reads rows in the order of some columns that tell them apart, a page a transaction; these are the first that are selected."""
BITS_LIMIT_BYTES = 4096
"""Most bytes that all variants of one hash may take: 8 dihedral ones of 2 crops, of 256 bits each, take 512."""
_VARIANT_SEPARATOR = ","


def add_belongings(connection: Connection, ids: Collection[str], belongings: Mapping[str, Belongings], insert: Insert) -> None:
    """Keep what belongs to references that are there; what is kept of them already stays as it is.

    Raises:
        ValueError: hashes of one algorithm that differ in length, or have no variant's name.
    """
    given = [(one, belongings[one]) for one in sorted(set(ids)) if one in belongings]
    rows: dict[Table, Rows] = {
        reference_thumbnail: [{"reference": one, "jpeg": its.thumbnail} for one, its in given if its.thumbnail],
        reference_picture: [_with_digest(one, "picture", its.picture) for one, its in given if its.picture],
        reference_hash: [row for one, its in given for row in hash_rows(one, its.hashes, its.plain_for)],
        reference_features: [
            {"algorithm": mark.algorithm, "points": mark.count, **_with_digest(one, "payload", mark.payload)}
            for one, its in given
            for mark in its.features
        ],
        collection_member: member_rows(((one, its.collections) for one, its in given)),
    }
    for table, new in rows.items():
        if new:
            connection.execute(insert(table), new)


def member_rows(members: Iterable[tuple[str, Iterable[str]]]) -> Rows:
    """Return the rows that put references into collections."""
    return [{"collection": kept_text(name), "reference": one} for one, names in members for name in dict.fromkeys(names)]


def hash_rows(one: str, hashes: Iterable[GlobalHash], plain_for: Iterable[str]) -> Rows:
    """Return the rows of a reference's hashes, one an algorithm, its variants by name; none of these where all was too plain.

    Raises:
        ValueError: hashes of one algorithm that differ in length, or have no variant's name.
    """
    by_key = {(mark.algorithm, mark.variant): mark.bits for mark in hashes}
    hashed = {algorithm for algorithm, _ in by_key}
    rows: Rows = [
        {"reference": one, "algorithm": algorithm, "variants": "", "bits": b""} for algorithm in sorted(set(plain_for) - hashed)
    ]
    for algorithm, marks in groupby(sorted(by_key.items()), key=lambda each: each[0][0]):
        variants, bits = zip(*((key[1], bits) for key, bits in marks), strict=True)
        if len({len(each) for each in bits}) != 1 or not all(variants) or _VARIANT_SEPARATOR in "".join(variants):
            raise ValueError(f"hashes of {algorithm} that cannot be kept together")
        rows.append(
            {
                "reference": one,
                "algorithm": algorithm,
                "variants": _VARIANT_SEPARATOR.join(variants),
                "bits": bytes.fromhex("".join(bits)),
            }
        )
    return rows


def hashes_of(variants: str, algorithm: str, bits: bytes) -> tuple[GlobalHash, ...]:
    """Return the hashes that a row holds; none where their lengths do not fit."""
    names = variants.split(_VARIANT_SEPARATOR)
    each, rest = divmod(len(bits), len(names))
    if rest:
        return ()
    return tuple(GlobalHash(algorithm, name, bits[at * each : (at + 1) * each].hex()) for at, name in enumerate(names))


def read_hashes(rows: Iterable[Row[Any]], names: dict[str, tuple[str, ...]]) -> Iterator[HashRow]:
    """Yield rows of hashes as they are; `names` remembers the few lists of variants that there are."""
    for row in rows:
        told = names.get(row.variants)
        if told is None:
            told = names[row.variants] = tuple(row.variants.split(_VARIANT_SEPARATOR))
        yield HashRow(row.reference, told, row.bits)


def read_belongings(connection: Connection, ids: Sequence[str]) -> dict[str, Belongings]:
    """Return everything that belongs to these references; those that have nothing are left out."""
    found: dict[str, dict[str, Any]] = {}
    for row in _of(connection, reference_thumbnail, ids):
        found.setdefault(row.reference, {})["thumbnail"] = row.jpeg
    for row in _of(connection, reference_picture, ids):
        found.setdefault(row.reference, {})["picture"] = row.picture
    for row in _of(connection, reference_hash, ids):
        told = found.setdefault(row.reference, {})
        if row.variants:
            told["hashes"] = (*told.get("hashes", ()), *hashes_of(row.variants, row.algorithm, row.bits))
        else:
            told["plain_for"] = (*told.get("plain_for", ()), row.algorithm)
    for row in _of(connection, reference_features, ids):
        told = found.setdefault(row.reference, {})
        told["features"] = (*told.get("features", ()), PackedFeatures(row.algorithm, row.points, row.payload))
    for row in _of(connection, collection_member, ids):
        told = found.setdefault(row.reference, {})
        told["collections"] = (*told.get("collections", ()), row.collection)
    return {one: Belongings(**told) for one, told in found.items()}


def complete_ids(connection: Connection, ids: Sequence[str], algorithms: Sequence[str]) -> list[str]:
    """Return those of `ids` that are known and lack nothing.

    A reference with a fingerprint lacks its picture, or what one of `algorithms` makes, where there is no row of it.
    """
    has_picture = exists().where(reference_picture.c.reference == reference.c.id)
    whole: Any = has_picture
    for algorithm in algorithms:
        made = (
            exists().where(table.c.reference == reference.c.id, table.c.algorithm == algorithm)
            for table in (reference_hash, reference_features)
        )
        whole = whole & or_(*made)
    held = select(reference.c.id).where(reference.c.id.in_(ids), or_(reference.c.algorithm.is_(None), whole))
    return list(connection.execute(held).scalars())


def belonging_lines(pages: Pages) -> Iterator[str]:
    """Yield a line for each thing that counts for the library's digest, in the order of the lines: bytes by their digests.

    Lines of one kind begin alike, and the kinds come in the order of their names.
    """
    members, marks, pictures = collection_member.c, reference_features.c, reference_picture.c
    without_payload = select(marks.reference, marks.algorithm, marks.points, marks.sha256)
    for rows, line in (
        (
            pages(select(members.reference, members.collection), (members.reference, members.collection)),
            lambda row: _member_line(row.reference, row.collection),
        ),
        (
            pages(without_payload, (marks.reference, marks.algorithm)),
            lambda row: _features_line(row.reference, row.algorithm, row.points, row.sha256),
        ),
        (
            pages(select(reference_hash), (reference_hash.c.reference, reference_hash.c.algorithm)),
            lambda row: _hash_line(row.reference, row.algorithm, row.variants, row.bits),
        ),
        (
            pages(select(pictures.reference, pictures.sha256), (pictures.reference,)),
            lambda row: _picture_line(row.reference, row.sha256),
        ),
    ):
        # Within one reference the order of names is not that of the lines they make.
        for _, group in groupby(rows, key=lambda row: row.reference):
            yield from sorted(map(line, group))


def lines_of(one: str, its: Belongings) -> Iterator[str]:
    """Yield the same lines for the belongings of one reference that is in no library yet."""
    for row in hash_rows(one, its.hashes, its.plain_for):
        yield _hash_line(one, row["algorithm"], row["variants"], row["bits"])
    for mark in its.features:
        yield _features_line(one, mark.algorithm, mark.count, hashlib.sha256(mark.payload).hexdigest())
    if its.picture:
        yield _picture_line(one, hashlib.sha256(its.picture).hexdigest())
    for name in dict.fromkeys(its.collections):
        yield _member_line(one, kept_text(name))


def _hash_line(one: str, algorithm: object, variants: object, bits: Any) -> str:  # noqa: ANN401 - a row's column
    return f"hash|{one}|{algorithm}|{variants}|{bits.hex()}\n"


def _features_line(one: str, algorithm: str, points: int, digest: str) -> str:
    return f"features|{one}|{algorithm}|{points}|{digest}\n"


def _picture_line(one: str, digest: str) -> str:
    return f"picture|{one}|{digest}\n"


def _member_line(one: str, name: str) -> str:
    return f"collection|{one}|{json.dumps(name)}\n"


def _of(connection: Connection, table: Table, ids: Sequence[str]) -> Iterable[Row[Any]]:
    key = table.c.reference
    order = [column for column in table.primary_key.columns if column is not key]
    return connection.execute(select(table).where(key.in_(ids)).order_by(key, *order))


def _with_digest(one: str, name: str, payload: bytes) -> dict[str, object]:
    return {"reference": one, "sha256": hashlib.sha256(payload).hexdigest(), name: payload}
