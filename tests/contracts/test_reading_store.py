"""What every store of readings must do."""

from __future__ import annotations

import time
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.assets import ContentHash
from scanner.model.kept import RACY_NS, ContentKey
from scanner.model.matching import Fingerprint, GlobalHash
from scanner.model.protocols import ReadingStore
from scanner.model.work import Examination
from scanner.store.readings_opening import open_readings
from tests.store.examinations import (
    READ_NS,
    TASK,
    VERSION,
    bare,
    delivery,
    marked,
    photographed,
    sha256_of,
    to_keep,
)
from tests.store.readings_memory import MemoryReadingStore

_floats = st.floats(allow_nan=False)
any_examination = st.builds(
    Examination,
    key=st.integers(),
    fingerprint=st.none()
    | st.builds(
        Fingerprint,
        bits=st.text("0123456789abcdefABCg", max_size=18),
        inner=st.just(()) | st.tuples(_floats, _floats, _floats, _floats) | st.lists(_floats, max_size=5).map(tuple),
        quality=st.integers(-1, 101),
    ),
    prints=st.lists(st.builds(GlobalHash, bits=st.text("0123456789abcdef", max_size=8)), max_size=3).map(tuple),
    hash=st.builds(ContentHash, value=st.none() | st.text("0123456789abcdef", min_size=64, max_size=64) | st.text(max_size=3)),
    width=st.integers(-1, 1 << 40),
    captured=st.text(max_size=5) | st.just("\ud83d\ude00"),
    manifests=st.none(),
)
"""Of any shape that the types allow, and most that nothing yields."""

FOLDER = "/delivery/näme \udcff"


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def new_store(request, tmp_path):
    """A way to make empty stores of one kind."""
    made, numbers = [], count()

    def make(clock=time.time_ns) -> ReadingStore:
        match request.param:
            case "memory":
                made.append(MemoryReadingStore(clock))
            case "sqlite":
                made.append(open_readings(str(tmp_path / f"store-{next(numbers)}.sqlite"), clock=clock))
            case _:
                made.append(open_readings(request.getfixturevalue("postgres").new_place(), clock=clock))
        return made[-1]

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(new_store):
    return new_store()


def names_in(store, folder=FOLDER, version=VERSION):
    return sorted(name for name, _ in store.recall(folder, version))


def test_an_empty_one(store):
    assert store.recall(FOLDER, VERSION) == {}
    assert store.recall_by_content([ContentKey(sha256_of(1), TASK, "jpg")], VERSION) == {}
    assert store.keep([], VERSION) == 0
    assert store.broken == 0


def test_what_was_kept_comes_back_whole(store):
    whole = {f"{number}.jpg": one for number, one in enumerate(delivery(300))}
    readings = {name: to_keep(one, f"{FOLDER}/{name}") for name, one in whole.items()}
    assert store.keep(iter(readings.values()), VERSION) == 300
    found = store.recall(FOLDER, VERSION)
    assert found.keys() == {(name, TASK) for name in whole}
    assert {name: one.examination() for (name, _), one in found.items()} == whole
    assert all(one.fits(readings[name].identity) for (name, _), one in found.items())
    assert all(one.sha256 == whole[name].hash.value for (name, _), one in found.items())


@given(any_examination)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_was_kept_comes_back_as_it_was(store, examination):
    one = replace(examination, changed=False, transient=False, reached=True, unfetched=())
    assert store.keep([to_keep(one, f"{FOLDER}/a.jpg")], VERSION) == 1
    assert store.recall(FOLDER, VERSION)["a.jpg", TASK].examination(one.key) == one


def test_the_task_number_is_the_one_that_is_asked_for(store):
    store.keep([to_keep(replace(bare(), key=7), f"{FOLDER}/a.jpg")], VERSION)
    assert store.recall(FOLDER, VERSION)["a.jpg", TASK].examination(9) == replace(bare(), key=9)


def test_equal_outcomes_are_one_object_and_one_number(store, new_store):
    files = {"a.jpg": bare(1), "b.jpg": bare(2), "c.jpg": photographed(3), "d.jpg": photographed(4), "e.jpg": marked(5)}
    store.keep([to_keep(one, f"/x/{name}") for name, one in files.items()], VERSION)
    store.keep([to_keep(bare(6), "/y/f.jpg")], VERSION)
    found = {name: one for folder in ("/x", "/y") for (name, _), one in store.recall(folder, VERSION).items()}
    assert found["a.jpg"].shared is found["b.jpg"].shared is found["f.jpg"].shared
    assert found["c.jpg"].shared is found["d.jpg"].shared
    assert len({one.outcome for one in found.values()}) == 3
    other = new_store()
    other.keep([to_keep(bare(9), "/z/g.jpg")], VERSION)
    assert other.recall("/z", VERSION)["g.jpg", TASK].outcome == found["a.jpg"].outcome


def test_a_folder_is_that_folder_alone(store):
    for path in ("/x/a.jpg", "/x/y/b.jpg", "/xy/c.jpg", "/d.jpg"):
        store.keep([to_keep(bare(), path)], VERSION)
    assert [names_in(store, folder) for folder in ("/x", "/x/y", "/xy", "/", "/y")] == [
        ["a.jpg"],
        ["b.jpg"],
        ["c.jpg"],
        ["d.jpg"],
        [],
    ]


@pytest.mark.parametrize("name", ["a\udcff.jpg", "a\nb.jpg", "\u202etxt.exe", "x" * 255, "näme ✓", "…", "a%20b", "'; --"])
def test_any_name_can_be_kept(store, name):
    store.keep([to_keep(bare(), f"{FOLDER}/{name}")], VERSION)
    assert names_in(store) == [name]


def test_another_version_or_task_is_another_reading(store):
    other = replace(VERSION, digest="cd" * 32)
    asked = replace(to_keep(bare(2), f"{FOLDER}/a.jpg"), task=b"\xff" * 16)
    store.keep([to_keep(bare(1), f"{FOLDER}/a.jpg"), asked], VERSION)
    store.keep([to_keep(bare(3), f"{FOLDER}/a.jpg")], other)
    found = store.recall(FOLDER, VERSION)
    assert {task: one.examination() for (_, task), one in found.items()} == {TASK: bare(1), asked.task: bare(2)}
    assert [one.examination() for one in store.recall(FOLDER, other).values()] == [bare(3)]
    assert store.recall(FOLDER, replace(VERSION, digest="ef" * 32)) == {}


def test_a_file_that_was_read_again_replaces_what_it_was(store):
    store.keep([to_keep(bare(1), f"{FOLDER}/a.jpg")], VERSION)
    again = to_keep(marked(2), f"{FOLDER}/a.jpg", size_bytes=5, read_ns=READ_NS + 1)
    assert store.keep([to_keep(bare(3), f"{FOLDER}/a.jpg"), again], VERSION) == 2
    (one,) = store.recall(FOLDER, VERSION).values()
    assert one.examination() == marked(2)
    assert one.fits(again.identity)


@pytest.mark.parametrize("field", ["size_bytes", "mtime_ns", "ctime_ns", "inode"])
def test_a_file_that_changed_does_not_fit(store, field):
    one = to_keep(bare(), f"{FOLDER}/a.jpg")
    store.keep([one], VERSION)
    (kept,) = store.recall(FOLDER, VERSION).values()
    assert kept.fits(one.identity)
    assert not kept.fits(replace(one.identity, **{field: getattr(one.identity, field) + 1}))


@pytest.mark.parametrize("flaw", [{"changed": True}, {"transient": True}, {"reached": False}, {"unfetched": ((0, 5),)}])
def test_what_was_not_read_whole_is_not_kept(store, flaw):
    assert store.keep([to_keep(replace(bare(), **flaw), f"{FOLDER}/a.jpg")], VERSION) == 0
    assert store.recall(FOLDER, VERSION) == {}


@pytest.mark.parametrize("field", ["mtime_ns", "ctime_ns"])
@pytest.mark.parametrize(("before_ns", "kept"), [(RACY_NS, 1), (RACY_NS - 1, 0), (0, 0), (-(10**18), 0)])
def test_times_near_the_reading_or_after_it_are_not_trusted(store, field, before_ns, kept):
    one = to_keep(bare(), f"{FOLDER}/a.jpg", **{field: READ_NS - before_ns})
    assert store.keep([one], VERSION) == kept
    assert len(store.recall(FOLDER, VERSION)) == kept


def test_what_was_read_after_now_is_not_trusted_until_then(new_store):
    now = [READ_NS + 1]
    store = new_store(lambda: now[0])
    store.keep([to_keep(bare(1), f"{FOLDER}/a.jpg")], VERSION)
    wanted = [ContentKey(sha256_of(1), TASK, "jpg")]
    assert names_in(store) == ["a.jpg"]
    now[0] = READ_NS - 1
    assert (names_in(store), store.recall_by_content(wanted, VERSION)) == ([], {})
    store.keep([to_keep(bare(2), f"{FOLDER}/a.jpg", read_ns=READ_NS - 2)], VERSION)
    assert [one.examination() for one in store.recall(FOLDER, VERSION).values()] == [bare(2)]


def test_by_content_wherever_the_file_stands(store):
    kept = [
        to_keep(bare(1), "/x/a.JPG"),
        to_keep(replace(bare(1), lying_extension="png"), "/x/a.png"),
        to_keep(marked(1), "/y/later.jpg", read_ns=READ_NS + 5),
        to_keep(bare(2), "/y/b"),
        to_keep(replace(bare(3), hash=replace(bare(3).hash, value=None, origin="none")), "/y/c.jpg"),
    ]
    store.keep(kept, VERSION)
    wanted = [ContentKey(sha256_of(number), TASK, extension) for number in (1, 2, 3) for extension in ("jpg", "png", "")]
    found = store.recall_by_content(iter(wanted), VERSION)
    assert {key: one.examination() for key, one in found.items()} == {
        wanted[0]: marked(1),
        wanted[1]: kept[1].examination,
        wanted[5]: bare(2),
    }
    assert store.recall_by_content([wanted[0]._replace(task=b"?" * 16)], VERSION) == {}
    assert store.recall_by_content([wanted[0]], replace(VERSION, digest="cd" * 32)) == {}


def test_thousands_at_once(store):
    readings = [to_keep(one, f"/x/{number % 7}/{number}.jpg") for number, one in enumerate(delivery(3000))]
    assert store.keep(readings, VERSION) == 3000
    found = [one for folder in range(7) for one in store.recall(f"/x/{folder}", VERSION).values()]
    assert sorted(one.examination().width for one in found) == [4000] * 3000
    assert {one.sha256 for one in found} == {sha256_of(number) for number in range(3000)}
    wanted = [ContentKey(sha256_of(number), TASK, "jpg") for number in range(3000)]
    assert store.recall_by_content(wanted, VERSION).keys() == set(wanted)


def test_closing_twice(store):
    store.close()
    store.close()
