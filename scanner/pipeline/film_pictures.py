"""Small pictures of films' frames, for the report's view of what is on screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    sided: Iterable[int],
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> FilmFrames:
    """Return the frames that the report shows, of the films of most concern first; none where no thumbnails are wanted.

    `sided`: indexes of all assets that look like anything else, and maybe of others.
    """
    if not settings.thumbnails or room.interrupted:
        return {}
    wanted = _wanted(records, sided)[: settings.thumbnails_limit]
    tasks = []
    for key, (index, at, number) in enumerate(wanted):
        asset = gathered[index].asset
        # Of a sequence the frame is a file of its own.
        file = asset.files[0 if number is None else asset.frames.index(number)]
        place = at if number is None else None
        tasks.append(ThumbnailTask(key, room.absolute(asset.root, file.path), file.size_bytes, place))
    return {wanted[key][:2]: jpeg for key, jpeg in make_thumbnails(tasks, engine, progress).items()}


def _wanted(records: Sequence[AssetRecord], sided: Iterable[int]) -> list[tuple[int, Fraction, int | None]]:
    """Index of an asset, seconds on its clock, and the frame's number where it is a sequence."""
    having = [(-records[index].verdict.concern, index) for index in sided if any(hits_of(records[index]))]
    if not having:
        return []
    worst_first = [index for _, index in sorted(having)]
    places = {(record.root, record.path): index for index, record in enumerate(records)}
    shown: list[tuple[int, Fraction, int | None]] = []
    for index in worst_first:
        for hit in foremost(hits_of(records[index]), PICTURED):
            numbers, clip = hit.segment.numbers, hit.clip_frame(places)
            shown.append((index, hit.segment.best, numbers.best if numbers else None))
            shown.extend(((*clip, None),) if clip else ())
    # Two references can be on screen at once.
    return list(dict.fromkeys(shown))
