from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scanner.model.judging import Severity, Verdict, Zone
from tests.report.parts import HOSTILE, SRT, asset, finding
from tests.report.scans import ALL, blocked
from tests.report.written import to_junit

SCHEMA = Path(__file__).parent / "schemas" / "junit-10.xsd"


def cases(scan):
    return {case.get("name"): case for case in ElementTree.fromstring(to_junit(scan)).iter("testcase")}


@pytest.mark.parametrize("name", ALL)
def test_it_is_valid_by_the_schema_of_jenkins(name):
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    schema.assertValid(etree.fromstring(to_junit(ALL[name]()).encode()))


def test_verdicts_become_outcomes():
    found = cases(blocked())
    outcomes = {name: [child.tag for child in case] for name, case in found.items()}
    assert outcomes["final/ep1/b_07.png"] == ["failure"]
    assert outcomes["final/ep1/broken.jpg"] == ["error"]
    assert outcomes["final/ep1/street_wide.jpg"] == ["system-out"]
    assert outcomes["final/ep1/cut.srt"] == ["skipped"]
    assert outcomes["STILLS/day 1/scan_000.jpg"] == []


def test_a_review_passes_and_tells_what_to_look_at():
    case = cases(blocked())["final/ep1/street_wide.jpg"]
    assert "Look at it: similar to a known AI temporary" in case.findtext("system-out")


def test_what_an_approval_allows_passes_and_stays_visible():
    case = cases(ALL["approved"]())["final/ep1/poster.png"]
    assert [child.tag for child in case] == ["system-out"]
    assert "Allowed by approval 5e1f00dd15ea5e00" in case.findtext("system-out")


def test_a_suite_a_zone_with_counts_that_add_up():
    root = ElementTree.fromstring(to_junit(blocked()))
    assert [suite.get("name") for suite in root] == [
        "delivery",
        *(z for z in Zone if z in ("final", "archival", "temporary", "unassigned")),
    ]
    for suite in root:
        inside = list(suite.iter("testcase"))
        assert int(suite.get("tests")) == len(inside)
        for tag, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
            assert int(suite.get(key)) == sum(case.find(tag) is not None for case in inside)
    assert int(root.get("tests")) == sum(int(suite.get("tests")) for suite in root)
    assert int(root.get("failures")) == sum(record.verdict is Verdict.BLOCKED for record in blocked().assets)


def test_findings_on_the_delivery_are_cases_of_their_own():
    stop = finding("restricted", "m")
    lost = finding("folder-unreadable", "n", coverage=True)
    look = finding("pictures-not-compared", "o", Severity.MEDIUM)
    allowed = replace(stop, id="x", allowed_by="5e1f")
    found = cases(replace(blocked(), findings=(stop, lost, look, allowed)))
    outcomes = {name.split()[0]: [c.tag for c in case] for name, case in found.items() if " " in name and name.endswith("c")}
    assert outcomes == {"restricted": ["failure"], "folder-unreadable": ["error"], "pictures-not-compared": ["system-out"]}
    assert [child.tag for child in found["restricted x"]] == ["system-out"]


def test_a_stopped_scan_is_an_error():
    assert [child.tag for child in cases(ALL["interrupted"]())["scan went to its end"]] == ["error"]


def test_an_asset_that_was_not_reached_is_an_error_with_a_message():
    case = cases(replace(blocked(), assets=(asset("a.jpg", verdict=Verdict.INCOMPLETE),)))["a.jpg"]
    assert case.find("error").get("message")


def test_no_media_is_skipped_unless_it_gave_cause_for_a_verdict():
    found = cases(replace(blocked(), assets=(asset("a.srt", format=SRT, verdict=Verdict.REVIEW), asset("b.srt", format=SRT))))
    assert found["a.srt"].find("skipped") is None
    assert found["b.srt"].find("skipped") is not None


def test_what_xml_cannot_hold_is_visible():
    text = to_junit(replace(blocked(), assets=(asset(HOSTILE),)))
    [name] = [name for name in cases(replace(blocked(), assets=(asset(HOSTILE),))) if "script" in name]
    assert "\\x1b[31mred" in name
    assert "\\x00\\r\\n\\t" in name
    assert "<script>" not in text
