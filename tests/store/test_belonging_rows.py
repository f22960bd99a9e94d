from __future__ import annotations

import pytest

from scanner.model.belongings import Belongings
from scanner.model.matching import GlobalHash
from scanner.store.belonging_rows import belonging_lines, hash_rows, hashes_of, lines_of, member_rows
from scanner.store.library import open_library
from tests.store.references import made_belongings, made_references, with_belongings

WHOLE, INNER = GlobalHash("dct256/1", "whole", "ab" * 32), GlobalHash("dct256/1", "inner", "cd" * 32)


def test_hashes_of_one_algorithm_are_one_row_in_the_order_of_their_variants():
    other = GlobalHash("phash64/1", "whole", "ef" * 8)
    for given in ([WHOLE, INNER, other], [other, INNER, WHOLE, WHOLE]):
        first, second = hash_rows("ai-1", given, ())
        assert (first["algorithm"], first["variants"], first["bits"].hex()) == ("dct256/1", "inner,whole", "cd" * 32 + "ab" * 32)
        assert second == {"reference": "ai-1", "algorithm": "phash64/1", "variants": "whole", "bits": bytes.fromhex("ef" * 8)}


def test_too_plain_is_a_row_without_hashes_unless_there_are_some():
    assert [(row["algorithm"], row["bits"]) for row in hash_rows("ai-1", [], ["b", "a", "a"])] == [("a", b""), ("b", b"")]
    assert len(hash_rows("ai-1", [WHOLE], ["dct256/1"])) == 1


def test_rows_of_hashes_come_back():
    (row,) = hash_rows("ai-1", [WHOLE, INNER], ())
    assert hashes_of(row["variants"], row["algorithm"], row["bits"]) == (INNER, WHOLE)
    assert hashes_of("a,b,c", "x", b"1234") == ()


def test_nobody_is_in_one_collection_twice():
    assert [row["collection"] for row in member_rows([("ai-1", ["b", "a", "b"])])] == ["b", "a"]


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_digest_s_lines_are_the_same_before_and_after_keeping(kind, tmp_path, request):
    place = str(tmp_path / "l.sqlite") if kind == "sqlite" else request.getfixturevalue("postgres").new_place()
    given = list(made_references(4))
    names = ("a|b", "\udcff", "line\nbreak")
    store = open_library(place, create=True)
    store.add(given, with_belongings(given, names))
    kept = list(belonging_lines(store._pages_by))
    assert kept == sorted(line for one in given for line in lines_of(one.id, made_belongings(one, names)))
    assert len(kept) == 4 * (2 + 1 + 1 + 3)
    assert all(line.count("\n") == 1 for line in kept)
    store.close()


def test_nothing_belongs_to_nothing():
    assert list(lines_of("ai-1", Belongings(thumbnail=b"a thumbnail does not count"))) == []
