"""A tree of hostile files and a reader to send at it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator

import pytest

from scanner.read.exiftool import ExifToolReader

Snapshot = dict[bytes, str]


def snapshot(folder: str) -> Snapshot:
    """SHA-256 of every file below `folder`, by its path in bytes."""
    found: Snapshot = {}
    for root, _, names in os.walk(os.fsencode(folder)):
        for name in names:
            path = os.path.join(root, name)
            with open(path, "rb") as stream:
                found[path] = hashlib.sha256(stream.read()).hexdigest()
    return found


@pytest.fixture
def take_snapshot() -> Callable[[str], Snapshot]:
    """See `snapshot`."""
    return snapshot


@pytest.fixture
def open_reader() -> Iterator[Callable[..., ExifToolReader]]:
    """Make an ExifTool reader that is closed after the test."""
    readers: list[ExifToolReader] = []

    def make(executable: str, timeout_seconds: float = 10.0) -> ExifToolReader:
        readers.append(ExifToolReader(executable, timeout_seconds=timeout_seconds))
        return readers[-1]

    yield make
    for reader in readers:
        reader.close()
