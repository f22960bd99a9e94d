"""Reports that are read asset by asset."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.model.errors import UsageError
from scanner.report.report_file import ReportFile
from tests.report.large import large
from tests.report.scans import blocked, hostile, incomplete, located, passing, sealed, since_baseline
from tests.report.written import to_json


@pytest.mark.parametrize("scan", [blocked, passing, incomplete, since_baseline, located, sealed, hostile])
def test_pieces_are_what_the_whole_says(scan, tmp_path: Path) -> None:
    path = tmp_path / "scan.json"
    path.write_bytes(to_json(scan()).encode("utf-8"))
    whole = json.loads(path.read_bytes())
    report = ReportFile(str(path))
    assert [node.fields for node in report.assets()] == whole["assets"]
    assert report.head.fields == {**whole, "assets": [], "inventory": []}
    assert len(report) == len(whole["assets"])
    report.close()
    report.close()


def test_a_report_that_is_written_anew_does_not_change_what_is_looked_at(tmp_path: Path) -> None:
    path, other = tmp_path / "scan.json", tmp_path / "new"
    path.write_text(to_json(large(30)))
    report = ReportFile(str(path))
    before = report.asset(29).fields
    other.write_text(to_json(large(3)))
    other.replace(path)
    assert report.asset(29).fields == before
    with pytest.raises(IndexError):
        report.asset(30)
    with pytest.raises(IndexError):
        report.asset(-1)


def test_a_report_that_shrank_is_told(tmp_path: Path) -> None:
    path = tmp_path / "scan.json"
    path.write_text(to_json(large(30)))
    report = ReportFile(str(path))
    with path.open("r+b") as stream:
        stream.truncate(200)
    with pytest.raises(UsageError, match="is no scan report"):
        report.asset(29)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: json.dumps(json.loads(text)), "lays it out"),
        (lambda text: json.dumps(json.loads(text), indent=1), "lays it out"),
        (lambda text: text[: len(text) // 2], "is no scan report: it ends too early"),
        (lambda text: text.replace('"schema_version": "1"', '"schema_version": "9"'), "schema version 9"),
        (lambda text: text.replace('"assets": [\n    {\n', '"assets": [\n    {\n    {\n', 1), "lays it out"),
        (lambda text: "", "is no scan report"),
        (lambda text: "[]", "no JSON object"),
        (lambda text: text.replace('"name"', '"roots"', 1), "has a key twice"),
    ],
)
def test_other_files_are_refused_in_a_line(change, said: str, tmp_path: Path) -> None:
    path = tmp_path / "scan.json"
    path.write_text(change(to_json(large(20))))
    with pytest.raises(UsageError, match=said) as refused:
        ReportFile(str(path))
    assert "\n" not in str(refused.value)


def test_what_cannot_be_opened_is_told(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.json", tmp_path):
        with pytest.raises(UsageError, match="cannot be read"):
            ReportFile(str(path))
