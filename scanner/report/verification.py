"""What ``scanner verify`` says: for people in columns, for programs as JSON."""

from __future__ import annotations

import json

from scanner.model.text import shown
from scanner.model.verification import Change, Comparison, Depth, Difference, Outcome, Verification
from scanner.report.columns import cut_end, cut_middle, flow, hard_wrap, width_of, wrap
from scanner.report.json_paths import Json, file_json, path_json
from scanner.report.seal import encodable
from scanner.report.sentences import counted, number

EXIT_CODES = {Outcome.SAME: 0, Outcome.INCOMPLETE: 4, Outcome.DIFFERS: 10}
LISTED = 20
"""Files of one kind of change on the screen; the JSON names all."""
_INDENT = 11
_NARROWEST = 30
_LISTED_FIRST = (Change.CHANGED, Change.GONE, Change.ADDED, Change.MOVED, Change.UNREADABLE, Change.UNSETTLED)


def verification_text(verification: Verification, width: int = 80) -> str:
    """Return the answer as lines of at most `width` columns."""
    room = max(width, _NARROWEST) - _INDENT
    head = f"{cut_middle(verification.delivery, room)}, scanned {_moment(verification.scanned)}"
    lines = _row(verification.outcome.value.upper(), wrap(head, room))
    lines += _row("Report", wrap(_seal_sentence(verification), room))
    if verification.signature:
        lines += _row("Signature", wrap(_signature_sentence(verification), room))
    if verification.comparison:
        lines += _compared(verification.comparison, room)
    if not verification.complete:
        lines += _row("Note", wrap("that scan was not complete: what it did not reach shows as added", room))
    return "\n".join(lines) + "\n"


def verification_json(verification: Verification) -> str:
    """Return the answer as JSON."""
    signature, compared = verification.signature, verification.comparison
    answer: Json = {
        "result": verification.outcome,
        "exit_code": EXIT_CODES[verification.outcome],
        "report": {
            "file": file_json(verification.file),
            "delivery": verification.delivery,
            "scanned": verification.scanned,
            "complete": verification.complete,
            "seal": verification.seal,
            "seal_holds": verification.seal_holds,
        },
        "signature": None
        if signature is None
        else {"file": file_json(signature.file), "public_key": file_json(signature.public_key), "holds": signature.holds},
        "delivery": None if compared is None else _comparison(compared),
    }
    return encodable(json.dumps(answer, indent=2, ensure_ascii=False)) + "\n"


def _compared(compared: Comparison, room: int) -> list[str]:
    counts = [f"{number(compared.count(change))} {change.value}" for change in _LISTED_FIRST if compared.count(change)]
    lines = _row("Delivery", [line for root in compared.roots for line in hard_wrap(root, room)])
    lines += _row("", flow(counts or ["nothing added, changed or gone"], room))
    for change in _LISTED_FIRST:
        lines += _listed(compared, change, room)
    for _, path, why in compared.unlisted[:LISTED]:
        lines += _row("NOT LISTED", [cut_middle(path, room), "  " + cut_end(why, room - 2)])
    lines += _row("Compared", flow(_same_phrases(compared), room))
    return lines + _row("Note", [line for note in _notes(compared) for line in wrap(note, room)])


def _listed(compared: Comparison, change: Change, room: int) -> list[str]:
    found = [one for one in compared.differences if one.change is change]
    lines: list[str] = []
    for one in found[:LISTED]:
        lines += _row(change.value.upper(), _difference(compared, one, room))
    if len(found) > LISTED:
        lines += _row("", wrap(f"and {number(len(found) - LISTED)} more; --format json names all", room))
    return lines


def _difference(compared: Comparison, one: Difference, room: int) -> list[str]:
    path = one.path if len(compared.roots) == 1 else f"{compared.roots[one.root].rstrip('/')}/{one.path}"
    why = f"was {one.was}; {one.why}" if one.was else one.why
    if not why:
        return [cut_middle(path, room)]
    if width_of(path) + 2 + width_of(why) <= room:
        return [f"{cut_end(path, room)}  {shown(why)}"]
    return [cut_middle(path, room), "  " + cut_middle(why, room - 2)]


def _same_phrases(compared: Comparison) -> list[str]:
    phrases = [f"{counted(compared.same_by_bytes, 'file')} the same by bytes"] if compared.same_by_bytes else []
    phrases += [f"{counted(compared.same_by_stat, 'file')} by size and time"] if compared.same_by_stat else []
    return phrases or ["no file is as it was"]


def _notes(compared: Comparison) -> list[str]:
    notes = []
    if compared.touched:
        notes.append(f"{counted(compared.touched, 'file')} with another modification time, bytes the same")
    if compared.depth is Depth.HASH and compared.unhashed:
        notes.append(
            f"{counted(compared.unhashed, 'file')} by size and time only: the scan did not hash them (over 2 GiB, or not read)"
        )
    if compared.depth is not Depth.HASH and compared.same_by_stat:
        notes.append("size and time do not show a change that kept both; --hash reads every file")
    return notes


def _seal_sentence(verification: Verification) -> str:
    if verification.seal_holds:
        return f"as it was written (seal {shown(verification.seal, 16)})"
    return "CHANGED since it was written: its seal does not hold. What it says, this answer included, cannot be relied on."


def _signature_sentence(verification: Verification) -> str:
    assert verification.signature is not None
    key = verification.signature.public_key
    return f"holds for the key {key}" if verification.signature.holds else f"does NOT hold for the key {key}"


def _comparison(compared: Comparison) -> Json:
    return {
        "roots": [file_json(root) for root in compared.roots],
        "depth": compared.depth,
        "same_by_bytes": compared.same_by_bytes,
        "same_by_size_and_time": compared.same_by_stat,
        "not_hashed_by_the_scan": compared.unhashed,
        "touched": compared.touched,
        "counts": {change.value: compared.count(change) for change in Change},
        "differences": [_difference_json(one) for one in compared.differences],
        "unlisted_folders": [{"root": root, **path_json(path), "reason": why} for root, path, why in compared.unlisted],
    }


def _difference_json(one: Difference) -> Json:
    return {
        "change": one.change,
        "root": one.root,
        **path_json(one.path),
        "was": file_json(one.was) if one.was else None,
        "why": one.why,
    }


def _moment(text: str) -> str:
    return f"{text[:10]} {text[11:16]} UTC" if len(text) >= 20 and text.endswith("Z") else text


def _row(word: str, lines: list[str]) -> list[str]:
    return [f"{word if not at else '':<{_INDENT}}{line}".rstrip() for at, line in enumerate(lines)]
