"""A process that has imported the commands and forks one for each run: a process of its own without a second of imports.

The workers of such a run are forks of it too. That a command and its workers start from nothing is for other tests, which start
``python -m scanner``.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
import math
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path

from tests.cli.warm_call import SIZE_BYTES, ask, call

ROOT = Path(__file__).parents[2]
SAID = "said.out"
"""The file that standard output is kept in."""
_SECONDS = 120
_IMPORTED = (
    "scanner.cli.main",
    "scanner.store.library",
    "scanner.store.approval_log",
    "scanner.pipeline.scan",
    "scanner.engine.worker",
    # What a worker imports with its first picture.
    "cv2",
    "scipy.fftpack",
)


class WarmCommand:
    """Runs ``scanner`` like ``python -m scanner``; ends with whoever holds it, even one that is killed."""

    def __init__(self) -> None:
        """Prepare; the process that forks starts when it is first asked for."""
        self._server: subprocess.Popen[bytes] | None = None
        self._folder = ""

    @property
    def place(self) -> str:
        """Where the process listens, for `tests.cli.warm_call`."""
        if self._server is None:
            # Short, since the path of a socket is.
            self._folder = tempfile.mkdtemp(prefix="warm-")
            self._server = _started(f"{self._folder}/socket")
        return f"{self._folder}/socket"

    def run(
        self, arguments: list[str], cwd: Path, environment: dict[str, str], scratch: Path
    ) -> subprocess.CompletedProcess[str]:
        """Run the command; what it says is kept in two files in `scratch` until it is read.

        Raises:
            TimeoutExpired: it took two minutes.
        """
        out, err = scratch / SAID, scratch / "said.err"
        with open(os.devnull, "rb") as nothing, out.open("wb") as said, err.open("wb") as told:
            streams = (nothing.fileno(), said.fileno(), told.fileno())
            try:
                code = ask(self.place, ["scanner", *arguments], str(cwd), environment, streams, _SECONDS)
            except TimeoutError:
                self.close()
                raise subprocess.TimeoutExpired(arguments, _SECONDS) from None
        # As subprocess reads text: line ends made one.
        texts = [io.TextIOWrapper(io.BytesIO(one.read_bytes())).read() for one in (out, err)]
        return subprocess.CompletedProcess(arguments, code, *texts)

    def close(self) -> None:
        """End the process that forks."""
        if self._server is not None:
            self._server.kill()
            self._server.communicate()
            self._server = None
            shutil.rmtree(self._folder)


def _started(place: str) -> subprocess.Popen[bytes]:
    # One arithmetic thread: a process with threads cannot be forked safely.
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "tests.cli.warm"]
    # Listening before it starts: whoever asks meanwhile waits in the queue.
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(place)
        listener.listen(16)
        number = listener.fileno()
        return subprocess.Popen(
            [*command, str(number)],
            cwd=ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            pass_fds=[number],
        )


def _serve(listener: socket.socket) -> None:
    from scanner.cli.main import _COMMANDS
    from scanner.interpret.catalogue import MarkCatalogue
    from scanner.report.html_report import environment

    for name in (*_IMPORTED, *(place.partition(":")[0] for place in _COMMANDS.values())):
        importlib.import_module(name)
    for name in environment().list_templates(extensions=["j2"]):
        environment().get_template(name)
    MarkCatalogue.load()
    listener.setblocking(True)
    while True:
        # The input ends with the process that holds the other end.
        ready, _, _ = select.select([listener, 0], [], [])
        if 0 in ready:
            return
        connection, _ = listener.accept()
        with connection:
            if not os.fork():
                try:
                    listener.close()
                    _answer(connection)
                finally:
                    os._exit(1)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass


def _answer(connection: socket.socket) -> None:
    """Run one command in a fork of this fork, and tell its exit code."""
    head, streams, _, _ = socket.recv_fds(connection, SIZE_BYTES, 3)
    text = connection.recv(int.from_bytes(head, "big"), socket.MSG_WAITALL)
    child = os.fork()
    if not child:
        place = connection.getsockname()
        connection.close()
        _be_the_program(json.loads(text), streams, place)
    for stream in streams:
        os.close(stream)
    _, status = os.waitpid(child, 0)
    with contextlib.suppress(OSError):
        connection.sendall(b"%d" % os.waitstatus_to_exitcode(status))


def _be_the_program(wanted: dict, streams: Sequence[int], place: str) -> None:
    """Take the place of the program and never come back."""
    code = 1
    try:
        os.environ.clear()
        os.environ.update(wanted["environment"])
        os.chdir(wanted["cwd"])
        for descriptor, stream in enumerate(streams):
            os.dup2(stream, descriptor)
            os.close(stream)
        _open_streams()
        name, *arguments = wanted["arguments"]
        {"scanner": _be_the_command, "worker": _be_a_worker}[name](arguments, place)
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with contextlib.suppress(OSError, ValueError):
                stream.flush()
        os._exit(code)


def _open_streams() -> None:
    # Opened as if Python began here: what the streams can do depends on what they are, and their encoding on a variable.
    encoding = os.environ.get("PYTHONIOENCODING")
    errors = None if encoding else sys.stdout.errors
    sys.stdin = open(0, encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding=encoding, errors=errors, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115


def _be_the_command(arguments: list[str], place: str) -> None:
    from scanner.cli import progress
    from scanner.cli.main import run
    from scanner.engine.local import LocalEngine

    # As on a machine of one core: the tests are of commands, and each worker more costs a second.
    os.sched_getaffinity = lambda _: {0}
    # A line every five seconds would come on slow machines only; tests of the lines start the command themselves.
    progress._PLAIN_EVERY_SECONDS = math.inf
    LocalEngine.__init__.__kwdefaults__["command"] = call(place, "worker")
    sys.argv = ["scanner", *arguments]
    run()


def _be_a_worker(_arguments: list[str], _place: str) -> None:
    from scanner.engine.worker import main

    main()


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
