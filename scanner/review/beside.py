"""What the scanner's other commands say of a report, run in processes of their own.

They read reports whole, which may take more memory than the room has; and the room then says the very same as the command.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from scanner.tools.process import ChildFailedError, run_once

LONGEST_SECONDS = 6 * 3600.0
_KEPT = 50
_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended."""

    code: int | None
    """None where it gave no answer."""
    output: str


@dataclass(slots=True)
class _Run:
    thread: threading.Thread | None = None
    said: Said | None = None


class OwnCommands:
    """Runs commands in the background, each at most once at a time; the last answer of each is kept."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[tuple[object, ...], _Run] = {}

    def start(self, key: tuple[object, ...], arguments: Sequence[str]) -> bool:
        """Run ``scanner ARGUMENTS`` under a key; False where too many are being run. One that is being run is left alone."""
        with self._lock:
            run = self._runs.get(key)
            if run is not None and run.thread is not None:
                return True
            if sum(each.thread is not None for each in self._runs.values()) >= _AT_ONCE:
                return False
            while len(self._runs) >= _KEPT:
                del self._runs[next(each for each, one in self._runs.items() if one.thread is None)]
            run = self._runs[key] = _Run()
            run.thread = threading.Thread(target=self._run, args=(run, list(arguments)), daemon=True)
            run.thread.start()
            return True

    def running(self, key: tuple[object, ...]) -> bool:
        """Whether the command is being run."""
        with self._lock:
            run = self._runs.get(key)
            return run is not None and run.thread is not None

    def said(self, key: tuple[object, ...]) -> Said | None:
        """Return what it said when it was run last; None where it never ended."""
        with self._lock:
            run = self._runs.get(key)
            return run.said if run else None

    def ask(self, key: tuple[object, ...], arguments: Sequence[str], patience_seconds: float) -> Said | None:
        """Run a command, or wait for the one that is being run; None where it takes longer."""
        if not self.start(key, arguments):
            return None
        with self._lock:
            thread = self._runs[key].thread if key in self._runs else None
        if thread is not None:
            thread.join(patience_seconds)
        return self.said(key)

    def _run(self, run: _Run, arguments: list[str]) -> None:
        said = Said(None, "")
        try:
            code, output = run_once(
                [sys.executable, "-m", "scanner", *arguments], timeout_seconds=LONGEST_SECONDS, outlives_us=False
            )
            said = Said(code, output)
        except (ChildFailedError, OSError, ValueError):  # ValueError: a report's root that cannot be named to a program
            pass
        finally:
            with self._lock:
                run.said, run.thread = said, None
