"""``scan --check-hashes``: whether the scanned bytes are those that an ASC MHL history seals."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import clean_environment
from tests.cli.warm import WarmCommand
from tests.timeline.test_ascmhl import Sealer, entry


def scan(warm: WarmCommand, folder: Path, *more: str) -> tuple[int, str, dict[str, Any]]:
    out = folder / f"out{len(list(folder.glob('out*')))}"
    arguments = ["scan", "--workers", "1", "--output", str(out), "--format", "json", "--format", "csv", *more]
    done = warm.run([*arguments, str(folder / "DRIVE_07")], folder, clean_environment(folder / f"home of {out.name}"), folder)
    return done.returncode, done.stdout, json.loads((out / "scan.json").read_text())


@pytest.fixture
def sealer(tmp_path: Path) -> Sealer:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    made = Sealer(tmp_path / "DRIVE_07" / "final")
    for name in ("grade.cdl", "notes.txt"):
        (made.folder / name).write_bytes(name.encode())
    made.seal(entry("grade.cdl", b"grade.cdl") + entry("notes.txt", b"notes.txt"))
    return made


def test_bytes_are_compared_in_workers_when_asked(sealer: Sealer, warm: WarmCommand, tmp_path: Path) -> None:
    code, screen, report = scan(warm, tmp_path)
    assert (code, report["sealed_by"][0]["not_checked"]) == (0, 2)
    assert "2 not compared (--check-hashes" in " ".join(screen.split())
    assert {"name": "check-hashes", "value": "yes"} not in report["options"]

    code, screen, report = scan(warm, tmp_path, "--check-hashes")
    assert (code, report["sealed_by"][0]["verified"]) == (0, 2)
    assert "final/ascmhl: 2 sealed files, 2 verified" in screen
    assert {"name": "check-hashes", "value": "yes"} in report["options"]

    (sealer.folder / "grade.cdl").write_bytes(b"Grade.cdl")
    code, screen, report = scan(warm, tmp_path, "--check-hashes")
    sealed = {one["path"]: one["sealed"] for one in report["assets"]}
    assert (code, sealed["final/grade.cdl"]["state"], sealed["final/notes.txt"]["state"]) == (10, "differs", "verified")
    assert "the bytes are not the sealed ones: its md5 is not the sealed one" in " ".join(screen.split())
    rows = csv.DictReader(io.StringIO((tmp_path / "out2" / "scan.csv").read_text("utf-8-sig"), newline=""))
    assert {row["path"]: row["sealed"] for row in rows}["final/notes.txt"] == (
        "the bytes are the sealed ones (md5, final/ascmhl)"
    )


def test_a_hostile_history_is_told_and_stops_nothing(sealer: Sealer, warm: WarmCommand, tmp_path: Path) -> None:
    (sealer.folder / "ascmhl" / "ascmhl_chain.xml").write_text(
        "<!DOCTYPE a [<!ENTITY b 'bb'><!ENTITY c '&b;&b;&b;'>]><ascmhldirectory>&c;</ascmhldirectory>"
    )

    code, screen, report = scan(warm, tmp_path, "--check-hashes")

    assert code == 4
    assert "declares entities" in " ".join(screen.split())
    assert [finding["rule"] for finding in report["findings"]] == ["sealed-hashes-unread"]
    assert "final/grade.cdl" in {one["path"] for one in report["assets"]}
