"""Small pictures of films' frames, for the report's view of what is on screen."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from scanner.model.protocols import Engine
from scanner.model.scan import AssetRecord
from scanner.model.work import ThumbnailTask
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.reference_thumbnails import make_thumbnails
from scanner.pipeline.settings import ScanSettings
from scanner.report.film_hits import PICTURED, foremost, hits_of

FilmFrames = dict[tuple[int, Fraction], bytes]
"""Index of a film and seconds on its clock → JPEG bytes."""


def film_pictures(
    settings: ScanSettings,
    gathered: Sequence[Gathered],
    records: Sequence[AssetRecord],
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> FilmFrames:
    """Return the frames that the report shows, of the films of most concern first; none where no thumbnails are wanted."""
    if not settings.thumbnails or room.interrupted:
        return {}
    wanted = _wanted(records)[: settings.thumbnails_limit]
    tasks = []
    for key, (index, at) in enumerate(wanted):
        file = gathered[index].asset.files[0]
        tasks.append(ThumbnailTask(key, room.absolute(gathered[index].asset.root, file.path), file.size_bytes, at))
    return {wanted[key]: jpeg for key, jpeg in make_thumbnails(tasks, engine, progress).items()}


def _wanted(records: Sequence[AssetRecord]) -> list[tuple[int, Fraction]]:
    worst_first = sorted(range(len(records)), key=lambda index: (-records[index].verdict.concern, index))
    films = [index for index in worst_first if records[index].kind == "file"]
    places = {(record.root, record.path): index for index, record in enumerate(records)}
    shown = (
        frame
        for index in films
        for hit in foremost(hits_of(records[index]), PICTURED)
        for frame in ((index, hit.segment.best), hit.clip_frame(places))
        if frame is not None
    )
    # Two references can be on screen at once.
    return list(dict.fromkeys(shown))
