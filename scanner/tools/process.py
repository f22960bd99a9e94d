"""Child processes under supervision: the only place in the scanner that starts a program.

A child can hang, die, flood its output or eat the machine. So every read has a deadline and a cap, standard error is drained
while waiting, memory is limited from outside with ``prlimit`` (``preexec_fn`` is unsafe under threads), and a child dies with
the process that started it, so that a killed scan leaves nothing running.
"""

from __future__ import annotations

import contextlib
import math
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

try:
    import resource
except ImportError:  # pragma: no cover - Windows, said in README
    resource = None  # type: ignore[assignment]

STDERR_KEPT_BYTES = 8192
_READ_BYTES = 1 << 16
_PATIENCE_SECONDS = 20.0
"""Time that a program has to end once it is told to."""


class ChildFailedError(Exception):
    """A child died, ran out of time or said too much. Its text is a reason fit for a report."""


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may use. Zero means no limit."""

    address_space_bytes: int = 0
    """RLIMIT_AS; Linux only, because only Linux lets a parent set it from outside."""
    output_bytes: int = 64 << 20
    """Most bytes of one answer."""


def limits_enforced() -> bool:
    """Whether this system lets us limit a child's memory."""
    return resource is not None and hasattr(resource, "prlimit")


class Child:
    """One running program, spoken to over its standard input and output.

    Not thread-safe: one thread speaks to one child.
    """

    def __init__(self, argv: Sequence[str], *, limits: ChildLimits, environment: Mapping[str, str] | None = None) -> None:
        """Start the program.

        Raises:
            OSError: it cannot be started.
        """
        self._limits = limits
        self._process = subprocess.Popen(
            [*_dies_with_parent(), *argv],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            env=dict(environment) if environment is not None else None,
            # Its own session: Ctrl-C is for the scan, which then stops its children in order.
            start_new_session=True,
        )
        self._limit_memory()
        self._stdin, self._stdout, self._stderr = (
            stream.fileno() for stream in (self._process.stdin, self._process.stdout, self._process.stderr) if stream is not None
        )
        for descriptor in (self._stdin, self._stdout, self._stderr):
            os.set_blocking(descriptor, False)
        self._unsent = bytearray()
        self._received = bytearray()
        self._complaints = bytearray()

    @property
    def pid(self) -> int:
        """Process id."""
        return self._process.pid

    @property
    def running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    @property
    def complaints(self) -> str:
        """The end of what it wrote to standard error."""
        return bytes(self._complaints).decode("utf-8", "replace")

    def send(self, message: bytes) -> None:
        """Queue bytes for standard input and write what goes in at once; the rest goes while waiting for the answer."""
        self._unsent += message
        self._write_some()

    def read_until(self, marker: bytes, timeout_seconds: float) -> bytes:
        """Return what it writes up to `marker`, which is taken away.

        Raises:
            ChildFailedError: it died, said nothing in time, or said more than the limit.
        """
        deadline, searched = time.monotonic() + timeout_seconds, 0
        while (at := self._received.find(marker, searched)) < 0:
            searched = max(0, len(self._received) - len(marker))
            self._wait(deadline, timeout_seconds)
        answer = bytes(self._received[:at])
        del self._received[: at + len(marker)]
        return answer

    def read_exactly(self, size: int, timeout_seconds: float) -> bytes:
        """Return the next `size` bytes it writes.

        Raises:
            ChildFailedError: as for `read_until`.
        """
        deadline = time.monotonic() + timeout_seconds
        while len(self._received) < size:
            self._wait(deadline, timeout_seconds)
        # A slice of it would be a second copy of what may be hundreds of megabytes.
        with memoryview(self._received) as received, received[:size] as wanted:
            answer = bytes(wanted)
        del self._received[:size]
        return answer

    def stop(self, farewell: bytes = b"", patience_seconds: float = 0.0) -> None:
        """End the program: ask with `farewell`, wait, then kill. May be called twice."""
        if self.running and farewell:
            with contextlib.suppress(OSError, ValueError, ChildFailedError):
                self._unsent.clear()
                self.send(farewell)
        self._close_pipes()
        if self.running and patience_seconds:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_seconds)
        self.kill()
        self._process.wait()

    def kill(self) -> None:
        """Send SIGKILL to the program and its own children; the one method that another thread may call."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)

    def _wait(self, deadline: float, timeout_seconds: float) -> None:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            raise ChildFailedError(f"gave no answer within {timeout_seconds:g} s")
        # A poll object is made anew for each answer, since it takes no descriptor of its own, as epoll does.
        polled = select.poll()
        polled.register(self._stdout, select.POLLIN)
        if self._stderr >= 0:
            polled.register(self._stderr, select.POLLIN)
        if self._unsent:
            polled.register(self._stdin, select.POLLOUT)
        ready = {descriptor for descriptor, _ in polled.poll(math.ceil(remaining * 1000))}
        if self._stderr in ready:
            self._drain_stderr()
        if self._stdin in ready:
            self._write_some()
        if self._stdout in ready:
            self._read_some()

    def _read_some(self) -> None:
        with contextlib.suppress(BlockingIOError):
            part = os.read(self._stdout, _READ_BYTES)
            if not part:
                raise ChildFailedError(self._ending())
            self._received += part
        if len(self._received) > self._limits.output_bytes:
            raise ChildFailedError(f"answered with more than {self._limits.output_bytes >> 20} MB")

    def _drain_stderr(self) -> None:
        with contextlib.suppress(BlockingIOError):
            part = os.read(self._stderr, _READ_BYTES)
            if not part:
                self._stderr = -1
            self._complaints += part
            del self._complaints[:-STDERR_KEPT_BYTES]

    def _write_some(self) -> None:
        try:
            while self._unsent:
                sent = os.write(self._stdin, self._unsent[:_READ_BYTES])
                del self._unsent[:sent]
        except BlockingIOError:
            pass
        except BrokenPipeError as error:
            raise ChildFailedError(self._ending()) from error

    def _ending(self) -> str:
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(2)
        while self._stderr >= 0:
            before = len(self._complaints)
            self._drain_stderr()
            if len(self._complaints) == before:
                break
        code = self._process.poll()
        return describe_exit(code, self.complaints)

    def _close_pipes(self) -> None:
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def _limit_memory(self) -> None:
        size = self._limits.address_space_bytes
        if size and limits_enforced() and sys.platform == "linux":
            with contextlib.suppress(OSError, ValueError):
                resource.prlimit(self._process.pid, resource.RLIMIT_AS, (size, size))


def describe_exit(code: int | None, complaints: str = "") -> str:
    """Say how a child ended, for a report."""
    if "Out of memory" in complaints:
        return "ran out of the memory it may use"
    if code is None:
        return "closed its output"
    if code < 0:
        try:
            return f"was ended by signal {signal.Signals(-code).name}"
        except ValueError:
            return f"was ended by signal {-code}"
    return f"ended with code {code}"


def run_once(
    argv: Sequence[str],
    *,
    timeout_seconds: float = 20.0,
    environment: Mapping[str, str] | None = None,
    outlives_us: bool = True,
) -> tuple[int, str]:
    """Run a program to its end with nothing on its input; return its exit code and its output (standard error left out).

    Unless it `outlives_us`, it is killed where this process is, as far as the system can do that.

    Raises:
        ChildFailedError: no end in time.
        OSError: it cannot be started.
    """
    try:
        done = subprocess.run(
            list(argv) if outlives_us else [*_dies_with_parent(), *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=timeout_seconds,
            check=False,
            start_new_session=True,
            env=dict(environment) if environment is not None else None,
        )
    except subprocess.TimeoutExpired as error:
        raise ChildFailedError(f"gave no answer within {timeout_seconds:g} s") from error
    return done.returncode, done.stdout.decode("utf-8", "replace")


def run_beside(argv: Sequence[str], environment: Mapping[str, str], *, output: str = "") -> int:
    """Run a program to its end, however long it takes; return its exit code.

    What it says goes to the file `output`, or where this process's own output goes.

    Where this process is stopped meanwhile, the program is told to end (SIGINT), and killed if it does not.

    Raises:
        OSError: it cannot be started.
    """
    with contextlib.ExitStack() as held:
        said = held.enter_context(open(output, "ab")) if output else None
        child = held.enter_context(
            subprocess.Popen(
                list(argv), stdin=subprocess.DEVNULL, stdout=said, stderr=said, env=dict(environment), start_new_session=True
            )
        )
        try:
            return child.wait()
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGINT)
            try:
                child.wait(_PATIENCE_SECONDS)
            except subprocess.TimeoutExpired:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)
            raise


def _dies_with_parent() -> tuple[str, ...]:
    # PR_SET_PDEATHSIG without preexec_fn: util-linux sets it and execs. ExifTool before 13 polls for ever on a closed input.
    setpriv = shutil.which("setpriv") if sys.platform == "linux" else None
    return (setpriv, "--pdeathsig", "KILL", "--") if setpriv else ()


def limit_own_memory(address_space_bytes: int) -> None:
    """Limit this process's own address space, where the system can."""
    if address_space_bytes and resource is not None and sys.platform == "linux":
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (address_space_bytes, resource.RLIM_INFINITY))
