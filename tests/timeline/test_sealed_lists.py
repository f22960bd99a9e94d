from __future__ import annotations

import pytest

from scanner.model.sealed import SealKind
from scanner.model.work import SealedListTask
from scanner.timeline import sealed_lists
from scanner.timeline.sealed_lists import read_sealed_list
from tests.timeline.test_ascmhl import Sealer, entry, md5


@pytest.fixture
def sealer(tmp_path):
    return Sealer(tmp_path / "card")


def read(sealer):
    return read_sealed_list(SealedListTask(5, str(sealer.folder), 1, SealKind.MHL))


def test_one_hash_a_file_comes_back(sealer):
    sealer.seal(entry("a.mov", b"one", extra="<xxh64>00000000deadbeef</xxh64>"))
    sealer.seal(entry("a.mov", b"one", "verified"))

    (sealed,) = read(sealer).files

    assert [(one.algorithm, one.value) for one in sealed.hashes] == [("md5", md5(b"one"))]


def test_a_hash_that_failed_is_nothing_to_compare_with(sealer):
    sealer.seal(entry("a.mov", b"one", "failed"))

    assert [one.hashes for one in read(sealer).files] == [()]


def test_what_cannot_be_computed_is_named(sealer):
    sealer.seal('<hash><path size="3">a.mov</path><whirlpool action="original">0123456789abcdef</whirlpool></hash>')

    assert [one.hashes[0].algorithm for one in read(sealer).files] == ["whirlpool"]


def test_a_broken_history_comes_back_with_the_reason_and_its_place(sealer):
    sealer.seal(entry("../secret.mov", b"one"))

    result = read(sealer)

    assert (result.key, result.files) == (5, ())
    assert result.why == "line 2: the path '../secret.mov' leads out of the folder (ascmhl/0001_x.mhl)"


def test_a_broken_package_comes_back_with_the_reason_and_its_place(tmp_path):
    (tmp_path / "ASSETMAP.xml").write_text("<AssetMap><AssetList><Asset/></AssetList></AssetMap>")

    result = read_sealed_list(SealedListTask(0, str(tmp_path / "ASSETMAP.xml"), 1, SealKind.PKL))

    assert result.why == "an asset has no identity or no path (ASSETMAP.xml, line 1)"


def test_a_list_is_bounded(sealer, monkeypatch):
    monkeypatch.setattr(sealed_lists, "FILES_LIMIT", 1)
    sealer.seal(entry("a.mov", b"one") + entry("b.mov", b"two"))

    assert read(sealer).why == "seals 2 files; 1 can be read"
