from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.model.recorded import RecordedScan
from scanner.model.scan import FileRecord
from scanner.model.work import Result, Task, Thumbnail, WorkFailed
from scanner.pipeline.cue_thumbnails import cue_thumbnails
from tests.pipeline.test_verifying import record


class Pictures:
    """An engine that gives a picture of every file but one."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            self.asked.append(os.path.basename(task.path))
            yield WorkFailed(task.key, "died") if task.path.endswith("bad.png") else Thumbnail(task.key, b"jpeg")

    def close(self) -> None:
        return


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "DRIVE"
    (root / "final").mkdir(parents=True)
    for name in ("a.png", "b.png", "bad.png"):
        (root / "final" / name).write_bytes(name.encode())
    return root


def made(recorded: RecordedScan, root: Path, *paths: str) -> list[str]:
    found = cue_thumbnails(recorded, [str(root)], [(0, path) for path in paths], Pictures(), lambda *_: None)
    return sorted(path for _, path in found)


def test_files_as_they_were_scanned_give_pictures(tree: Path) -> None:
    assert made(record(tree), tree, "final/a.png", "final/b.png", "final/bad.png") == ["final/a.png", "final/b.png"]


def test_a_file_with_other_bytes_gives_none(tree: Path) -> None:
    recorded = record(tree)
    (tree / "final" / "a.png").write_bytes(b"A.PNG")
    os.utime(tree / "final" / "b.png", ns=(1, 1))
    assert made(recorded, tree, "final/a.png", "final/b.png") == ["final/b.png"]


def test_a_file_of_another_size_or_gone_gives_none(tree: Path) -> None:
    recorded = record(tree)
    (tree / "final" / "a.png").write_bytes(b"longer than before")
    (tree / "final" / "b.png").unlink()
    assert made(recorded, tree, "final/a.png", "final/b.png") == []


def test_a_delivery_elsewhere_and_none_at_all(tree: Path, tmp_path: Path) -> None:
    recorded = record(tree)
    tree.rename(tmp_path / "moved")
    assert made(recorded, tmp_path / "moved", "final/a.png") == ["final/a.png"]
    assert made(recorded, tmp_path / "nowhere", "final/a.png") == []


def test_a_link_put_in_the_way_leads_nowhere(tree: Path, tmp_path: Path) -> None:
    recorded = record(tree)
    (tree / "final").rename(tmp_path / "outside")
    (tree / "final").symlink_to(tmp_path / "outside")
    assert made(recorded, tree, "final/a.png") == []


def test_what_no_inventory_has_is_not_opened(tree: Path) -> None:
    recorded = record(tree)
    (tree / "secret.png").write_bytes(b"x")
    engine = Pictures()
    evil = replace(recorded, inventory=(*recorded.inventory, FileRecord(0, "final/nul\0.png", 1, 1), FileRecord(7, "x", 1, 1)))
    places = [(0, "secret.png"), (0, "final/nul\0.png"), (7, "x")]
    assert cue_thumbnails(evil, [str(tree)], places, engine, lambda *_: None) == {}
    assert engine.asked == []


def test_only_so_many_are_made(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanner.pipeline.cue_thumbnails.LIMIT", 1)
    assert made(record(tree), tree, "final/b.png", "final/a.png") == ["final/b.png"]
