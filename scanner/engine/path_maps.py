r"""Paths of one host as another host has them: ``/mnt/show`` here is ``P:\show`` there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.model.work import CompareTask, EdgeTask, ExamineTask, FilmTask, Task

_WINDOWS = re.compile(r"^(?:[A-Za-z]:|\\\\)")
_OPTION = "--map-path"


@dataclass(frozen=True, slots=True)
class PathMap:
    """One folder, as this host and as the workers name it; neither ends in a separator."""

    here: str
    there: str


def parse_path_map(text: str) -> PathMap:
    r"""Read ``/mnt/show=P:\show``.

    Raises:
        UsageError: it is no pair of absolute paths.
    """
    here, equals, there = text.partition("=")
    here, there = here.strip(), there.strip()
    if not equals or not here.startswith("/") or not (there.startswith("/") or _WINDOWS.match(there)):
        raise UsageError(
            f"{shown(text, 120)!r} is no pair of absolute paths",
            where=_OPTION,
            next_step="Write HERE=THERE, like /mnt/show=/net/show.",
        )
    return PathMap(here.rstrip("/"), there.rstrip("/\\") if there.strip("/") else "")


def refuse_doubled(maps: Sequence[PathMap]) -> None:
    """Refuse two maps of one folder.

    Raises:
        UsageError: there are two.
    """
    known: set[str] = set()
    for one in maps:
        if one.here in known:
            raise UsageError(f"{shown(one.here) or '/'} is mapped twice", where=_OPTION, next_step="Map each folder once.")
        known.add(one.here)


def there_of(path: str, maps: Sequence[PathMap]) -> str:
    """Return an absolute path of this host as the workers have it; the longest fitting map counts, whole components only."""
    fitting = [one for one in maps if path == one.here or path.startswith(f"{one.here}/")]
    if not fitting:
        return path
    best = max(fitting, key=lambda one: len(one.here))
    below = path[len(best.here) :]
    if not _WINDOWS.match(best.there):
        return (best.there + below) or "/"
    return best.there + below.replace("/", "\\")


def mapped(task: Task, maps: Sequence[PathMap]) -> Task:
    """Return a task with the workers' paths. Results bear keys, not paths, so that nothing is to be mapped back."""
    if not maps:
        return task
    path = there_of(task.path, maps)
    match task:
        case ExamineTask(manifest_sidecar=str(sidecar)):
            return replace(task, path=path, manifest_sidecar=there_of(sidecar, maps))
        case CompareTask(reference_path=reference) if reference:
            return replace(task, path=path, reference_path=there_of(reference, maps))
        case FilmTask(files=files) | EdgeTask(files=files) if files is not None:
            return replace(task, path=path, files=replace(files, folder=there_of(files.folder, maps)))
    return replace(task, path=path)
