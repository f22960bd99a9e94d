"""What tests of several folders need: pictures that say who they are, and every ExifTool at hand."""

from __future__ import annotations

import gc
import io
import os
import shutil
import signal
from collections.abc import Callable, Generator, Iterator

import pytest
from PIL import Image

from tests.cli.warm import WarmCommand
from tests.store.server import NoServerError, Server, running_server
from tests.tools.object_server import ObjectServer, environment, serving

# Shells start what runs in the background with Ctrl-C ignored, and every process that a test starts would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# As in a scan's workers: there are test workers for all processors, and arithmetic threads beside them wait for each other in
# busy loops. Tests of local features took twice the processor time with them.
for _threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_threads, "1")

# A test reads what it scans; those about the store of readings name one.
os.environ["SCANNER_NO_STORE"] = "1"

MakePicture = Callable[[str], bytes]


@pytest.hookimpl(wrapper=True, optionalhook=True)
def pytest_xdist_auto_num_workers() -> Generator[None, int, int]:
    """Let ``-n auto`` run half as many tests again as there are processors: many wait, for settled times and for deadlines."""
    processors = yield
    return processors if os.environ.get("PYTEST_XDIST_AUTO_NUM_WORKERS") else processors + (processors + 1) // 2


def pytest_collection_finish() -> None:
    """Leave what was collected, thousands of tests, out of every look for garbage: a tenth of the time of short tests."""
    gc.collect()
    gc.freeze()


def installed_exiftools() -> list[str]:
    """The ExifTool on PATH, and those that SCANNER_TEST_EXIFTOOLS lists beside it."""
    listed = os.environ.get("SCANNER_TEST_EXIFTOOLS", "").split(os.pathsep)
    found = [shutil.which(name) for name in ("exiftool", *listed) if name]
    return list(dict.fromkeys(path for path in found if path))


@pytest.fixture(params=installed_exiftools() or [None])
def exiftool(request: pytest.FixtureRequest) -> str:
    """Path of an installed ExifTool; the test runs once with each."""
    if request.param is None:
        pytest.skip("no ExifTool is installed")
    return str(request.param)


@pytest.fixture(scope="session")
def jpeg() -> MakePicture:
    """Make a small JPEG that bears a comment."""

    def make(comment: str) -> bytes:
        stream = io.BytesIO()
        Image.new("RGB", (16, 16), (90, 120, 150)).save(stream, "JPEG", comment=comment.encode())
        return stream.getvalue()

    return make


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server for the whole run, started with the first test that asks; skips where there can be none."""
    try:
        with running_server() as server:
            yield server
    except NoServerError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def warm() -> Iterator[WarmCommand]:
    """The command, imported once."""
    command = WarmCommand()
    yield command
    command.close()


@pytest.fixture
def objects_served(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObjectServer]:
    """An object server of our own that the environment names for S3; it has any bucket, and what a test puts into it."""
    with serving() as server:
        for name, value in environment(server.url).items():
            monkeypatch.setenv(name, value)
        yield server
