"""The table: names are unique and well formed, and what it says of other tools' abilities holds."""

import io

import pytest
from PIL import Image, features

from scanner.fingerprint.decoders import FILM_FORMATS, decodable_formats
from scanner.model.formats import MediaKind
from scanner.probe.formats import ALL, LITTER, by_name, find_by_extension, find_extension, is_lie
from tests.probe.samples import SAMPLES

MIMES = {
    *("image/jpeg", "image/png", "image/webp", "image/avif", "image/heic", "image/heif", "image/jxl", "image/gif"),
    *("image/tiff", "image/x-adobe-dng", "image/x-sony-arw", "image/x-nikon-nef", "image/svg+xml"),
    *("video/mp4", "video/quicktime", "video/x-m4v", "audio/mp4", "video/x-msvideo", "audio/wav", "audio/mpeg", "audio/flac"),
    "application/pdf",
}


def test_names_are_unique_and_findable():
    assert len({row.name for row in ALL}) == len(ALL)
    assert all(by_name(row.name) is row for row in ALL)
    with pytest.raises(KeyError):
        by_name("no-such-format")


@pytest.mark.parametrize("row", ALL, ids=lambda row: row.name)
def test_a_row_is_well_formed(row):
    assert row.name == row.name.lower()
    assert row.title
    assert all(extension == extension.lower() and "." not in extension for extension in row.extensions)
    assert len(set(row.extensions)) == len(row.extensions)
    assert row.kind is not MediaKind.UNKNOWN
    assert row.mime is None or (row.mime in MIMES and row.kind.is_media)
    assert not row.limits.endswith(".")


@pytest.mark.parametrize("row", [row for row in ALL if row.kind.is_media], ids=lambda row: row.name)
def test_what_cannot_be_read_is_said(row):
    unread = row.mime is None or not row.metadata or (row.kind is MediaKind.STILL and not row.picture)
    assert not unread or row.limits
    assert row.extensions


def test_every_media_type_the_library_reads_is_used():
    assert {row.mime for row in ALL} - {None} == MIMES


def test_every_picture_has_a_decoder():
    assert {row.name for row in ALL if row.picture} == decodable_formats()


@pytest.mark.parametrize("row", [row for row in ALL if row.picture], ids=lambda row: row.name)
def test_pillow_decodes_what_is_called_a_picture(row):
    if row.name in ("heic", "heif"):
        pytest.skip("needs the heif extra")
    if row.name in FILM_FORMATS:
        pytest.skip("OpenImageIO decodes it: tests/fingerprint/test_film.py")
    if row.name == "avif" and not features.check("avif"):
        pytest.skip("this Pillow is built without AVIF")
    with Image.open(io.BytesIO(SAMPLES[row.name])) as opened:
        opened.load()
        assert opened.size[0] > 0


def test_extensions():
    assert find_extension("A.JPG") == "jpg"
    assert find_extension("archive.tar.gz") == "gz"
    assert [find_extension(name) for name in ("a", ".hidden", "a.", "..", "")] == [""] * 5
    assert {row.name for row in find_by_extension("png")} == {"png", "apng"}
    assert find_by_extension("xyz") == ()


def test_litter_never_lies():
    assert not any(is_lie("jpg", by_name(name)) for name in LITTER)
