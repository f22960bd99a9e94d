"""What a scan asks of a store of readings, and gives to it."""

from __future__ import annotations

import os
from contextlib import closing
from dataclasses import replace

import pytest

from scanner.model.assets import FileEntry
from scanner.model.errors import StoreError
from scanner.model.work import ExamineTask
from scanner.pipeline.recollection import Recollection
from tests.store.examinations import READ_NS, VERSION, bare
from tests.store.readings_memory import MemoryReadingStore

BELOW = 1 << 31
LONG_AGO_NS = READ_NS - 10**12
FILE = FileEntry("a.jpg", 100, LONG_AGO_NS, ctime_ns=LONG_AGO_NS, inode=7)


class BrokenStore(MemoryReadingStore):
    broken = 3

    def keep(self, readings, version):
        raise StoreError("the disk is full")

    def recall(self, folder, version):
        raise StoreError("the disk failed")


def recollection(store):
    return Recollection(store, VERSION, BELOW, READ_NS)


@pytest.fixture
def task(tmp_path):
    return ExamineTask(5, str(tmp_path / "a.jpg"), 100)


def kept_anew(store, task, file=FILE, *, now=FILE, asked=None):
    """Whether a scan recalls `now` when an earlier one kept `file`."""
    earlier = recollection(store)
    earlier.keep(task, file, bare(1))
    earlier.flush()
    return recollection(store).recall(asked or task, now)


def test_an_unchanged_file_is_recalled(task):
    with closing(MemoryReadingStore()) as store:
        assert kept_anew(store, task).examination(5) == replace(bare(1), key=5)


@pytest.mark.parametrize("change", [{"size_bytes": 1}, {"mtime_ns": 1}, {"ctime_ns": 1}, {"inode": 1}])
def test_a_changed_file_is_not(task, change):
    assert kept_anew(MemoryReadingStore(), task, now=replace(FILE, **change)) is None


def test_another_question_is_not_answered(task):
    assert kept_anew(MemoryReadingStore(), task, asked=replace(task, fingerprint=False)) is None


@pytest.fixture
def manifest(tmp_path):
    path = tmp_path / "a.c2pa"
    path.write_bytes(b"manifest")
    os.utime(path, ns=(LONG_AGO_NS, LONG_AGO_NS))
    return path


def test_a_detached_manifest_that_was_written_while_it_was_read_is_not_trusted(task, manifest):
    # Its time of change is now, after the scan began: nobody can say which manifest the reading was of.
    assert kept_anew(MemoryReadingStore(), replace(task, manifest_sidecar=str(manifest))) is None


def test_a_detached_manifest_that_stands_still_is_as_the_file_itself(task, manifest):
    later = os.stat(manifest).st_ctime_ns + 3 * 10**9
    store = MemoryReadingStore(lambda: later)
    with_manifest = replace(task, manifest_sidecar=str(manifest))
    earlier = Recollection(store, VERSION, BELOW, later)
    earlier.keep(with_manifest, FILE, bare(1))
    earlier.flush()
    assert recollection(store).recall(with_manifest, FILE) is not None
    manifest.write_bytes(b"changed!")
    assert recollection(store).recall(with_manifest, FILE) is None


def test_a_store_that_fails_ends_the_keeping_and_not_the_scan(task):
    failing = recollection(BrokenStore())
    assert failing.recall(task, FILE) is None
    assert failing.trouble == "the disk failed"
    failing.keep(task, FILE, bare(1))
    failing.close()
    keeping = recollection(BrokenStore())
    keeping.keep(task, FILE, bare(1))
    keeping.close()
    assert (keeping.trouble, keeping.broken) == ("the disk is full", 3)
