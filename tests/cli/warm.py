"""A process that has imported the commands and forks one for each run: a process of its own without a second of imports."""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import math
import os
import select
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SECONDS = 120
_IMPORTED = ("scanner.cli.main", "scanner.store.library", "scanner.store.approval_log", "scanner.pipeline.scan")


class WarmCommand:
    """Runs ``scanner`` like ``python -m scanner``, one run at a time; ends with whoever holds it, even one that is killed."""

    def __init__(self) -> None:
        """Start the process that forks."""
        self._server: subprocess.Popen[bytes] | None = None

    def run(
        self, arguments: list[str], cwd: Path, environment: dict[str, str], scratch: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run the command; what it says is kept in two files in `scratch` until it is read.

        Raises:
            TimeoutExpired: it took two minutes.
        """
        if self._server is None:
            self._server = _started()
        out, err = scratch / "said.out", scratch / "said.err"
        wanted = {"arguments": arguments, "cwd": str(cwd), "environment": environment, "out": str(out), "err": str(err)}
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(wanted).encode() + b"\n")
        self._server.stdin.flush()
        if not select.select([self._server.stdout], [], [], _SECONDS)[0]:
            self.close()
            raise subprocess.TimeoutExpired(arguments, _SECONDS)
        code = int(self._server.stdout.readline())
        # As subprocess reads text: line ends made one.
        said = [io.TextIOWrapper(io.BytesIO(one.read_bytes())).read() for one in (out, err)]
        return subprocess.CompletedProcess(arguments, code, *said)

    def close(self) -> None:
        """End the process that forks."""
        if self._server is not None:
            self._server.kill()
            self._server.communicate()
            self._server = None


def _started() -> subprocess.Popen[bytes]:
    # One arithmetic thread: a process with threads cannot be forked safely.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.cli.warm"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _serve() -> None:
    from scanner.cli.main import _COMMANDS

    for name in (*_IMPORTED, *(place.partition(":")[0] for place in _COMMANDS.values())):
        importlib.import_module(name)
    # Unbuffered, so that no child has a request of its parent's in a buffer.
    for line in iter(lambda: _line(0), b""):
        child = os.fork()
        if not child:
            _be_the_command(json.loads(line))
        _, status = os.waitpid(child, 0)
        os.write(1, b"%d\n" % os.waitstatus_to_exitcode(status))


def _line(descriptor: int) -> bytes:
    line = b""
    while not line.endswith(b"\n"):
        if not (more := os.read(descriptor, 1 << 16)):
            return b""
        line += more
    return line


def _be_the_command(wanted: dict) -> None:
    """Take the place of ``python -m scanner`` and never come back."""
    from scanner.cli import progress
    from scanner.cli.main import run

    code = 1
    try:
        os.environ.clear()
        os.environ.update(wanted["environment"])
        os.chdir(wanted["cwd"])
        for descriptor, path in ((0, os.devnull), (1, wanted["out"]), (2, wanted["err"])):
            opened = os.open(path, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            os.dup2(opened, descriptor)
            os.close(opened)
        # As on a machine of one core: the tests are of commands, and each worker more costs a second.
        os.sched_getaffinity = lambda _: {0}
        # A line every five seconds would come on slow machines only; tests of the lines start the command themselves.
        progress._PLAIN_EVERY_SECONDS = math.inf
        sys.argv = ["scanner", *wanted["arguments"]]
        run()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
