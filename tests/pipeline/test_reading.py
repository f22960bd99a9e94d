"""The reading room: what it reads, what it recalls, and what it keeps."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model.assets import ContentHash
from scanner.model.errors import StoreError
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.kept import ReadingVersion
from scanner.model.readings import ReadingSummary
from scanner.model.work import DigestTask, Examination, ExamineTask, FileDigest, WorkFailed
from scanner.pipeline.plan import make_plan
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.recollection import Recollection
from scanner.pipeline.settings import HASH_BELOW_BYTES, ScanSettings
from tests.store.readings_memory import MemoryReadingStore

BEGUN = 1_800_000_000 * 10**9
OLD = 1_700_000_000
VERSION = ReadingVersion("a" * 64)


class Engine:
    """Yields what a test says of each file, and counts what was asked."""

    def __init__(self, digests=None, dies=(), stops_after=None):
        self.read, self.digested, self._digests, self._dies, self._stops_after = [], [], digests or {}, dies, stops_after

    def run(self, tasks):
        for task in tasks:
            name = os.path.basename(task.path)
            if isinstance(task, DigestTask):
                self.digested.append(name)
                yield FileDigest(task.key, self._digests.get(name, digest_of(name)))
            elif name in self._dies:
                yield WorkFailed(task.key, "the worker process died")
            else:
                assert isinstance(task, ExamineTask)
                self.read.append(name)
                yield examined(task.key, name)
                if len(self.read) == self._stops_after:
                    raise KeyboardInterrupt

    def close(self):
        """Nothing is open."""


def digest_of(name):
    return f"{len(name):064x}"


def examined(key, name):
    return Examination(
        key, UNKNOWN_FORMAT, ContentHash(value=digest_of(name), origin="computed"), (ReadingSummary("probe", "found"),)
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    for name in ("a/one.jpg", "a/three.jpg", "b/four2.mov", "b/seven77.xmp"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode())
        os.utime(root / name, (OLD, OLD))
    return root


class Kept:
    """Scans of one tree that share a store. Every file's last change is long ago, as it would be a day later."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.store = MemoryReadingStore(lambda: BEGUN + 10**12)
        self.recollection: Recollection | None = None

    def scan(self, engine: Engine, paranoid: bool = False, version: ReadingVersion = VERSION) -> ReadingRoom:
        plan = make_plan(ScanSettings((str(self.root),)))
        self.recollection = Recollection(self.store, version, HASH_BELOW_BYTES, BEGUN)
        room = ReadingRoom(plan, engine, lambda *_: None, fingerprints=True, kept=self.recollection, paranoid=paranoid)
        room.gathered = room.read()  # type: ignore[attr-defined]
        return room


@pytest.fixture
def kept(tree: Path) -> Kept:
    return Kept(tree)


EVERY = ["four2.mov", "one.jpg", "seven77.xmp", "three.jpg"]


def test_what_has_not_changed_is_not_read_again(kept):
    first, second = kept.scan(Engine()), Engine()
    again = kept.scan(second)
    assert (first.recalled, again.recalled, second.read) == (0, 4, [])
    assert list(again.gathered) == list(first.gathered)
    assert list(again.inventory) == list(first.inventory)


@pytest.mark.parametrize("change", ["content", "time", "inode"])
def test_what_changed_is_read_again(kept, change):
    kept.scan(Engine())
    path = kept.root / "a" / "one.jpg"
    if change == "content":
        path.write_bytes(b"longer than it was")
        os.utime(path, (OLD, OLD))
    elif change == "time":
        os.utime(path, (OLD + 60, OLD + 60))
    else:
        (kept.root / "a" / "new").write_bytes(path.read_bytes())
        os.utime(kept.root / "a" / "new", (OLD, OLD))
        (kept.root / "a" / "new").replace(path)
    engine = Engine()
    kept.scan(engine)
    assert engine.read == ["one.jpg"]


def test_other_readers_read_all_again(kept):
    kept.scan(Engine())
    engine = Engine()
    kept.scan(engine, version=ReadingVersion("b" * 64))
    assert sorted(engine.read) == EVERY


def test_an_interrupted_scan_goes_on_where_it_was(kept):
    stopped = kept.scan(Engine(stops_after=3))
    assert stopped.interrupted
    engine = Engine()
    whole = kept.scan(engine)
    assert len(engine.read) + whole.recalled == 4
    assert whole.recalled >= 2
    assert list(whole.gathered) == list(Kept(kept.root).scan(Engine()).gathered)


def test_what_a_worker_died_of_is_tried_again(kept):
    kept.scan(Engine(dies=["three.jpg"]))
    engine = Engine()
    assert kept.scan(engine).recalled == 3
    assert engine.read == ["three.jpg"]


def test_paranoid_reads_what_has_other_bytes(kept):
    kept.scan(Engine())
    engine = Engine(digests={"one.jpg": "f" * 64, "four2.mov": ""})
    room = kept.scan(engine, paranoid=True)
    assert sorted(engine.digested) == EVERY
    assert engine.read == ["one.jpg", "four2.mov"]
    assert room.recalled == 2


def test_what_changed_after_the_scan_began_is_not_kept(kept, tree):
    os.utime(tree / "a" / "one.jpg", (BEGUN // 10**9 + 5, BEGUN // 10**9 + 5))
    kept.scan(Engine())
    engine = Engine()
    kept.scan(engine)
    assert engine.read == ["one.jpg"]


class FullStore(MemoryReadingStore):
    def keep(self, readings, version):
        raise StoreError("the disk is full; what was added before is kept")


def test_a_store_that_fails_ends_the_keeping_and_not_the_scan(kept):
    kept.store = FullStore()
    room = kept.scan(Engine())
    assert len(room.gathered) == 4
    assert kept.recollection.trouble == "the disk is full; what was added before is kept"


class LostStore(MemoryReadingStore):
    def recall(self, folder, version):
        raise StoreError("the disk failed while the store was used")


def test_a_store_that_cannot_be_read_any_more_leaves_a_whole_scan(kept):
    kept.store = LostStore()
    engine = Engine()
    room = kept.scan(engine)
    assert sorted(engine.read) == EVERY
    assert kept.recollection.trouble
    assert not room.interrupted


def test_a_changed_detached_manifest_is_tried_anew(kept, tree):
    (tree / "a" / "one.c2pa").write_bytes(b"manifest")
    os.utime(tree / "a" / "one.c2pa", (OLD, OLD))
    kept.scan(Engine())
    (tree / "a" / "one.c2pa").write_bytes(b"manifold")
    engine = Engine()
    kept.scan(engine)
    assert sorted(engine.read) == ["one.c2pa", "one.jpg"]


def test_readings_that_may_be_had_at_another_try_are_not_kept(kept):
    class Slow(Engine):
        def run(self, tasks):
            for result in super().run(tasks):
                yield replace(result, transient=True)

    kept.scan(Slow())
    engine = Engine()
    kept.scan(engine)
    assert sorted(engine.read) == EVERY
