"""What every reader promises: an outcome for whatever stands at a path, and never an exception."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from scanner.model.errors import ToolError
from scanner.model.protocols import Reader
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome
from scanner.probe.formats import ALL, by_name
from scanner.read.c2pa import C2paReader
from scanner.read.exiftool import ExifToolReader
from scanner.read.residue import ResidueReader

READERS: dict[str, Callable[[], Reader]] = {
    "exiftool": lambda: ExifToolReader(timeout_seconds=1.0),
    "c2pa": C2paReader,
    "residue": ResidueReader,
}
OUTCOMES = (Found, NotFound, Failed, NotTried)
JPEG = by_name("jpeg")


@pytest.fixture(scope="module", params=READERS)
def reader(request) -> Iterator[Reader]:
    """Each reader in turn, one for all tests: what one file does to it must not matter to the next."""
    if request.param == "exiftool" and not shutil.which("exiftool"):
        pytest.skip("no ExifTool is installed")
    made = READERS[request.param]()
    yield made
    made.close()
    made.close()


@pytest.fixture(scope="module")
def picture() -> bytes:
    """A small JPEG with a comment."""
    stream = io.BytesIO()
    Image.new("RGB", (32, 32), (200, 30, 60)).save(stream, "JPEG", comment=b"hello")
    return stream.getvalue()


def read(reader: Reader, path: Path, content: bytes | None = None, file_format=JPEG) -> Outcome:
    if content is not None:
        path.write_bytes(content)
    return reader.read(str(path), file_format, len(content or b""))


def test_a_reader_says_its_name_and_version(reader):
    assert READERS[reader.name]
    assert reader.version[0].isdigit()


def test_an_intact_picture_is_no_failure(reader, picture, tmp_path):
    assert isinstance(read(reader, tmp_path / "a.jpg", picture), (Found, NotFound))


def test_reading_twice_gives_the_same(reader, picture, tmp_path):
    assert read(reader, tmp_path / "a.jpg", picture) == read(reader, tmp_path / "a.jpg", picture)


@pytest.mark.parametrize("file_format", ALL, ids=lambda one: one.name)
def test_noise_under_any_format_has_an_outcome(file_format, reader, tmp_path):
    noise = bytes(range(256)) * 8
    assert isinstance(read(reader, tmp_path / "noise", noise, file_format), OUTCOMES)


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"RIFF\xff\xff\xff\xffWAVE"])
def test_stumps_have_an_outcome(content, reader, tmp_path):
    assert isinstance(read(reader, tmp_path / "stump", content), OUTCOMES)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_a_picture_cut_short_has_an_outcome(part, reader, picture, tmp_path):
    assert isinstance(read(reader, tmp_path / "cut.jpg", picture[: int(len(picture) * part)]), OUTCOMES)


def test_a_file_that_vanished_is_a_failure(reader, tmp_path):
    assert isinstance(read(reader, tmp_path / "gone.jpg"), Failed)


def test_a_folder_in_the_files_place_is_never_a_reading(reader, tmp_path):
    (tmp_path / "folder.jpg").mkdir()
    assert isinstance(read(reader, tmp_path / "folder.jpg"), (Failed, NotFound))


def test_a_fifo_in_the_files_place_is_a_failure_and_holds_nothing(reader, tmp_path):
    os.mkfifo(tmp_path / "fifo.jpg")
    began = time.monotonic()
    assert isinstance(read(reader, tmp_path / "fifo.jpg"), Failed)
    assert time.monotonic() - began < 5


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_failure(reader, picture, tmp_path):
    path = tmp_path / "locked.jpg"
    path.write_bytes(picture)
    path.chmod(0)
    assert isinstance(read(reader, path), Failed)


def test_the_next_file_is_read_after_any_of_these(reader, picture, tmp_path):
    for content in (b"", b"\xff\xd8\xff\xe1\xff\xff", os.urandom(2000)):
        read(reader, tmp_path / "odd.jpg", content)
    assert isinstance(read(reader, tmp_path / "fine.jpg", picture), (Found, NotFound))


def test_a_tool_that_is_missing_is_said_at_once():
    with pytest.raises(ToolError):
        ExifToolReader("no-such-exiftool")
