"""What a delivery's pictures are to each other and to a library, once crops, mirrors and pictures in pictures are looked for."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from scanner.match import cascade
from scanner.model.matching import NearCopy, Relation, Role
from scanner.model.scan import AssetRecord, Scan
from scanner.model.work import PointsTask
from scanner.pipeline import library_points
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from tests.fingerprint.landscapes import landscape
from tests.pipeline.conftest import PARAMETERS, InProcessEngine, RunScan


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    for folder in ("archive", "final", "temp/ai"):
        (root / folder).mkdir(parents=True)
    return root


def photograph(seed: int) -> Image.Image:
    return landscape(seed).convert("RGB")


def cropped(image: Image.Image) -> Image.Image:
    width, height = image.size
    return image.crop((width // 5, height // 6, width, height))


def inside(image: Image.Image) -> Image.Image:
    ground = photograph(77).resize((960, 640))
    ground.paste(image.resize((400, 267)), (300, 200))
    return ground


def generated(path: Path, image: Image.Image) -> None:
    from PIL import PngImagePlugin

    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    image.save(path, pnginfo=text)


def record(scan: Scan, path: str) -> AssetRecord:
    return next(one for one in scan.assets if one.path == path)


def known(path: Path, role: Role, *images: Image.Image) -> Path:
    """A library of pictures."""
    folder = path.parent / f"{path.stem} pictures"
    folder.mkdir()
    for number, image in enumerate(images):
        image.save(folder / f"known_{number}_a.png")
    with closing(open_library(str(path), create=True)) as store, closing(InProcessEngine(WorkerSettings())) as engine:
        assert add_references(ScanSettings(()), [Source(str(folder), role)], store, engine, lambda *_: None).new == len(images)
    return path


def asked(run: RunScan) -> list[str]:
    return [Path(task.path).name for task in run.engines[-1].tasks if isinstance(task, PointsTask)]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("change", "relation", "mirrored"),
    [
        (cropped, Relation.DERIVED, False),
        (ImageOps.mirror, Relation.DERIVED, True),
        (inside, Relation.CONTAINS, False),
    ],
)
def test_an_archive_photograph_is_found_in_what_was_made_of_it(run: RunScan, drive: Path, change, relation, mirrored) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    photograph(2).save(drive / "archive" / "harbour.png")
    change(photograph(1)).save(drive / "final" / "still.jpg", quality=80)

    (match,) = record(run(drive), "final/still.jpg").matches

    assert (match.reference.name, match.relation) == ("archive/pier.png", relation)
    assert match.alignment is not None
    assert match.alignment.mirrored is mirrored
    assert match.inliers is not None and match.inliers > 15


def test_a_crop_of_a_library_s_temporary_is_found(run: RunScan, drive: Path, tmp_path: Path) -> None:
    library = known(tmp_path / "library.sqlite", Role.AI, photograph(1), photograph(2))
    cropped(photograph(2)).save(drive / "final" / "still.jpg", quality=80)

    (match,) = record(run(drive, library=str(library)), "final/still.jpg").matches

    assert (match.reference.role, match.relation) == (Role.AI, Relation.DERIVED)
    assert match.reference.name.endswith("known_1_a.png")


def test_an_index_that_is_kept_finds_the_same(run: RunScan, drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for one in (cascade, library_points):
        monkeypatch.setattr(one, "EXHAUSTIVE", 10)
    library = known(tmp_path / "library.sqlite", Role.OWNED, *(photograph(seed) for seed in range(14)))
    cropped(photograph(12)).save(drive / "final" / "still.jpg", quality=80)
    found = record(run(drive, library=str(library)), "final/still.jpg").matches
    monkeypatch.setattr(library_points, "CACHED_FROM", 10)

    kept = [record(run(drive, library=str(library)), "final/still.jpg").matches for _ in range(2)]

    assert len(found) == 1
    assert kept == [found, found]
    assert len(list((tmp_path / "cache").rglob("complete"))) == 1


def test_a_crop_of_a_temporary_of_the_same_delivery_is_a_near_copy(run: RunScan, drive: Path) -> None:
    generated(drive / "temp" / "ai" / "idea.png", photograph(3))
    cropped(photograph(3)).save(drive / "final" / "still.jpg", quality=80)
    photograph(4).save(drive / "final" / "other.jpg")

    scan = run(drive)

    (copy,) = record(scan, "final/still.jpg").near_copies
    assert isinstance(copy, NearCopy)
    assert (copy.path, copy.relation, copy.distance_bits) == ("temp/ai/idea.png", Relation.DERIVED, None)
    assert copy.inliers is not None and copy.inliers > 15
    assert record(scan, "final/other.jpg").near_copies == ()


def test_a_smaller_copy_keeps_the_distance_of_its_hash(run: RunScan, drive: Path) -> None:
    generated(drive / "temp" / "ai" / "idea.png", photograph(3))
    photograph(3).resize((360, 240)).save(drive / "final" / "still.jpg", quality=80)

    (copy,) = record(run(drive), "final/still.jpg").near_copies

    assert copy.relation is Relation.DERIVED
    assert copy.distance_bits is not None and copy.distance_bits <= 9


def test_what_equal_bytes_settle_is_not_looked_for(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    shutil.copy(drive / "archive" / "pier.png", drive / "final" / "still.png")

    scan = run(drive)

    assert [match.relation for match in record(scan, "final/still.png").matches] == [Relation.SAME]
    # The archive's own picture is a reference only: no other zone could be what it comes from.
    assert asked(run) == ["pier.png"]


def test_with_nothing_to_compare_with_nothing_is_looked_for(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "final" / "still.png")
    run(drive)
    assert asked(run) == []


def test_without_fingerprints_nothing_is_looked_for(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    cropped(photograph(1)).save(drive / "final" / "still.jpg")
    assert record(run(drive, fingerprints=False), "final/still.jpg").matches == ()
    assert asked(run) == []


def test_ctrl_c_while_looking_leaves_an_interrupted_scan(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    cropped(photograph(1)).save(drive / "final" / "still.jpg")

    scan = run(drive, stop_after=3)

    assert scan.interrupted
    assert not scan.complete
    assert len(scan.assets) == 2


def test_references_without_local_features_are_told(run: RunScan, drive: Path, tmp_path: Path) -> None:
    library = known(tmp_path / "library.sqlite", Role.OWNED, photograph(1), photograph(2))
    photograph(5).save(drive / "final" / "still.jpg")
    assert not any("local features" in note for note in run(drive, library=str(library)).notes)
    import sqlite3

    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("DELETE FROM reference_features WHERE reference = (SELECT min(reference) FROM reference_features)")

    notes = run(drive, library=str(library)).notes

    assert any(note.startswith("1 of the library's pictures have no local features yet") for note in notes)
