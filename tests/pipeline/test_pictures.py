"""What the one decode of a picture brings into a scan: film frames compared, thumbnails that differ told."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PIL import Image

from scanner.model.judging import Verdict
from scanner.model.matching import Relation
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings
from tests.fingerprint.frames import cineon, display, linear, write
from tests.fingerprint.scenes import colour_scene
from tests.fingerprint.test_embedded import exif, jpeg
from tests.pipeline.conftest import RunScan


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    root = tmp_path / "drive"
    for folder in ("archive", "final"):
        (root / folder).mkdir(parents=True)
    return root


def test_film_frames_are_compared_with_pictures(run: RunScan, drive: Path) -> None:
    colour_scene(1).save(drive / "archive" / "still.png")
    write(drive / "final" / "plate.exr", linear(display(1)) * 2)
    write(drive / "final" / "scan.dpx", cineon(linear(display(1))), "uint16", oiio__BitsPerSample=10, oiio__ColorSpace="KodakLog")
    write(drive / "final" / "other.exr", linear(display(2)))

    scan = run(drive)

    found = {asset.path: asset.matches[0].relation for asset in scan.assets if asset.matches}
    assert found == {"final/plate.exr": Relation.DERIVED, "final/scan.dpx": Relation.DERIVED}
    assert scan.coverage.pictures == scan.coverage.pictures_compared == 4


def test_without_openimageio_the_report_says_what_to_install(run: RunScan, drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(drive / "final" / "plate.exr", linear(display(1)))
    monkeypatch.setitem(sys.modules, "OpenImageIO", None)

    (asset,) = run(drive).assets

    assert asset.picture_note == "film frames need OpenImageIO: pip install OpenImageIO"
    assert not asset.fingerprinted


@pytest.mark.parametrize(("folder", "verdict"), [("archive", Verdict.REVIEW), ("final", Verdict.PASS)])
def test_a_thumbnail_that_differs_is_looked_at_in_archival_material(
    run: RunScan, drive: Path, folder: str, verdict: Verdict
) -> None:
    colour_scene(1, 900, 600).save(drive / folder / "a.jpg", exif=exif(jpeg(colour_scene(2, 160, 107))))

    (asset,) = run(drive).assets

    assert ([one.rule for one in asset.findings], asset.verdict) == (["thumbnail-differs"], verdict)
    assert "160 × 107 pixels" in asset.findings[0].message


def test_a_thumbnail_of_the_picture_is_silent(run: RunScan, drive: Path) -> None:
    picture = colour_scene(1, 900, 600)
    picture.save(drive / "archive" / "a.jpg", exif=exif(jpeg(picture.resize((160, 107)))))

    assert run(drive).assets[0].findings == ()


def test_bars_are_told_and_what_they_leave_is_hashed(tmp_path: Path) -> None:
    plain, framed = colour_scene(3, 640, 268), Image.new("RGB", (640, 360))
    framed.paste(plain.point(lambda level: 90 + level // 2), (0, 46))
    plain.point(lambda level: 90 + level // 2).save(tmp_path / "plain.png")
    framed.save(tmp_path / "framed.png")
    examiner = Examiner(WorkerSettings())
    try:
        plain_one, framed_one = (_examined(examiner, tmp_path / name) for name in ("plain.png", "framed.png"))
    finally:
        examiner.close()

    assert [one.variant for one in framed_one.prints] == ["whole", "inner"]
    assert framed_one.prints[1].bits == plain_one.prints[0].bits
    assert framed_one.fingerprint is not None
    assert framed_one.fingerprint.inner == (0.0, 0.1278, 1.0, 0.8722)


def _examined(examiner: Examiner, path: Path) -> Examination:
    return examiner.examine(ExamineTask(0, str(path), path.stat().st_size))
