"""What the approval log's entries hold: approvals, other decisions and what withdrew them, as payloads and back.

A scanner that does not know a kind of entry leaves it alone, so whatever an older one must not take for a permission, or could
not read, has a kind of its own: an approval of a part of a film, and the withdrawal of anything but a whole approval.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from fractions import Fraction
from typing import cast

from scanner.model.approvals import Approval, Category, ContentKind
from scanner.model.approved import Approved, Decided, Logged, is_withdrawn
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.errors import ApprovalLogError
from scanner.model.matching import Fingerprint
from scanner.model.stretches import Stretch
from scanner.store.chain import Entry

APPROVAL = "approval"
"""Kind of an entry that records a permission."""
SEGMENT_APPROVAL = "segment-approval"
"""Kind of an entry that records a permission for a part of a film."""
REVOCATION = "revocation"
"""Kind of an entry that records that a permission was withdrawn."""
WITHDRAWAL = "withdrawal"
"""Kind of an entry that records that any other decision was withdrawn."""
DECISIONS = frozenset(kind.value for kind in DecisionKind)

SHA256 = re.compile(r"[0-9a-f]{64}")
BITS = re.compile(r"[0-9a-f]{16}")
SECONDS = re.compile(r"[0-9]{1,24}(?:/[1-9][0-9]{0,23})?", re.ASCII)
TEXTS = ("approver", "recorder", "reference", "use", "date", "expires", "supersedes", "path")
"""Fields of an approval that its payload holds as they are."""
DECISION_TEXTS = ("decider", "recorder", "statement", "date", "addressee", "reference", "path")
"""Fields of another decision that its payload holds as they are."""
IDENTIFYING = ("content", "content_kind", "approver", "reference", "category", "use", "date", "expires", "supersedes", "segment")
"""Fields that make two approvals one and the same permission, whoever wrote it down and when."""
DECISION_IDENTIFYING = ("kind", "content", "content_kind", "decider", "statement", "date", "addressee", "reference", "segment")
"""Fields that make two decisions of another kind one and the same."""


def kind_of(logged: Logged) -> str:
    """Return the kind of the entry that records a decision."""
    if isinstance(logged, Decided):
        return logged.decision.kind.value
    return SEGMENT_APPROVAL if logged.approval.segment else APPROVAL


def payload_of(logged: Logged, submission: str = "") -> dict[str, object]:
    """Return the payload of a decision of any kind; `submission` names the form that it was sent with, empty for none."""
    payload = approval_payload(logged) if isinstance(logged, Approved) else _decision_payload(logged)
    return {**payload, "submission": submission} if submission else payload


def approval_payload(approved: Approved) -> dict[str, object]:
    """Return the payload of an approval; what the log itself gives (id, time recorded, revocation) is no part of it."""
    approval = approved.approval
    return {
        "content": approval.content,
        "content_kind": approval.content_kind.value,
        "category": approval.category.value,
        **{name: getattr(approval, name) for name in TEXTS},
        **_segment_payload(approval.segment),
        **_looks_payload(approved),
    }


def revocation_payload(sequence: int, recorder: str, reason: str) -> dict[str, object]:
    """Return the payload of what withdraws the decision that the entry of this number records."""
    return {"revokes": sequence, "recorder": recorder, "reason": reason}


def permission(decision: Approval | Decision) -> tuple[str, ...]:
    """Return what makes a decision this one: equal for two records of one."""
    names = IDENTIFYING if isinstance(decision, Approval) else DECISION_IDENTIFYING
    return tuple(str(getattr(decision, name)) for name in names)


def approvals_of(entries: Iterable[Entry], where: str) -> tuple[Approved, ...]:
    """Return the approvals that entries record, as `decisions_of`."""
    return tuple(one for one in decisions_of(entries, where) if isinstance(one, Approved))


def decisions_of(entries: Iterable[Entry], where: str) -> tuple[Logged, ...]:
    """Return the decisions that entries record, in their order, with the time when they were withdrawn where they were.

    Entries of other kinds are left alone.

    Raises:
        ApprovalLogError: the payload of an entry is none that this scanner knows.
    """
    decisions: dict[int, Logged] = {}
    for entry in entries:
        try:
            if entry.kind in (APPROVAL, SEGMENT_APPROVAL):
                decisions[entry.sequence] = _approved(entry, entry.read())
            elif entry.kind in DECISIONS:
                decisions[entry.sequence] = _decided(entry, entry.read())
            elif entry.kind in (REVOCATION, WITHDRAWAL):
                _revoke(decisions, entry.read()["revokes"], entry.recorded)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ApprovalLogError(
                f"entry {entry.sequence} is no {entry.kind} that this scanner can read",
                where=where,
                next_step="Update the scanner",
            ) from error
    return tuple(decisions.values())


def _revoke(decisions: dict[int, Logged], sequence: object, moment: str) -> None:
    if not isinstance(sequence, int) or sequence not in decisions:
        raise ValueError("revokes an entry that is no decision")
    decisions[sequence] = withdrawn(decisions[sequence], moment)


def withdrawn(logged: Logged, moment: str) -> Logged:
    """Return a decision as it is once it was withdrawn at `moment`; what was withdrawn before stays as it was."""
    if isinstance(logged, Approved):
        return logged if is_withdrawn(logged.approval) else replace(logged, approval=replace(logged.approval, revoked=moment))
    return logged if is_withdrawn(logged.decision) else replace(logged, decision=replace(logged.decision, withdrawn=moment))


def _decision_payload(decided: Decided) -> dict[str, object]:
    decision = decided.decision
    return {
        "content": decision.content,
        "content_kind": decision.content_kind.value,
        **{name: getattr(decision, name) for name in DECISION_TEXTS},
        **_segment_payload(decision.segment),
        **_looks_payload(decided),
    }


def _looks_payload(logged: Logged) -> dict[str, object]:
    return {
        "fingerprints": [{one.name: getattr(mark, one.name) for one in fields(mark)} for mark in logged.fingerprints],
        "pixel_digest": logged.pixel_digest,
        "size_bytes": logged.size_bytes,
        "imported_from": logged.imported_from,
    }


def _segment_payload(segment: Stretch | None) -> dict[str, object]:
    return {"segment": [str(segment.first), str(segment.after)]} if segment else {}


def _approved(entry: Entry, payload: Mapping[str, object]) -> Approved:
    approval = Approval(
        id=entry.id,
        content=_content(payload),
        content_kind=ContentKind(_text(payload, "content_kind")),
        category=Category(_text(payload, "category")),
        recorded=entry.recorded,
        segment=_segment(payload),
        **{name: _text(payload, name) for name in TEXTS},
    )
    if (approval.segment is None) is (entry.kind == SEGMENT_APPROVAL):
        raise ValueError("an approval of a part of a film names it, no other does")
    return Approved(approval, *_looks(payload))


def _decided(entry: Entry, payload: Mapping[str, object]) -> Decided:
    decision = Decision(
        id=entry.id,
        kind=DecisionKind(entry.kind),
        content=_content(payload),
        content_kind=ContentKind(_text(payload, "content_kind")),
        recorded=entry.recorded,
        segment=_segment(payload),
        **{name: _text(payload, name) for name in DECISION_TEXTS},
    )
    return Decided(decision, *_looks(payload))


def _content(payload: Mapping[str, object]) -> str:
    content = _text(payload, "content")
    if not SHA256.fullmatch(content):
        raise ValueError("content is no SHA-256")
    return content


def _segment(payload: Mapping[str, object]) -> Stretch | None:
    told = payload.get("segment")
    if told is None:
        return None
    first, after = cast("list[str]", told)
    if not SECONDS.fullmatch(first) or not SECONDS.fullmatch(after) or Fraction(first) >= Fraction(after):
        raise ValueError("segment is no part of a film")
    return Stretch(Fraction(first), Fraction(after))


def _looks(payload: Mapping[str, object]) -> tuple[tuple[Fingerprint, ...], str, int, str]:
    marks = cast("list[Mapping[str, object]]", payload.get("fingerprints", []))
    size = payload.get("size_bytes", 0)
    return (
        tuple(_fingerprint(mark) for mark in marks),
        str(payload.get("pixel_digest", "")),
        size if isinstance(size, int) else 0,
        str(payload.get("imported_from", "")),
    )


def _text(payload: Mapping[str, object], name: str) -> str:
    value = payload[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value


def _fingerprint(mark: Mapping[str, object]) -> Fingerprint:
    bits = _text(mark, "bits")
    if not BITS.fullmatch(bits):
        raise ValueError("bits are no hexadecimal digits")
    return Fingerprint(
        _text(mark, "algorithm"), bits, int(cast(int, mark["width"])), int(cast(int, mark["height"])), mark["flat"] is True
    )
