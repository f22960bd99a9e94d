"""What a scan looked at, with what, and what it cannot show: the part of a report that legal readers ask for first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.model.formats import Format, MediaKind
from scanner.model.marks import Provenance
from scanner.model.readings import WALKED_NOTES
from scanner.model.scan import AssetRecord, Scan
from scanner.report import sentences
from scanner.report.cut_words import how_located
from scanner.report.sealed_words import coverage_lines
from scanner.report.sentences import counted, number

MOST_LINES = 60
"""Lines of one section. There are about sixty formats; reasons can be as many as a hostile delivery likes."""

_READERS = {
    "exiftool": ("exiftool", "metadata"),
    "c2pa": ("c2pa-python", "content credentials"),
    "residue": ("", "what ExifTool does not decode"),
    "watermark": ("", "open watermarks in pixels"),
}
"""Reader → the tool whose version counts (empty: the scanner's own), and what it looks for."""
_LOOKED = ("found", "not-found")


@dataclass(frozen=True, slots=True)
class CoverageSection:
    """One part of the statement."""

    title: str
    lines: tuple[str, ...]
    """One fact each; may hold text from outside (format names, reasons), which a report shows as it shows any such text."""


def coverage_statement(scan: Scan) -> tuple[CoverageSection, ...]:
    """Return the statement's sections in their order; none is empty."""
    by_format = _by_format(scan)
    sections = (
        ("Checked", [*_totals(scan), *_readers(scan), *_checked(by_format)]),
        ("Not checkable", _not_checkable(by_format)),
        ("Not read", _not_read(scan)),
        ("Pictures compared", _pictures(scan)),
        ("Located in the cut", how_located(scan)),
        ("Sealed hashes", coverage_lines(scan)),
        ("Counted, not judged", _counted_only(scan)),
        ("Made with", [f"media-provenance-scanner {scan.versions.scanner}", *map(" ".join, sorted(scan.versions.tools))]),
        ("Judged by", _judged_by(scan)),
        ("What this scan cannot show", sentences.cannot_show(scan)),
    )
    return tuple(CoverageSection(title, _bounded(lines)) for title, lines in sections if lines)


def _bounded(lines: list[str]) -> tuple[str, ...]:
    left = len(lines) - MOST_LINES
    return (*lines[:MOST_LINES], *([f"and {number(left)} more"] if left > 0 else []))


def _by_format(scan: Scan) -> list[tuple[Format, list[AssetRecord]]]:
    groups: dict[Format, list[AssetRecord]] = {}
    for record in scan.assets:
        groups.setdefault(record.format, []).append(record)
    return sorted(groups.items(), key=lambda pair: (pair[0].title, pair[0].name))


def _totals(scan: Scan) -> list[str]:
    end = [] if scan.complete else ["The scan is not complete: this statement speaks of a part."]
    return [*end, f"{counted(scan.coverage.files, 'file')}, taken together as {counted(scan.coverage.assets, 'asset')}"]


def _readers(scan: Scan) -> list[str]:
    looked = _looked(record for record in scan.assets if _judged(record.format))
    versions = dict(scan.versions.tools)
    said = []
    for reader, (tool, looks_for) in _READERS.items():
        if looked[reader]:
            version = versions.get(tool) or versions.get(reader) or scan.versions.scanner
            said.append(f"{reader} {version} looked for {looks_for} in {counted(looked[reader], 'asset')}")
    walked = sum(any(reading.reason in WALKED_NOTES for reading in record.readings) for record in scan.assets)
    return (
        [*said, f"{number(walked)} of these by the scanner's own walk alone (--thorough asks ExifTool about all)"]
        if walked
        else said
    )


def _checked(by_format: list[tuple[Format, list[AssetRecord]]]) -> list[str]:
    return [f"{form.title}: {counted(len(records), 'asset')}, {_looks(records)}" for form, records in by_format if _judged(form)]


def _looks(records: list[AssetRecord]) -> str:
    looked = _looked(records)
    said = [f"{reader} {number(looked[reader])}" for reader in _READERS if looked[reader]]
    compared = sum(record.fingerprinted for record in records)
    return ", ".join([*said, f"picture compared {number(compared)}"] if compared else said) or "no reader looked into them"


def _looked(records: Iterable[AssetRecord]) -> Counter[str]:
    """Count assets by reader; one that looked into some frames of a sequence only did look into it."""
    return Counter(reader for record in records for reader in {r.reader for r in record.readings if r.state in _LOOKED})


def _judged(form: Format) -> bool:
    return form.kind is not MediaKind.NOT_MEDIA


def _not_checkable(by_format: list[tuple[Format, list[AssetRecord]]]) -> list[str]:
    said = []
    for form, records in by_format:
        if _judged(form):
            reasons = Counter(reason for record in records for reason in _why_not(record))
            said += [f"{form.title}, {counted(count, 'asset')}: {reason}" for reason, count in _most_first(reasons)]
    return said or ["Nothing: each reader can look into every format that is here."]


def _why_not(record: AssetRecord) -> Iterable[str]:
    """Why readers did not look, each reason once; a format's own limits say it in whole sentences."""
    told = [record.format.limits] if record.format.limits else []
    if record.provenance is Provenance.NOT_CHECKABLE:
        told.append("a type that no reader can look into")
    skipped = ("c2pa",) if record.format.limits else ()
    told += [
        r.reason or f"{r.reader} was not tried" for r in record.readings if r.state == "not-tried" and r.reader not in skipped
    ]
    return dict.fromkeys(sentences.sentence(reason) for reason in told)


def _not_read(scan: Scan) -> list[str]:
    coverage = scan.coverage
    said = [f"{counted(coverage.unreadable, 'asset')} not readable"] if coverage.unreadable else []
    said += [f"{counted(count, 'asset')}: {reason}" for reason, count in sorted(coverage.readings_lost, key=_by_count)]
    folders = Counter(reason for _, _, reason in scan.unreadable_folders)
    said += [f"{counted(count, 'folder')} not listed: {reason}" for reason, count in _most_first(folders)]
    return said or ["Nothing: every reading that was tried came to its end."]


def _pictures(scan: Scan) -> list[str]:
    coverage, library = scan.coverage, scan.library
    held = (
        f"with the library {library.name}, {counted(library.references, 'reference')}" if library else "within this delivery only"
    )
    said = [f"{number(coverage.pictures_compared)} of {number(coverage.pictures)} pictures and movies compared, {held}"]
    return said + [f"{counted(n, 'asset')} not compared: {reason}" for reason, n in sorted(coverage.not_compared, key=_by_count)]


def _counted_only(scan: Scan) -> list[str]:
    plain = Counter(record.format.title for record in scan.assets if not _judged(record.format))
    said = [f"{title}: {counted(count, 'file')}, not media" for title, count in _most_first(plain)]
    kinds = Counter(special.kind for _, special in scan.specials)
    said += [f"{kind}: {number(count)}, never opened" for kind, count in _most_first(kinds)]
    if scan.coverage.litter:
        said.append(f"operating-system litter: {counted(scan.coverage.litter, 'file')}, known by content")
    return said or ["Nothing: everything here is media."]


def _judged_by(scan: Scan) -> list[str]:
    policy, library, log = scan.policy, scan.library, scan.approval_log
    document = f", our reading of {policy.document}" if policy.document else ""
    said = [f"policy {policy.name}, sha256 {policy.sha256}{document}", f"mark catalogue, sha256 {scan.catalogue_sha256}"]
    said.append(f"reference library {library.name}, sha256 {library.sha256}" if library else "no reference library")
    said += [f"trust list {each.name} of {each.date}, sha256 {each.sha256}" for each in scan.trust_lists] or ["no trust list"]
    said.append(
        f"approval log {log.name}, {counted(log.entries, 'entry', 'entries')}, head {log.head or 'none'}"
        if log
        else "no approval log"
    )
    return said + [f"option {name}: {value}" for name, value in scan.options]


def _most_first(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=_by_count)


def _by_count(pair: tuple[str, int]) -> tuple[int, str]:
    return -pair[1], pair[0]
