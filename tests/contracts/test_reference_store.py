"""What every reference store must do."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import pytest

from scanner.model.belongings import Belongings, HashRow, PackedFeatures
from scanner.model.errors import StoreError, UsageError
from scanner.model.matching import GlobalHash, Rights, Role
from scanner.model.protocols import ReferenceStore
from scanner.store.belonging_rows import lines_of
from scanner.store.library import open_library
from scanner.store.rows import digest_of
from tests.store.processes import child
from tests.store.references import FEATURES, HASH, let_ids_collide, made_belongings, made_references, with_belongings


@pytest.fixture(params=["sqlite", "postgresql"])
def new_place(request, tmp_path):
    """A way to name places of one kind where there is no library yet."""
    numbers = count()
    if request.param == "sqlite":
        return lambda: str(tmp_path / f"library-{next(numbers)}.sqlite")
    return request.getfixturevalue("postgres").new_place


@pytest.fixture
def new_store(new_place):
    """A way to make empty stores of one kind."""
    made = []

    def make() -> ReferenceStore:
        made.append(open_library(new_place(), create=True))
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


@pytest.mark.parametrize("name", ["a\udcff.jpg", "a\0b.jpg", "a\nb.jpg", "\u202etxt.exe", "x" * 4000, "", "näme ✓.jpg"])
def test_any_name_can_be_kept(store, name):
    store.add([replace(next(made_references(1)), name=name)])
    kept = next(iter(store.references())).name
    kept.encode("utf-8")
    assert kept == {"a\udcff.jpg": "a\\xff.jpg", "a\0b.jpg": "a\\x00b.jpg"}.get(name, name)


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


def test_ids_tell_which_content_is_known(store):
    given = list(made_references(3))
    store.add(given)
    ids = [one.id for one in made_references(5)]
    assert store.find_contents(ids) == {one.id: (one.role.value, one.sha256) for one in given}


def test_other_content_with_the_same_id_is_refused(store, monkeypatch):
    let_ids_collide(monkeypatch)
    (first,) = store.references() if store.add(made_references(1)) else ()

    with pytest.raises(StoreError, match=r"stills/1\.jpg has the same id as other content: ai-0{16}"):
        store.add(made_references(1, start=1))

    assert list(store.references()) == [first]
    assert store.add([first]) == 0


def test_rights_are_not_those_of_other_content_with_the_same_id(store, monkeypatch):
    let_ids_collide(monkeypatch)
    store.add(made_references(1))
    others = [replace(one, rights=RIGHTS) for one in made_references(1, start=1)]

    assert store.find_differing_rights(others) == ()
    assert store.set_rights(others) == 0
    assert next(store.references()).rights == Rights()


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
    store.add(given, {one.id: Belongings(b"jpeg") for one in given[:3]})
    assert store.remove([given[0].id, given[1].id, "ai-none"]) == 2
    assert (store.count(), store.thumbnails([one.id for one in given])) == (2, {given[2].id: b"jpeg"})
    store.add(given)
    assert store.thumbnails([given[0].id]) == {}


def test_thumbnails_of_known_ones_stay(store):
    one = next(made_references(1))
    store.add([one], {one.id: Belongings(b"first"), "ai-other": Belongings(b"no reference")})
    store.add([one], {one.id: Belongings(b"second")})
    assert store.thumbnails([one.id, "ai-other", "ai-none"]) == {one.id: b"first"}


def test_thumbnails_are_no_part_of_the_digest(new_store):
    one = next(made_references(1))
    first, second = new_store(), new_store()
    first.add([one], {one.id: Belongings(b"jpeg")})
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


def filled(store, count=5, collections=()):
    given = list(made_references(count))
    store.add(given, with_belongings(given, collections))
    return given


def test_what_belongs_to_references_comes_back_whole(store):
    given = filled(store, 250, ("Season 1",))
    ids = [one.id for one in given]

    held = store.belongings([*ids, "ai-none"])

    assert held.pop("ai-none") == Belongings()
    assert {one: _in_order(its) for one, its in held.items()} == {
        one: _in_order(its) for one, its in with_belongings(given, ("Season 1",)).items()
    }


def _in_order(its):
    return replace(its, hashes=tuple(sorted(its.hashes, key=lambda mark: mark.variant)))


def test_what_belongs_to_known_ones_stays_and_what_lacks_is_added(store):
    given = list(made_references(3))
    store.add(given, {given[0].id: Belongings(hashes=(GlobalHash("old/1", "whole", "ab" * 8),))})

    assert store.add(given, with_belongings(given, ("a",))) == 0
    store.add(given, {given[0].id: Belongings(b"other", b"other", (GlobalHash(HASH, "whole", "00" * 32),), collections=("b",))})

    its = store.belongings([given[0].id])[given[0].id]
    assert {mark.algorithm for mark in its.hashes} == {"old/1", HASH}
    assert replace(its, hashes=its.hashes[:-1] if its.hashes[-1].algorithm == "old/1" else its.hashes[:2]) == replace(
        _in_order(made_belongings(given[0])), collections=("a", "b")
    )


def test_hashes_stream_by_algorithm_with_their_variants(store):
    given = filled(store, 60)
    store.add(made_references(1, start=900), {})

    rows = list(store.hashes(HASH))

    assert [row.reference for row in rows] == sorted(one.id for one in given)
    whole = {one.id: made_belongings(one).hashes[0].bits for one in given}
    for row in rows:
        assert isinstance(row, HashRow)
        assert row.variants == ("mirrored", "whole")
        assert (len(row.bits), row.bits[32:].hex()) == (64, whole[row.reference])
    assert list(store.hashes("other/1")) == []


def test_hashes_that_cannot_be_kept_together_are_refused(store):
    (one,) = made_references(1)
    for bits, name in (("ab", "mirrored"), ("ab" * 8, "a,b"), ("ab" * 8, "")):
        with pytest.raises(ValueError, match="cannot be kept together"):
            store.add([one], {one.id: Belongings(hashes=(GlobalHash("x", "whole", "ab" * 8), GlobalHash("x", name, bits)))})
    assert store.count() == 0


def test_hashed_in_vain_is_something_else_than_not_hashed(store):
    given = [one for one in made_references(6) if one.fingerprint]
    its = Belongings(b"", b"webp", plain_for=("dct256/1",))
    store.add(given, {given[0].id: its, given[1].id: replace(its, plain_for=())})

    assert store.belongings([given[0].id]) == {given[0].id: its}
    assert list(store.hashes("dct256/1")) == []
    assert store.find_complete([one.id for one in given], ["dct256/1"]) == {given[0].id}
    assert store.find_complete([one.id for one in given]) == {given[0].id, given[1].id}


def test_features_come_by_id_and_stream_whole(store):
    given = filled(store, 230)
    wanted = [given[7].id, given[3].id, "ai-none"]

    few = store.features(wanted, FEATURES)
    everything = dict(store.all_features(FEATURES))

    assert few == {one.id: made_belongings(one).features[0] for one in (given[3], given[7])}
    assert list(everything) == sorted(one.id for one in given)
    assert everything[given[9].id] == made_belongings(given[9]).features[0]
    assert (store.features(wanted, "other/1"), list(store.all_features("other/1"))) == ({}, [])


def test_no_features_are_something_else_than_none_known(store):
    (one,) = made_references(1)
    store.add([one], {one.id: Belongings(features=(PackedFeatures(FEATURES, 0, b""),))})

    assert store.features([one.id], FEATURES) == {one.id: PackedFeatures(FEATURES, 0, b"")}


def test_the_largest_features_and_many_ids_at_once(store):
    given = list(made_references(3))
    largest = PackedFeatures(FEATURES, 2340, bytes(range(256)) * 256)
    store.add(given, {given[0].id: Belongings(features=(largest,))})

    assert store.features((f"ai-{number}" for number in range(40_000)), FEATURES) == {}
    assert store.features([given[0].id], FEATURES) == {given[0].id: largest}


def test_pictures_come_by_id(store):
    given = filled(store, 4)

    assert store.pictures([given[1].id, "ai-none"]) == {given[1].id: made_belongings(given[1]).picture}


def test_what_is_complete(store):
    given = [one for one in made_references(30) if one.fingerprint]
    plain = [one for one in made_references(30) if not one.fingerprint]
    store.add([*given, *plain], with_belongings(given[:5]))
    ids = [one.id for one in (*given, *plain)]

    assert store.find_complete([*ids, "ai-none"]) == {one.id for one in (*given[:5], *plain)}
    assert store.find_complete(ids, (HASH, FEATURES)) == {one.id for one in (*given[:5], *plain)}
    assert store.find_complete(ids, (HASH, "newer/2")) == {one.id for one in plain}
    assert store.find_complete(()) == frozenset()


def test_collections_stand_beside_roles(store):
    given = filled(store, 6, ("Season 1",))
    store.add(made_references(3, start=50, role=Role.OWNED))
    owned = [one.id for one in store.references(Role.OWNED)]

    store.put_in_collections({owned[0]: ["Archive", "Season 1", "Archive"], given[0].id: ["Archive"], "ai-none": ["Archive"]})

    assert store.collections() == {"Archive": 2, "Season 1": 7}
    assert [one.id for one in store.references(collections=["Archive"])] == sorted([owned[0], given[0].id])
    assert [one.id for one in store.references(Role.OWNED, ["Season 1", "Archive"])] == [owned[0]]
    assert (store.count(collections=["Season 1"]), store.count(Role.AI, ["Archive", "Season 1"])) == (7, 6)
    assert list(store.references(collections=["nobody's"])) == []


def test_leaving_a_collection_is_not_leaving_the_library(store):
    given = filled(store, 4, ("a", "b"))

    assert store.take_out_of_collection("a", [given[0].id, given[1].id, "ai-none"]) == 2

    assert (store.collections(), store.count()) == ({"a": 2, "b": 4}, 4)
    assert store.take_out_of_collection("a", [one.id for one in given]) == 2
    assert store.collections() == {"b": 4}


@pytest.mark.parametrize("name", ["Season 1", "ümlaut ✓", "a|b\n", "%", "'; DROP TABLE reference; --", "\udcff"])
def test_any_collection_name_can_be_kept(store, name):
    filled(store, 2, (name,))

    (kept,) = store.collections()
    assert kept == (name if name != "\udcff" else "\\xff")
    assert store.count(collections=[kept]) == 2


def test_removing_takes_everything_along(store):
    given = filled(store, 3, ("a",))

    store.remove([one.id for one in given])

    assert (store.collections(), list(store.hashes(HASH)), list(store.all_features(FEATURES))) == ({}, [], [])
    store.add(given)
    assert set(store.belongings([one.id for one in given]).values()) == {Belongings()}


CHANGES = {
    "hashes": lambda its: replace(its, hashes=(replace(its.hashes[0], bits="00" * 32), its.hashes[1])),
    "plain": lambda its: replace(its, plain_for=()),
    "variant": lambda its: replace(its, hashes=(replace(its.hashes[0], variant="trimmed"), its.hashes[1])),
    "features": lambda its: replace(its, features=(replace(its.features[0], payload=b"x" * 28),)),
    "points": lambda its: replace(its, features=(replace(its.features[0], count=3),)),
    "picture": lambda its: replace(its, picture=b"another"),
    "no picture": lambda its: replace(its, picture=b""),
    "collections": lambda its: replace(its, collections=("b",)),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_digest_knows_what_is_compared_and_collections(new_store, change):
    stores = [new_store() for _ in range(3)]
    one = next(made_references(1))
    for store, its in zip(
        stores, [made_belongings(one, ("a",))] * 2 + [CHANGES[change](made_belongings(one, ("a",)))], strict=True
    ):
        store.add([one], {one.id: its})

    first, same, other = (store.digest() for store in stores)
    assert first == same != other


def test_reading_and_adding_at_once(store):
    filled(store, 300)
    for number, _ in enumerate(store.all_features(FEATURES)):
        if number == 10:
            more = list(made_references(3, start=1000))
            store.add(more, with_belongings(more))
    assert store.count() == 303


ADDER = """
    import sys
    place, start, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    library = open_library(place, create=True)
    for at in range(start, start + count, 50):
        given = list(made_references(50, start=at))
        library.add(given, with_belongings(given, ("Season 1",)))
        print(at + 50, flush=True)
"""


def whole(place, count):
    """A library that holds exactly so many made references, with all that belongs to them."""
    given = list(made_references(count))
    lines = [line for one in given for line in lines_of(one.id, made_belongings(one, ("Season 1",)))]
    store = open_library(place, create=False)
    try:
        return (store.count(), store.digest()) == (count, digest_of(given, lines))
    finally:
        store.close()


def test_two_processes_adding_at_once_lose_nothing(new_place):
    place = new_place()
    adders = [child(ADDER, place, start, 600) for start in (0, 300)]
    for adder in adders:
        adder.communicate(timeout=120)
    assert [adder.returncode for adder in adders] == [0, 0]
    assert whole(place, 900)


REVERSED = ADDER.replace("list(made_references(50, start=at))", "list(made_references(50, start=at))[::-1]")


def test_the_same_material_in_opposite_order_locks_nobody_out(new_place):
    place = new_place()
    adders = [child(script, place, 0, 500) for script in (ADDER, REVERSED)]
    for adder in adders:
        adder.communicate(timeout=120)
    assert [adder.returncode for adder in adders] == [0, 0]
    assert whole(place, 500)


def test_a_kill_while_adding_loses_nothing_acknowledged(new_place):
    place = new_place()
    for start in (0, 10_000, 20_000):
        adder = child(ADDER, place, start, 10_000)
        lines = [adder.stdout.readline() for _ in range(3)]
        time.sleep(0.01)
        adder.kill()
        rest = adder.stdout.read()
        adder.wait()
        acknowledged = int((lines + rest.split())[-1])
        given = list(made_references(acknowledged - start, start=start))
        store = open_library(place, create=False)
        assert set(given) <= set(store.references())
        assert {one: _in_order(its) for one, its in store.belongings([one.id for one in given]).items()} == {
            one: _in_order(its) for one, its in with_belongings(given, ("Season 1",)).items()
        }
        store.close()


def test_a_kill_leaves_nothing_half_added(new_place):
    place = new_place()
    adder = child(ADDER, place, 0, 10_000)
    adder.stdout.readline()
    time.sleep(0.02)
    adder.kill()
    adder.wait()
    store = open_library(place, create=False)
    held = store.belongings([one.id for one in store.references()])
    assert len(held) % 50 == 0
    assert all(its.picture and its.features and its.hashes and its.collections for its in held.values())
    store.close()


def test_opened_for_reading_it_cannot_be_written(new_place):
    place = new_place()
    open_library(place, create=True).close()
    store = open_library(place, create=False)
    for attempt in (lambda: store.add(made_references(1)), lambda: store.remove(["ai-1"])):
        with pytest.raises(StoreError, match="cannot be written"):
            attempt()
    store.close()


def test_what_is_no_library_yet_is_not_made_by_reading(new_place):
    with pytest.raises((UsageError, StoreError), match="no reference library"):
        open_library(new_place(), create=False)


def test_two_contents_with_one_id_are_refused_not_dropped(store):
    one = next(made_references(1))
    with pytest.raises(StoreError, match="the same id"):
        store.add([one, replace(one, sha256=one.sha256[:16] + "0" * 48)])
    assert store.count() == 0


def test_ids_sort_as_characters_not_as_a_language(store):
    store.add(made_references(40))
    store.add(made_references(40, role=Role.OWNED))
    store.add(made_references(40, role=Role.RESTRICTED))
    ids = [one.id for one in store.references()]
    assert ids == sorted(ids)
