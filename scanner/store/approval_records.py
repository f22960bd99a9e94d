"""Recording, importing and withdrawing decisions: each all or nothing, on a log that was checked whole just before."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from scanner.model.approvals import Approval
from scanner.model.approved import Approved, Logged, decision_of, is_withdrawn
from scanner.model.decisions import DecisionKind
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.store.approval_entries import (
    APPROVAL,
    REVOCATION,
    WITHDRAWAL,
    decisions_of,
    kind_of,
    payload_of,
    permission,
    revocation_payload,
)
from scanner.store.approval_exchange import Carried
from scanner.store.approval_log import ApprovalLog, Draft
from scanner.store.chain import Entry

_AMBIGUOUS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of decisions that were to be recorded."""

    new: tuple[Logged, ...]
    known: tuple[Logged, ...]
    """In the log already, as they stand there; nothing was added for them."""
    rejected: tuple[Logged, ...] = ()
    """Approvals of a file that were left out: the log they were to go into says that their content is rejected."""


def record(log: ApprovalLog, wanted: Sequence[Logged], recorded: str, where: str) -> Recorded:
    """Record decisions; one that is in the log already is left alone, unless it was withdrawn or decided otherwise since.

    Raises:
        UsageError: one supersedes content that no approval of the log is about. ApprovalLogError, StoreError.
    """
    known: list[Logged] = []

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        before = decisions_of(entries, where)
        require_superseded(before, wanted, where)
        standing = _standing(before)
        keys = [permission(decision_of(one)) for one in wanted]
        known.extend(standing[key] for key in keys if key in standing)
        return [
            Draft(kind_of(one), recorded, payload_of(one)) for one, key in zip(wanted, keys, strict=True) if key not in standing
        ]

    return Recorded(decisions_of(log.extend(compose), where), tuple(known))


def import_approvals(
    log: ApprovalLog, carried: Sequence[Carried], recorder: str, file_name: str, recorded: str, where: str
) -> Recorded:
    """Record what a file holds, all of it or nothing; who imports is the recorder, and each entry says where it came from.

    What is in the log already is left alone, also where it was withdrawn here: an import brings nothing back. What was withdrawn
    there comes as withdrawn. An approval does not overtake a rejection that this log has: it is left out, and told.

    Raises:
        ApprovalLogError, StoreError.
    """
    known, rejected = list[Logged](), list[Logged]()

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        before = decisions_of(entries, where)
        held = {permission(decision_of(one)): one for one in before}
        refused = {decision_of(one).content for one in _standing(before).values() if _rejects(one)}
        taken, drafts = dict[tuple[str, ...], int](), list[Draft]()
        turns = defaultdict[str, list[str]](list)
        for one in carried:
            decision = decision_of(one.logged)
            key, kinds = permission(decision), turns[decision.content]
            if not kinds or kinds[-1] != kind_of(one.logged):
                kinds.append(kind_of(one.logged))
            if key in held or taken.get(key) == len(kinds):
                known.extend([held[key]] if key in held else [])
                continue
            if isinstance(decision, Approval) and decision.content in refused:
                rejected.append(one.logged)
                continue
            taken[key] = len(kinds)
            drafts.append(Draft(kind_of(one.logged), recorded, payload_of(_as_imported(one.logged, recorder, file_name))))
            if moment := _moment_withdrawn(one.logged):
                reason = f"{_word(one.logged)} on {moment} in the log it was imported from"
                payload = revocation_payload(len(entries) + len(drafts), recorder, reason)
                drafts.append(Draft(_ending(kind_of(one.logged)), recorded, payload))
        return drafts

    return Recorded(decisions_of(log.extend(compose), where), tuple(known), tuple(rejected))


def revoke(log: ApprovalLog, prefix: str, recorder: str, reason: str, recorded: str, where: str) -> Logged:
    """Record that a decision was withdrawn, and return it as it stands now.

    Raises:
        UsageError: no decision has this id, several ids begin so, or it was withdrawn before. ApprovalLogError, StoreError.
    """

    def compose(entries: Sequence[Entry]) -> Sequence[Draft]:
        one = find(decisions_of(entries, where), prefix)
        identity = decision_of(one).id
        if moment := _moment_withdrawn(one):
            word, noun = _word(one), "approval" if isinstance(one, Approved) else "decision"
            raise UsageError(f"the {noun} {identity} was {word} already, on {moment}", where=where)
        sequence = next(entry.sequence for entry in entries if entry.id == identity)
        return [Draft(_ending(kind_of(one)), recorded, revocation_payload(sequence, recorder, reason))]

    log.extend(compose)
    return find(decisions_of(log.entries(), where), prefix)


def find(decisions: Iterable[Logged], prefix: str) -> Logged:
    """Return the decision whose id begins with `prefix`.

    Raises:
        UsageError: there is none, or there are several.
    """
    found = [one for one in decisions if prefix and decision_of(one).id.startswith(prefix.lower())]
    if len(found) == 1:
        return found[0]
    where = shown(prefix, 80)
    if not found:
        raise UsageError("no approval has this id", where=where, next_step="`scanner approvals list` shows them")
    ids = ", ".join(decision_of(one).id for one in found[:_AMBIGUOUS_SHOWN]) + (", …" if len(found) > _AMBIGUOUS_SHOWN else "")
    raise UsageError(f"several ids begin so: {ids}", where=where, next_step="Give more of it")


def require_superseded(before: Sequence[Logged], wanted: Iterable[Logged], where: str) -> None:
    """Refuse an approval that says to replace content which no approval of the log is about.

    Raises:
        UsageError: it does.
    """
    contents = {one.approval.content for one in before if isinstance(one, Approved)}
    approvals = (one.approval for one in wanted if isinstance(one, Approved))
    missing = next((one.supersedes for one in approvals if one.supersedes not in {"", *contents}), "")
    if missing:
        raise UsageError(
            f"no approval of the log is about the superseded content {missing[:16]}…",
            where=where,
            next_step="Name the earlier version as it was approved; `scanner approvals list` shows what is in the log",
        )


def _standing(before: Iterable[Logged]) -> dict[tuple[str, ...], Logged]:
    """Return, by what makes them so, the decisions that nobody withdrew and after which nothing else was decided."""
    by_content: dict[str, list[Logged]] = {}
    for one in before:
        decision = decision_of(one)
        if is_withdrawn(decision):
            continue
        standing = by_content.setdefault(decision.content, [])
        if isinstance(decision, Approval) or decision.kind is DecisionKind.REJECTION:
            standing[:] = [earlier for earlier in standing if kind_of(earlier) == kind_of(one)]
        standing.append(one)
    return {permission(decision_of(one)): one for standing in by_content.values() for one in standing}


def _rejects(logged: Logged) -> bool:
    decision = decision_of(logged)
    return not isinstance(decision, Approval) and decision.kind is DecisionKind.REJECTION and not is_withdrawn(decision)


def _ending(kind: str) -> str:
    return REVOCATION if kind == APPROVAL else WITHDRAWAL


def _word(logged: Logged) -> str:
    return "revoked" if isinstance(logged, Approved) else "withdrawn"


def _moment_withdrawn(logged: Logged) -> str:
    return logged.approval.revoked if isinstance(logged, Approved) else logged.decision.withdrawn


def _as_imported(logged: Logged, recorder: str, file_name: str) -> Logged:
    there = decision_of(logged)
    by = f", recorded there by {there.recorder}" if there.recorder else ""
    on = f" on {there.recorded}" if there.recorded else ""
    number = f", id {there.id}" if there.id else ""
    came = f"{file_name}{by}{on}{number}"
    if isinstance(logged, Approved):
        return replace(logged, approval=replace(logged.approval, recorder=recorder, revoked=""), imported_from=came)
    return replace(logged, decision=replace(logged.decision, recorder=recorder, withdrawn=""), imported_from=came)
