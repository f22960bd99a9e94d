from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from scanner.model.belongings import NOTHING, Belongings, PackedFeatures
from scanner.model.matching import GlobalHash, Rights, Role
from scanner.store.library import open_library
from scanner.store.mending import mend, remove_orphans
from tests.store.references import FEATURES, HASH, made_belongings, made_references, with_belongings

GIVEN = [replace(one, rights=Rights("archive")) for one in made_references(5)]
ONE = GIVEN[4]


@pytest.fixture(params=["sqlite", "postgresql"])
def library(request, tmp_path):
    place = str(tmp_path / "l.sqlite")
    if request.param == "postgresql":
        place = request.getfixturevalue("postgres").new_place()
    store = open_library(place, create=True)
    store.add(GIVEN, with_belongings(GIVEN, ("a",)))
    yield store
    store.close()


def held(library):
    return library.belongings([ONE.id])[ONE.id]


ANEW = Belongings(
    b"anew",
    b"anew picture",
    (GlobalHash(HASH, "whole", "ab" * 32),),
    ("plain64/1",),
    (PackedFeatures(FEATURES, 1, b"x" * 28),),
)


@pytest.mark.parametrize("part", ["thumbnail", "picture", "hashes", "features"])
def test_only_the_named_part_is_replaced(library, part):
    before = held(library)
    mend(library.database, ONE, ANEW, {part})
    after = held(library)
    assert getattr(after, part) == getattr(ANEW, part)
    assert replace(after, **{part: getattr(before, part)}) == before
    assert library.find(ONE.id) == (ONE,)


def test_what_was_not_made_anew_stays(library):
    before = held(library)
    mend(library.database, ONE, NOTHING, {"thumbnail", "picture", "hashes", "features"})
    assert held(library) == before


def test_hashes_of_another_algorithm_stay(library):
    library.add([ONE], {ONE.id: Belongings(hashes=(GlobalHash("new/9", "whole", "cd" * 8),))})
    mend(library.database, ONE, ANEW, {"hashes"})
    assert {mark.algorithm for mark in held(library).hashes} == {HASH, "new/9"}


def test_a_reference_is_put_right_but_keeps_name_and_rights(library):
    broken = replace(ONE, fingerprint=replace(ONE.fingerprint, bits="00" * 8), pixel_digest="", name="elsewhere", rights=Rights())
    mend(library.database, broken, NOTHING, {"reference"})
    (found,) = library.find(ONE.id)
    assert found == replace(broken, name=ONE.name, rights=ONE.rights)
    mend(library.database, ONE, NOTHING, {"reference"})
    assert library.find(ONE.id) == (ONE,)
    assert library.count() == len(GIVEN)


def test_the_role_is_that_of_the_id(library):
    with library.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE reference SET role = 'mine'")
    for one in GIVEN:
        mend(library.database, one, NOTHING, {"reference"})
    assert library.count(Role.AI) == len(GIVEN)


def test_orphans_go_and_nothing_else(tmp_path):
    path = str(tmp_path / "l.sqlite")
    store = open_library(path, create=True)
    store.add(GIVEN, with_belongings(GIVEN, ("a", "b")))
    assert remove_orphans(store.database) == 0
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM reference WHERE id = ?", (ONE.id,))
    connection.close()
    assert remove_orphans(store.database) == 7
    rest = [one for one in GIVEN if one is not ONE]
    assert all(its.collections == ("a", "b") for its in store.belongings([one.id for one in rest]).values())
    assert held(store) == NOTHING
    assert made_belongings(ONE).picture not in store.pictures([ONE.id]).values()
