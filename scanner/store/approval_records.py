"""Recording, importing and revoking approvals: each all or nothing, on a log that was checked whole just before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scanner.model.approved import Approved
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.store.approval_entries import (
    APPROVAL,
    REVOCATION,
    approval_payload,
    approvals_of,
    permission,
    revocation_payload,
)
from scanner.store.approval_exchange import Carried
from scanner.store.approval_log import ApprovalLog, Draft
from scanner.store.chain import Entry

_AMBIGUOUS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of approvals that were to be recorded."""

    new: tuple[Approved, ...]
    known: tuple[Approved, ...]
    """In the log already, as they stand there; nothing was added for them."""


def record(log: ApprovalLog, wanted: Sequence[Approved], recorded: str, where: str) -> Recorded:
    """Record approvals; a permission that is in the log already is left alone, unless it was revoked there.

    Raises:
        UsageError: one supersedes content that no approval of the log is about. ApprovalLogError, StoreError.
    """
    known: list[Approved] = []

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        before = approvals_of(entries, where)
        _require_superseded(before, wanted, where)
        standing = {permission(one.approval): one for one in before if not one.approval.revoked}
        known.extend(standing[permission(one.approval)] for one in wanted if permission(one.approval) in standing)
        return [Draft(APPROVAL, recorded, approval_payload(one)) for one in wanted if permission(one.approval) not in standing]

    return Recorded(approvals_of(log.extend(compose), where), tuple(known))


def import_approvals(
    log: ApprovalLog, carried: Sequence[Carried], recorder: str, file_name: str, recorded: str, where: str
) -> Recorded:
    """Record what a file holds, all of it or nothing; who imports is the recorder, and each entry says where it came from.

    What is in the log already is left alone, also where it was revoked here: an import brings nothing back. What was revoked
    there comes as revoked.

    Raises:
        ApprovalLogError, StoreError.
    """
    known: list[Approved] = []

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        held = {permission(one.approval): one for one in approvals_of(entries, where)}
        taken, drafts = set(held), list[Draft]()
        for one in carried:
            key = permission(one.approved.approval)
            if key in taken:
                known.extend([held[key]] if key in held else [])
                continue
            taken.add(key)
            approved = _as_imported(one.approved, recorder, file_name)
            drafts.append(Draft(APPROVAL, recorded, approval_payload(approved)))
            if moment := one.approved.approval.revoked:
                reason = f"revoked on {moment} in the log it was imported from"
                payload = revocation_payload(len(entries) + len(drafts), recorder, reason)
                drafts.append(Draft(REVOCATION, recorded, payload))
        return drafts

    return Recorded(approvals_of(log.extend(compose), where), tuple(known))


def revoke(log: ApprovalLog, prefix: str, recorder: str, reason: str, recorded: str, where: str) -> Approved:
    """Record that a permission was withdrawn, and return it as it stands now.

    Raises:
        UsageError: no approval has this id, several ids begin so, or it was revoked before. ApprovalLogError, StoreError.
    """

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        one = find(approvals_of(entries, where), prefix).approval
        if one.revoked:
            raise UsageError(f"the approval {one.id} was revoked already, on {one.revoked}", where=where)
        sequence = next(entry.sequence for entry in entries if entry.id == one.id)
        return [Draft(REVOCATION, recorded, revocation_payload(sequence, recorder, reason))]

    log.extend(compose)
    return find(approvals_of(log.entries(), where), prefix)


def find(approvals: Iterable[Approved], prefix: str) -> Approved:
    """Return the approval whose id begins with `prefix`.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [one for one in approvals if prefix and one.approval.id.startswith(prefix.lower())]
    if len(found) == 1:
        return found[0]
    where = shown(prefix, 80)
    if not found:
        raise UsageError("no approval has this id", where=where, next_step="`scanner approvals list` shows them")
    ids = ", ".join(one.approval.id for one in found[:_AMBIGUOUS_SHOWN]) + (", …" if len(found) > _AMBIGUOUS_SHOWN else "")
    raise UsageError(f"several ids begin so: {ids}", where=where, next_step="Give more of it")


def _require_superseded(before: Sequence[Approved], wanted: Iterable[Approved], where: str) -> None:
    contents = {one.approval.content for one in before}
    missing = next((one.approval.supersedes for one in wanted if one.approval.supersedes not in {"", *contents}), "")
    if missing:
        raise UsageError(
            f"no approval of the log is about the superseded content {missing[:16]}…",
            where=where,
            next_step="Name the earlier version as it was approved; `scanner approvals list` shows what is in the log",
        )


def _as_imported(approved: Approved, recorder: str, file_name: str) -> Approved:
    there = approved.approval
    by = f", recorded there by {there.recorder}" if there.recorder else ""
    on = f" on {there.recorded}" if there.recorded else ""
    number = f", id {there.id}" if there.id else ""
    return replace(
        approved,
        approval=replace(there, recorder=recorder, revoked=""),
        imported_from=f"{file_name}{by}{on}{number}",
    )
