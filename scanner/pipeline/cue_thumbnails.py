"""Small pictures for a cue sheet, made from the delivery long after its scan: only of files that are still what was scanned."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from types import MappingProxyType

from scanner.crawl.walk import root_folder
from scanner.model.protocols import Engine
from scanner.model.recorded import RecordedScan
from scanner.model.scan import FileRecord
from scanner.model.work import Thumbnail, ThumbnailTask
from scanner.pipeline.plan import Progress
from scanner.pipeline.verifying import same_time
from scanner.tools.bounded import sha256_of

LIMIT = 500
"""Pictures in one sheet: at 15 kB each it stays small enough to be mailed."""

_Place = tuple[int, str]
_NO_FILMS: Mapping[_Place, Fraction] = MappingProxyType({})


def cue_thumbnails(
    recorded: RecordedScan,
    roots: Sequence[str],
    places: Iterable[_Place],
    engine: Engine,
    progress: Progress,
    moments: Mapping[_Place, Fraction] = _NO_FILMS,
) -> dict[_Place, bytes]:
    """Return JPEG bytes of the files at `places` (root, path) that can be had, at most `LIMIT`.

    Args:
        recorded: the report; a file whose size or bytes differ from what it says gives no picture.
        roots: where the report's roots are now, in its order; one that is not there gives no pictures.
        places: the wanted files, those of most concern first.
        engine: where pictures are decoded.
        progress: told how far it is.
        moments: of films, seconds of the frame that is wanted; one that is not there gives no picture.
    """
    records = {(one.root, one.path): one for one in recorded.inventory}
    wanted = list(dict.fromkeys(place for place in places if place in records))[:LIMIT]
    tasks = [
        ThumbnailTask(key, path, records[place].size_bytes, moments.get(place))
        for key, place in enumerate(wanted)
        if place[0] < len(roots) and (path := _unchanged(roots[place[0]], records[place]))
    ]
    made: dict[_Place, bytes] = {}
    for done, result in enumerate(engine.run(tasks) if tasks else (), 1):
        progress("making thumbnails", done, len(tasks))
        if isinstance(result, Thumbnail) and result.jpeg:
            made[wanted[result.key]] = result.jpeg
    return made


def _unchanged(root: str, record: FileRecord) -> str:
    """Return the absolute path of a file that still is what was scanned, else an empty string."""
    try:
        folder = os.path.realpath(root_folder(os.path.realpath(root)))
        path = os.path.join(folder, record.path)
        # A folder that was replaced by a link since must not lead out of the delivery.
        if os.path.realpath(path) != path:
            return ""
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size != record.size_bytes:
            return ""
        same = same_time(status.st_mtime_ns, record.mtime_ns) or sha256_of(path)[0] == record.sha256
    except (OSError, ValueError):
        return ""
    return path if same else ""
