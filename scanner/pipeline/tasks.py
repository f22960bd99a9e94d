"""Which function does which task of a worker."""

from __future__ import annotations

from collections.abc import Callable

from scanner.model.cut_work import ReadCutTask
from scanner.model.statements_work import StatementsTask
from scanner.model.work import (
    CompareTask,
    DigestTask,
    EdgeTask,
    ExamineTask,
    FilmTask,
    KeptPicturesTask,
    OpenFilmTask,
    PixelsTask,
    PointsTask,
    Result,
    SealedListTask,
    Task,
    ThumbnailTask,
)
from scanner.pipeline.belongings import found_points, kept_pictures
from scanner.pipeline.cut_reading import read_cut_file
from scanner.pipeline.film_frames import find_edge, look_at_film, open_film
from scanner.pipeline.laying_over import compare
from scanner.pipeline.short_tasks import digest_file, digest_pixels, make_thumbnail
from scanner.timeline.sealed_lists import read_sealed_list


def perform(task: Task, read: Callable[[ExamineTask | StatementsTask], Result]) -> Result:
    """Do one task of any kind; `read` does those that need the readers that a worker keeps."""
    result: Result
    match task:
        case ExamineTask() | StatementsTask():
            result = read(task)
        case PixelsTask():
            result = digest_pixels(task)
        case ThumbnailTask():
            result = make_thumbnail(task)
        case DigestTask():
            result = digest_file(task)
        case SealedListTask():
            result = read_sealed_list(task)
        case KeptPicturesTask():
            result = kept_pictures(task)
        case PointsTask():
            result = found_points(task)
        case CompareTask():
            result = compare(task)
        case OpenFilmTask():
            result = open_film(task)
        case FilmTask():
            result = look_at_film(task)
        case EdgeTask():
            result = find_edge(task)
        case ReadCutTask():
            result = read_cut_file(task)
    return result
