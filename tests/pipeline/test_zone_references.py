from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from scanner.model.matching import Match, Relation, Rights, Role
from scanner.model.scan import Scan
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from tests.pipeline.conftest import InProcessEngine, RunScan, generated, picture


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A delivery with one archival photograph."""
    root = tmp_path / "drive"
    for folder in ("archive", "final", "reference", "temp"):
        (root / folder).mkdir(parents=True)
    picture(4).save(root / "archive" / "photo.png")
    return root


def matches(scan: Scan) -> dict[str, tuple[Match, ...]]:
    return {asset.path: asset.matches for asset in scan.assets if asset.matches}


def test_equal_bytes_in_a_final_zone_are_an_owned_match_and_silent(run: RunScan, drive: Path) -> None:
    picture(4).save(drive / "final" / "photo.png")

    scan = run(drive)

    (match,) = matches(scan).pop("final/photo.png")
    assert (match.reference.id, match.reference.name) == ("zone-archival:archive/photo.png", "archive/photo.png")
    assert (match.reference.role, match.reference.rights) == (Role.OWNED, Rights())
    assert (match.relation, match.basis) == (Relation.SAME, "bytes")
    assert (scan.verdict, len(matches(scan))) == ("pass", 1)


def test_a_lossless_copy_is_the_same_by_its_pixels_and_a_smaller_one_similar(run: RunScan, drive: Path) -> None:
    picture(4).save(drive / "final" / "a.tif")
    picture(4).resize((80, 80)).save(drive / "final" / "b.jpg", quality=60)

    found = matches(run(drive))

    assert {path: [(one.relation, one.basis) for one in near] for path, near in found.items()} == {
        "final/a.tif": [(Relation.SAME, "pixels")],
        "final/b.jpg": [(Relation.SIMILAR, found["final/b.jpg"][0].basis)],
    }


def test_neighbours_and_the_picture_itself_are_never_matched(run: RunScan, drive: Path) -> None:
    picture(4).save(drive / "archive" / "copy.png")

    assert matches(run(drive)) == {}


def test_archival_and_reference_zones_are_compared_with_each_other(run: RunScan, drive: Path) -> None:
    picture(4).save(drive / "reference" / "photo.png")

    assert set(matches(run(drive))) == {"archive/photo.png", "reference/photo.png"}


def test_what_bears_generative_marks_is_no_reference(run: RunScan, drive: Path) -> None:
    generated(drive / "archive" / "idea.png", seed=7)
    picture(7).save(drive / "final" / "idea.png")

    assert "final/idea.png" not in matches(run(drive))


def test_a_known_temporary_in_the_archive_does_not_vouch_for_its_copy(run: RunScan, drive: Path, tmp_path: Path) -> None:
    (tmp_path / "known").mkdir()
    generated(tmp_path / "known" / "idea.png", seed=7)
    library = str(tmp_path / "l.sqlite")
    with closing(open_library(library, create=True)) as store, closing(InProcessEngine(WorkerSettings())) as engine:
        add_references(ScanSettings(()), [Source(str(tmp_path / "known"), Role.AI)], store, engine, lambda *_: None)
    for folder in ("archive", "final"):
        picture(7).save(drive / folder / "stripped.png")

    scan = run(drive, library=library)

    assert [one.reference.role for one in matches(scan)["final/stripped.png"]] == [Role.AI]
    assert scan.verdict == "blocked"
    (identity,) = {one.reference.id for near in matches(scan).values() for one in near}
    assert scan.reference_thumbnails[identity].startswith(b"\xff\xd8")


def test_a_second_root_has_ids_of_its_own(run: RunScan, drive: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "archive"
    other.mkdir(parents=True)
    picture(9).save(other / "photo.png")
    picture(9).save(drive / "final" / "copy.png")

    engine = InProcessEngine(WorkerSettings())
    from scanner.pipeline.scan import run_scan

    with closing(engine):
        settings = ScanSettings((str(drive), str(other.parent)))
        scan = run_scan(settings, engine, clock=lambda: "2026-01-01T00:00:00Z", progress=lambda *_: None)

    assert [one.reference.id for one in matches(scan)["final/copy.png"]] == ["zone-archival:1:archive/photo.png"]


def test_matched_references_have_a_thumbnail_as_far_as_the_limit_goes(run: RunScan, drive: Path) -> None:
    picture(5).save(drive / "archive" / "other.png")
    for seed in (4, 5):
        picture(seed).save(drive / "final" / f"{seed}.png")

    assert all(jpeg.startswith(b"\xff\xd8") for jpeg in run(drive).reference_thumbnails.values())
    assert [len(run(drive, thumbnails_limit=limit).reference_thumbnails) for limit in (0, 1, 9)] == [0, 1, 2]
    assert run(drive, thumbnails=False).reference_thumbnails == {}
