"""What the approval log's entries hold: approvals and revocations, as payloads and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from typing import cast

from scanner.model.approvals import Approval, Category, ContentKind
from scanner.model.approved import Approved
from scanner.model.errors import ApprovalLogError
from scanner.model.matching import Fingerprint
from scanner.store.chain import Entry

APPROVAL = "approval"
"""Kind of an entry that records a permission."""
REVOCATION = "revocation"
"""Kind of an entry that records that a permission was withdrawn."""

SHA256 = re.compile(r"[0-9a-f]{64}")
BITS = re.compile(r"[0-9a-f]{16}")
TEXTS = ("approver", "recorder", "reference", "use", "date", "expires", "supersedes", "path")
"""Fields of an approval that its payload holds as they are."""
IDENTIFYING = ("content", "content_kind", "approver", "reference", "category", "use", "date", "expires", "supersedes")
"""Fields that make two approvals one and the same permission, whoever wrote it down and when."""


def approval_payload(approved: Approved) -> dict[str, object]:
    """Return the payload of an approval; what the log itself gives (id, time recorded, revocation) is no part of it."""
    approval = approved.approval
    return {
        "content": approval.content,
        "content_kind": approval.content_kind.value,
        "category": approval.category.value,
        **{name: getattr(approval, name) for name in TEXTS},
        "fingerprints": [{one.name: getattr(mark, one.name) for one in fields(mark)} for mark in approved.fingerprints],
        "pixel_digest": approved.pixel_digest,
        "size_bytes": approved.size_bytes,
        "imported_from": approved.imported_from,
    }


def revocation_payload(sequence: int, recorder: str, reason: str) -> dict[str, object]:
    """Return the payload of a revocation of the approval that the entry of this number records."""
    return {"revokes": sequence, "recorder": recorder, "reason": reason}


def permission(approval: Approval) -> tuple[str, ...]:
    """Return what makes an approval this permission: equal for two records of one."""
    return tuple(str(getattr(approval, name)) for name in IDENTIFYING)


def approvals_of(entries: Iterable[Entry], where: str) -> tuple[Approved, ...]:
    """Return the approvals that entries record, in their order, with the time of their revocation where there is one.

    Entries of other kinds are left alone.

    Raises:
        ApprovalLogError: the payload of an entry is none that this scanner knows.
    """
    approvals: dict[int, Approved] = {}
    for entry in entries:
        try:
            if entry.kind == APPROVAL:
                approvals[entry.sequence] = _approved(entry, entry.read())
            elif entry.kind == REVOCATION:
                _revoke(approvals, entry.read()["revokes"], entry.recorded)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ApprovalLogError(
                f"entry {entry.sequence} is no {entry.kind} that this scanner can read",
                where=where,
                next_step="Update the scanner",
            ) from error
    return tuple(approvals.values())


def _revoke(approvals: dict[int, Approved], sequence: object, moment: str) -> None:
    if not isinstance(sequence, int) or sequence not in approvals:
        raise ValueError("revokes an entry that is no approval")
    approved = approvals[sequence]
    if not approved.approval.revoked:
        approvals[sequence] = replace(approved, approval=replace(approved.approval, revoked=moment))


def _approved(entry: Entry, payload: Mapping[str, object]) -> Approved:
    content = _text(payload, "content")
    if not SHA256.fullmatch(content):
        raise ValueError("content is no SHA-256")
    approval = Approval(
        id=entry.id,
        content=content,
        content_kind=ContentKind(_text(payload, "content_kind")),
        category=Category(_text(payload, "category")),
        recorded=entry.recorded,
        **{name: _text(payload, name) for name in TEXTS},
    )
    marks = cast("list[Mapping[str, object]]", payload.get("fingerprints", []))
    size = payload.get("size_bytes", 0)
    return Approved(
        approval,
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
