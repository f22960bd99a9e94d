"""The kept trust lists of a user, and what their age may cost."""

from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.credentials import TrustList
from scanner.model.errors import CatalogueError
from scanner.model.trust_lists import ListKind, NamedList
from scanner.pipeline.trusting import age_notes, kept_trust
from scanner.read.trust import AnchorList, Trust
from scanner.store.places import trust_folder
from scanner.store.trust_lists import TrustLists

PEM = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"


@pytest.fixture
def kept(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return TrustLists(Path(trust_folder()))


def test_nothing_kept_trusts_nobody(kept):
    assert kept_trust() == Trust()


def test_all_kinds_are_put_together(kept):
    kept.keep(
        [
            NamedList("a", ListKind.ANCHORS, "2026-01-01", PEM),
            NamedList("b", ListKind.ALLOWED, "2026-01-02", PEM, dated=False),
            NamedList("c", ListKind.EKUS, "2026-01-03", "1.2.3.4\n"),
        ]
    )
    trust = kept_trust()
    assert [(stamp.name, stamp.date) for stamp in trust.stamps] == [("a", "2026-01-01")]
    assert [entry.stamp.date for entry in trust.allowed] == ["2026-01-02 (file date)"]
    assert trust.ekus == "1.2.3.4\n"


def test_a_damaged_copy_is_told_and_not_passed_over(kept):
    kept.keep([NamedList("a", ListKind.ANCHORS, "2026-01-01", PEM[:40])])
    with pytest.raises(CatalogueError, match="kept trust list a"):
        kept_trust()


def test_age_is_told_of_anchors_and_single_signers_at_the_scans_time():
    old, new = (
        AnchorList(TrustList(name, date, ""), PEM) for name, date in (("old", "2026-01-01 (file date)"), ("new", "2026-06-01"))
    )
    notes = age_notes(Trust(anchors=(old, new), allowed=(old,)), "2026-07-01T00:00:00Z")
    assert notes == ("trust list old of 2026-01-01 (file date) is 181 days old: signers listed since are not known",) * 2
