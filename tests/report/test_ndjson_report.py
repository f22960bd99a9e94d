from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from referencing import Registry, Resource

from scanner.report.json_report import schema
from scanner.report.ndjson_report import ndjson_schema
from tests.report.scans import ALL, blocked
from tests.report.written import to_json, to_ndjson

WHOLE, LINE = json.loads(schema()), json.loads(ndjson_schema())
REGISTRY = Registry().with_resource(WHOLE["$id"], Resource.from_contents(WHOLE))


def records(scan):
    return [json.loads(line) for line in to_ndjson(scan).split("\n")[:-1]]


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(LINE)


@pytest.mark.parametrize("name", ALL)
def test_every_line_keeps_to_the_schema(name):
    line = jsonschema.Draft202012Validator(LINE, registry=REGISTRY)
    asset = jsonschema.Draft202012Validator({**WHOLE, "$id": "urn:x", "$ref": "#/$defs/asset"}).evolve(
        schema={"$defs": WHOLE["$defs"], "$ref": "#/$defs/asset"}
    )
    for record in records(ALL[name]()):
        line.validate(record)
        if record["record"] == "asset":
            asset.validate({key: value for key, value in record.items() if key != "record"})


@pytest.mark.parametrize("name", ALL)
def test_the_lines_say_what_scan_json_says(name):
    first, *assets, last = records(ALL[name]())
    whole = json.loads(to_json(ALL[name]()))
    assert [{key: value for key, value in asset.items() if key != "record"} for asset in assets] == whole.pop("assets")
    said = {key: value for part in (first, last) for key, value in part.items() if key not in ("record", "assets")}
    del whole["inventory"], whole["seal"]  # of scan.json alone, which can be verified
    assert said == whole
    assert (first["record"], last["record"], last["assets"]) == ("scan", "end", len(assets))


@pytest.mark.parametrize("text", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c", "\r\n", "😀", "\udcff"])
def test_no_reader_finds_a_line_break_inside_a_record(text):
    scan = replace(blocked(), name=f"a{text}b")
    written = to_ndjson(scan)
    assert written.isascii()
    assert len(written.splitlines()) == len(scan.assets) + 2
    expected = "\\udcff" if text == "\udcff" else text
    assert records(scan)[0]["name"] == f"a{expected}b"
