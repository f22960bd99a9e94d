"""Recording what a person decided on a page: once however often it is sent, and never over a decision that they had not seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.model.approved import Approved, Logged, decision_of, is_withdrawn
from scanner.model.errors import UsageError
from scanner.store.approval_entries import (
    APPROVAL,
    DECISIONS,
    REVOCATION,
    SEGMENT_APPROVAL,
    WITHDRAWAL,
    decisions_of,
    kind_of,
    payload_of,
    revocation_payload,
)
from scanner.store.approval_log import ApprovalLog, Draft
from scanner.store.approval_records import find, require_superseded
from scanner.store.chain import Entry

_RECORDS = frozenset({APPROVAL, SEGMENT_APPROVAL}) | DECISIONS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a decision that was sent."""

    recorded: Logged | None
    """As it stands in the log; None where it was not recorded."""
    repeated: bool = False
    """Whether the same form had been recorded before."""
    between: tuple[Logged, ...] = ()
    """Why it was not recorded: what was decided, or withdrawn, about this content and its sender had not seen."""


def last_about(entries: Iterable[Entry], content: str) -> int:
    """Return the number of the last entry that decides about this content, or withdraws such a decision; 0 without one."""
    return max(_numbers_about(entries, content), default=0)


def decide_once(log: ApprovalLog, wanted: Logged, seen: int, submission: str, recorded: str, where: str) -> Outcome:
    """Record a decision, in one transaction, unless its form was recorded before or something was decided meanwhile.

    Args:
        log: opened for adding.
        wanted: the decision.
        seen: `last_about` this content when its sender looked.
        submission: names the form; the same for a form that is sent again.
        recorded: when, ISO 8601, UTC.
        where: names the log in errors.

    Raises:
        UsageError: it supersedes content that no approval of the log is about. ApprovalLogError, StoreError.
    """
    outcome = Outcome(None)

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        nonlocal outcome
        content, before = decision_of(wanted).content, decisions_of(entries, where)
        if sent := _sent_with(entries, submission):
            outcome = Outcome(find(before, sent.id), repeated=True)
            return []
        new = [number for number in _numbers_about(entries, content) if number > seen]
        if new:
            about = {entry.id: entry.sequence for entry in entries}
            since = [one for one in before if decision_of(one).content == content]
            later = tuple(one for one in since if about[decision_of(one).id] > seen)
            # What was seen and is withdrawn since is told too.
            outcome = Outcome(None, between=later or tuple(one for one in since if is_withdrawn(decision_of(one))))
            return []
        require_superseded(before, [wanted], where)
        return [Draft(kind_of(wanted), recorded, payload_of(wanted, submission))]

    added = decisions_of(log.extend(compose), where)
    return Outcome(added[0]) if added else outcome


def withdraw_once(
    log: ApprovalLog, identity: str, recorder: str, reason: str, submission: str, recorded: str, where: str
) -> Logged:
    """Record that a decision was withdrawn, and return it as it stands; one that is withdrawn already stays as it is.

    Raises:
        UsageError: no decision has this id. ApprovalLogError, StoreError.
    """

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        entry = next((one for one in entries if one.id == identity and one.kind in _RECORDS), None)
        if entry is None:
            raise UsageError("no decision has this id", where=identity[:16])
        one = find(decisions_of(entries, where), identity)
        if is_withdrawn(decision_of(one)):
            return []
        whole = isinstance(one, Approved) and one.approval.segment is None
        payload = {**revocation_payload(entry.sequence, recorder, reason), "submission": submission}
        return [Draft(REVOCATION if whole else WITHDRAWAL, recorded, payload)]

    log.extend(compose)
    return find(decisions_of(log.entries(), where), identity)


def _numbers_about(entries: Iterable[Entry], content: str) -> list[int]:
    numbers, about = list[int](), set[object]()
    for entry in entries:
        if entry.kind in _RECORDS and entry.read().get("content") == content:
            about.add(entry.sequence)
            numbers.append(entry.sequence)
        elif entry.kind in (REVOCATION, WITHDRAWAL) and entry.read().get("revokes") in about:
            numbers.append(entry.sequence)
    return numbers


def _sent_with(entries: Iterable[Entry], submission: str) -> Entry | None:
    return next(
        (one for one in entries if one.kind in _RECORDS and submission and one.read().get("submission") == submission), None
    )
