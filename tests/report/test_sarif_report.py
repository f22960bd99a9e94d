from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes, urljoin

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.judging import Severity
from scanner.report.sarif_report import FINGERPRINT
from scanner.report.sarif_text import escaped, folder_uri, relative_uri
from tests.report.approved_scan import PERMISSION, RULES
from tests.report.parts import asset, finding
from tests.report.scans import ALL, blocked
from tests.report.written import to_sarif

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))


def run_of(scan):
    return json.loads(to_sarif(scan))["runs"][0]


@pytest.mark.parametrize("name", ALL)
def test_it_is_valid_by_the_official_schema(name):
    jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker()).validate(json.loads(to_sarif(ALL[name]())))


def test_every_rule_is_declared_with_help_and_level():
    rules = run_of(ALL["approved"]())["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == [rule.card.id for rule in RULES]
    assert [rule["defaultConfiguration"]["level"] for rule in rules] == ["error", "error", "note", "none"]
    assert not rules[3]["defaultConfiguration"]["enabled"]
    assert "What it cannot show: Whether the declaration is true" in rules[0]["help"]["text"]
    assert "markdown" not in rules[0]["help"]


def test_results_point_at_their_rule_and_asset():
    run = run_of(ALL["approved"]())
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        location = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][location["index"]]["location"]["uri"] == location["uri"]


@pytest.mark.parametrize(("severity", "level"), [(Severity.HIGH, "error"), (Severity.MEDIUM, "warning"), (Severity.INFO, "note")])
def test_levels(severity, level):
    scan = replace(blocked(), assets=(asset("a.jpg", findings=(finding("ai-declared", "m", severity),)),))
    assert run_of(scan)["results"][0]["level"] == level


def test_a_finding_keeps_its_fingerprint():
    ids = {one.id for record in ALL["approved"]().assets for one in record.findings}
    results = run_of(ALL["approved"]())["results"]
    assert {result["partialFingerprints"][FINGERPRINT] for result in results} == ids


def test_what_an_approval_allows_is_suppressed_and_says_by_what():
    results = run_of(ALL["approved"]())["results"]
    [suppressed] = [result for result in results if "suppressions" in result]
    [suppression] = suppressed["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert PERMISSION.id in suppression["justification"]
    assert PERMISSION.reference in suppression["justification"]
    assert suppressed["level"] == "error"


def test_what_was_not_read_is_a_notification_and_no_result():
    run = run_of(ALL["blocked"]())
    assert "media-not-read" not in {result["ruleId"] for result in run["results"]}
    [told] = run["invocations"][0]["toolExecutionNotifications"]
    assert told["associatedRule"]["id"] == "media-not-read"
    assert told["level"] == "error"
    assert told["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "final/ep1/broken.jpg"


def test_a_scan_that_was_stopped_was_no_success():
    invocation = run_of(ALL["interrupted"]())["invocations"][0]
    assert not invocation["executionSuccessful"]
    assert "INTERRUPTED" in invocation["toolExecutionNotifications"][0]["message"]["text"]


def test_every_asset_is_an_artifact_with_its_digest():
    scan = blocked()
    artifacts = run_of(scan)["artifacts"]
    assert len(artifacts) == len(scan.assets)
    by_uri = {artifact["location"]["uri"]: artifact for artifact in artifacts}
    assert by_uri["final/ep1/st_014.tif"]["hashes"] == {"sha-256": "ab" * 32}
    assert "hashes" not in by_uri["final/ep1/cut.mxf"]


def test_a_sequence_is_addressed_by_a_frame_that_exists():
    [artifact] = [each for each in run_of(blocked())["artifacts"] if "sequence of 3 frames" in each["description"]["text"]]
    assert artifact["location"]["uri"].endswith(".1001.exr")
    assert "length" not in artifact


def test_a_single_file_stands_in_its_folder():
    scan = replace(blocked(), roots=("/in/a b.jpg",), assets=(asset("a b.jpg"),))
    run = run_of(scan)
    base = run["originalUriBaseIds"]["ROOT0"]["uri"]
    assert urljoin(base, run["artifacts"][0]["location"]["uri"]) == "file:///in/a%20b.jpg"


ODD_NAMES = ["a b.jpg", "100%.jpg", "#1.jpg", "a?b", "c:d.jpg", "[p].jpg", "新.jpg", "\udcff.jpg", "a&b;c", "back\\slash", "a\nb"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_an_address_leads_back_to_the_bytes_of_the_name(name):
    uri = relative_uri(f"dir/{name}")
    assert re.fullmatch(r"[\w.~/%-]+", uri, re.ASCII)
    resolved = urljoin(folder_uri("/root dir"), uri)
    assert unquote_to_bytes(resolved) == b"file:///root dir/dir/" + name.encode("utf-8", "surrogateescape")


def test_a_colon_in_the_first_part_makes_no_scheme():
    assert urljoin("file:///r/", relative_uri("javascript:alert(1)")).startswith("file:///r/")


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("[click](http://x)", "\\[click\\](http://x)"),
        ("\\[click\\](1)", "\\\\\\[click\\\\\\](1)"),
        ("{0}", "{{0}}"),
        ("C:\\dir", "C:\\dir"),
        ("a\u202eb", "a\\u202eb"),
    ],
)
def test_text_is_escaped(text, safe):
    assert escaped(text) == safe


def links(text: str) -> list[str]:
    """Embedded links by the grammar of SARIF 2.1.0, 3.11.6."""
    return re.findall(r"(?<!\\)(?:\\\\)*\[((?:[^\\\[\]]|\\[\\\[\]])*)\]\(([^)]*)\)", text)


def test_the_grammar_of_links_sees_them():
    assert links("see [here](1)")
    assert links("see \\\\[here](1)")


@given(st.text(alphabet="[]()\\a1{}", max_size=14))
def test_no_text_makes_a_link_or_a_placeholder(text):
    safe = escaped(text)
    assert not links(safe)
    assert not re.search(r"(?<!\{)(?:\{\{)*\{\d+\}(?!\})", safe)
