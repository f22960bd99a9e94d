"""Real signed files, labelled: every state is right with the trust lists that a facility would load."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.interpret.credentials import state_of
from scanner.model.credentials import Credentials, ManifestStore
from scanner.model.readings import Found
from scanner.probe.detect import probe
from scanner.read.c2pa import C2paReader
from scanner.read.trust import load_trust

SHARED = Path(__file__).parents[3] / "shared"
LABELS = SHARED / "corpus" / "labels.csv"
TRUST = SHARED / "trust" / "production.toml"

pytestmark = pytest.mark.skipif(not (LABELS.is_file() and TRUST.is_file()), reason="the labelled corpus is not here")

EXPECTED = {
    "trusted_official": {Credentials.TRUSTED},
    "trusted_interim": {Credentials.TRUSTED},
    "valid_untrusted": {Credentials.VALID},
    "invalid_credential": {Credentials.VALID},
    "invalid_integrity": {Credentials.INVALID},
    "unreadable": {Credentials.UNREADABLE, Credentials.INVALID},
    "remote": {Credentials.REMOTE},
    "none": {Credentials.NONE},
    "unsupported_format": {Credentials.NOT_CHECKABLE},
}
"""Label of the corpus → what a right scanner says."""


@pytest.fixture(scope="module")
def reader() -> Iterator[C2paReader]:
    """A reader with the production lists."""
    made = C2paReader(load_trust(TRUST))
    yield made
    made.close()


def rows() -> list[dict[str, str]]:
    if not LABELS.is_file():
        return []
    with LABELS.open(newline="") as stream:
        return [row for row in csv.DictReader(stream) if _counts(row)]


def _counts(row: dict[str, str]) -> bool:
    sidecar = row["path"].lower().endswith((".xmp", ".c2pa"))
    return (
        row["label"] != "malformed" and row["c2pa_status"] in EXPECTED and not sidecar and (LABELS.parent / row["path"]).is_file()
    )


def _outcome(reader: C2paReader, row: dict[str, str]):
    path = LABELS.parent / row["path"]
    size = path.stat().st_size
    return reader.read(str(path), probe(str(path), path.name, size).format, size)


def test_every_labelled_state_is_right(reader):
    wrong = [
        f"{row['path']}: {state}, labelled {row['c2pa_status']}"
        for row in rows()
        if (state := state_of(_outcome(reader, row))) not in EXPECTED[row["c2pa_status"]]
    ]
    assert wrong == []


def test_every_trusted_file_names_a_list_that_is_dated(reader):
    stores = [_store(reader, row) for row in rows() if row["c2pa_status"].startswith("trusted")]
    assert stores
    for store in stores:
        assert store.trusted_by
        assert all(entry.sha256 and re.match(r"20\d\d-\d\d-\d\d", entry.date) for entry in store.trusted_by)


def _store(reader: C2paReader, row: dict[str, str]) -> ManifestStore:
    outcome = _outcome(reader, row)
    assert isinstance(outcome, Found)
    assert outcome.manifests is not None
    return outcome.manifests
