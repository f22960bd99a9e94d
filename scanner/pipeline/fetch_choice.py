"""What is fetched for a task: which objects, and whether all of each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from scanner.model.assets import Spans
from scanner.model.cut_work import CutsRead
from scanner.model.objects import is_address
from scanner.model.sealed import SealKind
from scanner.model.work import (
    CompareTask,
    EdgeTask,
    ExamineTask,
    FilmOpened,
    FilmTask,
    FrameFiles,
    OpenFilmTask,
    Result,
    SealedListTask,
    Task,
    WorkFailed,
)
from scanner.pipeline.settings import HASH_BELOW_BYTES
from scanner.pipeline.shadows import Need, Shadows

LARGE_BYTES = 64 << 20
"""Larger films and sounds are fetched without their media, unless they are to be verified."""
WHOLE_LIMIT_BYTES = HASH_BELOW_BYTES
"""What is larger, and cannot be read in part, is not fetched unasked."""

Needs = tuple[Need, ...]

_ALL = "--verify-large fetches all of it"
_NOT_LOOKED_THROUGH = f"its media was not fetched: it has more than {LARGE_BYTES >> 20} MB ({_ALL})"
_TOO_LARGE = f"cannot be fetched: it has more than {WHOLE_LIMIT_BYTES >> 30} GB and cannot be read in part ({_ALL})"


@dataclass(frozen=True, slots=True)
class Choosing:
    """How one engine chooses."""

    shadows: Shadows
    not_in_parts: set[str]
    """Addresses of objects that turned out to be of no use in part; grows."""
    verify_large: bool

    def needs(self, task: Task) -> Needs:
        """Return the objects that a task names; a list of sealed hashes is the files that make it up."""
        named = [(task.path, task.size_bytes)]
        match task:
            case ExamineTask(manifest_sidecar=str(sidecar)):
                named.append((sidecar, self.shadows.size_bytes(sidecar)))
            case CompareTask():
                named.append((task.reference_path, task.reference_size_bytes))
            case FilmTask(files=FrameFiles() as files) | EdgeTask(files=FrameFiles() as files):
                names = (_joined(files.folder, name) for name in files.names)
                named = list(zip(names, files.sizes_bytes, strict=True))
            case FilmTask() | EdgeTask():
                # They say the size of a stretch.
                named = [(task.path, self.shadows.size_bytes(task.path))]
            case SealedListTask(kind=SealKind.MHL):
                named = self.shadows.listed_in(_joined(task.path, "ascmhl/"))
            case SealedListTask():
                beside = self.shadows.listed_in(task.path[: task.path.rfind("/") + 1])
                named = [one for one in beside if one[0] == task.path or one[0].lower().endswith(".xml")]
            case _:
                pass
        partly = task.path if self._is_partly(task) else ""
        return tuple(Need(path, size, path == partly) for path, size in dict(named).items() if is_address(path))

    def refusal(self, task: Task) -> Result | None:
        """Return what stands for a task that would fetch too much unasked; None for one that is to be done."""
        if self.verify_large or not is_address(task.path):
            return None
        if isinstance(task, OpenFilmTask) and task.size_bytes > LARGE_BYTES and task.path not in self.not_in_parts:
            return FilmOpened(task.key, None, _NOT_LOOKED_THROUGH)
        if isinstance(task, ExamineTask) and not self._is_partly(task) and task.size_bytes >= WHOLE_LIMIT_BYTES:
            return None if _wants_all(task) else WorkFailed(task.key, _TOO_LARGE)
        return None

    def learn_whole(self, needs: Iterable[Need]) -> None:
        """Keep in mind that nothing less than the whole will do."""
        self.not_in_parts.update(need.address for need in needs if need.partly)

    def _is_partly(self, task: Task) -> bool:
        if self.verify_large or not isinstance(task, ExamineTask) or _wants_all(task):
            return False
        return task.size_bytes > LARGE_BYTES and task.path not in self.not_in_parts


def _wants_all(task: ExamineTask) -> bool:
    """Whether its bytes are to be hashed whatever their number."""
    return task.hash_always or bool(task.sealed_algorithms)


def on_shadows(task: Task, shadows: Shadows, parts: Spans = ()) -> Task:
    """Return a task with the files that stand for its objects; `parts` are what stands of an object fetched in part."""
    if isinstance(task, ExamineTask):
        path = shadows.path(task.path, partly=bool(parts)) if is_address(task.path) else task.path
        detached = task.manifest_sidecar and _local(task.manifest_sidecar, shadows)
        return replace(task, path=path, manifest_sidecar=detached, parts=parts)
    task = replace(task, path=_local(task.path, shadows))
    match task:
        case CompareTask():
            return replace(task, reference_path=_local(task.reference_path, shadows))
        case FilmTask(files=FrameFiles() as files) | EdgeTask(files=FrameFiles() as files):
            return replace(task, files=replace(files, folder=_local(files.folder, shadows)))
        case _:
            return task


def as_named(result: Result, shadows: Shadows) -> Result:
    """Return a result with addresses where it names files that stand for objects: cuts say which file they are from."""
    if not isinstance(result, CutsRead):
        return result
    cuts = tuple(replace(cut, file=shadows.address(cut.file)) for cut in result.cuts)
    mistake = result.mistake and replace(result.mistake, where=shadows.address(result.mistake.where))
    return replace(result, cuts=cuts, mistake=mistake)


def _local(path: str, shadows: Shadows) -> str:
    return shadows.path(path) if is_address(path) else path


def _joined(folder: str, name: str) -> str:
    return f"{folder.rstrip('/')}/{name}"
