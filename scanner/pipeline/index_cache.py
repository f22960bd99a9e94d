"""Indexes of large libraries, kept between scans in the user's cache folder: making one of 10^5 references takes minutes.

What is kept is made from the library's local features and can be thrown away at any time. Its name is a digest of what it was
made from, so that a changed library never meets an old index.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from scanner.match.postings import Postings, map_postings, save_postings
from scanner.store.places import cache_folder

KEPT = 3
"""Indexes that stay, the last used; one of 10^5 references takes 1.2 GB."""
_DONE = "complete"


def cached_index(name: str, make: Callable[[], Iterable[Postings]]) -> tuple[Postings, ...]:
    """Return the segments kept under `name`, mapped into memory; made and kept first where there are none.

    Where nothing can be kept (read-only home, full disk) they are made in memory.
    """
    folder = Path(cache_folder()) / "index"
    found = _mapped(folder / name)
    if found is None:
        try:
            _keep(folder, name, make())
        except OSError:
            return tuple(make())
        found = _mapped(folder / name)
        _tidy(folder)
    return tuple(make()) if found is None else found


def _mapped(place: Path) -> tuple[Postings, ...] | None:
    try:
        segments = int((place / _DONE).read_text(encoding="ascii"))
        mapped = tuple(map_postings(str(place / str(number))) for number in range(segments))
        os.utime(place)
    except (OSError, ValueError, EOFError):
        return None
    return mapped


def _keep(folder: Path, name: str, segments: Iterable[Postings]) -> None:
    """Write beside, then rename: a killed scan leaves no half index under the name.

    Raises:
        OSError: it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder))
    try:
        count = 0
        for segment in segments:
            (unfinished / str(count)).mkdir()
            save_postings(segment, str(unfinished / str(count)))
            count += 1
        (unfinished / _DONE).write_text(str(count), encoding="ascii")
        shutil.rmtree(folder / name, ignore_errors=True)
        unfinished.rename(folder / name)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def _tidy(folder: Path) -> None:
    """Remove all but the last used indexes, and what killed scans left unfinished for a day."""
    with suppress(OSError):
        newest = sorted(_aged(folder), reverse=True)
        whole = [place for _, place in newest if not place.name.startswith(_UNFINISHED)]
        stale = [place for at, place in newest if place.name.startswith(_UNFINISHED) and at < newest[0][0] - _DAY_NS]
        for place in (*whole[KEPT:], *stale):
            shutil.rmtree(place, ignore_errors=True)


def _aged(folder: Path) -> Iterator[tuple[int, Path]]:
    for place in folder.iterdir():
        with suppress(OSError):
            yield place.stat().st_mtime_ns, place


_UNFINISHED = "unfinished-"
_DAY_NS = 86_400 * 10**9
