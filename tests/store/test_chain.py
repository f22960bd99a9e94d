"""The chain: one text a payload, one hash an entry, and whatever breaks it is named."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.errors import ApprovalLogError
from scanner.store.chain import GENESIS, Entry, StoredRow, canonical, check, check_head, entry_of, follow, hash_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
PAYLOADS = st.dictionaries(TEXTS, VALUES, max_size=5)


def chain_of(*payloads: dict[str, object]) -> list[Entry]:
    entries: list[Entry] = []
    for payload in payloads:
        entries.append(follow(entries[-1] if entries else None, "approval", "2026-02-01T12:00:00Z", payload))
    return entries


def row(entry: Entry) -> StoredRow:
    texts = (entry.kind, entry.recorded, entry.payload, entry.previous, entry.hash)
    return StoredRow(entry.sequence, *(text.encode() for text in texts))


def rows(*entries: Entry) -> list[StoredRow]:
    return [row(entry) for entry in entries]


@given(PAYLOADS)
def test_canonical_text_is_one_line_that_reads_back(payload):
    text = canonical(payload)

    assert json.loads(text) == payload
    assert canonical(json.loads(text)) == text
    assert "\n" not in text


@given(PAYLOADS)
def test_the_order_of_keys_makes_no_difference(payload):
    turned = dict(reversed(payload.items()))

    assert canonical(turned) == canonical(payload)


@pytest.mark.parametrize("payload", [{"a": float("nan")}, {"a": float("inf")}, {"a": "\ud800"}])
def test_what_has_no_canonical_text_is_refused(payload):
    with pytest.raises(ValueError):
        canonical(payload)


def test_a_hash_covers_the_five_lines_that_the_documentation_names():
    (entry,) = chain_of({"b": 1, "a": "ü"})

    lines = f'{"0" * 64}\n1\napproval\n2026-02-01T12:00:00Z\n{{"a":"ü","b":1}}'
    assert entry.hash == hashlib.sha256(lines.encode()).hexdigest()
    assert entry.id == entry.hash[:16]


@given(st.lists(PAYLOADS, min_size=1, max_size=6))
def test_a_chain_holds_as_it_was_made(payloads):
    entries = chain_of(*payloads)

    assert check(rows(*entries), "log", len(entries)) == tuple(entries)
    assert [entry.previous for entry in entries] == [GENESIS, *(entry.hash for entry in entries[:-1])]


@given(st.lists(PAYLOADS, min_size=1, max_size=5), st.data())
def test_any_changed_byte_of_any_column_is_named(payloads, data):
    entries = chain_of(*payloads)
    at = data.draw(st.integers(0, len(entries) - 1))
    column = data.draw(st.sampled_from(["kind", "recorded", "payload", "previous", "hash"]))
    held = getattr(row(entries[at]), column)
    place = data.draw(st.integers(0, len(held) - 1))
    flipped = held[:place] + bytes([held[place] ^ (1 << data.draw(st.integers(0, 7)))]) + held[place + 1 :]

    damaged = rows(*entries)
    damaged[at] = replace(damaged[at], **{column: flipped})

    with pytest.raises(ApprovalLogError, match=rf"^log: entry {at + 1} is not what was recorded") as caught:
        check(damaged, "log", len(entries))
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("value", [None, "text", 7, b"\xff"])
def test_a_column_of_another_kind_is_named(value):
    entries = chain_of({"a": 1}, {"a": 2})

    with pytest.raises(ApprovalLogError, match="entry 2 is not what was recorded"):
        check([row(entries[0]), replace(row(entries[1]), payload=value)], "log")


def test_a_missing_entry_is_named():
    entries = chain_of(*({"n": number} for number in range(5)))

    for at in range(4):
        with pytest.raises(ApprovalLogError, match=f"entry {at + 1} is missing"):
            check(rows(*entries[:at], *entries[at + 1 :]), "log")


def test_a_missing_entry_whose_gap_was_closed_is_named_too():
    entries = chain_of(*({"n": number} for number in range(4)))
    kept = [entries[0], replace(entries[2], sequence=2)]
    closed = [row(kept[0]), row(kept[1])]

    with pytest.raises(ApprovalLogError, match="entry 2 is not what was recorded"):
        check(closed, "log")


def test_an_entry_written_anew_with_a_hash_of_its_own_breaks_the_next_link():
    entries = chain_of({"n": 1}, {"n": 2}, {"n": 3})
    forged = follow(entries[0], "approval", "2026-02-01T12:00:00Z", {"n": 999})

    with pytest.raises(ApprovalLogError, match="entry 3 does not follow entry 2: an entry was exchanged"):
        check(rows(entries[0], forged, entries[2]), "log")


def test_an_entry_of_another_log_does_not_follow():
    other = chain_of({"n": 7})[0]
    grafted = replace(other, previous="1" * 64, hash=hash_of("1" * 64, 1, other.kind, other.recorded, other.payload))

    with pytest.raises(ApprovalLogError, match="entry 1 does not follow the beginning of the log"):
        check(rows(grafted), "log")


def test_a_cut_end_is_named_by_the_number_that_the_database_remembers():
    entries = chain_of({"n": 1}, {"n": 2}, {"n": 3})

    with pytest.raises(ApprovalLogError, match="entry 3 is missing: the log was cut at its end"):
        check(rows(*entries[:2]), "log", 3)


def test_a_head_that_was_kept_shows_a_cut_that_left_no_trace():
    entries = chain_of({"n": 1}, {"n": 2}, {"n": 3})

    assert check_head(entries, entries[1].hash, "log") == entries[1]
    with pytest.raises(ApprovalLogError, match=f"no entry has the hash {entries[2].hash}"):
        check_head(check(rows(*entries[:2]), "log"), entries[2].hash, "log")
    with pytest.raises(ApprovalLogError, match="it is empty"):
        check_head((), entries[2].hash, "log")


def test_a_row_that_holds_is_an_entry_and_says_what_it_holds():
    (entry,) = chain_of({"a": 1})

    assert entry_of(row(entry)) == entry
    assert entry.read() == {"a": 1}
    assert entry_of(replace(row(entry), sequence="1")) is None
    with pytest.raises(ValueError):
        replace(entry, payload="[]").read()
