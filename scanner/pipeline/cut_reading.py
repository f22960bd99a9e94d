"""Cut files read in worker processes: what parses them is partly foreign code, and it may hang, die or eat the memory there."""

from __future__ import annotations

import os
from dataclasses import dataclass

from scanner.model.cut import Cut, CutError
from scanner.model.cut_work import CutMistake, CutsRead, ReadCutTask
from scanner.model.protocols import Engine
from scanner.model.work import WorkFailed
from scanner.pipeline.plan import Progress
from scanner.pipeline.settings import ScanSettings
from scanner.timeline.reading import read_cuts
from scanner.tools.bounded import sha256_of

READING = "reading the cut"
_COST = 20
"""What a byte of a cut costs beside one that is only read: an AAF of the corpus takes 0.25 s a MB on an idle machine, and
workers are waited for at 10 MB a second."""


@dataclass(frozen=True, slots=True)
class LoadedCut:
    """One cut and the digest of the file that says it."""

    cut: Cut
    sha256: str


def load_cuts(settings: ScanSettings, engine: Engine, progress: Progress) -> tuple[LoadedCut, ...]:
    """Read the cuts that the settings name, all timelines of each file.

    Raises:
        CutError: one cannot be read, not without its frame rate, or not without harm to the worker that reads it.
    """
    paths = settings.cuts
    tasks = [ReadCutTask(key, path, _COST * _size(path), settings.frames_per_second) for key, path in enumerate(paths)]
    read: dict[int, CutsRead] = {}
    if tasks:
        progress(READING, 0, len(tasks))
    for result in engine.run(tasks) if tasks else ():
        if isinstance(result, CutsRead):
            read[result.key] = result
        elif isinstance(result, WorkFailed):
            mistake = CutMistake(f"the cut could not be read: {result.why}", paths[result.key], _WITHOUT)
            read[result.key] = CutsRead(result.key, (), mistake=mistake)
        progress(READING, len(read), len(tasks))
    # The first mistake in the order of the command line, whichever worker was done first.
    for key in sorted(read):
        if (wrong := read[key].mistake) is not None:
            raise CutError(wrong.what, where=wrong.where, next_step=wrong.next_step)
    return tuple(LoadedCut(*one) for key in sorted(read) for one in zip(read[key].cuts, read[key].sha256s, strict=True))


def read_cut_file(task: ReadCutTask) -> CutsRead:
    """Read a cut file in this process; a mistake in it is a result."""
    try:
        cuts = read_cuts(task.path, task.frames_per_second)
        return CutsRead(task.key, cuts, tuple(sha256_of(os.path.realpath(cut.file))[0] for cut in cuts))
    except CutError as error:
        return CutsRead(task.key, (), mistake=CutMistake(error.what, error.where, error.next_step))
    except OSError as error:
        why = f"the cut cannot be read: {error.strerror or error}"
        return CutsRead(task.key, (), mistake=CutMistake(why, task.path, "Check the path"))


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


_WITHOUT = "Export the cut again, or as an EDL; or scan without it"
