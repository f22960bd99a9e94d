"""What reports say of sealed hashes: how each list fared, and how an asset stands to what is sealed of it."""

from __future__ import annotations

from scanner.model.scan import AssetRecord, Scan
from scanner.model.sealed import SealedHash
from scanner.model.sealed_told import AssetSealed, ListState, SealedBy, SealedState
from scanner.model.text import bounded
from scanner.report.sentences import counted, number
from scanner.report.worklist import place

_LONGEST_PATH = 80
_LONGEST_WHY = 200
_DAY = len("2026-01-17")
_COUNTED = {
    SealedState.DIFFERS: "not as sealed",
    SealedState.NOT_CHECKED: "not compared",
    SealedState.NOT_LISTED: "not listed",
    SealedState.VERIFIED: "verified",
}
_CHECKED = (
    "Verified says that the bytes are those that somebody sealed: not how they were made, and not who sealed them. Whoever "
    "replaces a file can seal it anew."
)
_NOT_ASKED = "Of sealed files only the size was compared: --check-hashes compares their bytes."


def list_lines(scan: Scan) -> list[str]:
    """Return a line for each list of sealed hashes: what it seals, and what of it is here and the same."""
    return [f"{_name(scan, one)}: {figures(one)}" for one in scan.sealed_by]


def figures(one: SealedBy) -> str:
    """Return how the files fared against a list: ``3 sealed files, 2 verified, 1 not here``."""
    if one.state is ListState.UNREADABLE:
        return f"cannot be read: {bounded(one.why, _LONGEST_WHY)}"
    told = (
        (one.verified, "verified"),
        (one.differs, "not as sealed"),
        (one.not_checked, "not compared" if one.checked else "not compared (--check-hashes compares them)"),
        (one.missing_total, "not here"),
    )
    said = [counted(one.files, "sealed file"), *(f"{number(count)} {words}" for count, words in told if count)]
    said += [f"{counted(one.not_listed, 'other file')} beside it"] if one.not_listed else []
    broken = "not whole, " if one.state is ListState.BROKEN else ""
    return broken + ", ".join(said)


def coverage_lines(scan: Scan) -> list[str]:
    """Return what a reader must know of the lists; empty for a scan that found none."""
    if not scan.sealed_by:
        return []
    said = list_lines(scan)
    for one in scan.sealed_by:
        name = _name(scan, one)
        if one.not_checked and one.checked:
            said.append(f"{name}: not compared, mostly because {bounded(one.not_checked_why, _LONGEST_WHY)}")
        said += [f"{name}: {note}" for note in one.notes]
    return [*said, _CHECKED if any(one.checked for one in scan.sealed_by) else _NOT_ASKED]


def standing(scan: Scan, record: AssetRecord) -> str:
    """Return how an asset stands to what is sealed of it, as a clause; empty where no list speaks of it."""
    sealed = record.sealed
    if sealed is None:
        return ""
    where = bounded(place(scan, record.root, sealed.list_path), _LONGEST_PATH)
    return _of_state(sealed, where) + _others(sealed)


def _of_state(sealed: AssetSealed, where: str) -> str:
    match sealed.state:
        case SealedState.VERIFIED:
            return f"the bytes are the sealed ones ({_hash(sealed.hash)}{where})"
        case SealedState.DIFFERS:
            return f"the bytes are not the sealed ones: {sealed.why} ({_hash(sealed.hash)}{where})"
        case SealedState.NOT_CHECKED:
            return f"sealed in {where}, not compared: {sealed.why}"
        case SealedState.NOT_LISTED:
            return f"not listed in {where}, the history of its folder"


def _others(sealed: AssetSealed) -> str:
    """How many files are in each state, where there are several."""
    if sum(count for _, count in sealed.counts) <= 1:
        return ""
    return "; files: " + ", ".join(f"{number(count)} {_COUNTED[state]}" for state, count in sealed.counts)


def _hash(sealed: SealedHash | None) -> str:
    if sealed is None:
        return ""
    made = f"generation {sealed.generation} of {sealed.date[:_DAY]}, " if sealed.generation and sealed.date else ""
    return f"{sealed.algorithm}, {made}"


def _name(scan: Scan, one: SealedBy) -> str:
    return bounded(place(scan, one.root, one.path), _LONGEST_PATH)
