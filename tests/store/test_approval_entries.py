"""From approvals to payloads and back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.errors import ApprovalLogError
from scanner.store.approval_entries import approval_payload, approvals_of, permission, revocation_payload
from scanner.store.chain import Entry, follow
from tests.store.approvals import MOMENT, made_approval


def log_of(*drafts: tuple[str, dict[str, object]]) -> list[Entry]:
    entries: list[Entry] = []
    for kind, payload in drafts:
        entries.append(follow(entries[-1] if entries else None, kind, MOMENT, payload))
    return entries


def test_an_approval_comes_back_whole_with_its_id_and_time():
    given = replace(made_approval(3, expires="2027-01-01", supersedes="a" * 64), imported_from="old.csv")
    entries = log_of(("approval", approval_payload(given)))

    (one,) = approvals_of(entries, "log")

    assert one == replace(given, approval=replace(given.approval, id=entries[0].id, recorded=MOMENT))


def test_a_revocation_is_told_on_its_approval_and_the_first_one_counts():
    entries = log_of(
        ("approval", approval_payload(made_approval(1))),
        ("approval", approval_payload(made_approval(2))),
        ("revocation", revocation_payload(2, "ines", "taken back")),
        ("revocation", revocation_payload(2, "ines", "again")),
    )
    assert [one.approval.revoked for one in approvals_of(entries, "log")] == ["", MOMENT]


def test_other_kinds_are_left_alone():
    entries = log_of(("annotation", {"anything": 1}), ("approval", {**approval_payload(made_approval(1)), "later": [1]}))

    assert len(approvals_of(entries, "log")) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"content": "short"},
        {"content": None},
        {"category": "new-one"},
        {"content_kind": "reel"},
        {"approver": 3},
        {"fingerprints": [{"bits": "zz"}]},
        {"fingerprints": 5},
        {"fingerprints": [{"algorithm": "a", "bits": "0" * 15, "width": 1, "height": 1, "flat": False}]},
    ],
)
def test_a_payload_of_another_scanner_names_its_entry(change):
    entries = log_of(
        ("approval", approval_payload(made_approval(1))), ("approval", {**approval_payload(made_approval(2)), **change})
    )
    with pytest.raises(ApprovalLogError, match="entry 2 is no approval that this scanner can read"):
        approvals_of(entries, "log")


@pytest.mark.parametrize("sequence", [0, 1, 9, "1", None])
def test_a_revocation_of_nothing_names_its_entry(sequence):
    entries = log_of(("revocation", revocation_payload(sequence, "ines", "x")))
    with pytest.raises(ApprovalLogError, match="entry 1 is no revocation"):
        approvals_of(entries, "log")


def test_who_wrote_it_down_and_when_makes_no_other_permission():
    one = made_approval(1).approval
    assert permission(replace(one, recorder="joel", recorded=MOMENT, id="x", path="y", revoked=MOMENT)) == permission(one)
    for change in ({"approver": "x"}, {"reference": "x"}, {"use": "x"}, {"date": "2026-01-06"}, {"expires": "2027-01-01"}):
        assert permission(replace(one, **change)) != permission(one)
