"""The residue reading within a scan: its marks beside ExifTool's, told once, and what was not looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import PngImagePlugin

from scanner.model.scan import AssetRecord
from tests.pipeline.conftest import PARAMETERS, RunScan, picture
from tests.read.residue_samples import GRAPH, png, png_chunk, stealth

STEALTH = "file, Stealth:Parameters"


@pytest.fixture
def hidden(tmp_path: Path) -> Path:
    """A picture that says in its pixels alone how it was made."""
    stealth(PARAMETERS).save(tmp_path / "hidden.png")
    return tmp_path


def only(records: tuple[AssetRecord, ...]) -> AssetRecord:
    (record,) = records
    return record


def residue(record: AssetRecord) -> tuple[str, str | None]:
    return next((one.state, one.reason) for one in record.readings if one.reader == "residue")


def test_text_in_pixels_is_found_where_pixels_are_decoded(hidden: Path, run: RunScan) -> None:
    record = only(run(hidden).assets)

    assert (record.provenance, [mark.where for mark in record.marks]) == ("generated", [STEALTH])
    assert residue(record) == ("found", None)


def test_text_in_pixels_that_nobody_decoded_is_said_to_be_unseen(hidden: Path, run: RunScan) -> None:
    record = only(run(hidden, fingerprints=False).assets)

    assert record.provenance == "no-marks"
    assert residue(record) == ("not-found", "hidden text in its pixels was not looked for: its picture was not decoded")


def test_lossless_webp_hides_text_too(tmp_path: Path, run: RunScan) -> None:
    stealth(PARAMETERS).save(tmp_path / "hidden.webp", lossless=True, exact=True)

    assert [mark.where for mark in only(run(tmp_path).assets).marks] == [STEALTH]


def test_what_both_readers_decode_is_told_once(tmp_path: Path, run: RunScan) -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("parameters", PARAMETERS, zip=True)
    picture(3).save(tmp_path / "packed.png", pnginfo=notes)

    record = only(run(tmp_path).assets)

    assert [(mark.id, mark.where) for mark in record.marks if mark.id == "a1111-png"] in (
        [("a1111-png", "file, PNG:Parameters")],
        # An ExifTool without zlib: then ours is the only one.
        [("a1111-png", "file, PNG:parameters")],
    )


def test_a_mark_before_the_break_outlives_it(tmp_path: Path, run: RunScan) -> None:
    content = png(png_chunk(b"comf", b"prompt\0" + GRAPH.encode()))
    (tmp_path / "cut.png").write_bytes(content[:-30])

    record = only(run(tmp_path).assets)

    assert record.provenance == "generated"
    assert record.verdict != "pass"
    assert residue(record)[0] == "found"


def test_a_picture_that_cannot_be_decoded_is_damage_of_the_file(tmp_path: Path, run: RunScan) -> None:
    picture(4).save(tmp_path / "broken.png")
    content = bytearray((tmp_path / "broken.png").read_bytes())
    at = content.index(b"IDAT") + 4
    content[at : at + 400] = bytes(400)
    (tmp_path / "broken.png").write_bytes(content)

    record = only(run(tmp_path).assets)

    assert (record.provenance, record.verdict) == ("unreadable", "incomplete")
    assert {one.reader for one in record.readings if one.state == "failed"} >= {"probe", "picture"}


def test_a_compressed_text_that_is_broken_is_a_failed_reading(tmp_path: Path, run: RunScan) -> None:
    (tmp_path / "broken.png").write_bytes(png(png_chunk(b"zTXt", b"parameters\0\0" + b"x\x9cnonsense")))

    record = only(run(tmp_path).assets)

    assert residue(record) == ("failed", "a compressed text is broken")
    assert record.verdict == "incomplete"
