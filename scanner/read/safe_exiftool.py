"""PyExifTool with its pipe loop replaced by a supervised one.

The library's own loop spins for ever when its child dies, deadlocks on much standard error, and has no deadline. Overriding
`run`, `execute` and `terminate` replaces that loop whole; what the library knows of the protocol and of JSON stays in use.
"""

from __future__ import annotations

import os
import random
import warnings
from typing import Any

from exiftool import ExifTool

from scanner.model.errors import ToolError
from scanner.tools.process import Child, ChildFailedError, ChildLimits

OLDEST_VERSION = (12, 38)
"""Before 12.38 a file's name could run commands (CVE-2022-23935)."""

ADDRESS_SPACE_BYTES = 512 << 20
"""A 1 MB PNG whose text inflates to 1 GB took 4.1 GB without a limit; ordinary reading stays under 100 MB."""

COMMON_ARGUMENTS = ["-G1:4", "-e", "-charset", "UTF8", "-api", "LargeFileSupport=1"]
"""Family 1 groups name the place exactly; family 4 keeps duplicates apart in JSON; -e leaves out computed tags."""

_START_SECONDS = 20.0


class SafeExifTool(ExifTool):  # type: ignore[misc]  # the library has no types
    """One ExifTool child: no user configuration, a deadline for each answer, memory and output capped."""

    def __init__(self, executable: str, *, timeout_seconds: float, address_space_bytes: int = ADDRESS_SPACE_BYTES) -> None:
        """Prepare a child; it starts at the first request.

        Raises:
            ToolError: there is no such program.
        """
        # Before the library's own constructor: it asks whether a child runs.
        self._child: Child | None = None
        self._pending: bytes | None = None
        try:
            super().__init__(executable=executable, common_args=COMMON_ARGUMENTS, config_file="", encoding="utf-8")
        except FileNotFoundError as error:
            raise missing_exiftool(executable) from error
        self._limits = ChildLimits(address_space_bytes=address_space_bytes)
        self._timeout_seconds = timeout_seconds

    @property
    def running(self) -> bool:
        """Whether the child lives."""
        return self._child is not None and self._child.running

    @property
    def pid(self) -> int | None:
        """Process id of the child, if there is one."""
        return self._child.pid if self._child else None

    @property
    def version(self) -> str:
        """Version of the ExifTool that was started last; empty before the first start."""
        return self._ver or ""

    def run(self) -> None:
        """Start the child and learn its version.

        Raises:
            ToolError: it cannot be started, does not answer, or is too old to be safe.
        """
        argv = [self._executable, "-config", "", "-stay_open", "True", "-@", "-", "-common_args", *self._common_args]
        try:
            self._child = Child(argv, limits=self._limits, environment=exiftool_environment())
            self._running = True
            self._ver = self._begin_and_finish(["-ver"], _START_SECONDS).decode("ascii", "replace").strip()
        except (OSError, ChildFailedError) as error:
            self.terminate()
            raise ToolError(
                f"ExifTool does not start: {error}", where=str(self._executable), next_step="Run `scanner doctor`."
            ) from error
        if parse_version(self._ver) < OLDEST_VERSION:
            version = self._ver
            self.terminate()
            raise ToolError(
                f"ExifTool {version} is too old to be safe with foreign file names",
                where=str(self._executable),
                next_step="Install 12.38 or newer.",
            )

    def terminate(self, timeout: int = 2, _del: bool = False) -> None:
        """Stop the child, whatever its state."""
        if self._child is not None:
            self._child.stop(b"-stay_open\nFalse\n", patience_seconds=0 if self._pending else timeout)
        self._child, self._pending, self._running = None, None, False

    def begin(self, *params: str | bytes) -> None:
        """Send one request; `finish` fetches the answer, other work can be done between.

        A request whose answer nobody fetched costs its child: the next answer would be read out of step.

        Raises:
            ChildFailedError: the child died.
            ToolError: it cannot be started.
        """
        if self._pending is not None or not self.running:
            self.terminate()
            self.run()
        self._send(params)

    def finish(self) -> bytes:
        """Return what ExifTool wrote to the request that `begin` sent.

        Raises:
            ChildFailedError: it died, took too long or wrote too much; the child is stopped and the next `begin` starts another.
        """
        return self._fetch(self._timeout_seconds)

    def execute(self, *params: str | bytes, raw_bytes: bool = False) -> Any:  # noqa: ANN401 - the library's signature
        """Do one request; replaces the library's pipe loop."""
        self.begin(*params)
        answer = self.finish()
        self._last_stdout, self._last_stderr, self._last_status = answer, "", 0
        return answer if raw_bytes else answer.decode("utf-8", "replace")

    def _begin_and_finish(self, params: list[str], timeout_seconds: float) -> bytes:
        self._send(params)
        return self._fetch(timeout_seconds)

    def _send(self, params: tuple[str | bytes, ...] | list[str]) -> None:
        assert self._child is not None
        number = random.randint(100_000, 999_999)  # noqa: S311 - tells answers apart, keeps no secret
        lines = [param.encode() if isinstance(param, str) else param for param in params]
        # Last gate before the pipe: a line break inside an argument would be an option of its own, -overwrite_original included.
        if any(b"\n" in line or b"\r" in line for line in lines):
            raise ValueError("line break in an ExifTool argument")
        self._pending = b"{ready%d}" % number
        self._child.send(b"\n".join([*lines, b"-execute%d\n" % number]))

    def _fetch(self, timeout_seconds: float) -> bytes:
        assert self._child is not None
        assert self._pending is not None
        try:
            answer = self._child.read_until(self._pending, timeout_seconds)
        except ChildFailedError:
            self.terminate()
            raise
        self._pending = None
        return answer.strip(b"\r\n")


def parse_version(text: str) -> tuple[int, int]:
    """Return (major, minor) of an ExifTool version, (0, 0) where it is none."""
    major, _, minor = text.strip().partition(".")
    return (int(major), int(minor[:2].ljust(2, "0"))) if major.isdigit() and minor[:2].isdigit() else (0, 0)


def missing_exiftool(executable: str) -> ToolError:
    """The error for a machine without ExifTool."""
    return ToolError(
        "ExifTool is not installed",
        where=executable,
        next_step="Debian and Ubuntu: apt install libimage-exiftool-perl · macOS: brew install exiftool.",
    )


def exiftool_environment() -> dict[str, str]:
    """The environment of every ExifTool we start: nothing of the user's that could run code or change its answers."""
    # PERL5OPT and PERL5LIB run code of the user's in Perl; a fixed locale keeps its messages in one language.
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR", "SYSTEMROOT") if name in os.environ}
    return {**kept, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


warnings.filterwarnings("ignore", message="ExifTool .*running; doing nothing", category=UserWarning)
