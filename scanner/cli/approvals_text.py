"""What ``scanner approve`` and ``scanner approvals`` say: approvals as a table, whole, as JSON, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

from scanner.judge.approving import why_lapsed
from scanner.model.approved import Approved
from scanner.model.text import shown
from scanner.report.columns import cut_end, width_of
from scanner.store.approval_exchange import Carried, row_of, to_csv, to_toml
from scanner.store.approval_records import Recorded

LIST_FORMATS = ["text", "json", "csv", "toml"]
_HEADINGS = ("ID", "STATE", "UNTIL", "CATEGORY", "APPROVER", "REFERENCE", "PATH")
_WIDEST = 32
"""Columns of one cell; the path comes last and is never cut."""
_TOLD = 10


def listed(approvals: Sequence[Approved], layout: str, moment: str) -> str:
    """Return all approvals as text of one of `LIST_FORMATS`, ending in a line break where there is any."""
    match layout:
        case "json":
            return json.dumps([{**row_of(one), "state": state(one, moment)} for one in approvals], indent=2) + "\n"
        case "csv":
            return to_csv(approvals)
        case "toml":
            return to_toml(approvals)
        case _:
            return "\n".join(_table(approvals, moment)) + "\n"


def state(approved: Approved, moment: str) -> str:
    """Return in a word what an approval does at `moment`: ``stands``, ``expired``, ``revoked``, ``not yet``."""
    why = why_lapsed(approved.approval, moment)
    return {"": "stands", "withdrawn": "revoked", "expired": "expired"}.get(why.partition(" ")[0], "not yet")


def whole(approved: Approved, moment: str) -> str:
    """Return all fields of an approval, one a line."""
    fields = {**row_of(approved), "state": state(approved, moment)}
    return "\n".join(f"{name.replace('_', ' '):<16}{shown(value) or '–'}" for name, value in fields.items())


def recorded_lines(done: Recorded, entries: int, head: str, place: str) -> Iterator[str]:
    """Yield what was recorded, and the log's head for people to keep."""
    for word, approvals in (("recorded", done.new), ("in the log already", done.known)):
        for one in approvals:
            approval = one.approval
            until = f"until {approval.expires}" if approval.expires else "without end"
            yield f"{word}  {approval.id}  {shown(approval.path)}"
            yield f"  {approval.content_kind.value} sha256 {approval.content}"
            yield f"  {approval.category.value}, {until}, by {shown(approval.approver)}, reference {shown(approval.reference)}"
            yield f"  written down by {shown(approval.recorder)}"
    yield f"log       {entries:,} {'entry' if entries == 1 else 'entries'} ({shown(place)})"
    yield f"head      {head}"
    if done.new:
        yield "Keep the head elsewhere: `scanner approvals verify --head` shows with it that the log was not cut since."


def told_import(done: Recorded, carried: Sequence[Carried], total: int, place: str) -> str:
    """Return what became of an import."""
    skipped = len(carried) - len(done.new)
    lines = [f"{len(done.new):,} imported, {skipped:,} in the log already; it holds {total:,} ({shown(place)})"]
    lines += [f"skipped: {one.approval.id}  {shown(one.approval.path or one.approval.content)}" for one in done.known[:_TOLD]]
    lines += [f"skipped: {len(done.known) - _TOLD:,} more"] if len(done.known) > _TOLD else []
    if withdrawn := _withdrawn_there(done, carried):
        lines.append(
            f"{withdrawn:,} of the skipped {'is' if withdrawn == 1 else 'are'} revoked in the file and not here: "
            "`scanner approvals revoke` records that"
        )
    return "\n".join(lines)


def _withdrawn_there(done: Recorded, carried: Iterable[Carried]) -> int:
    revoked_there = {one.approved.approval.content for one in carried if one.approved.approval.revoked}
    return sum(one.approval.content in revoked_there and not one.approval.revoked for one in done.known)


def _table(approvals: Iterable[Approved], moment: str) -> Iterator[str]:
    rows = [_cells(one, moment) for one in approvals]
    if not rows:
        yield "no approvals"
        return
    widths = [max(width_of(row[at]) for row in (_HEADINGS, *rows)) for at in range(len(_HEADINGS))]
    for row in (_HEADINGS, *rows):
        padded = (cell + " " * (width - width_of(cell)) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _cells(one: Approved, moment: str) -> tuple[str, ...]:
    approval = one.approval
    texts = (approval.category.value, approval.approver, approval.reference)
    cut = (cut_end(shown(text), _WIDEST) for text in texts)
    return (approval.id, state(one, moment), approval.expires or "–", *cut, shown(approval.path))
