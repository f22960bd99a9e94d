"""What is wrong with a library is named, by reference; what is right raises no word. On both kinds of database."""

from __future__ import annotations

import hashlib
import io
import sqlite3
from itertools import count

import numpy as np
import pytest
from PIL import Image
from sqlalchemy import text

from scanner.model.belongings import Belongings, KnownAlgorithm, KnownAlgorithms, PackedFeatures
from scanner.model.errors import StoreError
from scanner.model.matching import GlobalHash
from scanner.store.checking import check_library
from scanner.store.kept_pictures import kept_picture, kept_thumbnail
from scanner.store.library import open_library
from tests.store.references import FEATURES, HASH, made_belongings, made_references

KNOWN = KnownAlgorithms(
    (KnownAlgorithm("phash64/imagehash-4.3", 8),),
    (KnownAlgorithm(HASH, 32), KnownAlgorithm("plain64/1", 8)),
    (KnownAlgorithm(FEATURES, 28),),
)


def soft(seed):
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    return Image.fromarray(coarse).resize((200, 140))


def whole_belongings(number, one):
    its = made_belongings(one, ("a",))
    return Belongings(
        kept_thumbnail(soft(number)), kept_picture(soft(number)), its.hashes, its.plain_for, its.features, its.collections
    )


@pytest.fixture(params=["sqlite", "postgresql"])
def library(request, tmp_path):
    """A library with seven whole references."""
    numbers = count()
    place = str(tmp_path / f"{next(numbers)}.sqlite")
    if request.param == "postgresql":
        place = request.getfixturevalue("postgres").new_place()
    store = open_library(place, create=True)
    given = list(made_references(7))
    store.add(given, {one.id: whole_belongings(number, one) for number, one in enumerate(given)})
    yield store
    store.close()


ONE = list(made_references(5))[4]
"""With a fingerprint."""


def change(library, statement, **values):
    with library.database.transaction() as connection:
        connection.execute(text(statement), {"one": ONE.id, **values})


def troubles(library, known=KNOWN):
    return [(one.reference, one.name, one.what, one.part) for one in check_library(library.database, known, lambda *_: None)]


def test_a_whole_library(library):
    told = []
    assert list(check_library(library.database, KNOWN, lambda *done: told.append(done))) == []
    assert told == [(7, 7)]


def test_an_empty_library(tmp_path):
    assert troubles(open_library(str(tmp_path / "l.sqlite"), create=True)) == []


BROKEN = {
    "thumbnail": ("UPDATE reference_thumbnail SET jpeg = :cut WHERE reference = :one", "the thumbnail cannot be decoded"),
    "huge thumbnail": ("UPDATE reference_thumbnail SET jpeg = :huge WHERE reference = :one", "the thumbnail cannot be decoded"),
    "picture": ("UPDATE reference_picture SET picture = :cut WHERE reference = :one", "is not the one that was kept: its digest"),
    "picture and digest": (
        "UPDATE reference_picture SET picture = :cut, sha256 = :sha256 WHERE reference = :one",
        "the picture cannot be decoded",
    ),
    "hashes": (
        "UPDATE reference_hash SET bits = :cut WHERE reference = :one AND variants <> ''",
        f"the hashes by {HASH} are damaged",
    ),
    "short hashes": (
        "UPDATE reference_hash SET bits = :short WHERE reference = :one AND variants <> ''",
        f"the hashes by {HASH}: 64 bits in place of 256",
    ),
    "variants": (
        "UPDATE reference_hash SET variants = 'a,,b' WHERE reference = :one AND variants <> ''",
        f"the hashes by {HASH} are damaged",
    ),
    "features": (
        "UPDATE reference_features SET payload = :cut WHERE reference = :one",
        "are not those that were kept: their digest",
    ),
    "points": ("UPDATE reference_features SET points = 41 WHERE reference = :one", "are not as long as 41 points are"),
    "negative points": ("UPDATE reference_features SET points = -1 WHERE reference = :one", "are not as long as -1 points are"),
    "role": ("UPDATE reference SET role = 'mine' WHERE id = :one", "its role or its SHA-256 is none"),
    "sha256": ("UPDATE reference SET sha256 = 'zz' WHERE id = :one", "its role or its SHA-256 is none"),
    "other sha256": ("UPDATE reference SET sha256 = :sha256 WHERE id = :one", "its id is not that of its role and content"),
    "bits": ("UPDATE reference SET bits = 'xy' WHERE id = :one", "its fingerprint is damaged"),
    "short bits": ("UPDATE reference SET bits = 'abcd' WHERE id = :one", "imagehash-4.3: 16 bits in place of 64"),
    "no bits": ("UPDATE reference SET bits = NULL WHERE id = :one", "its fingerprint is damaged"),
    "quality": ("UPDATE reference SET quality = 101 WHERE id = :one", "its fingerprint is damaged"),
    "box": ("UPDATE reference SET inner_box = '0,1' WHERE id = :one", "its fingerprint is damaged"),
    "width": ("UPDATE reference SET width = 0 WHERE id = :one", "its fingerprint is damaged"),
}
PARTS = ("thumbnail", "picture", "hashes", "features")


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_named_with_its_reference(library, what):
    statement, said = BROKEN[what]
    cut = b"\xff\xd8\xff cut"
    huge = io.BytesIO()
    Image.new("RGB", (3000, 3000)).save(huge, "JPEG", quality=1)
    values = {"cut": cut, "short": b"x" * 16, "sha256": hashlib.sha256(cut).hexdigest(), "huge": huge.getvalue()}
    change(library, statement, **{name: value for name, value in values.items() if f":{name}" in statement})

    (found,) = troubles(library)

    assert found[:2] == (ONE.id, ONE.name)
    assert said in found[2]
    part = next((name for name in PARTS if name in statement or f"reference_{name[:4]}" in statement), "reference")
    assert found[3] == part


def test_algorithms_that_are_not_compared_are_told_and_left(library):
    one = ONE.id
    library.add(
        [ONE], {one: Belongings(hashes=(GlobalHash("new/9", "whole", "ab" * 8),), features=(PackedFeatures("x/2", 1, b"x"),))}
    )

    assert {(what, part) for _, _, what, part in troubles(library)} == {
        ("this version of the scanner does not compare the hashes by new/9", ""),
        ("this version of the scanner does not compare the local features by x/2", ""),
    }


def test_fingerprints_of_another_version_are_told(library):
    older = KnownAlgorithms((KnownAlgorithm("phash64/other", 8),), KNOWN.hashes, KNOWN.features)
    said = "this version of the scanner does not compare the fingerprint by phash64/imagehash-4.3"
    assert (ONE.id, ONE.name, said, "") in troubles(library, older)


def test_a_picture_too_plain_for_points_is_whole(library):
    change(library, "UPDATE reference_features SET points = 0, payload = :none, sha256 = :sha256 WHERE reference = :one",
           none=b"", sha256=hashlib.sha256(b"").hexdigest())  # fmt: skip
    assert troubles(library) == []


def test_bytes_before_the_points_count(library):
    with_header = KnownAlgorithms(KNOWN.fingerprints, KNOWN.hashes, (KnownAlgorithm(FEATURES, 27, 40),))
    assert troubles(library, with_header) == []


def test_orphans_are_told_by_table(tmp_path):
    path = str(tmp_path / "l.sqlite")
    store = open_library(path, create=True)
    given = list(made_references(3))
    store.add(given, {one.id: whole_belongings(number, one) for number, one in enumerate(given)})
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM reference WHERE id = ?", (given[0].id,))
    connection.close()

    found = troubles(store)

    assert {part for *_, part in found} == {"orphan"}
    assert {one for one, *_ in found} == {given[0].id}
    assert sorted(what.partition(" of ")[0] for _, _, what, _ in found) == [
        "collection", "features", "hashes", "picture", "thumbnail",
    ]  # fmt: skip


def test_a_damaged_file_is_told_and_the_rest_is_read(tmp_path):
    path = tmp_path / "l.sqlite"
    store = open_library(str(path), create=True)
    given = list(made_references(40))
    store.add(given, {one.id: whole_belongings(number, one) for number, one in enumerate(given)})
    store.close()
    content = bytearray(path.read_bytes())
    # Twelve pages amid the pictures and features.
    start = len(content) // 2 // 4096 * 4096
    content[start : start + 12 * 4096] = b"\xa5" * (12 * 4096)
    path.write_bytes(content)

    found = troubles(open_library(str(path), create=False))

    assert any(what.startswith("the file is damaged") for _, _, what, _ in found)
    assert any(one for one, *_ in found)
    assert {one for one, *_ in found if one} < {one.id for one in given}


def test_nothing_is_changed(library):
    before = library.digest()
    change(library, "UPDATE reference_thumbnail SET jpeg = :cut WHERE reference = :one", cut=b"cut")
    troubles(library)
    troubles(library)
    assert (library.digest(), len(troubles(library))) == (before, 1)


def test_a_server_that_is_gone_is_no_trouble_of_the_library(postgres):
    place = postgres.new_place()
    open_library(place, create=True).close()
    name = place.rpartition("%3D")[2]
    store = open_library(place, create=False)
    postgres.execute(f"DROP SCHEMA {name} CASCADE")
    found = troubles(store)
    assert found
    assert all(not reference for reference, *_ in found)
    store.close()


def test_a_hostile_name_is_told_on_one_line(library):
    change(library, "UPDATE reference SET name = :name, width = 0 WHERE id = :one", name="a\n\x1b[31m\u202eb")
    ((_, name, _, _),) = troubles(library)
    assert name == "a\\n\\x1b[31m\\u202eb"


def test_what_cannot_even_be_opened_is_an_error(tmp_path):
    path = tmp_path / "l.sqlite"
    path.write_bytes(b"no database at all, but long enough to be looked at\n" * 100)
    with pytest.raises(StoreError):
        open_library(str(path), create=False)
