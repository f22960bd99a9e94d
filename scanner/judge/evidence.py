"""How findings name their evidence: which mark, where it stands, whether it is signed, on which frames."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.text import shown

NAME_LIMIT = 80
"""Characters of one name inside a message: a finding is a sentence, the evidence itself stands in the report's marks."""
PATH_LIMIT = 200

_NAMING_FIELD = "XMP-iptcExt:AISystemUsed"
_CREDENTIAL_GROUPS = ("C2PA", "JUMBF", "CBOR")


def best_first(marks: Iterable[Mark]) -> tuple[Mark, ...]:
    """Sort marks by confidence; marks on the whole asset come before marks on some frames, otherwise order is kept."""
    order = tuple(Confidence)
    return tuple(sorted(marks, key=lambda mark: (order.index(mark.confidence), bool(mark.frames))))


def firm(marks: Iterable[Mark], *meanings: Meaning) -> tuple[Mark, ...]:
    """Return the definitive and strong marks of these meanings, best first."""
    return best_first(mark for mark in marks if mark.meaning in meanings and mark.confidence is not Confidence.WEAK)


def declares(subject: Subject, marks: Sequence[Mark], what: str) -> str:
    """Say who declares `what`: the file, all frames, or the frames that carry the marks."""
    if not subject.is_sequence:
        return f"the file declares {what}"
    ranges = _frames(marks)
    if not ranges:
        return f"all {subject.frame_count} frames declare {what}"
    if ranges.isdecimal():
        return f"frame {ranges} of a sequence of {subject.frame_count} declares {what}"
    return f"frames {ranges} of a sequence of {subject.frame_count} declare {what}"


def cite(subject: Subject, marks: Sequence[Mark], surroundings: Surroundings) -> str:
    """Return the evidence in parentheses: state and place of the first mark, the first tool named; empty without marks."""
    if not marks:
        return ""
    lead = marks[0]
    parts = [f"{_signature(lead, subject, surroundings)}, {place(lead)}"]
    if tool := next((name for mark in marks if (name := tool_named_by(mark))), ""):
        parts.append(shown(tool, NAME_LIMIT))
    if len(marks) > 1:
        parts.append(f"and {count(len(marks) - 1, 'more mark')}")
    return f" ({'; '.join(parts)})"


def tool_named_by(mark: Mark) -> str:
    """Return the tool that a mark names, as the file has it where the IPTC's own field does; empty where it names none."""
    return mark.generator or (mark.value.strip() if mark.where.endswith(_NAMING_FIELD) else "")


def noun(subject: Subject) -> str:
    """Return what the asset is called in a sentence."""
    return "the sequence" if subject.is_sequence else "the file"


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 frame`` or ``12 frames``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {plural or noun + 's'}"


def place(mark: Mark) -> str:
    """Return the field that holds a mark, and the sidecar where it stands in one."""
    holder, separator, field = mark.where.partition(", ")
    if not separator:
        return shown(mark.where, NAME_LIMIT)
    # A sidecar's name tells where to look; a manifest's label is a UUID that tells nobody anything.
    return shown(f"{holder}, {field}" if holder.startswith("sidecar") else field, PATH_LIMIT)


def in_credentials(mark: Mark) -> bool:
    """Whether a mark stands in content credentials, whichever reader got it."""
    return mark.reader == "c2pa" or mark.where.rpartition(", ")[2].partition(":")[0] in _CREDENTIAL_GROUPS


def _frames(marks: Sequence[Mark]) -> str:
    if not marks or any(not mark.frames for mark in marks):
        return ""
    return shown(",".join(dict.fromkeys(mark.frames for mark in marks)), PATH_LIMIT)


def _signature(mark: Mark, subject: Subject, surroundings: Surroundings) -> str:
    if mark.reader != "c2pa":
        return _NOT_VERIFIED if in_credentials(mark) else "unsigned"
    if subject.credentials is Credentials.TRUSTED and subject.trusted_by:
        listed = subject.trusted_by[0]
        return f"signed, signer listed in {shown(listed.name, NAME_LIMIT)} of {shown(listed.date, NAME_LIMIT)}"
    if subject.credentials is Credentials.VALID and not surroundings.trust_lists:
        return "signed, no trust list loaded"
    return _SIGNED.get(subject.credentials, _NOT_VERIFIED)


_NOT_VERIFIED = "in content credentials, not verified"
_SIGNED = {
    Credentials.TRUSTED: "signed, signer listed in a loaded trust list",
    Credentials.VALID: "signed, signer unlisted or expired",
    Credentials.INVALID: "signed, changed after signing",
    Credentials.NOT_VERIFIED: "signed, hash check put off",
}
