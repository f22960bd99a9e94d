"""What may go well at another try is told from damage of the file: only the latter may be kept between scans."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.fingerprint import picture
from scanner.model.work import Examination, ExamineTask
from scanner.pipeline import decoding, hashing
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings
from scanner.read import residue
from tests.fingerprint.scenes import colour_scene
from tests.read.fake_exiftool import write_fake

pytestmark = pytest.mark.skipif(shutil.which("exiftool") is None, reason="no ExifTool is installed")


@pytest.fixture
def examiner() -> Iterator[Examiner]:
    made = Examiner(WorkerSettings(thorough=True, watermarks=True))
    yield made
    made.close()


@pytest.fixture
def still(tmp_path: Path) -> Path:
    path = tmp_path / "still.png"
    colour_scene(1, 400, 300).save(path)
    return path


def examined(examiner: Examiner, path: Path) -> Examination:
    return examiner.examine(ExamineTask(1, str(path), path.stat().st_size))


def failing(error: BaseException) -> Callable[..., None]:
    def fail(*_arguments: object, **_named: object) -> None:
        raise error

    return fail


def test_a_whole_file(examiner: Examiner, still: Path) -> None:
    assert not examined(examiner, still).transient


def test_damage_is_the_files_own(examiner: Examiner, still: Path) -> None:
    still.write_bytes(still.read_bytes()[:-2000])
    one = examined(examiner, still)
    assert any(reading.state == "failed" for reading in one.readings)
    assert not one.transient


def test_a_file_that_is_not_there(examiner: Examiner, tmp_path: Path) -> None:
    assert examiner.examine(ExamineTask(1, str(tmp_path / "gone.png"), 5)).transient


@pytest.mark.parametrize(
    ("place", "name", "error"),
    [
        (hashing, "digests_of_pieces", OSError(5, "Input/output error")),
        (decoding, "open_picture", picture.PictureRefused("no memory", transient=True)),
        (decoding, "made_small", picture.PictureRefused("no memory", transient=True)),
        (residue, "harvest_pixels", MemoryError()),
    ],
)
def test_what_failed_for_a_cause_outside(
    examiner: Examiner, still: Path, place: object, name: str, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(place, name, failing(error))
    assert examined(examiner, still).transient


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), MemoryError()], ids=repr)
def test_a_walk_that_failed_for_a_cause_outside(
    examiner: Examiner, still: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(residue._BY_NAME, "png", failing(error))
    assert examined(examiner, still).transient


def test_a_picture_that_is_refused_for_what_it_is(examiner: Examiner, still: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoding, "open_picture", failing(picture.PictureRefused("of a variety that is not decoded")))
    one = examined(examiner, still)
    assert one.picture_note == "of a variety that is not decoded"
    assert not one.transient


def test_an_exiftool_that_gives_no_answer(still: Path, tmp_path: Path) -> None:
    slow = write_fake(tmp_path, "time.sleep(60)", "13.00")
    examiner = Examiner(WorkerSettings(exiftool=slow.path, exiftool_timeout_seconds=0.2, thorough=True))
    try:
        one = examined(examiner, still)
    finally:
        examiner.close()
    assert [reading.reason for reading in one.readings if reading.state == "failed"] == ["ExifTool gave no answer within 0.2 s"]
    assert one.transient
