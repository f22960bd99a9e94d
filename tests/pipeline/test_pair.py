"""One pair of pictures, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from PIL import Image, ImageOps

from scanner.model.errors import UsageError
from scanner.model.matching import Relation
from scanner.model.pair import Pair
from scanner.pipeline.pair import explain_pair
from scanner.pipeline.settings import WorkerSettings
from tests.pipeline.conftest import InProcessEngine
from tests.pipeline.test_alterations import altered, graded
from tests.pipeline.test_matching import cropped, inside, photograph


@pytest.fixture
def engine() -> Iterator[InProcessEngine]:
    with closing(InProcessEngine(WorkerSettings())) as opened:
        yield opened


@pytest.fixture
def compared(tmp_path: Path, engine: InProcessEngine):
    """Save two pictures and compare them."""

    def compare(asset: Image.Image, reference: Image.Image, suffix: str = ".png") -> Pair:
        a, b = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
        asset.save(a)
        reference.save(b)
        return explain_pair(str(a), str(b), engine, lambda *_: None)

    return compare


@pytest.mark.parametrize(
    ("change", "relation"),
    [
        (cropped, Relation.DERIVED),
        (graded, Relation.DERIVED),
        (ImageOps.mirror, Relation.DERIVED),
        (inside, Relation.CONTAINS),
        (altered, Relation.ALTERED),
    ],
)
def test_what_was_made_of_a_picture_is_told(compared, change, relation: Relation) -> None:
    pair = compared(change(photograph(1)), photograph(1))

    assert (pair.relation, pair.equal_bytes, pair.equal_pixels) == (relation, False, False)
    assert pair.alignment is not None
    assert pair.alignment.mirrored is (change is ImageOps.mirror)
    assert pair.asset.points > 100 and pair.reference.points > 100
    assert pair.paired_points >= pair.alignment.inliers
    assert pair.laid_over is not None
    assert bool(pair.alteration and pair.alteration.boxes) is (relation is Relation.ALTERED)


def test_equal_files_are_the_same_and_all_stages_still_ran(compared) -> None:
    pair = compared(photograph(1), photograph(1))
    assert (pair.relation, pair.equal_bytes, pair.equal_pixels) == (Relation.SAME, True, True)
    assert (pair.fingerprint_bits, pair.global_bits, pair.global_way) == (0, 0, "upright")
    assert pair.alignment is not None and pair.alteration is not None


def test_a_file_and_itself(tmp_path: Path, engine: InProcessEngine) -> None:
    path = tmp_path / "a.png"
    photograph(1).save(path)
    assert explain_pair(str(path), str(path), engine, lambda *_: None).relation is Relation.SAME


def test_a_mirrored_picture_is_near_by_its_global_hash(compared) -> None:
    pair = compared(ImageOps.mirror(photograph(1)), photograph(1))
    assert pair.global_bits is not None and pair.global_bits <= 31
    assert pair.global_way == "mirrored"


def test_two_pictures_have_nothing_to_do_with_each_other(compared) -> None:
    pair = compared(photograph(1), photograph(2))
    assert (pair.relation, pair.alignment, pair.alteration, pair.laid_over) == (None, None, None, None)


def test_plain_pictures_are_not_compared(compared) -> None:
    pair = compared(Image.new("RGB", (300, 200), "gray"), Image.new("RGB", (300, 210), "gray"))
    assert (pair.relation, pair.fingerprint_bits, pair.global_bits) == (None, None, None)
    assert (pair.asset.points, pair.paired_points) == (0, 0)
    assert pair.asset.fingerprint is not None and pair.asset.fingerprint.flat


def test_what_is_no_picture_says_why(tmp_path: Path, engine: InProcessEngine) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8\xff broken")
    photograph(1).save(tmp_path / "b.png")
    pair = explain_pair(str(tmp_path / "a.jpg"), str(tmp_path / "b.png"), engine, lambda *_: None)
    assert (pair.relation, pair.equal_pixels, pair.asset.fingerprint) == (None, None, None)
    assert pair.asset.note


@pytest.mark.parametrize("kind", ["missing", "folder"])
def test_only_files_are_compared(tmp_path: Path, engine: InProcessEngine, kind: str) -> None:
    photograph(1).save(tmp_path / "b.png")
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError):
        explain_pair(str(tmp_path / "b.png"), str(tmp_path / kind), engine, lambda *_: None)
