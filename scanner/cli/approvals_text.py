"""What the commands on the log of approvals say: decisions as a table, whole, as JSON, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from scanner.judge.approving import ApprovalBook, why_lapsed
from scanner.model.approvals import Approval
from scanner.model.approved import Approved, Logged, decision_of, is_withdrawn
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.text import shown
from scanner.report.columns import cut_end, width_of
from scanner.store.approval_exchange import Carried, row_of, to_csv, to_toml
from scanner.store.approval_records import Recorded

LIST_FORMATS = ["text", "json", "csv", "toml"]
_HEADINGS = ("ID", "STATE", "UNTIL", "DECISION", "BY", "REFERENCE", "PATH")
_WIDEST = 32
"""Columns of one cell; the path comes last and is never cut."""
_TOLD = 10


def listed(decisions: Sequence[Logged], layout: str, moment: str) -> str:
    """Return all decisions as text of one of `LIST_FORMATS`, ending in a line break where there is any."""
    match layout:
        case "json":
            states = states_of(decisions, moment)
            rows = [{**row_of(one), "state": state} for one, state in zip(decisions, states, strict=True)]
            return json.dumps(rows, indent=2) + "\n"
        case "csv":
            return to_csv(decisions)
        case "toml":
            return to_toml(decisions)
        case _:
            return "\n".join(_table(decisions, moment)) + "\n"


def states_of(decisions: Sequence[Logged], moment: str) -> list[str]:
    """Return in a word what each decision of a log does at `moment`.

    ``stands``, ``expired``, ``revoked``, ``not yet``; ``overruled`` by a later rejection; ``overtaken`` by a later approval, and
    of a question ``answered``.
    """
    book = ApprovalBook(map(decision_of, decisions), moment)
    return [_state(decision_of(one), book, moment) for one in decisions]


def whole(logged: Logged, decisions: Sequence[Logged], moment: str) -> str:
    """Return all fields of one of a log's decisions, one a line."""
    fields = {**row_of(logged), "state": states_of(decisions, moment)[decisions.index(logged)]}
    return "\n".join(f"{name.replace('_', ' '):<16}{shown(value) or '–'}" for name, value in fields.items())


def recorded_lines(done: Recorded, entries: int, head: str, place: str) -> Iterator[str]:
    """Yield what was recorded, and the log's head for people to keep."""
    for word, decisions in (("recorded", done.new), ("in the log already", done.known)):
        for one in decisions:
            decision = decision_of(one)
            yield f"{word}  {decision.id}  {shown(decision.path)}"
            yield f"  {decision.content_kind.value} sha256 {decision.content}"
            yield f"  {_terms(decision)}"
            yield f"  written down by {shown(decision.recorder)}"
    yield f"log       {entries:,} {'entry' if entries == 1 else 'entries'} ({shown(place)})"
    yield f"head      {head}"
    if done.new:
        yield "Keep the head elsewhere: `scanner approvals verify --head` shows with it that the log was not cut since."


def told_import(done: Recorded, carried: Sequence[Carried], total: int, place: str) -> str:
    """Return what became of an import."""
    skipped = len(carried) - len(done.new) - len(done.rejected)
    lines = [f"{len(done.new):,} imported, {skipped:,} in the log already; it holds {total:,} ({shown(place)})"]
    names = [f"{decision_of(one).id}  {shown(decision_of(one).path or decision_of(one).content)}" for one in done.known]
    lines += [f"skipped: {name}" for name in names[:_TOLD]]
    lines += [f"skipped: {len(names) - _TOLD:,} more"] if len(names) > _TOLD else []
    if done.rejected:
        number = len(done.rejected)
        whose = "its" if number == 1 else "their"
        lines.append(f"{number:,} left out: {whose} content is rejected in this log; `scanner approve` overtakes that")
    if withdrawn := _withdrawn_there(done, carried):
        lines.append(
            f"{withdrawn:,} of the skipped {'is' if withdrawn == 1 else 'are'} revoked in the file and not here: "
            "`scanner approvals revoke` records that"
        )
    return "\n".join(lines)


def _state(decision: Approval | Decision, book: ApprovalBook, moment: str) -> str:
    if isinstance(decision, Decision):
        if decision.withdrawn:
            return "revoked"
        gone = "answered" if decision.kind is DecisionKind.QUESTION else "overtaken"
        return "stands" if book.is_in_force(decision) else gone
    if why := why_lapsed(decision, moment):
        return {"withdrawn": "revoked", "expired": "expired"}.get(why.partition(" ")[0], "not yet")
    return "stands" if book.stands(decision) else "overruled"


def _terms(decision: Approval | Decision) -> str:
    part = f", only {decision.segment}" if decision.segment else ""
    if isinstance(decision, Decision):
        to = f", to {shown(decision.addressee)}" if decision.addressee else ""
        reference = f", reference {shown(decision.reference)}" if decision.reference else ""
        return f"{decision.kind.value}{part}{to}, by {shown(decision.decider)}{reference}: {shown(decision.statement)}"
    until = f"until {decision.expires}" if decision.expires else "without end"
    by = f"by {shown(decision.approver)}, reference {shown(decision.reference)}"
    return f"{decision.category.value}{part}, {until}, {by}"


def _withdrawn_there(done: Recorded, carried: Iterable[Carried]) -> int:
    there = {decision_of(one.logged).content for one in carried if is_withdrawn(decision_of(one.logged))}
    return sum(decision_of(one).content in there and not is_withdrawn(decision_of(one)) for one in done.known)


def _table(decisions: Sequence[Logged], moment: str) -> Iterator[str]:
    rows = [_cells(one, state) for one, state in zip(decisions, states_of(decisions, moment), strict=True)]
    if not rows:
        yield "no approvals"
        return
    widths = [max(width_of(row[at]) for row in (_HEADINGS, *rows)) for at in range(len(_HEADINGS))]
    for row in (_HEADINGS, *rows):
        padded = (cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cells(one: Logged, state: str) -> tuple[str, ...]:
    decision = decision_of(one)
    until = one.approval.expires if isinstance(one, Approved) else ""
    kind = decision.category.value if isinstance(decision, Approval) else decision.kind.value
    by = decision.approver if isinstance(decision, Approval) else decision.decider
    cut = (cut_end(shown(text), _WIDEST) or "–" for text in (kind, by, decision.reference))
    return (decision.id, state, until or "–", *cut, shown(decision.path))
