"""The deliveries with a story come out as their manifest says, without and with a library."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import scanner
from scanner.cli.library import add_command
from scanner.judge.decide import exit_code
from scanner.model.judging import Verdict
from scanner.model.matching import Relation, Role
from scanner.model.scan import Scan
from tests.deliveries.conftest import FIXTURES, MANIFEST, needs_exiftool

DELIVERIES: list[dict[str, Any]] = MANIFEST["delivery"]
WITH_LIBRARY = [entry for entry in DELIVERIES if "with_library" in entry]

pytestmark = needs_exiftool


def _paths(scan: Scan, verdict: Verdict) -> set[str]:
    return {asset.path for asset in scan.assets if asset.verdict is verdict}


def _name(entry: dict[str, Any]) -> str:
    return str(entry["path"])


def _assert_as_told(scan: Scan, told: dict[str, Any]) -> None:
    assert scan.verdict == told["verdict"]
    assert exit_code(scan.verdict) == told["exit_code"]
    assert _paths(scan, Verdict.BLOCKED) == set(told.get("blocked", ()))
    assert _paths(scan, Verdict.REVIEW) == set(told.get("review", ()))


@pytest.mark.parametrize("entry", DELIVERIES, ids=_name)
def test_delivery_without_library(entry: dict[str, Any]) -> None:
    scan = scanner.scan(FIXTURES / entry["path"])

    _assert_as_told(scan, entry)
    assert _paths(scan, Verdict.INCOMPLETE) == set(entry.get("incomplete", ()))


@pytest.mark.parametrize("entry", WITH_LIBRARY, ids=_name)
def test_delivery_with_its_temporaries_as_references(entry: dict[str, Any], tmp_path: Path) -> None:
    library = tmp_path / "library.sqlite"
    delivery = FIXTURES / entry["path"]
    added = CliRunner().invoke(
        add_command, ["--role", "ai", "--library", str(library), str(delivery / entry["references"])], standalone_mode=False
    )
    assert added.exception is None

    scan = scanner.scan(delivery, library=library)

    _assert_as_told(scan, entry["with_library"])
    leak, _ = entry["similar"]
    relations = {(match.reference.role, match.relation) for asset in scan.assets if asset.path == leak for match in asset.matches}
    assert (Role.AI, Relation.SIMILAR) in relations


def test_every_story_is_told() -> None:
    stories = {story.parent for story in (FIXTURES / "deliveries").glob("*/story.md")}

    assert stories == {FIXTURES / entry["path"] for entry in DELIVERIES}
