from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum

import jsonschema
import pytest

from scanner.model.assets import SpecialEntry
from scanner.model.credentials import Credentials
from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import Relation, Role
from scanner.model.text import unescape_path
from scanner.report.json_report import schema
from tests.report.parts import HOSTILE, SRT, asset
from tests.report.scans import ALL, blocked
from tests.report.written import to_json

SCHEMA = json.loads(schema())
CONTRACT = {
    "schema_version scanner roots complete policy catalogue_sha256 library_sha256 trust_lists verdict coverage assets": (),
    "root path kind members sidecars zone zone_reason format size_bytes hash provenance credentials credential_problems "
    "verdict readings marks matches approvals findings": ("assets", 0),
    "reader state reason": ("assets", 0, "readings", 0),
    "id meaning confidence generator where value": ("assets", 6, "marks", 0),
    "reference role relation distance_bits inliers time_ranges reference_rights": ("assets", 7, "matches", 0),
    "source owner licence no_ai_alteration": ("assets", 7, "matches", 0, "reference_rights"),
    "root path zone provenance relation distance_bits": ("assets", 12, "near_copies", 0),
    "id rule severity confidence message": ("assets", 7, "findings", 0),
    "files assets not_media not_checkable unreadable special litter by_format": ("coverage",),
    "algorithm value origin": ("assets", 0, "hash"),
}


def report_of(scan):
    return json.loads(to_json(scan))


def test_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", ALL)
def test_report_keeps_to_the_schema(name):
    jsonschema.Draft202012Validator(SCHEMA).validate(report_of(ALL[name]()))


@pytest.mark.parametrize(("keys", "place"), CONTRACT.items())
def test_every_key_of_the_contract_is_there(keys, place):
    node = report_of(blocked())
    for step in place:
        node = node[step]
    assert set(keys.split()) <= set(node)


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (Verdict, ("verdict",)),
        (Confidence, ("confidence",)),
        (Zone, ("asset", "properties", "zone")),
        (Provenance, ("asset", "properties", "provenance")),
        (Credentials, ("asset", "properties", "credentials")),
        (Meaning, ("mark", "properties", "meaning")),
        (Role, ("match", "properties", "role")),
        (Relation, ("match", "properties", "relation")),
        (Severity, ("finding", "properties", "severity")),
    ],
)
def test_schema_knows_the_words_of_the_model(words: type[StrEnum], place):
    node = SCHEMA["$defs"]
    for step in place:
        node = node[step]
    assert set(node["enum"]) == {word.value for word in words}


def test_rights_are_given_as_the_library_says():
    rights = [match["reference_rights"] for match in report_of(blocked())["assets"][12]["matches"]]
    assert [each["no_ai_alteration"] for each in rights] == [False, True]
    assert (rights[0]["owner"], rights[1]["owner"]) == ("", "County Museum")


def test_assets_stand_by_root_and_path():
    scan = replace(blocked(), roots=("/a", "/b"), assets=(asset("z.jpg"), asset("a.jpg", root=1), asset("b.jpg")))
    assert [(each["root"], each["path"]) for each in report_of(scan)["assets"]] == [(0, "b.jpg"), (0, "z.jpg"), (1, "a.jpg")]


def test_what_is_no_media_has_no_verdict():
    scan = replace(
        blocked(), assets=(asset("a.jpg"), asset("b.srt", format=SRT), asset("c.srt", format=SRT, verdict=Verdict.REVIEW))
    )
    assert [each["verdict"] for each in report_of(scan)["assets"]] == ["pass", None, "review"]


@pytest.mark.parametrize("path", ["final/\udcff\udc80.jpg", "back\\slash\udcfe", "final/plain.jpg", "back\\slash", "新しい.jpg"])
def test_paths_can_be_had_back(path):
    strange = asset(path, members=(path,), sidecars=(path + ".xmp",))
    scan = replace(blocked(), assets=(strange,), litter=((0, path),), specials=((0, SpecialEntry(path, "fifo")),), roots=(path,))
    report = report_of(scan)
    found = report["assets"][0]
    listed = [found, found["members"][0], report["litter"][0], report["specials"][0], report["roots"][0]]
    assert {read_back(each) for each in listed} == {path}
    assert read_back(found["sidecars"][0]) == path + ".xmp"
    assert ("path_escaped" in found) == ("\udcff" in path or "\udcfe" in path)


def read_back(entry):
    return entry if isinstance(entry, str) else unescape_path(entry["path"], entry.get("path_escaped", False))


def test_no_half_surrogate_reaches_the_encoder():
    text = to_json(ALL["hostile"]())
    text.encode("utf-8")
    assert "\\udcff" in json.loads(text)["name"]


def test_texts_are_kept_whole():
    name = HOSTILE.replace("\udcff\ud800", "")
    assert report_of(replace(blocked(), name=name))["name"] == name


def test_closing_statement():
    statement = report_of(blocked())["statement"]
    assert "records what this scan read and compared" in statement
    assert "no rights clearance, legal advice or client's approval" in statement
