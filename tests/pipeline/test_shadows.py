from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("obstore")

from scanner.model.assets import FileEntry
from scanner.pipeline import shadows as module
from scanner.pipeline.shadows import Need, Shadows
from scanner.tools import objects
from scanner.tools.objects import Buckets, ObjectChangedError, ObjectError
from tests.tools.object_server import MODIFIED, ObjectServer

A, B, C = ("s3://delivery/a.bin", "s3://delivery/b.bin", "s3://delivery/c.bin")


@pytest.fixture
def shadows(objects_served: ObjectServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shadows]:
    monkeypatch.setattr(objects, "_RETRIES", 1)
    monkeypatch.setattr(objects, "_SHORT_PAUSE_SECONDS", 0.001)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    objects_served.objects = {name: bytes([number]) * 100 for number, name in enumerate(("a.bin", "b.bin", "c.bin"))}
    made = Shadows(Buckets(), limit_bytes=250)
    yield made
    made.close()
    assert not list(tmp_path.iterdir())


def held(shadows: Shadows, address: str) -> str:
    assert shadows.reserve([Need(address, 100)])
    shadows.fetch(Need(address, 100))
    return shadows.path(address)


def test_a_shadow_has_the_bytes_the_time_and_nobody_elses_eyes(shadows: Shadows, tmp_path: Path) -> None:
    path = held(shadows, B)
    assert Path(path).read_bytes() == bytes([1]) * 100
    assert Path(path).name == "b.bin"
    assert os.stat(path).st_mtime == MODIFIED
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    (scratch,) = tmp_path.iterdir()
    assert stat.S_IMODE(scratch.stat().st_mode) == 0o700


def test_an_object_is_fetched_once(shadows: Shadows, objects_served: ObjectServer) -> None:
    held(shadows, A)
    shadows.let_go([Need(A, 100)])
    held(shadows, A)
    assert objects_served.sent_bytes == 100


def test_room_is_kept_within_the_bound(shadows: Shadows) -> None:
    first, _ = held(shadows, A), held(shadows, B)
    assert not shadows.reserve([Need(C, 100)])
    shadows.let_go([Need(A, 100)])
    assert os.path.exists(first)
    third = held(shadows, C)
    assert os.path.exists(third)
    assert not os.path.exists(first)


def test_an_object_larger_than_the_bound_comes_alone(shadows: Shadows) -> None:
    held(shadows, A)
    assert not shadows.reserve([Need(B, 1000)])
    shadows.let_go([Need(A, 100)])
    assert shadows.reserve([Need(B, 1000)])


def test_of_what_cannot_be_had_whole_nothing_stays(shadows: Shadows, objects_served: ObjectServer) -> None:
    objects_served.mistakes["a.bin"].extend(["", *["part"] * 4])
    with pytest.raises(ObjectError, match="broke off"):
        held(shadows, A)
    assert not os.path.exists(shadows.path(A))
    shadows.let_go([Need(A, 100)])
    assert Path(held(shadows, A)).read_bytes() == bytes(100)


def test_an_object_that_is_not_the_listed_one_is_refused(shadows: Shadows) -> None:
    shadows.expect(A, FileEntry("a.bin", 100, 0, version='"another"'))
    with pytest.raises(ObjectChangedError):
        held(shadows, A)


def test_keys_that_stand_for_one_file_are_told(shadows: Shadows, objects_served: ObjectServer) -> None:
    objects_served.objects["a.bin/b.bin"] = bytes(100)
    held(shadows, A)
    with pytest.raises(ObjectError, match="stand for the same file"):
        held(shadows, f"{A}/b.bin")


def test_a_full_scratch_folder_is_told(shadows: Shadows, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.utime", full)
    with pytest.raises(ObjectError, match="no room for it"):
        held(shadows, A)
    assert not os.path.exists(shadows.path(A))


def test_a_stopped_fetch_ends_before_the_next_part(
    shadows: Shadows, objects_served: ObjectServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PART_BYTES", 10)
    asked = iter([False, False, True])
    assert shadows.reserve([Need(A, 100)])
    with pytest.raises(ObjectError, match="the scan was stopped"):
        shadows.fetch(Need(A, 100), (), lambda: next(asked))
    assert objects_served.sent_bytes == 20
    assert not os.path.exists(shadows.path(A))
