from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint.local_features import POINTS
from scanner.match.postings import POSTING_BYTES
from scanner.model.work import KeptPicturesTask, PointsTask
from scanner.pipeline.belongings import FEATURES, FINGERPRINTS, HASHES, found_points, kept_algorithms, kept_pictures
from scanner.store.kept_pictures import LIMIT_BYTES, PICTURE_LIMIT_BYTES
from scanner.store.packed_features import packed_length
from tests.fingerprint.landscapes import landscape
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


def test_one_decode_makes_the_local_features_too(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    landscape(3).save(path)
    task = KeptPicturesTask(1, str(path), path.stat().st_size)

    kept_features = kept_pictures(task).features
    looked_for = found_points(PointsTask(2, str(path), path.stat().st_size)).query

    assert kept_features is not None and looked_for is not None
    assert kept_features.count > 100
    assert kept_features == looked_for.features


def test_a_plain_picture_is_kept_with_no_points(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (400, 300), "gray").save(path)
    features = kept_pictures(KeptPicturesTask(1, str(path), path.stat().st_size)).features
    assert features is not None
    assert features.count == 0


@pytest.mark.parametrize("levels", [256, 2])
def test_all_that_is_kept_of_noise_fits_64_kb(tmp_path: Path, levels: int) -> None:
    path = tmp_path / "a.png"
    values = np.random.default_rng(1).integers(0, levels, (640, 640, 3), np.uint8) * (255 // (levels - 1))
    Image.fromarray(values.astype(np.uint8)).save(path)

    made = kept_pictures(KeptPicturesTask(1, str(path), path.stat().st_size))

    assert made.features is not None and made.picture and made.thumbnail
    features = packed_length(made.features.count) + made.features.count * POSTING_BYTES
    assert made.features.count > 0.9 * POINTS
    assert features + len(made.picture) + len(made.thumbnail) <= 64_000


def test_all_limits_together_leave_room_for_the_reference_s_own_row() -> None:
    limits = packed_length(POINTS) + POINTS * POSTING_BYTES + PICTURE_LIMIT_BYTES + LIMIT_BYTES
    assert limits <= 64_000 - 800


def test_what_cannot_be_decoded_is_looked_for_by_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"not a picture")
    assert found_points(PointsTask(2, str(path), 13)).query is None
