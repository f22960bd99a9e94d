from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.assets import ContentHash
from scanner.model.judging import Zone, ZoneChoice
from scanner.report import json_asset_text
from scanner.report.json_asset import asset_json
from scanner.report.json_asset_text import AssetTexts
from scanner.report.json_forms import laid_out, on_a_line, sealed
from scanner.tools.spool import Spool
from tests.report.large import large
from tests.report.parts import HOSTILE, asset, finding, mark
from tests.report.scans import ALL

TEXTS = st.text(st.characters(exclude_categories=()), max_size=6) | st.sampled_from(["%s", "%%", '"', "\udcff", HOSTILE])


def whole(record):
    return [laid_out(asset_json(record), 2), sealed(asset_json(record)), on_a_line(asset_json(record))]


@pytest.mark.parametrize("at_hand", [1, 5, json_asset_text.AT_HAND])
@pytest.mark.parametrize("kept", [tuple, Spool])
def test_filled_in_templates_are_what_writing_it_whole_gives(kept, at_hand, monkeypatch):
    monkeypatch.setattr(json_asset_text, "AT_HAND", at_hand)
    records = kept(record for scan in (large(600), *(make() for make in ALL.values())) for record in scan.assets)
    texts = AssetTexts(laid_out, sealed, on_a_line, depth=2)
    for record in records:
        assert texts.write(record) == whole(record)


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 1 << 63), st.none() | TEXTS, st.booleans())
def test_no_text_slips_from_its_place(path, zone, note, size, digest, found):
    told = {"marks": (mark(value=note),), "findings": (finding(zone, note),)} if found else {}
    record = replace(
        asset(path, picture_note=note, camera=zone, content_digest=digest or "", **told),
        zone=ZoneChoice(Zone.FINAL, zone),
        size_bytes=size,
        hash=ContentHash(value=digest),
    )
    texts = AssetTexts(laid_out, sealed, on_a_line, depth=2)
    assert texts.write(record) == whole(record)
    assert texts.write(replace(record, path="b")) == whole(replace(record, path="b")), "a template that was made of it"


def test_each_form_says_the_same():
    first, second, third = AssetTexts(laid_out, sealed, on_a_line, depth=0).write(large(1).assets[0])
    assert json.loads(first) == json.loads(second) == json.loads(third)
