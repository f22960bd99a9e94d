"""``scanner watch``: scan each delivery that arrives in a folder, once it is whole."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import re
import shlex
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

import click

from scanner.engine.session import now
from scanner.model.errors import ReportError, ScannerError, UsageError
from scanner.model.text import escape_path, shown
from scanner.pipeline.watching import Arrivals, Outcome, environment_of
from scanner.report.writing import replace_file, root_holding
from scanner.tools.file_systems import network_file_system
from scanner.tools.process import run_beside

STATE = "watch.json"
LOG = "watch.log"
_LOCK = "watch.lock"
_UNSAFE = re.compile(r"[^\w.-]+")
_NAME_LIMIT = 60
_LONGEST_LOOK_SECONDS = 10.0
_FAILED = (1, 2, 3)
"""Exit codes of a scan that has no verdict; it is tried again when the delivery changes, or the watch starts anew."""
_OWN = ("--output", "--format", "--progress")
"""Options of a scan that the watch sets itself."""


@click.command(
    name="watch",
    short_help="Scan each delivery that arrives in a folder.",
    context_settings={"ignore_unknown_options": False},
)
@click.argument("folder", metavar="DIR", type=click.Path())
@click.argument("scan_options", nargs=-1, metavar="[-- SCAN OPTIONS...]", type=click.UNPROCESSED)
@click.option("--output", required=True, type=click.Path(), metavar="DIR", help="Folder for reports, log and memory; not in DIR.")
@click.option(
    "--settle",
    type=click.FloatRange(1),
    default=60.0,
    show_default=True,
    metavar="SECONDS",
    help="Without a change, and it is whole.",
)
@click.option(
    "--ready", default="", metavar="GLOB", help="Wait for such a file too, as `*.mhl`: it says that a delivery is whole."
)
@click.option("--on-verdict", metavar="COMMAND", help="Run this after each scan; SCANNER_VERDICT and others tell it the outcome.")
@click.option("--once", is_flag=True, help="End when all that is there now is scanned; the exit code is that of the worst scan.")
@click.option("--polling", is_flag=True, help="Look at fixed times, as on network mounts, where changes are not told.")
def watch_command(
    folder: str,
    scan_options: tuple[str, ...],
    output: str,
    settle: float,
    ready: str,
    on_verdict: str | None,
    once: bool,
    polling: bool,
) -> int:
    """Scan each folder in DIR as a delivery, once it is whole: unchanged for a while, and nothing in it half-copied.

    What was scanned is remembered, also over a restart, and scanned again when it changes. What stands behind `--` goes to
    `scanner scan`, as `-- --policy client.toml`. Ctrl-C ends the watch; a scan that it breaks off goes on where it was next time.
    """
    command = _command(on_verdict)
    real = _checked(folder, output, scan_options)
    with _memory(output) as done, _ended_by_signals():
        arrivals = Arrivals(real, settle, ready, done)
        watch = _Watch(arrivals, os.path.abspath(output), scan_options, command)
        watch.log("watching", folder=real, settle_seconds=settle)
        watch.tell_untold()
        return watch.run_once() if once else watch.run(polling=polling or bool(network_file_system(real)))


@dataclass(slots=True)
class _Watch:
    """One run of the command."""

    arrivals: Arrivals
    output: str
    scan_options: tuple[str, ...]
    command: tuple[str, ...]
    said: dict[str, str] = field(default_factory=dict)
    """Name of a delivery → what it was last said to wait for."""
    failed: dict[str, str] = field(default_factory=dict)
    """Name of a delivery → signature with which its scan failed."""
    worst: int = 0

    def run(self, *, polling: bool) -> int:
        """Go on until somebody stops it."""
        wake = _wakes(self.arrivals.folder, min(_LONGEST_LOOK_SECONDS, self.arrivals.settle_seconds / 4), polling)
        for _ in wake:
            try:
                self._pass()
            except UsageError as error:
                # A share that went away comes back; what was scanned is remembered meanwhile.
                self._say("", f"{error.what}; waiting for it")
        return 0

    def run_once(self) -> int:
        """Go on until nothing is left to scan."""
        while self._pass():
            time.sleep(min(_LONGEST_LOOK_SECONDS, self.arrivals.settle_seconds / 4))
        return self.worst

    def tell_untold(self) -> None:
        """Run the command for outcomes that it did not take before the watch was last stopped."""
        for name, outcome in list(self.arrivals.done.items()):
            if not outcome.told:
                self._tell(name, outcome)

    def log(self, event: str, **more: object) -> None:
        """Add a line to the log, and say it."""
        line = json.dumps({"time": now(), "event": event, **more}, ensure_ascii=False)
        try:
            with open(Path(self.output) / LOG, "a", encoding="utf-8", errors="backslashreplace") as stream:
                stream.write(line + "\n")
        except OSError as error:
            raise ReportError(
                f"the log cannot be written ({error.strerror})", where=shown(self.output), next_step="Free some space there."
            ) from error
        click.echo(f"{now()} {event} " + " ".join(f"{name}={shown(str(value))}" for name, value in more.items() if value != ""))

    def _pass(self) -> bool:
        """Look once, scan what is whole; return whether anything is left that is waited for."""
        left = False
        for name, waits_for in list(self.arrivals.look(time.monotonic())):
            if waits_for:
                left = True
                # Seconds count down: said once, until it waits for something else.
                self._say(name, re.sub(r"^\d+ s", f"{self.arrivals.settle_seconds:g} s", waits_for))
            elif self.failed.get(name) != self.arrivals.signature(name):
                left = not self._scan(name) or left
        return left

    def _say(self, name: str, waits_for: str) -> None:
        if self.said.get(name) != waits_for:
            self.said[name] = waits_for
            self.log("waiting", delivery=escape_path(name)[0], reason=waits_for)

    def _scan(self, name: str) -> bool:
        """Scan one delivery; False where it changed meanwhile, so that the scan says nothing of it."""
        told, began = escape_path(name)[0], now()
        self.said.pop(name, None)
        report = self._folder_for(name, began)
        self.log("scanning", delivery=told, report=report)
        path = os.path.join(self.arrivals.folder, name)
        arguments = ("scan", "--output", report, "--progress", "json", *self.scan_options, "--", path)
        ending = Path(report) / "scan.log"
        code = run_beside((sys.executable, "-P", "-m", "scanner", *arguments), _environment(), output=str(ending))
        verdict, why = _last_event(ending)
        if not self.arrivals.is_unchanged(name):
            self.log("changed while it was scanned", delivery=told)
            return False
        if code in _FAILED or not verdict:
            self.failed[name] = self.arrivals.signature(name)
            self.worst = max(self.worst, 1)
            self.log("failed", delivery=told, exit_code=code, reason=why or "see the log", log=str(ending))
            return True
        self.worst = max(self.worst, code)
        outcome = self.arrivals.settle(name, Outcome("", verdict, code, report, now()))
        self._remember()
        self.log("scanned", delivery=told, verdict=verdict, exit_code=code, report=report)
        self._tell(name, outcome)
        return True

    def _tell(self, name: str, outcome: Outcome) -> None:
        if self.command:
            told = environment_of(name, self.arrivals.folder, outcome)
            try:
                code = run_beside(self.command, {**os.environ, **told})
            except OSError as error:
                self.log("command failed", command=self.command[0], reason=error.strerror or str(error))
                return
            if code:
                self.log("command failed", command=self.command[0], exit_code=code)
                return
        self.arrivals.tell(name)
        self._remember()

    def _remember(self) -> None:
        done = {
            escape_path(name)[0]: {"name": os.fsencode(name).hex(), **asdict(one)} for name, one in self.arrivals.done.items()
        }
        try:
            replace_file(str(Path(self.output) / STATE), json.dumps(done, indent=1).encode())
        except OSError as error:
            raise ReportError(
                f"what was scanned cannot be remembered ({error.strerror})",
                where=shown(self.output),
                next_step="Free some space there, or choose another folder with --output.",
            ) from error

    def _folder_for(self, name: str, began: str) -> str:
        leaf = _UNSAFE.sub("_", shown(name))[:_NAME_LIMIT] + "-" + re.sub("[^0-9TZ]", "", began)
        for number in range(1000):
            place = Path(self.output) / (f"{leaf}.{number}" if number else leaf)
            with contextlib.suppress(FileExistsError):
                place.mkdir(parents=True)
                return str(place)
        raise ReportError("there are a thousand reports of this second", where=shown(self.output))


def _wakes(folder: str, seconds: float, polling: bool) -> Iterator[None]:
    """Yield at once, then whenever something changed, and every few seconds: what is not told is seen all the same."""
    from watchfiles import watch

    yield
    milliseconds = int(seconds * 1000)
    if polling:
        while True:
            time.sleep(seconds)
            yield
    for _ in watch(folder, yield_on_timeout=True, rust_timeout=milliseconds, raise_interrupt=True, debounce=500):
        yield


def _checked(folder: str, output: str, scan_options: Sequence[str]) -> str:
    try:
        import watchfiles  # noqa: F401 - whether it is there, before anything is done
    except ImportError as error:
        raise UsageError(
            "watching needs watchfiles, which is not installed", next_step="pip install 'media-provenance-scanner[watch]'"
        ) from error
    if not os.path.isdir(folder):
        raise UsageError("there is no such folder to watch", where=shown(folder), next_step="Check the path.")
    real = os.path.realpath(folder)
    if root_holding(output, [real]):
        raise UsageError(
            "reports must not be written into the watched folder", where=shown(output), next_step="Choose a folder outside it."
        )
    for option in scan_options:
        if option.partition("=")[0] in _OWN or (not option.startswith("-") and option == scan_options[0]):
            raise UsageError(
                f"{shown(option)} is no option that can be given to the scans", next_step="See `scanner watch --help`."
            )
    return real


def _command(text: str | None) -> tuple[str, ...]:
    if text is None:
        return ()
    try:
        words = tuple(shlex.split(text))
    except ValueError as error:
        raise UsageError(f"the command cannot be read ({error})", where="--on-verdict", next_step="Check its quotes.") from error
    if not words:
        raise UsageError("the command is empty", where="--on-verdict", next_step="Leave it out.")
    return words


@contextlib.contextmanager
def _memory(output: str) -> Iterator[dict[str, Outcome]]:
    """Yield the outcomes of earlier watches; one watch at a time has them."""
    try:
        Path(output).mkdir(parents=True, exist_ok=True)
        with open(Path(output) / _LOCK, "w", encoding="ascii") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise UsageError(
                    "another watch writes its reports here", where=shown(output), next_step="Stop it, or choose another --output."
                ) from error
            yield _remembered(Path(output) / STATE)
    except OSError as error:
        raise ReportError(
            f"the folder cannot be used ({error.strerror})", where=shown(output), next_step="Choose another one with --output."
        ) from error


def _remembered(path: Path) -> dict[str, Outcome]:
    try:
        kept = json.loads(path.read_bytes())
        return {os.fsdecode(bytes.fromhex(one.pop("name"))): Outcome(**one) for one in kept.values()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        raise ScannerError(
            "what earlier watches scanned cannot be read", where=shown(str(path)), next_step="Move it away: all is scanned anew."
        ) from error


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """Let SIGTERM end the watch as Ctrl-C does: services are stopped by it."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _environment() -> dict[str, str]:
    return dict(os.environ)


def _last_event(log: Path) -> tuple[str, str]:
    """The verdict that a scan's log ends with, and the reason where it ends with none."""
    try:
        lines = log.read_text("utf-8", "replace").splitlines()
    except OSError:
        return "", ""
    for line in reversed(lines):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict) and event.get("event") == "end":
            return str(event.get("verdict") or ""), shown(str(event.get("error", "")))
    return "", shown(lines[-1]) if lines else ""
