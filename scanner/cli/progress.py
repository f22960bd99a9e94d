"""Progress on standard error: for a person at a terminal, for a log, or for another program."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Protocol, TextIO

import click

from scanner.cli.main import INTERRUPTED
from scanner.model.errors import ScannerError
from scanner.model.text import escape_path, shown

PROGRESS_MODES = ("auto", "plain", "json", "none")
_EVERY_SECONDS = 0.2
_UNITS = {
    "hashing": "MiB",
    "looking at generated clips": "half minutes",
    "reading sealed hashes": "lists",
    "looking through films": "half minutes",
    "finding where each comes and goes": "ends",
}
"""What is counted in a phase that does not count files."""
_JSON_EVERY_SECONDS = 1.0
_PLAIN_EVERY_SECONDS = 5.0
_CLEAR_LINE = "\r\x1b[2K"


class Progress(Protocol):
    """Whoever tells how far a scan is."""

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell where the scan stands; see `pipeline.plan.Progress`."""
        ...

    def start(self, paths: Sequence[str], configuration: str | None) -> None:
        """Tell what is scanned, and by which configuration file."""
        ...

    def end(self, verdict: str, exit_code: int, reports: Sequence[str]) -> None:
        """Tell the verdict and where the reports are."""
        ...

    def fail(self, message: str, exit_code: int) -> bool:
        """Tell that there is no verdict, and why; False where somebody else has to."""
        ...

    def __enter__(self) -> Progress:
        """Start showing."""
        ...

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Leave an empty line for what follows."""
        ...


def open_progress(mode: str, *, quiet: bool) -> Progress:
    """Return the progress of a `mode` of `PROGRESS_MODES`; `quiet` silences ``auto`` only: who asks for a form gets it."""
    if mode == "json":
        return JsonProgress()
    if mode == "none" or (mode == "auto" and quiet):
        return SilentProgress()
    return ProgressLine(enabled=True) if mode == "auto" and sys.stderr.isatty() else PlainProgress()


@contextlib.contextmanager
def failures_told(progress: Progress) -> Iterator[None]:
    """Let `progress` tell of errors where it is its part, in place of the line that the command line writes."""
    try:
        yield
    except ScannerError as error:
        if not progress.fail(str(error), error.exit_code):
            raise
        raise click.exceptions.Exit(error.exit_code) from error
    except KeyboardInterrupt:
        if not progress.fail("stopped", INTERRUPTED):
            raise
        raise click.exceptions.Exit(INTERRUPTED) from None


class SilentProgress:
    """Says nothing, and is what the others are made from."""

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Say nothing."""

    def start(self, paths: Sequence[str], configuration: str | None) -> None:
        """Say nothing."""

    def end(self, verdict: str, exit_code: int, reports: Sequence[str]) -> None:
        """Say nothing."""

    def fail(self, message: str, exit_code: int) -> bool:  # noqa: ARG002 - the protocol's signature
        """Leave it to the command line."""
        return False

    def __enter__(self) -> Progress:
        """Start."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Do nothing."""


class ProgressLine(SilentProgress):
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
            _write(sys.stderr, _CLEAR_LINE + progress_text(phase, done, total, moment - self._began))

    def start(self, paths: Sequence[str], configuration: str | None) -> None:  # noqa: ARG002
        """Name the configuration file, if there is one."""
        _name_configuration(configuration)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Take the line away, so that what follows starts on an empty one."""
        if self._enabled and self._phase:
            _write(sys.stderr, _CLEAR_LINE)


class PlainProgress(SilentProgress):
    """A line every few seconds, for logs; nothing for a scan that takes less."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the clock."""
        self._clock = clock
        self._phase, self._began, self._told = "", clock(), clock()

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell where the scan stands, unless a line was written a moment ago."""
        moment = self._clock()
        if phase != self._phase:
            self._phase, self._began = phase, moment
        if moment - self._told >= _PLAIN_EVERY_SECONDS:
            self._told = moment
            _write(sys.stderr, progress_text(phase, done, total, moment - self._began) + "\n")

    def start(self, paths: Sequence[str], configuration: str | None) -> None:  # noqa: ARG002
        """Name the configuration file, if there is one."""
        _name_configuration(configuration)


class JsonProgress(SilentProgress):
    """One JSON object a line, for a farm manager: ``start``, ``progress`` …, ``end``. All text is ASCII."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Start the clock."""
        self._clock = clock
        self._began, self._phase, self._told = clock(), "", 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        """Tell where the scan stands: the begin and end of each phase, and once a second between."""
        moment = self._clock()
        if phase != self._phase or done == total or moment - self._told >= _JSON_EVERY_SECONDS:
            self._phase, self._told = phase, moment
            self._tell("progress", phase=phase, done=done, total=total)

    def start(self, paths: Sequence[str], configuration: str | None) -> None:
        """Tell what is scanned."""
        self._tell("start", paths=[escape_path(path)[0] for path in paths], configuration=configuration)

    def end(self, verdict: str, exit_code: int, reports: Sequence[str]) -> None:
        """Tell the verdict and where the reports are."""
        self._tell("end", verdict=verdict, exit_code=exit_code, reports=[escape_path(path)[0] for path in reports])

    def fail(self, message: str, exit_code: int) -> bool:
        """Tell that there is no verdict, and why."""
        self._tell("end", verdict=None, exit_code=exit_code, reports=[], error=shown(message))
        return True

    def _tell(self, event: str, **more: object) -> None:
        elapsed = round(self._clock() - self._began, 3)
        _write(sys.stderr, json.dumps({"event": event, "elapsed_seconds": elapsed, **more}) + "\n")


def _name_configuration(configuration: str | None) -> None:
    if configuration:
        _write(sys.stderr, f"scanner: settings of {shown(configuration)} are in force\n")


def _write(stream: TextIO, text: str) -> None:
    # Whoever read the progress may be gone; the scan goes on without.
    with contextlib.suppress(OSError, ValueError):
        stream.write(text)
        stream.flush()


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
