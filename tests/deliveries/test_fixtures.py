"""Every single fixture yields what the manifest says, through whole scans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.scan import AssetRecord
from tests.deliveries.conftest import MANIFEST, needs_exiftool

FILES: list[dict[str, Any]] = MANIFEST["file"]
CORE = [entry for entry in FILES if entry.get("core", True)]

pytestmark = needs_exiftool


def _by_path(entry: dict[str, Any]) -> str:
    return str(entry["path"])


@pytest.fixture(scope="module")
def catalogue() -> MarkCatalogue:
    return MarkCatalogue.load()


@pytest.mark.parametrize("entry", CORE, ids=_by_path)
def test_provenance_and_credentials(entry: dict[str, Any], fixture_record: Callable[[str], AssetRecord]) -> None:
    record = fixture_record(entry["path"])

    assert (record.provenance, record.format.name) == (entry["provenance"], entry["format"])
    if "credentials" in entry:
        assert record.credentials == entry["credentials"]


@pytest.mark.parametrize("entry", [entry for entry in CORE if entry.get("marks")], ids=_by_path)
def test_marks(entry: dict[str, Any], fixture_record: Callable[[str], AssetRecord], catalogue: MarkCatalogue) -> None:
    found = {name for mark in fixture_record(entry["path"]).marks for name in catalogue.names_of(mark.id)}

    assert set(entry["marks"]) <= found


@pytest.mark.parametrize("entry", [entry for entry in FILES if entry.get("meanings")], ids=_by_path)
def test_meanings(entry: dict[str, Any], fixture_record: Callable[[str], AssetRecord]) -> None:
    assert set(entry["meanings"]) <= {mark.meaning for mark in fixture_record(entry["path"]).marks}


@pytest.mark.parametrize("entry", [entry for entry in FILES if entry.get("trap")], ids=_by_path)
def test_look_alikes_stay_silent(entry: dict[str, Any], fixture_record: Callable[[str], AssetRecord]) -> None:
    record = fixture_record(entry["path"])

    assert not record.provenance.is_generative
    assert not [mark for mark in record.marks if mark.meaning.is_generative]


@pytest.mark.parametrize("entry", [entry for entry in FILES if entry.get("findings") or entry.get("quiet")], ids=_by_path)
def test_findings(entry: dict[str, Any], fixture_record: Callable[[str], AssetRecord]) -> None:
    found = {finding.rule for finding in fixture_record(entry["path"]).findings}

    assert set(entry.get("findings", ())) <= found
    assert not found & set(entry.get("quiet", ()))
