"""Which files of a delivery the room may open: those of the report's inventory, below its roots, as they were when scanned.

A report may have been made by anyone. A path of it is followed folder by folder, never through a link, so that it leads nowhere
but to where a scan would have found it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from scanner.model.objects import is_address
from scanner.model.scan import FileRecord
from scanner.pipeline.verifying import same_time
from scanner.report.json_nodes import WrongNodeError
from scanner.review.room import OpenReport

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


class Obstacle(StrEnum):
    """Why there is no picture. Each but the last has a small picture of its own that says so."""

    OUT_OF_REACH = "out-of-reach"
    CHANGED = "changed"
    NO_PICTURE = "no-picture"
    NO_DIFFERENCE = "no-difference"
    """Of two pictures laid over each other: nothing to lay over them."""
    BUSY = "busy"


class ObstacleError(Exception):
    """There is no picture of a file; the text says why, as a sentence without its full stop."""

    def __init__(self, obstacle: Obstacle, why: str) -> None:
        super().__init__(why)
        self.obstacle = obstacle


Stamp = tuple[int, int, int, int]
"""Device, number, size and time of change of a file that was looked at: equal ones are taken for the same content."""


@dataclass(frozen=True, slots=True)
class Reached:
    """A file that may be opened."""

    path: str
    """Absolute, without any link below the root."""
    size_bytes: int
    stamp: Stamp
    sha256: str = ""
    """What its bytes must be before anything of it is shown, since its time is not that of the scan; empty where it is."""


class Reach:
    """The files of one report."""

    def __init__(self, report: OpenReport) -> None:
        """Look for files where the report's roots are now."""
        self._report = report

    def file(self, root: int, path: str) -> Reached:
        """Return a file of the inventory.

        Raises:
            ObstacleError: it is not there, not the scanned one, or not to be opened.
        """
        record = self._recorded(root, path)
        top = self._top(root, path)
        status = _status(top, path.split("/"))
        if not stat.S_ISREG(status.st_mode):
            raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: it is no regular file any more")
        if status.st_size != record.size_bytes:
            raise ObstacleError(Obstacle.CHANGED, "Changed since the scan: its size differs")
        reached = Reached(os.path.join(os.path.realpath(top), path), status.st_size, _stamp(status))
        if same_time(record.mtime_ns, status.st_mtime_ns):
            return reached
        if not record.sha256:
            raise ObstacleError(Obstacle.CHANGED, "Changed since the scan: its modification time differs, and it was not hashed")
        return replace(reached, sha256=record.sha256)

    def _recorded(self, root: int, path: str) -> FileRecord:
        if not _stays_below(path):
            raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: its path leads out of its root")
        try:
            record = self._report.file.inventory.find(root, path)
            has_root = root < len(self._report.roots_now)
        except WrongNodeError:
            record, has_root = None, False
        if record is None or not has_root:
            raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: the report's inventory does not have it")
        return record

    def _top(self, root: int, path: str) -> str:
        top = self._report.roots_now[root]
        if is_address(top):
            raise ObstacleError(
                Obstacle.OUT_OF_REACH, "Out of reach: it lies in a bucket, which the review room does not fetch from"
            )
        if not os.path.isabs(top):
            raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: the report does not say from where its root is meant")
        if os.path.isdir(top):
            return top
        # A root that is a single file stands under its own name.
        if os.path.basename(top) == path and os.path.isdir(os.path.dirname(top)):
            return os.path.dirname(top)
        raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: the delivery is not where it was scanned")


def _stays_below(path: str) -> bool:
    return not {"", ".", ".."} & set(path.split("/")) and "\0" not in path


def _status(top: str, parts: Sequence[str]) -> os.stat_result:
    """Look at a file, going from folder to folder without following a link."""
    held = -1
    try:
        held = os.open(top, _FOLDER)
        for part in parts[:-1]:
            inner = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=held)
            os.close(held)
            held = inner
        return os.stat(parts[-1], dir_fd=held, follow_symlinks=False)
    except FileNotFoundError:
        raise ObstacleError(Obstacle.OUT_OF_REACH, "Out of reach: it is not there any more") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", "") or str(error)
        raise ObstacleError(Obstacle.OUT_OF_REACH, f"Out of reach: {why.lower()}") from None
    finally:
        if held >= 0:
            os.close(held)


def _stamp(status: os.stat_result) -> Stamp:
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
