"""What every reference store must do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.matching import Rights, Role
from scanner.model.protocols import ReferenceStore
from scanner.store.library import open_library
from tests.store.references import made_references


def sqlite_store(tmp_path) -> ReferenceStore:
    return open_library(str(tmp_path / "library.sqlite"), create=True)


STORES = {"sqlite": sqlite_store}


@pytest.fixture(params=STORES)
def new_store(request, tmp_path_factory):
    """A way to make empty stores of one kind."""
    made = []

    def make() -> ReferenceStore:
        made.append(STORES[request.param](tmp_path_factory.mktemp("store")))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(new_store):
    return new_store()


def test_an_empty_one(store):
    assert (store.count(), list(store.references())) == (0, [])


def test_what_was_added_comes_back_whole_in_the_order_of_ids(store):
    given = list(made_references(1200))
    assert store.add(iter(given)) == 1200
    assert list(store.references()) == sorted(given, key=lambda one: one.id)


def test_adding_again_changes_nothing(store):
    given = list(made_references(30))
    store.add(given)
    before = store.digest()
    renamed = [replace(one, name="other name") for one in given]
    assert store.add(renamed) == 0
    assert store.add([*given, *made_references(2, start=30)]) == 2
    assert store.count() == 32
    assert {one.name for one in store.references()}.isdisjoint({"other name"})
    assert store.digest() != before


def test_the_same_content_twice_in_one_call_is_new_once(store):
    one = next(made_references(1))
    assert store.add([one, replace(one, name="copy")]) == 1


def test_one_content_may_have_two_roles(store):
    store.add(made_references(5, role=Role.AI))
    assert store.add(made_references(5, role=Role.OWNED)) == 5
    assert len({one.id for one in store.references()}) == 10
    assert [store.count(role) for role in (Role.AI, Role.OWNED, Role.LICENSED, None)] == [5, 5, 0, 10]


def test_the_digest_knows_no_order_and_no_names(new_store):
    given = list(made_references(40))
    stores = [new_store(), new_store(), new_store()]
    stores[0].add(given)
    stores[1].add(reversed(given))
    stores[2].add(replace(one, name=f"elsewhere/{one.name}") for one in given)
    assert len({store.digest() for store in stores}) == 1


@pytest.mark.parametrize("field", ["role", "sha256", "fingerprint", "pixel_digest", "rights"])
def test_the_digest_knows_content(new_store, field):
    first, second = new_store(), new_store()
    one = list(made_references(2))[1]
    change = {
        "role": Role.OWNED,
        "sha256": "ab" * 32,
        "fingerprint": replace(one.fingerprint, flat=not one.fingerprint.flat),
        "pixel_digest": "pixels1/pillow-13.0.0:00",
        "rights": Rights(no_ai_alteration=True),
    }[field]
    first.add([one])
    second.add([replace(one, **{field: change})])
    assert first.digest() != second.digest()


@pytest.mark.parametrize("name", ["a\udcff.jpg", "a\nb.jpg", "\u202etxt.exe", "x" * 4000, "", "näme ✓.jpg"])
def test_any_name_can_be_kept(store, name):
    store.add([replace(next(made_references(1)), name=name)])
    kept = next(iter(store.references())).name
    kept.encode("utf-8")
    assert kept == ("a\\xff.jpg" if "\udcff" in name else name)


RIGHTS = Rights("agency | 7", "Øyvind\n& Co", "editorial", no_ai_alteration=True)


def test_rights_come_back_whole(store):
    given = [replace(one, rights=RIGHTS) for one in made_references(3)]
    store.add(given)
    assert {one.rights for one in store.references()} == {RIGHTS}


def test_rights_of_known_ones_change_only_when_set(store):
    given = list(made_references(3))
    store.add(given)
    renewed = [replace(one, rights=RIGHTS) for one in made_references(5)]
    assert store.add(renewed) == 2
    assert {one.id for one in store.find_differing_rights(renewed)} == {one.id for one in given}
    assert store.set_rights(renewed[:3]) == 3
    assert store.find_differing_rights(renewed) == ()
    assert (store.set_rights([]), store.set_rights(list(made_references(1, start=50)))) == (0, 0)


def test_find_by_the_beginning_of_an_id(store):
    store.add(made_references(20))
    store.add(made_references(20, role=Role.OWNED))
    first = min(store.references(Role.OWNED), key=lambda one: one.id)
    assert store.find(first.id) == store.find(first.id[:-3]) == (first,)
    assert [one.role for one in store.find("owned", 3)] == [Role.OWNED] * 3
    assert store.find("zzz") == store.find("%") == ()


def test_references_of_one_role(store):
    store.add(made_references(3))
    store.add(made_references(2, role=Role.OWNED))
    assert [one.role for one in store.references(Role.OWNED)] == [Role.OWNED] * 2


def test_removing_takes_the_thumbnails_along(store):
    given = list(made_references(4))
    store.add(given, {one.id: b"jpeg" for one in given[:3]})
    assert store.remove([given[0].id, given[1].id, "ai-none"]) == 2
    assert (store.count(), store.thumbnails([one.id for one in given])) == (2, {given[2].id: b"jpeg"})
    store.add(given)
    assert store.thumbnails([given[0].id]) == {}


def test_thumbnails_of_known_ones_stay(store):
    one = next(made_references(1))
    store.add([one], {one.id: b"first", "ai-other": b"no reference"})
    store.add([one], {one.id: b"second"})
    assert store.thumbnails([one.id, "ai-other", "ai-none"]) == {one.id: b"first"}


def test_thumbnails_are_no_part_of_the_digest(new_store):
    one = next(made_references(1))
    first, second = new_store(), new_store()
    first.add([one], {one.id: b"jpeg"})
    second.add([one])
    assert first.digest() == second.digest()


def test_reading_while_adding(store):
    store.add(made_references(1000))
    for number, _ in enumerate(store.references()):
        if number == 10:
            store.add(made_references(3, start=1000))
    assert store.count() == 1003


def test_closing_twice(store):
    store.close()
    store.close()
