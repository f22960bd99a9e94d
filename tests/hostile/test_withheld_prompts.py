"""A prompt or a name that a file carries reaches no report unless it is asked for, by whatever way the file carries it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scanner.report.formats import FORMATS
from tests.cli.conftest import environment, run  # noqa: F401 - the same fixtures
from tests.hostile.carriers import carry

CANARY = "zxqcanary portrait of Ida Zxqcanary Lund"
FORMAT_OPTIONS = [part for name in FORMATS for part in ("--format", name)]


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    carry(tmp_path / "DRIVE", CANARY)
    return tmp_path / "DRIVE"


def test_without_the_option_no_report_tells_them(run, delivery, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    done = run("scan", str(delivery), "--no-library", "--output", str(out), *FORMAT_OPTIONS)
    assert done.returncode == 11, done.stderr
    for one in FORMATS.values():
        text = (out / one.file_name).read_text("utf-8")
        assert "zxqcanary" not in text.lower(), (one.file_name, text[max(0, text.lower().index("zxqcanary") - 300) :][:400])
    assert "zxqcanary" not in (done.stdout + done.stderr).lower()
    report = json.loads((out / "scan.json").read_text("utf-8"))
    assert {"name": "prompts", "value": "withheld"} in report["options"]
    carriers = {asset["path"] for asset in report["assets"] if any(mark["value"] == "withheld" for mark in asset["marks"])}
    assert len(carriers) >= 7, carriers


def test_with_the_option_the_report_tells_them_and_says_so(run, delivery, tmp_path):  # noqa: F811
    out = tmp_path / "out"
    run("scan", str(delivery), "--no-library", "--output", str(out), "--include-prompts", *FORMAT_OPTIONS)
    report = json.loads((out / "scan.json").read_text("utf-8"))
    assert {"name": "prompts", "value": "included"} in report["options"]
    told = {asset["path"] for asset in report["assets"] if "zxqcanary" in json.dumps(asset).lower()}
    assert {"final/a1111.png", "final/comfy.png", "final/xmp.jpg", "final/signed.jpg", "final/caption.jpg"} <= told
    assert "zxqcanary" in (out / "scan.html").read_text("utf-8").lower()


def test_the_verdicts_are_the_same(run, delivery, tmp_path):  # noqa: F811
    verdicts = []
    for more in ((), ("--include-prompts",)):
        done = run("scan", str(delivery), "--no-library", "--format", "json", "--output", "-", *more)
        report = json.loads(done.stdout)
        verdicts.append(
            (done.returncode, [(a["path"], a["verdict"], [f["id"] for f in a["findings"]]) for a in report["assets"]])
        )
    assert verdicts[0] == verdicts[1]
