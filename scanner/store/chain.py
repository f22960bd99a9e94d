"""The chain of a decision log: what an entry's hash covers, and how a broken one is found and named.

An entry's hash is the SHA-256 of five lines joined by line feeds: the hash before it (64 zeros before the first), its number,
its kind, the time it was recorded, its payload. Whoever changes one of them has to change every hash after it, and the last
hash, once it was given to somebody, shows that too.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.model.errors import ApprovalLogError

GENESIS = "0" * 64
"""What the first entry has in place of a hash before it."""

Payload = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision, as it was recorded."""

    sequence: int
    """From 1, without gaps."""
    kind: str
    recorded: str
    """ISO 8601, UTC."""
    payload: str
    """Canonical JSON, an object."""
    previous: str
    hash: str

    @property
    def id(self) -> str:
        """What people name it by: the first 16 digits of its hash."""
        return self.hash[:16]

    def read(self) -> dict[str, object]:
        """Return the payload.

        Raises:
            ValueError: it is no JSON object; an entry whose hash holds was written so.
        """
        content = json.loads(self.payload)
        if not isinstance(content, dict):
            raise ValueError("the payload is no object")
        return content


@dataclass(frozen=True, slots=True)
class StoredRow:
    """The columns of one row as the database gave them; bytes, since damage need not be text."""

    sequence: object
    kind: object
    recorded: object
    payload: object
    previous: object
    hash: object


def canonical(payload: Payload) -> str:
    """Return the one JSON text of a payload: keys sorted, no spaces, no escapes but those JSON demands.

    Raises:
        ValueError: it holds a number that JSON has no word for, or text that UTF-8 has no bytes for.
    """
    text = json.dumps(payload, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode("utf-8")
    return text


def hash_of(previous: str, sequence: int, kind: str, recorded: str, payload: str) -> str:
    """Return the hash of an entry, as 64 hexadecimal digits."""
    return hashlib.sha256("\n".join((previous, str(sequence), kind, recorded, payload)).encode("utf-8")).hexdigest()


def follow(last: Entry | None, kind: str, recorded: str, payload: Payload) -> Entry:
    """Return the entry that comes after `last`, or the first one."""
    sequence, previous, text = last.sequence + 1 if last else 1, last.hash if last else GENESIS, canonical(payload)
    return Entry(sequence, kind, recorded, text, previous, hash_of(previous, sequence, kind, recorded, text))


def check(rows: Iterable[StoredRow], where: str, highest: int = 0) -> tuple[Entry, ...]:
    """Return the entries that `rows` hold, in their order, once every link of the chain was found whole.

    Args:
        rows: of the whole log, by sequence.
        where: names the log in errors.
        highest: the highest number that the database remembers to have given; more than there are entries means that the
            log was cut at its end.

    Raises:
        ApprovalLogError: names the first broken entry, and what is wrong with it.
    """
    entries: list[Entry] = []
    for number, row in enumerate(rows, 1):
        _require(row.sequence == number, f"entry {number} is missing", where)
        entry = entry_of(row)
        _require(entry is not None, f"entry {number} is not what was recorded: its content or its hash was changed", where)
        assert entry is not None
        before = entries[-1].hash if entries else GENESIS
        after = f"entry {number - 1}" if entries else "the beginning of the log"
        _require(
            entry.previous == before,
            f"entry {number} does not follow {after}: an entry was exchanged, moved or removed there",
            where,
        )
        entries.append(entry)
    _require(len(entries) >= highest, f"entry {len(entries) + 1} is missing: the log was cut at its end", where)
    return tuple(entries)


def check_head(entries: Sequence[Entry], head: str, where: str) -> Entry:
    """Return the entry that has the hash `head`, which somebody kept: up to it the log is what it was then.

    Raises:
        ApprovalLogError: no entry has it, so that the log was cut or written anew since.
    """
    found = next((entry for entry in entries if entry.hash == head), None)
    last = f"its last entry is {len(entries)}, {entries[-1].hash}" if entries else "it is empty"
    _require(found is not None, f"no entry has the hash {head}: the log was cut or written anew since ({last})", where)
    assert found is not None
    return found


def entry_of(row: StoredRow) -> Entry | None:
    """Return the entry that a row holds, or None where its own hash does not hold."""
    columns = (row.kind, row.recorded, row.payload, row.previous, row.hash)
    try:
        kind, recorded, payload, previous, stored = (bytes(column).decode("utf-8") for column in columns)  # type: ignore[call-overload]
    except (TypeError, ValueError):
        return None
    if not isinstance(row.sequence, int) or hash_of(previous, row.sequence, kind, recorded, payload) != stored:
        return None
    return Entry(row.sequence, kind, recorded, payload, previous, stored)


def _require(holds: bool, what: str, where: str) -> None:
    if not holds:
        raise ApprovalLogError(
            what, where=where, next_step="Restore the log from a copy; `scanner approvals verify` says when it holds again"
        )
