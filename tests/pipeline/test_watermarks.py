"""Watermarks through the examiner: only when asked for, and never in the way of anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.work import ExamineTask
from scanner.pipeline.examine import Examiner
from scanner.pipeline.settings import WorkerSettings

FOLDER = Path(__file__).parents[2] / "fixtures" / "watermarks"


def examined(path: Path, **settings):
    examiner = Examiner(WorkerSettings(**settings))
    try:
        return examiner.examine(ExamineTask(1, str(path), path.stat().st_size))
    finally:
        examiner.close()


def reading(examination):
    return next(((one.state, one.reason) for one in examination.readings if one.reader == "watermark"), None)


def test_off_unless_asked_for():
    examination = examined(FOLDER / "sdxl.webp")
    assert reading(examination) is None
    assert examination.marks == ()


@pytest.mark.parametrize(("name", "mark"), [("sdxl.webp", "wm-sdxl"), ("flux-compressed.jpg", "wm-flux")])
def test_a_watermark_is_a_mark(name, mark):
    examination = examined(FOLDER / name, watermarks=True)
    assert reading(examination) == ("found", None)
    assert [one.id for one in examination.marks] == [mark]


def test_none_found_says_so_and_no_more():
    examination = examined(FOLDER / "unmarked.webp", watermarks=True)
    assert reading(examination) == ("not-found", None)
    assert examination.marks == ()


def test_a_broken_picture_and_a_movie_are_not_tried(tmp_path):
    cut = tmp_path / "cut.webp"
    cut.write_bytes((FOLDER / "sdxl.webp").read_bytes()[:9000])
    assert reading(examined(cut, watermarks=True))[0] == "not-tried"
    movie = next((FOLDER.parent / "video").glob("*.mp4"))
    assert reading(examined(movie, watermarks=True))[0] == "not-tried"
