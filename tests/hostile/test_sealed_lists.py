"""Histories and packing lists made to harm: a reason comes back in one line, and nothing outside is read."""

from __future__ import annotations

import base64
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.sealed import SealKind
from scanner.model.work import SealedList, SealedListTask
from scanner.timeline.sealed_lists import read_sealed_list
from tests.timeline.test_ascmhl import Sealer, entry

LAUGHS = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
ASSET_MAP = (
    "<AssetMap><AssetList><Asset><Id>urn:uuid:t1</Id><ChunkList><Chunk><Path>t1.mxf</Path></Chunk></ChunkList></Asset>"
    "<Asset><Id>urn:uuid:p</Id><PackingList/><ChunkList><Chunk><Path>pkl.xml</Path></Chunk></ChunkList></Asset></AssetList></AssetMap>"
)


def history(folder: Path) -> SealedList:
    return read_sealed_list(SealedListTask(0, str(folder), 1, SealKind.MHL))


def package(folder: Path) -> SealedList:
    return read_sealed_list(SealedListTask(0, str(folder / "ASSETMAP.xml"), 1, SealKind.PKL))


def packing_list(size: str = "7", value: str = base64.b64encode(bytes(20)).decode()) -> str:
    listed = f"<Asset><Id>urn:uuid:t1</Id><Hash>{value}</Hash><Size>{size}</Size><Type>application/mxf</Type></Asset>"
    return f"<PackingList><AssetList>{listed}</AssetList></PackingList>"


def packed(folder: Path, asset_map: str = ASSET_MAP, packing: str = "") -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "ASSETMAP.xml").write_text(asset_map)
    (folder / "pkl.xml").write_text(packing or packing_list())
    return folder


@pytest.mark.parametrize("bomb", [LAUGHS, OUTSIDE])
def test_xml_bombs_are_refused_wherever_they_stand(tmp_path, bomb):
    sealer = Sealer(tmp_path / "card")
    sealer.seal(entry("a.mov", b"one"))
    (sealer.folder / "ascmhl" / "ascmhl_chain.xml").write_text(f"{bomb}<ascmhldirectory>&a;</ascmhldirectory>")

    assert "declares entities" in history(sealer.folder).why
    assert "declares entities" in package(packed(tmp_path / "map", bomb + ASSET_MAP)).why
    assert "declares entities" in package(packed(tmp_path / "list", packing=bomb + packing_list())).why


def test_a_size_of_many_digits_is_no_size(tmp_path):
    read = package(packed(tmp_path / "imp", packing=packing_list(size="9" * 5000)))

    assert [(one.path, one.size_bytes) for one in read.files] == [("t1.mxf", None)]


def test_a_chain_of_many_generations_is_refused(tmp_path):
    sealer = Sealer(tmp_path / "card")
    sealer.lists = [("0001_x.mhl", "c4")] * 1001
    sealer.chain()

    assert "lists 1,001 generations" in history(sealer.folder).why


def test_a_fifo_in_place_of_a_list_does_not_hold_the_scan(tmp_path):
    folder = packed(tmp_path / "imp")
    (folder / "pkl.xml").unlink()
    os.mkfifo(folder / "pkl.xml")

    assert "not a regular file" in package(folder).why


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_damaged_lists_are_read_or_refused_in_one_line(tmp_path, data):
    sealer = Sealer(tmp_path / "card") if not (tmp_path / "card").exists() else None
    if sealer:
        sealer.seal(entry("a.mov", b"one") + entry("b/c.mov", b"two"))
        packed(tmp_path / "imp")
        for place in _lists(tmp_path):
            (tmp_path / f"{place.name}.whole").write_bytes(place.read_bytes())
    place = data.draw(st.sampled_from(_lists(tmp_path)))
    content = bytearray((tmp_path / f"{place.name}.whole").read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    length = data.draw(st.integers(0, 12))
    content[at : at + length] = data.draw(st.binary(max_size=12))
    place.write_bytes(content)
    try:
        for read in (history(tmp_path / "card"), package(tmp_path / "imp")):
            assert "\n" not in read.why
            assert not any(".." in one.path.split("/") or one.path.startswith("/") for one in read.files)
    finally:
        place.write_bytes((tmp_path / f"{place.name}.whole").read_bytes())


def _lists(folder: Path) -> list[Path]:
    return [
        folder / "card" / "ascmhl" / "ascmhl_chain.xml",
        folder / "card" / "ascmhl" / "0001_x.mhl",
        folder / "imp" / "ASSETMAP.xml",
        folder / "imp" / "pkl.xml",
    ]
