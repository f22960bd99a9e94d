"""What a scan looked at, with what, and what it cannot show: the part of a report that legal readers ask for first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from scanner.model.formats import Format, MediaKind
from scanner.model.scan import Scan
from scanner.report import sentences
from scanner.report.cut_words import how_located
from scanner.report.ordered import tally_of
from scanner.report.sealed_words import coverage_lines
from scanner.report.sentences import counted, number
from scanner.report.tally import FormatFigures

STORE_OPTION = "store"
"""The option by which a scan says that it uses readings of earlier scans."""
MOST_LINES = 60
"""Lines of one section. There are about sixty formats; reasons can be as many as a hostile delivery likes."""

_READERS = {
    "exiftool": ("exiftool", "metadata"),
    "c2pa": ("c2pa-python", "content credentials"),
    "residue": ("", "what ExifTool does not decode"),
    "watermark": ("", "open watermarks in pixels"),
}
"""Reader → the tool whose version counts (empty: the scanner's own), and what it looks for."""
_Formats = list[tuple[Format, FormatFigures]]


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


def _by_format(scan: Scan) -> _Formats:
    return sorted(tally_of(scan).formats.items(), key=lambda pair: (pair[0].title, pair[0].name))


def _totals(scan: Scan) -> list[str]:
    end = [] if scan.complete else ["The scan is not complete: this statement speaks of a part."]
    fetched = [f"{told} from buckets"] if (told := sentences.fetched(scan)) else []
    files, assets = counted(scan.coverage.files, "file"), counted(scan.coverage.assets, "asset")
    return [*end, f"{files}, taken together as {assets}", *fetched]


def _readers(scan: Scan) -> list[str]:
    looked = sum((figures.looked for form, figures in tally_of(scan).formats.items() if _judged(form)), Counter[str]())
    versions = dict(scan.versions.tools)
    said = []
    for reader, (tool, looks_for) in _READERS.items():
        if looked[reader]:
            version = versions.get(tool) or versions.get(reader) or scan.versions.scanner
            said.append(f"{reader} {version} looked for {looks_for} in {counted(looked[reader], 'asset')}")
    walked = tally_of(scan).totals.walked
    alone = f"{number(walked)} of these by the scanner's own walk alone (--thorough asks ExifTool about all)"
    return [*said, *([alone] if walked else []), *_recalled(scan)]


def _recalled(scan: Scan) -> list[str]:
    options = dict(scan.options)
    if STORE_OPTION not in options:
        return []
    compared = "bytes" if "paranoid" in options else "path, size, times and inode"
    return [f"what an earlier scan read of a file was taken as it was where nothing had changed since: {compared} were compared"]


def _checked(by_format: _Formats) -> list[str]:
    return [
        f"{form.title}: {counted(figures.assets, 'asset')}, {_looks(figures)}" for form, figures in by_format if _judged(form)
    ]


def _looks(figures: FormatFigures) -> str:
    said = [f"{reader} {number(figures.looked[reader])}" for reader in _READERS if figures.looked[reader]]
    compared = figures.compared
    return ", ".join([*said, f"picture compared {number(compared)}"] if compared else said) or "no reader looked into them"


def _judged(form: Format) -> bool:
    return form.kind is not MediaKind.NOT_MEDIA


def _not_checkable(by_format: _Formats) -> list[str]:
    said = [
        f"{form.title}, {counted(count, 'asset')}: {reason}"
        for form, figures in by_format
        for reason, count in _most_first(figures.why_not)
    ]
    return said or ["Nothing: each reader can look into every format that is here."]


def _not_read(scan: Scan) -> list[str]:
    coverage = scan.coverage
    said = [f"{counted(coverage.unreadable, 'asset')} not readable"] if coverage.unreadable else []
    said += [f"{counted(count, 'asset')}: {reason}" for reason, count in sorted(coverage.readings_lost, key=_by_count)]
    said += [f"{reason[:1].upper()}{reason[1:]}." for _, path, reason in scan.unreadable_folders if not path]
    folders = Counter(reason for _, path, reason in scan.unreadable_folders if path)
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
    plain: Counter[str] = Counter()
    for form, figures in tally_of(scan).formats.items():
        if not _judged(form):
            plain[form.title] += figures.assets
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
