"""The final screen: what a tired person must know, in eighty columns."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.model.judging import Verdict, Zone
from scanner.model.scan import Scan
from scanner.report import permissions
from scanner.report.columns import cut_end, cut_middle, flow, hard_wrap, width_of, wrap
from scanner.report.cut_words import cut_lines, standing
from scanner.report.ordered import tally_of
from scanner.report.permissions import applied_sentence
from scanner.report.sealed_words import list_lines
from scanner.report.sentences import (
    NAME_THE_ZONES,
    NOTHING_FOUND,
    alarms,
    allowed,
    counted,
    evidence,
    fetched,
    lowered_gate,
    not_done,
    number,
    since_baseline,
    work_left,
    zone_examples,
)
from scanner.report.worklist import Entry, not_read, place, to_fix, to_review, zone_counts

INDENT = 9
"""Columns of the words on the left: ``NOT DONE`` and a space."""
NARROWEST = 30
FIX_LINES = 10
REVIEW_LINES = 5
UNREAD_LINES = 5
ALLOWED_LINES = 5
UNDONE_PHRASES = 8
NOTES = 6
CUT_LINES = 5
SEALED_LINES = 5

_COLOURS = {Verdict.BLOCKED: "1;31", Verdict.INCOMPLETE: "1;35", Verdict.REVIEW: "1;33", Verdict.PASS: "1;32"}
_ALARM_COLOUR = "1;7"


def summary(scan: Scan, report_path: str, width: int = 80, color: bool = False) -> str:
    """Return the final screen, ending in a line break.

    Args:
        scan: what was scanned.
        report_path: where the page or the first report was written; empty where none was.
        width: columns of the terminal; fewer than `NARROWEST` are taken for that.
        color: whether to colour the verdict's word and the alarms; nothing is said by colour alone.
    """
    room = max(width, NARROWEST) - INDENT
    fix, review, unread = (entries.only_new() for entries in (to_fix(scan), to_review(scan), not_read(scan)))
    left = work_left(len(fix), len(review), len(unread))
    if scan.baseline is not None:
        left = f"new: {left}"
    lines = [_paint(line, _ALARM_COLOUR, color) for alarm in alarms(scan) for line in wrap(alarm, room + INDENT)]
    lines += _headline(scan, left, room, color)
    lines += _row("Known", flow(since_baseline(scan), room))
    lines += _row("Zones", _zones(scan, room))
    lines += _listed(scan, "FIX", fix, FIX_LINES, room)
    lines += _listed(scan, "REVIEW", review, REVIEW_LINES, room)
    lines += _listed(scan, "NOT READ", unread, UNREAD_LINES, room)
    lines += _allowed(scan, room)
    lines += _row("Cut", [line for said in cut_lines(scan)[:CUT_LINES] for line in _shortened(said, room)])
    lines += _row("Sealed", [line for said in _first(list_lines(scan), SEALED_LINES, 2 * room) for line in wrap(said, room)])
    lines += _row("Buckets", [told] if (told := fetched(scan)) else [])
    lines += _row("NOT DONE", flow(_first(not_done(scan), UNDONE_PHRASES, 2 * room), room))
    lines += _row(
        "Note", [line for note in _first([*lowered_gate(scan), *scan.notes], NOTES, 3 * room) for line in wrap(note, room)]
    )
    if scan.verdict is Verdict.PASS:
        lines += _row("", wrap(NOTHING_FOUND, room))
    if report_path:
        lines += _row("Report", hard_wrap(report_path, room))
    return "\n".join(lines) + "\n"


def _headline(scan: Scan, left: str, room: int, color: bool) -> list[str]:
    word = scan.verdict.value.upper()
    # INCOMPLETE is longer than the column: its line gets less room, the others start where they always do.
    over = max(0, len(word) + 2 - INDENT)
    phrases = [cut_middle(scan.name, room - over), cut_end(f"{scan.policy.name} policy", room - over), left]
    first, *rest = flow(phrases, room - over)
    return [_paint(word, _COLOURS[scan.verdict], color) + " " * (INDENT + over - len(word)) + first, *_row("", rest)]


def _zones(scan: Scan, room: int) -> list[str]:
    counts = zone_counts(scan)
    unnamed = sum(each.assets - each.not_judged for each in counts if each.zone is Zone.UNASSIGNED)
    phrases = [f"{each.zone.value} {number(each.assets)}" for each in counts if each.zone is not Zone.UNASSIGNED]
    phrases += [f"{each.zone.value} {number(each.assets)}" for each in counts if each.zone is Zone.UNASSIGNED]
    if unnamed:
        phrases[-1] += f" ({NAME_THE_ZONES})"
    examples = [line for option, _ in zone_examples(scan)[:1] for line in wrap(f"for example {option}", room)]
    return flow(phrases or ["no assets"], room) + (examples if unnamed else [])


def _listed(scan: Scan, word: str, entries: Sequence[Entry], most: int, room: int) -> list[str]:
    lines: list[str] = []
    for entry in entries[:most]:
        lines += _row(word, _entry(scan, entry, room))
    if len(entries) > most:
        lines += _row("", wrap(f"and {counted(len(entries) - most, 'more', 'more')} in the report", room))
    return lines


def _entry(scan: Scan, entry: Entry, room: int) -> list[str]:
    said = evidence(entry)
    if entry.record is None:
        return _shortened(said, room)
    path = place(scan, entry.record.root, entry.record.path)
    more = [f"  {line}" for line in (*_beside(entry, room - 2), *_in_time(scan, entry, room - 2))]
    if width_of(path) + 2 + width_of(said) <= room:
        return [f"{cut_end(path, room)}  {cut_end(said, room)}", *more]
    return [cut_middle(path, room), *("  " + line for line in _shortened(said, room - 2)), *more]


def _beside(entry: Entry, room: int) -> list[str]:
    """What else asks for something there, and which principles of the policy are touched; one line at most."""
    also, touched = permissions.also(entry.findings), permissions.touched(entry.findings)
    told = "; ".join(part for part in (f"also {also}" if also else "", f"touches {touched}" if touched else "") if part)
    return [cut_end(told, room)] if told else []


def _in_time(scan: Scan, entry: Entry, room: int) -> list[str]:
    told = standing(scan, entry.record) if entry.record else ""
    return [cut_end(told, room)] if told else []


def _allowed(scan: Scan, room: int) -> list[str]:
    total = len(tally_of(scan).permitted)
    lines: list[str] = []
    for record, applied in allowed(scan, ALLOWED_LINES):
        path = cut_middle(place(scan, record.root, record.path), room)
        lines += _row("ALLOWED", [path, *("  " + line for line in _shortened(applied_sentence(applied), room - 2))])
    if total > ALLOWED_LINES:
        lines += _row("", wrap(f"and {counted(total - ALLOWED_LINES, 'more', 'more')} in the report", room))
    return lines


def _first(phrases: list[str], most: int, columns: int) -> list[str]:
    left = len(phrases) - most
    more = [f"and {number(left)} more in the report"] if left > 0 else []
    return [cut_end(phrase, columns) for phrase in phrases[:most]] + more


def _shortened(text: str, room: int) -> list[str]:
    first, *rest = wrap(text, room)
    return [first, cut_end(" ".join(rest), room)] if rest else [first]


def _row(word: str, lines: list[str]) -> list[str]:
    return [f"{word if not number_of_line else '':<{INDENT}}{line}".rstrip() for number_of_line, line in enumerate(lines)]


def _paint(text: str, code: str, color: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if color else text
