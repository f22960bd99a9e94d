from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from scanner.model.work import KeptPicturesTask
from scanner.pipeline.belongings import FEATURES, FINGERPRINTS, HASHES, kept_algorithms, kept_pictures
from tests.pipeline.conftest import picture


def kept(path: Path) -> tuple[bytes, bytes]:
    made = kept_pictures(KeptPicturesTask(7, str(path), path.stat().st_size))
    assert made.key == 7
    return made.picture, made.thumbnail


def size(content: bytes) -> tuple[int, int]:
    return Image.open(io.BytesIO(content)).size


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK", "I;16"])
def test_pictures_of_every_mode(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "a.tif"
    made = picture(1).resize((1500, 1000))
    (made.convert("L").convert("I;16") if mode == "I;16" else made.convert(mode)).save(path)

    large, small = kept(path)

    assert (size(large), size(small)) == ((640, 427), (160, 107))


def test_orientation_is_applied_and_nothing_of_the_metadata_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "secret description"
    picture(1).resize((400, 200)).save(path, exif=exif, icc_profile=None)

    large, small = kept(path)

    assert (size(large), size(small)) == ((200, 400), (80, 160))
    assert b"secret" not in large + small


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"not a picture"])
def test_what_cannot_be_decoded_makes_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(content)
    assert kept(path) == (b"", b"")


def test_algorithms_have_one_name_each() -> None:
    names = [one.name for one in (*FINGERPRINTS, *HASHES, *FEATURES)]
    assert len(set(names)) == len(names)
    assert set(kept_algorithms()) <= set(names)
