"""A deliverable laid over what it comes from: altered regions are told, grades and crops are not."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageEnhance

from scanner.model.matching import Relation, Role
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from tests.pipeline.conftest import InProcessEngine, RunScan
from tests.pipeline.test_matching import cropped, generated, photograph, record

BOX = (170, 110, 310, 230)
"""Of 480 × 320 pixels: 11 % of the area."""


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    for folder in ("archive", "final", "temp/ai"):
        (root / folder).mkdir(parents=True)
    return root


def altered(image: Image.Image) -> Image.Image:
    """The picture with another one's middle."""
    changed = image.copy()
    changed.paste(photograph(88).crop(BOX), BOX[:2])
    return changed


def graded(image: Image.Image) -> Image.Image:
    return ImageEnhance.Color(ImageEnhance.Contrast(ImageEnhance.Brightness(image).enhance(1.1)).enhance(1.15)).enhance(0.5)


def test_an_altered_archive_photograph_goes_to_a_person(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    graded(altered(photograph(1))).save(drive / "final" / "still.jpg", quality=80)

    scan = run(drive)

    found = record(scan, "final/still.jpg")
    (match,) = found.matches
    assert (match.reference.name, match.relation) == ("archive/pier.png", Relation.ALTERED)
    assert match.alteration is not None
    left, top, right, bottom = match.alteration.boxes[0]
    assert left * 480 == pytest.approx(BOX[0], abs=25) and right * 480 == pytest.approx(BOX[2], abs=25)
    assert top * 320 == pytest.approx(BOX[1], abs=25) and bottom * 320 == pytest.approx(BOX[3], abs=25)
    assert [finding.rule for finding in found.findings] == ["altered-original"]
    assert scan.verdict == "review"


def test_a_grade_and_a_crop_alter_nothing(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    graded(cropped(photograph(1))).save(drive / "final" / "still.jpg", quality=80)

    scan = run(drive)

    (match,) = record(scan, "final/still.jpg").matches
    assert match.relation is Relation.DERIVED
    assert match.alteration is not None and match.alteration.share == 0
    assert scan.verdict == "pass"


def test_the_report_s_pictures_lie_over_each_other(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    altered(cropped(photograph(1)).resize((480, 320))).save(drive / "final" / "still.jpg", quality=80)

    scan = run(drive)

    ((key, pictures),) = scan.laid_over.items()
    assert scan.assets[key[0]].path == "final/still.jpg"
    assert key[1] == "zone-archival:archive/pier.png"
    opened = [Image.open(io.BytesIO(one)) for one in (pictures.asset, pictures.reference, pictures.difference)]
    assert {one.size for one in opened} == {(480, 320)} == {(pictures.width, pictures.height)}
    assert [one.format for one in opened] == ["JPEG", "JPEG", "PNG"]
    alpha = opened[2].getchannel("A")
    assert alpha.getpixel((240, 170)) > 100
    assert alpha.getpixel((40, 40)) == 0


def test_a_library_s_kept_picture_is_what_is_laid_over(run: RunScan, drive: Path, tmp_path: Path) -> None:
    library = str(tmp_path / "library.sqlite")
    original = tmp_path / "ours" / "pier.png"
    original.parent.mkdir()
    photograph(1).save(original)
    with closing(open_library(library, create=True)) as store, closing(InProcessEngine(WorkerSettings())) as engine:
        add_references(ScanSettings(()), [Source(str(original), Role.LICENSED)], store, engine, lambda *_: None)
    original.unlink()
    altered(photograph(1)).save(drive / "final" / "still.jpg", quality=80)

    scan = run(drive, library=library)

    (match,) = record(scan, "final/still.jpg").matches
    assert (match.reference.role, match.relation) == (Role.LICENSED, Relation.ALTERED)
    assert len(scan.laid_over) == 1


def test_without_the_library_s_picture_the_report_says_that_nobody_looked(run: RunScan, drive: Path, tmp_path: Path) -> None:
    import sqlite3

    library = tmp_path / "library.sqlite"
    (tmp_path / "ours").mkdir()
    photograph(1).save(tmp_path / "ours" / "pier.png")
    with closing(open_library(str(library), create=True)) as store, closing(InProcessEngine(WorkerSettings())) as engine:
        add_references(ScanSettings(()), [Source(str(tmp_path / "ours"), Role.OWNED)], store, engine, lambda *_: None)
    with closing(sqlite3.connect(library)) as connection, connection:
        connection.execute("DELETE FROM reference_picture")
    altered(photograph(1)).save(drive / "final" / "still.jpg", quality=80)

    scan = run(drive, library=str(library))

    (match,) = record(scan, "final/still.jpg").matches
    assert (match.relation, match.alteration) == (Relation.DERIVED, None)
    assert any(note.startswith("1 match could not be laid over its reference") for note in scan.notes)


def test_the_original_of_a_generative_edit_is_not_blocked(run: RunScan, drive: Path) -> None:
    generated(drive / "temp" / "ai" / "idea.png", altered(photograph(3)))
    photograph(3).save(drive / "final" / "still.jpg", quality=90)

    scan = run(drive)

    (copy,) = record(scan, "final/still.jpg").near_copies
    assert (copy.path, copy.relation) == ("temp/ai/idea.png", Relation.ALTERED)
    assert copy.alteration is not None and len(copy.alteration.boxes) == 1
    assert record(scan, "final/still.jpg").verdict == "review"


def test_a_crop_of_the_generated_picture_itself_is(run: RunScan, drive: Path) -> None:
    generated(drive / "temp" / "ai" / "idea.png", photograph(3))
    graded(cropped(photograph(3))).save(drive / "final" / "still.jpg", quality=80)

    assert record(run(drive), "final/still.jpg").verdict == "blocked"


def test_no_thumbnails_no_pictures(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    altered(photograph(1)).save(drive / "final" / "still.jpg", quality=80)
    assert run(drive, thumbnails=False).laid_over == {}


def test_ctrl_c_while_laying_over_leaves_an_interrupted_scan(run: RunScan, drive: Path) -> None:
    photograph(1).save(drive / "archive" / "pier.png")
    cropped(photograph(1)).save(drive / "final" / "still.jpg")
    # Two examinations, the points of the reference, those of the still; then Ctrl-C.
    scan = run(drive, stop_after=4)
    assert scan.interrupted
    assert [match.relation for match in record(scan, "final/still.jpg").matches] == [Relation.DERIVED]
