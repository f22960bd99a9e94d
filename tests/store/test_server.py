"""The server of the tests themselves."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.store.server import Server

HOLDS_ONE = """
from tests.store.server import running_server
with running_server() as server:
    print(server.folder, flush=True)
    input()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent is gone")
def test_it_ends_with_tests_that_are_killed(postgres: Server) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDS_ONE],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    folder = Path(holder.stdout.readline().strip())
    runs = folder / "data" / "postmaster.pid"  # there as long as the server is
    assert runs.is_file()

    holder.kill()
    holder.communicate()

    until = time.monotonic() + 60
    while runs.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not runs.exists()
    shutil.rmtree(folder, ignore_errors=True)
