from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.errors import StoreError, UsageError
from scanner.model.matching import Role
from scanner.store.library import SqlLibrary, open_library
from tests.pipeline.conftest import RunScan, generated, picture


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    """A delivery with a generated picture in a temporary zone, one in a final zone, and a plain one beside each."""
    root = tmp_path / "drive"
    for number, folder in enumerate(("temp", "final")):
        (root / folder).mkdir(parents=True)
        generated(root / folder / "idea.png", seed=number)
        picture(10 + number).save(root / folder / "plain.png")
    return root


def names(library: Path) -> list[tuple[str, Role]]:
    return [(one.name, one.role) for one in open_library(str(library), create=False).references()]


def test_only_generative_assets_of_temporary_zones_are_learnt(run: RunScan, drive: Path, tmp_path: Path) -> None:
    library = tmp_path / "l.sqlite"

    scan = run(drive, library=str(library), learn=True)

    assert names(library) == [("drive/temp/idea.png", Role.AI)]
    assert scan.notes[-1].startswith("learned from this scan: 1 AI temporary was added")
    (reference,) = open_library(str(library), create=False).references()
    assert reference.pixel_digest
    assert open_library(str(library), create=False).thumbnails([reference.id])


def test_the_scan_itself_was_compared_with_what_was_known_before(run: RunScan, drive: Path, tmp_path: Path) -> None:
    picture(0).save(drive / "final" / "stripped.png")
    library = str(tmp_path / "l.sqlite")

    found = [run(drive, library=library, learn=True) for _ in range(2)]

    assert [scan.library.references for scan in found if scan.library] == [0, 1]
    assert [any(asset.matches for asset in scan.assets) for scan in found] == [False, True]


def test_an_interrupted_scan_learns_nothing(run: RunScan, drive: Path, tmp_path: Path) -> None:
    library = tmp_path / "l.sqlite"

    for stop_after in (2, 4):
        scan = run(drive, library=str(library), learn=True, stop_after=stop_after)
        assert scan.notes[-1] == "nothing was added to the library: the scan was stopped"
    assert names(library) == []


def test_a_library_that_cannot_be_written_costs_no_report(
    run: RunScan, drive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> int:
        raise StoreError("the disk is full")

    monkeypatch.setattr(SqlLibrary, "add", full)

    assert run(drive, library=str(tmp_path / "l.sqlite"), learn=True).notes[-1].endswith("the disk is full")


def test_no_library_and_one_inside_the_tree_are_refused(run: RunScan, drive: Path) -> None:
    for library in (None, str(drive / "l.sqlite"), str(drive / "new" / "l.sqlite")):
        with pytest.raises(UsageError):
            run(drive, library=library, learn=True)
    assert sorted(path.name for path in drive.iterdir()) == ["final", "temp"]
