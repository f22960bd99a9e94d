"""A PDF whose metadata ExifTool passes over in silence is not one without metadata."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.readings import Failed, Found, NotFound
from scanner.probe.formats import by_name
from scanner.read.exiftool import ExifToolReader

DOCUMENTS = Path(__file__).parents[2] / "fixtures" / "documents"


def read(exiftool: str, path: Path) -> object:
    reader = ExifToolReader(exiftool)
    try:
        return reader.read(str(path), by_name("pdf"), path.stat().st_size)
    finally:
        reader.close()


@pytest.mark.parametrize("path", sorted(DOCUMENTS.glob("*.pdf")), ids=lambda path: path.name)
def test_whole_files_are_read(path: Path, exiftool: str) -> None:
    assert isinstance(read(exiftool, path), Found | NotFound)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("source-type.pdf", b"1 0 R /Info", bytes(11)),
        ("tc260.pdf", b'""})', b'""}\x08'),
        ("source-type.pdf", b"/Root 1 0 R", b"/Root 1 0\x0eV"),
    ],
    ids=["its catalogue is lost", "its info dictionary is broken", "its catalogue is lost and its info dictionary read"],
)
def test_named_metadata_that_was_not_read_is_a_failure(name: str, old: bytes, new: bytes, exiftool: str, tmp_path: Path) -> None:
    content = (DOCUMENTS / name).read_bytes()
    assert content.count(old) == 1
    (tmp_path / name).write_bytes(content.replace(old, new))

    assert isinstance(read(exiftool, tmp_path / name), Failed)


def test_metadata_of_a_picture_within_is_not_the_documents(exiftool: str, tmp_path: Path) -> None:
    content = (DOCUMENTS / "title.pdf").read_bytes()
    assert b"/Metadata" not in content
    # Behind the end: the table of objects stays right, and the words stand in no catalogue.
    (tmp_path / "title.pdf").write_bytes(content + b"\n% 9 0 obj << /Type /XObject /Metadata 7 0 R >> endobj\n")

    assert isinstance(read(exiftool, tmp_path / "title.pdf"), Found | NotFound)
