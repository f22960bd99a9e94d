"""Readers under test, closed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.probe.formats import by_name
from scanner.read.exiftool import ExifToolReader
from tests.read.fake_exiftool import FakeExifTool, write_fake

JPEG = by_name("jpeg")

ReadWith = Callable[..., ExifToolReader]


@pytest.fixture
def open_reader() -> Iterator[ReadWith]:
    """Make an ExifTool reader; its child is stopped after the test."""
    readers: list[ExifToolReader] = []

    def make(executable: str, timeout_seconds: float = 5.0) -> ExifToolReader:
        readers.append(ExifToolReader(executable, timeout_seconds=timeout_seconds))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()


@pytest.fixture
def fake(tmp_path: Path) -> Callable[..., FakeExifTool]:
    """Write a stand-in for ExifTool, see `fake_exiftool.write_fake`."""
    folder = tmp_path / "fake"
    folder.mkdir()
    return lambda behaviour, version="13.00": write_fake(folder, behaviour, version)
