"""Decisions that are no permissions, that tests of the log are made of."""

from __future__ import annotations

from scanner.model.approved import Decided
from scanner.model.decisions import Decision, DecisionKind
from tests.store.approvals import made_approval


def made_decision(kind: DecisionKind, number: int = 1, **more: object) -> Decided:
    """One decision about the content of the approval of the same number."""
    approved = made_approval(number)
    told = {"statement": "no release form", "date": "2026-02-03", "path": approved.approval.path, **more}
    decision = Decision(  # type: ignore[misc] - the tests' own words
        *("", kind, approved.approval.content, approved.approval.content_kind, "Vera Okafor, legal", "ines"),
        **told,  # type: ignore[arg-type]
    )
    return Decided(decision, approved.fingerprints, approved.pixel_digest, approved.size_bytes)
