"""The reference library on disk: one SQLite file, or the tables of a PostgreSQL database."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, bindparam, delete, func, select, tuple_, update

from scanner.model.belongings import NOTHING, Belongings, HashRow, PackedFeatures
from scanner.model.errors import StoreError, UsageError
from scanner.model.matching import Reference, Role
from scanner.model.text import shown
from scanner.store.belonging_rows import (
    add_belongings,
    belonging_lines,
    complete_ids,
    member_rows,
    read_belongings,
    read_hashes,
)
from scanner.store.database import LIBRARY, Database, in_our_words, open_read_only, open_writable
from scanner.store.places import is_address, shown_place
from scanner.store.rows import digest_in_order, reference_id, reference_of, rights_columns, row_of
from scanner.store.schema import (
    bring_up_to_date,
    collection_member,
    reference,
    reference_features,
    reference_hash,
    reference_picture,
    reference_thumbnail,
    require_current,
)

BATCH = 500
"""References written in one transaction, and read in one."""
_SMALL_ROWS_AT_ONCE = 5000
_FEATURES_AT_ONCE = 100
"""Six megabytes of features at most."""


def open_library(place: str, *, create: bool) -> SqlLibrary:
    """Open the library at `place`: for reading only, or with `create` for adding, made with its folders if there is none.

    A place is the path of a file, or the address of a PostgreSQL database. Reading changes nothing on disk, and works on
    read-only media and in folders without write permission.

    Raises:
        UsageError: there is no such file and it is not to be made; a malformed address, or no driver for it.
        StoreError: not a library, of a newer scanner, damaged, or not accessible.
    """
    where = shown_place(place)
    if is_address(place):
        from scanner.store.postgres import open_postgres  # few libraries are there, and its driver is an extra

        prepare = bring_up_to_date if create else require_current
        return SqlLibrary(open_postgres(place, writable=create, prepare=lambda connection: prepare(connection, where)))
    if create:
        engine = open_writable(place, LIBRARY, lambda connection: bring_up_to_date(connection, where))
    elif not Path(place).is_file():
        raise UsageError(
            "there is no reference library here", where=where, next_step="`scanner library add --role owned PATH…` makes one"
        )
    else:
        engine = open_read_only(place, LIBRARY, lambda connection: require_current(connection, where))
    return SqlLibrary(Database(engine, where, lambda: in_our_words(place, LIBRARY)))


class SqlLibrary:
    """References in a database, a `ReferenceStore`. Several processes may use one, also adding at once."""

    def __init__(self, database: Database) -> None:
        """Use `open_library`."""
        self._database = database
        self._transaction = database.transaction

    @property
    def database(self) -> Database:
        """The database itself, for checking and mending what is in it."""
        return self._database

    def add(self, references: Iterable[Reference], belongings: Mapping[str, Belongings] | None = None) -> int:
        """Add references and return how many were new; of one whose role and content are known nothing is changed.

        `belongings` maps ids to what is kept beside; known references are given what they lack of it, no more.
        Written in batches: what was added before an error or a kill is kept, and everything is on disk when this returns.
        The id is derived from role and content, whatever the reference says; names that are no UTF-8 are escaped.

        Raises:
            StoreError: opened for reading only, disk full, held by another process for too long; a reference whose id is
                that of other content. ValueError: hashes of one algorithm that differ in length.
        """
        remaining, new = iter(references), 0
        # Fingerprinting happens while a batch is gathered: the write lock is not held meanwhile.
        while rows := [row_of(one) for one in islice(remaining, BATCH)]:
            ids = {str(row["id"]) for row in rows}
            with self._transaction() as connection:
                # Counted beforehand, since drivers do not agree on what many inserts at once affected; the lock is ours.
                known = _contents(connection, ids)
                new += len(ids) - len(known)
                self._refuse_collisions(rows, known)
                connection.execute(self._database.insert(reference, ["role", "sha256"]), rows)
                add_belongings(connection, ids, belongings or {}, self._database.insert)
        return new

    def find_complete(self, ids: Iterable[str], algorithms: Sequence[str] = ()) -> frozenset[str]:
        """Return those of `ids` that are known and lack nothing that can be made of their files.

        A reference with a fingerprint lacks its picture where there is none, and what `algorithms` make of it.
        """
        found: list[str] = []
        for wanted in _batches(ids, BATCH):
            with self._transaction() as connection:
                found += complete_ids(connection, wanted, algorithms)
        return frozenset(found)

    def find_contents(self, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Return the role and the whole SHA-256 of those of `ids` that are known: an id has only the first digits of it."""
        with self._transaction() as connection:
            return _contents(connection, ids)

    def find_differing_rights(self, references: Iterable[Reference]) -> tuple[Reference, ...]:
        """Return those of `references` that the library knows with other rights than they say."""
        remaining, differing = iter(references), list[Reference]()
        while given := {reference_id(one.role, one.sha256): one for one in islice(remaining, BATCH)}:
            with self._transaction() as connection:
                held = connection.execute(select(reference).where(reference.c.id.in_(given)))
                differing += [given[row.id] for row in held if _differs(self._reference(row), given[row.id])]
        return tuple(differing)

    def set_rights(self, references: Sequence[Reference]) -> int:
        """Set the rights of known references to what `references` say, all at once; returns how many there are."""
        if not references:
            return 0
        columns = [{"known": one.sha256, "as": one.role.value, **rights_columns(one.rights)} for one in references]
        names: dict[str, Any] = {name: bindparam(name) for name in rights_columns(references[0].rights)}
        with self._transaction() as connection:
            known = _contents(connection, {reference_id(one.role, one.sha256) for one in references}).values()
            its = (reference.c.role == bindparam("as")) & (reference.c.sha256 == bindparam("known"))
            connection.execute(update(reference).where(its).values(names), columns)
        return len({(one.role.value, one.sha256) for one in references}.intersection(known))

    def put_in_collections(self, members: Mapping[str, Iterable[str]]) -> None:
        """Put known references, by their ids, into collections; they stay in those that they are in.

        Ids that are not known are passed over.
        """
        remaining = iter(members.items())
        while batch := dict(islice(remaining, BATCH)):
            with self._transaction() as connection:
                known = sorted(_known(connection, batch))
                if rows := member_rows((one, batch[one]) for one in known):
                    connection.execute(self._database.insert(collection_member), rows)

    def take_out_of_collection(self, name: str, ids: Iterable[str]) -> int:
        """Take references out of a collection; they stay in the library. Returns how many were in it."""
        gone = 0
        for batch in _batches(ids, BATCH):
            members = collection_member.c
            with self._transaction() as connection:
                gone += connection.execute(
                    delete(collection_member).where(members.collection == name, members.reference.in_(batch))
                ).rowcount
        return gone

    def collections(self) -> dict[str, int]:
        """Return how many references each collection has, by name."""
        name = collection_member.c.collection
        with self._transaction() as connection:
            counted = connection.execute(select(name, func.count()).group_by(name).order_by(name))
            return {row[0]: int(row[1]) for row in counted}

    def remove(self, ids: Sequence[str]) -> int:
        """Remove references with all that belongs to them, all or none; returns how many there were."""
        with self._transaction() as connection:
            gone = (connection.execute(delete(reference).where(reference.c.id == one)).rowcount for one in ids)
            return sum(gone)

    def find(self, prefix: str, limit: int = 10) -> tuple[Reference, ...]:
        """References whose id begins with `prefix`, at most `limit`, in the order of their ids."""
        beyond = prefix + "\U0010ffff"
        near = select(reference).where(reference.c.id >= prefix, reference.c.id < beyond).order_by(reference.c.id).limit(limit)
        with self._transaction() as connection:
            return tuple(map(self._reference, connection.execute(near)))

    def references(self, role: Role | None = None, collections: Sequence[str] = ()) -> Iterator[Reference]:
        """All references, or those of one role, or those of any of `collections`, in the order of their ids.

        Read a batch at a time, so that no writer waits for the caller.
        """
        chosen = _chosen(select(reference), role, collections)
        return map(self._reference, self._pages(chosen, (reference.c.id,), BATCH))

    def hashes(self, algorithm: str) -> Iterator[HashRow]:
        """All hashes by one algorithm, in the order of their references' ids."""
        marks = reference_hash.c
        rows = select(marks.reference, marks.variants, marks.bits).where(marks.algorithm == algorithm, marks.variants != "")
        return read_hashes(self._pages_by(rows, (marks.reference,)), {})

    def features(self, ids: Iterable[str], algorithm: str) -> dict[str, PackedFeatures]:
        """The local features of these references by one algorithm, as far as there are any."""
        marks = reference_features.c
        found: dict[str, PackedFeatures] = {}
        for wanted in _batches(ids, _FEATURES_AT_ONCE):
            rows = select(reference_features).where(marks.reference.in_(wanted), marks.algorithm == algorithm)
            with self._transaction() as connection:
                found.update((row.reference, _features_of(row)) for row in connection.execute(rows))
        return found

    def all_features(self, algorithm: str) -> Iterator[tuple[str, PackedFeatures]]:
        """Ids and local features of all references that have any by one algorithm, in the order of the ids."""
        rows = select(reference_features).where(reference_features.c.algorithm == algorithm)
        for row in self._pages(rows, (reference_features.c.reference,), _FEATURES_AT_ONCE):
            yield row.reference, _features_of(row)

    def count_features(self, algorithm: str) -> int:
        """How many references have local features by one algorithm, also such as hold no point."""
        number = select(func.count()).select_from(reference_features).where(reference_features.c.algorithm == algorithm)
        with self._transaction() as connection:
            return int(connection.execute(number).scalar_one())

    def pictures(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The pictures of these references, to compare with, as far as there are any."""
        return self._payloads(reference_picture, "picture", ids)

    def thumbnails(self, ids: Iterable[str]) -> dict[str, bytes]:
        """The thumbnails of these references, as far as there are any."""
        return self._payloads(reference_thumbnail, "jpeg", ids)

    def belongings(self, ids: Sequence[str]) -> dict[str, Belongings]:
        """Everything that belongs to these references."""
        found: dict[str, Belongings] = {}
        for wanted in _batches(ids, _FEATURES_AT_ONCE):
            with self._transaction() as connection:
                found |= read_belongings(connection, wanted)
        return {one: found.get(one, NOTHING) for one in ids}

    def count(self, role: Role | None = None, collections: Sequence[str] = ()) -> int:
        """How many references there are, of one role or of all, of any of `collections` or of the whole library."""
        number = _chosen(select(func.count()).select_from(reference), role, collections)
        with self._transaction() as connection:
            return int(connection.execute(number).scalar_one())

    def digest(self, references: Iterable[Reference] | None = None) -> str:
        """Digest of what the library holds now: `rows.digest_of` all its references and what belongs to them.

        Whoever has read all references already, in the order of their ids, can give them.
        """
        held = self.references() if references is None else references
        return digest_in_order(held, belonging_lines(self._pages_by))

    def close(self) -> None:
        """Let go of the database; may be called twice."""
        self._database.engine.dispose()

    def _refuse_collisions(self, rows: Iterable[Mapping[str, object]], known: Mapping[str, tuple[str, str]]) -> None:
        contents = dict(known)
        for row in rows:
            its = (str(row["role"]), str(row["sha256"]))
            if contents.setdefault(str(row["id"]), its) != its:
                raise StoreError(
                    f"{shown(str(row['name']), 80)} has the same id as other content: {row['id']}",
                    where=self._database.where,
                    next_step="Leave one of them out; this does not happen by chance",
                )

    def _reference(self, row: Row[Any]) -> Reference:
        try:
            return reference_of(row)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise StoreError(
                f"the reference {shown(str(row[0]), 80)} is damaged",
                where=self._database.where,
                next_step="`scanner library verify` says what is wrong with it",
            ) from error

    def _pages(self, chosen: Select[Any], keys: Sequence[ColumnElement[str]], at_once: int) -> Iterator[Row[Any]]:
        """Yield rows in the order of `keys`, the first columns selected, which tell them apart; `at_once` a transaction."""
        page = chosen.order_by(*keys).limit(at_once)
        rows: Sequence[Row[Any]] = ()
        while True:
            further = page.where(tuple_(*keys) > tuple_(*rows[-1][: len(keys)])) if rows else page
            with self._transaction() as connection:
                rows = connection.execute(further).all()
            yield from rows
            if len(rows) < at_once:
                return

    def _pages_by(self, chosen: Select[Any], keys: Sequence[ColumnElement[str]]) -> Iterator[Row[Any]]:
        return self._pages(chosen, keys, _SMALL_ROWS_AT_ONCE)

    def _payloads(self, table: Table, column: str, ids: Iterable[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for wanted in _batches(ids, BATCH):
            with self._transaction() as connection:
                rows = connection.execute(select(table.c.reference, table.c[column]).where(table.c.reference.in_(wanted)))
                found.update((row[0], row[1]) for row in rows)
        return found


def _known(connection: Connection, ids: Collection[str]) -> set[str]:
    found: set[str] = set()
    for wanted in _batches(ids, BATCH):
        found.update(connection.execute(select(reference.c.id).where(reference.c.id.in_(wanted))).scalars())
    return found


def _contents(connection: Connection, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    columns = select(reference.c.id, reference.c.role, reference.c.sha256)
    found: dict[str, tuple[str, str]] = {}
    for wanted in _batches(ids, BATCH):
        rows = connection.execute(columns.where(reference.c.id.in_(wanted)))
        found.update((row.id, (row.role, row.sha256)) for row in rows)
    return found


def _differs(held: Reference, given: Reference) -> bool:
    return (held.role, held.sha256) == (given.role, given.sha256) and held.rights != given.rights


def _chosen(rows: Select[Any], role: Role | None, collections: Sequence[str]) -> Select[Any]:
    if role is not None:
        rows = rows.where(reference.c.role == role.value)
    if collections:
        members = select(collection_member.c.reference).where(collection_member.c.collection.in_(collections))
        rows = rows.where(reference.c.id.in_(members))
    return rows


def _batches(ids: Iterable[str], size: int) -> Iterator[list[str]]:
    remaining = iter(ids)
    while batch := list(islice(remaining, size)):
        yield batch


def _features_of(row: Row[Any]) -> PackedFeatures:
    return PackedFeatures(row.algorithm, row.points, row.payload)
