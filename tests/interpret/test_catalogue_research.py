"""Every row of the research is a mark, a trap or told as not read, and has what shows it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.catalogue_samples import failure
from scanner.interpret.row import fold_field
from scanner.model.marks import Meaning

CATALOGUE = MarkCatalogue.load()
RESEARCH = Path(__file__).parents[3] / "shared" / "marks.json"
ROWS = {name: row for row in CATALOGUE.rows for name in (*row.also, row.id)}
LATER = {one.id: one for one in CATALOGUE.later}

RESIDUE_FIELDS = {
    "tc260-jpeg-app": "JPEG-APP:AIGC",
    "tc260-wav": "RIFF:AIGC",
    "tc260-avi": "RIFF-INFO:AIGC",
    "kling-sei": "H264-SEI:91ca6061-4aee-3854-8614-2d5f73f4ae2e",
    "comfy-apng": "PNG-comf:Prompt",
    "comfy-avif": "BMFF-uuid:comfyui_workflow",
    "comfy-svg": "SVG-metadata:Text",
    "stealth-alpha": "Stealth:Parameters",
    "psd-geni": "PSD:GenI.isUsingGenTech",
    "psd-externalmodel": "PSD:GenI.externalModelList",
    "samsung-genai": "Samsung:ReEditData",
    "samsung-upscale": "Samsung:ReEditData",
    "trap-psd-geni0": "PSD:GenI.isUsingGenTech",
}
"""What ExifTool 12.57 cannot show, and the field under which our own reader gives it."""


def research() -> list:
    if not RESEARCH.is_file():
        return [pytest.param("", marks=pytest.mark.skip(reason="the research list is not here"))]
    return [row["id"] for row in json.loads(RESEARCH.read_text("utf-8"))]


@pytest.mark.parametrize("identity", research())
def test_a_research_row_has_one_place_and_samples_that_hold(identity):
    assert (identity in ROWS) is not (identity in LATER)
    if identity in LATER:
        assert len(LATER[identity].reason) >= 30
        return
    row = ROWS[identity]
    assert row.silent if row.meaning is Meaning.TRAP else row.tests
    tried = [failure(CATALOGUE, row, sample, fires=True) for sample in row.tests]
    tried += [failure(CATALOGUE, row, sample, fires=False) for sample in row.silent]
    assert [wrong for wrong in tried if wrong] == []


@pytest.mark.parametrize(("identity", "field"), RESIDUE_FIELDS.items())
def test_what_exiftool_cannot_show_is_looked_for_where_our_reader_gives_it(identity, field):
    assert fold_field(field) in {fold_field(one) for one in ROWS[identity].fields}
