"""Small pictures of matched references, for the report's view side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from scanner.model.errors import ScannerError
from scanner.model.protocols import Engine
from scanner.model.scan import AssetRecord
from scanner.model.work import Thumbnail, ThumbnailTask
from scanner.pipeline.gather import Gathered
from scanner.pipeline.plan import Progress
from scanner.pipeline.point_matching import Place
from scanner.pipeline.reading import ReadingRoom
from scanner.pipeline.settings import ScanSettings


def reference_thumbnails(
    settings: ScanSettings,
    gathered: Sequence[Gathered],
    records: Sequence[AssetRecord],
    sided: Iterable[int],
    places: Mapping[str, Place],
    room: ReadingRoom,
    engine: Engine,
    progress: Progress,
) -> dict[str, bytes]:
    """Return the pictures of matched references by id, first of those that the assets of most concern match.

    `sided`: indexes of all assets that look like anything else, ascending, and maybe of others.
    """
    if not settings.thumbnails or room.interrupted:
        return {}
    wanted = _matched(records[index] for index in sided)[: settings.thumbnails_limit]
    kept = _from_library(settings.library, [one for one in wanted if one not in places])
    tasks = []
    for key, one in enumerate(wanted):
        if one in places:
            index, at = places[one]
            file = gathered[index].asset.files[at]
            tasks.append(ThumbnailTask(key, room.absolute(gathered[index].asset.root, file.path), file.size_bytes))
    made = make_thumbnails(tasks, engine, progress)
    return kept | {wanted[key]: jpeg for key, jpeg in made.items()}


def _matched(records: Iterable[AssetRecord]) -> list[str]:
    having = [(record.verdict.concern, [match.reference.id for match in record.matches]) for record in records if record.matches]
    worst_first = sorted(having, key=lambda pair: -pair[0])
    return list(dict.fromkeys(name for _, names in worst_first for name in names))


def _from_library(path: str | None, ids: Sequence[str]) -> dict[str, bytes]:
    from scanner.store.library import open_library  # SQLAlchemy costs every scan 0.2 s, and few need it

    if path is None or not ids:
        return {}
    try:
        with closing(open_library(path, create=False)) as store:
            return store.thumbnails(ids)
    except ScannerError:
        # All is compared and judged; a library that went away meanwhile costs pictures only.
        return {}


def make_thumbnails(tasks: Sequence[ThumbnailTask], engine: Engine, progress: Progress) -> dict[int, bytes]:
    """Return the pictures that could be made, by the keys of their tasks; after Ctrl-C those made so far."""
    made: dict[int, bytes] = {}
    try:
        for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
            progress("making thumbnails", done, len(tasks))
            if isinstance(result, Thumbnail) and result.jpeg:
                made[result.key] = result.jpeg
    except KeyboardInterrupt:
        # Everything is judged; the report only goes without the rest of its pictures.
        return made
    return made
