"""The progress line on standard error: what is being done, how fast, and how long it may still take."""

from __future__ import annotations

import sys
import time
from types import TracebackType

_EVERY_SECONDS = 0.2
_UNITS = {"hashing": "MiB"}
"""What is counted in a phase that does not count files."""
_CLEAR_LINE = "\r\x1b[2K"


class ProgressLine:
    """One line that rewrites itself; silent where standard error is no terminal."""

    def __init__(self, *, enabled: bool) -> None:
        """Prepare the line."""
        self._enabled = enabled and sys.stderr.isatty()
        self._phase, self._began, self._last = "", 0.0, 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell where the scan stands; see `pipeline.plan.Progress`."""
        if not self._enabled:
            return
        moment = time.monotonic()
        if phase != self._phase:
            self._phase, self._began, self._last = phase, moment, 0.0
        if moment - self._last >= _EVERY_SECONDS or done == total:
            self._last = moment
            sys.stderr.write(_CLEAR_LINE + progress_text(phase, done, total, moment - self._began))
            sys.stderr.flush()

    def __enter__(self) -> ProgressLine:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the line away, so that what follows starts on an empty one."""
        if self._enabled and self._phase:
            sys.stderr.write(_CLEAR_LINE)
            sys.stderr.flush()


def progress_text(phase: str, done: int, total: int, seconds: float) -> str:
    """Return the line: ``reading 1,204 of 40,112 files · 96 a second · 6 min left``."""
    if not total:
        return f"{phase} …"
    text = f"{phase} {done:,} of {total:,} {_UNITS.get(phase, 'files')}"
    rate = done / seconds if seconds > 1 else 0.0
    if not rate:
        return text
    return f"{text} · {rate:,.0f} a second · {_left((total - done) / rate)}"


def _left(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s left"
    return f"{seconds / 60:.0f} min left" if seconds < 5400 else f"{seconds / 3600:.1f} h left"
