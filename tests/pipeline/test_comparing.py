from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from scanner.model.matching import Relation, Role
from scanner.model.scan import AssetRecord
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from tests.pipeline.conftest import InProcessEngine, RunScan, generated, picture


@pytest.fixture
def library(run: RunScan, tmp_path: Path) -> Path:
    """A library that knows one AI temporary."""
    folder = tmp_path / "known"
    folder.mkdir()
    generated(folder / "idea.png")
    path = tmp_path / "library.sqlite"
    with closing(open_library(str(path), create=True)) as store, closing(InProcessEngine(WorkerSettings())) as engine:
        learned = add_references(ScanSettings(()), [Source(str(folder), Role.AI)], store, engine, lambda *_: None)
    assert (learned.new, learned.refused) == (1, ())
    return path


def only(run: RunScan, root: Path, library: Path) -> AssetRecord:
    (record,) = run(root, library=str(library)).assets
    return record


def test_a_copy_stripped_of_its_metadata_is_the_same_by_its_pixels(run: RunScan, library: Path, tmp_path: Path) -> None:
    root = tmp_path / "drive" / "final"
    root.mkdir(parents=True)
    picture(2).save(root / "a.tif")

    record = only(run, root.parent, library)

    assert [(match.relation, match.basis, match.distance_bits) for match in record.matches] == [(Relation.SAME, "pixels", None)]
    assert record.verdict == "blocked"


def test_a_re_encoded_smaller_copy_is_similar_and_asks_for_a_look(run: RunScan, library: Path, tmp_path: Path) -> None:
    root = tmp_path / "drive" / "final"
    root.mkdir(parents=True)
    picture(2).resize((80, 80)).save(root / "a.jpg", quality=60)

    record = only(run, root.parent, library)

    assert [match.relation for match in record.matches] == [Relation.SIMILAR]
    assert record.verdict == "review"


def test_another_picture_matches_nothing(run: RunScan, library: Path, tmp_path: Path) -> None:
    root = tmp_path / "drive"
    root.mkdir()
    picture(9).save(root / "a.png")

    assert only(run, root, library).matches == ()


def test_what_is_no_media_is_refused_with_its_reason(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "k").mkdir()
    (tmp_path / "k" / "notes.txt").write_text("notes\n")
    (tmp_path / "k" / "empty.jpg").write_bytes(b"")
    with (
        closing(open_library(str(tmp_path / "l.sqlite"), create=True)) as store,
        closing(InProcessEngine(WorkerSettings())) as engine,
    ):
        learned = add_references(ScanSettings(()), [Source(str(tmp_path / "k"), Role.OWNED)], store, engine, lambda *_: None)

    assert (learned.new, [path for path, _ in learned.refused]) == (0, ["k/empty.jpg", "k/notes.txt"])
