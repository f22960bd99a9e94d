"""One walk over a scan's assets, from which every report takes its figures and its lists.

Most assets of a delivery are alike but for path, size and hash, and share the objects that say so. They are counted by these
objects: what they add to the figures is worked out once for all that share them. Lists hold places, never assets.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from typing import TypeAlias

from scanner.model.approvals import AppliedApproval
from scanner.model.credentials import Credentials
from scanner.model.decisions import AppliedDecision
from scanner.model.formats import Format, MediaKind
from scanner.model.generation import NO_NOTE
from scanner.model.judging import Finding, Severity, Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.readings import WALKED_NOTES
from scanner.model.scan import AssetRecord
from scanner.report.folders import FolderCounts

KINDS_AT_HAND = 512
"""Kinds of assets whose first one is kept to know others by; then all are counted up and forgotten."""

_ZONES = tuple(Zone)
_LOOKED = ("found", "not-found")
_SHARED = attrgetter(
    *("zone", "format", "kind", "provenance", "credentials", "verdict", "readings", "marks", "findings", "approvals"),
    "decisions",
    *("fingerprinted", "in_cut", "film", "matches", "near_copies", "picture_note", "members", "sidecars", "people"),
    *("generation", "manifests"),
)

Places: TypeAlias = "array[int]"


@dataclass(slots=True)
class FormatFigures:
    """What was done with the assets of one format."""

    assets: int = 0
    compared: int = 0
    looked: Counter[str] = field(default_factory=Counter)
    """Reader → assets that it looked into; one that looked into some frames of a sequence only did."""
    why_not: Counter[str] = field(default_factory=Counter)
    """Why readers did not look, as the readings have it → assets."""


@dataclass(slots=True)
class ZoneFigures:
    """How the assets of one zone came out."""

    assets: int = 0
    verdicts: Counter[Verdict] = field(default_factory=Counter)
    """Of the judged."""
    generative: int = 0


@dataclass(slots=True)
class Totals:
    """Figures of all assets together."""

    remote: int = 0
    """Assets that only name an address of content credentials."""
    unhashed: int = 0
    """Files without a hash."""
    signed: int = 0
    """Assets with content credentials, in whatever state."""
    walked: int = 0
    """Assets that hold so little that no tool was asked about their metadata."""
    watermarked: int = 0
    """Assets in which open watermarks were looked for."""
    films_seen: int = 0
    """Films of which frames were looked at."""
    gaps: int = 0
    """Films with parts of which no frame was looked at."""
    flagged: int = 0
    flagged_in_cut: int = 0
    allowed_findings: int = 0
    allowed_judged: int = 0
    """Judged assets among those that ask for nothing and have an allowed finding."""


def is_judged(record: AssetRecord) -> bool:
    """Tell whether an asset has a verdict: all media, and anything else that gave cause for one."""
    return record.is_media or record.verdict is not Verdict.PASS


def is_known(findings: Sequence[Finding]) -> bool:
    """Tell whether all that asks for a verdict here was in the baseline report already."""
    asking = [finding for finding in findings if finding.severity is not Severity.INFO and not finding.allowed_by]
    return bool(asking) and all(finding.known for finding in asking)


def is_flagged(record: AssetRecord) -> bool:
    """Whether people will ask where an asset stands: it blocks, waits for a decision, or declares generative AI."""
    return record.is_media and (record.verdict in (Verdict.BLOCKED, Verdict.REVIEW) or record.provenance.is_generative)


def has_sides(record: AssetRecord) -> bool:
    """Tell whether an asset looks like anything else."""
    return bool(record.matches or record.near_copies)


def permits(record: AssetRecord) -> list[AppliedApproval | AppliedDecision]:
    """Return the decisions at hand that allow something of an asset that would ask for a verdict."""
    ids = {finding.allowed_by for finding in record.findings if finding.severity is not Severity.INFO} - {""}
    approvals = [one for one in record.approvals if one.approval.id in ids]
    return [*approvals, *(one for one in record.decisions if one.decision.id in ids)]


class Tally:
    """Figures and lists of assets, told one by one in the order of root and path; places count from 0 in that order."""

    def __init__(self) -> None:
        self.count = 0
        self.totals = Totals()
        self.formats: dict[Format, FormatFigures] = {}
        """In the order in which they were first met."""
        self.zones: dict[Zone, ZoneFigures] = {}
        self.provenances: Counter[Provenance] = Counter()
        """Of the judged."""
        self.unnamed_folders = FolderCounts()
        """Of media that no glob gave a zone."""
        self.of_verdict: dict[Verdict, Places] = {verdict: array("I") for verdict in Verdict}
        self.known: dict[Verdict, Places] = {verdict: array("I") for verdict in Verdict}
        """Of `of_verdict` what the baseline report had already."""
        self.telling: dict[Verdict, Places] = {verdict: array("I") for verdict in Verdict}
        """Assets of which there is more to tell than a row of a table says."""
        self.sided: dict[Verdict, Places] = {verdict: array("I") for verdict in Verdict}
        """Assets that look like a reference or like another asset."""
        self.noted: Places = array("I")
        """Assets whose picture was not compared."""
        self.flagged: Places = array("I")
        self.with_findings: Places = array("I")
        self.allowed: Places = array("I")
        """Assets that ask for nothing, with an allowed finding."""
        self.with_allowed: Places = array("I")
        """Assets with an allowed finding."""
        self.permitted: Places = array("I")
        """Assets of which an approval that is at hand allows something that would ask for a verdict."""
        self.of_root: dict[int, tuple[int, str]] = {}
        """Root → how many assets, and the path of the first."""
        self._zones = bytearray()
        """The zone of each asset, as its number in `Zone`."""
        self._kinds: dict[tuple[int, ...], _Kind] = {}

    def add(self, record: AssetRecord) -> None:
        """Count one asset."""
        shared = _SHARED(record)
        identity = (*map(id, shared), not record.hash.value)
        kind = self._kinds.get(identity)
        if kind is None:
            kind = self._kinds[identity] = self._new_kind(record)
        kind.count += 1
        self._zones.append(kind.zone)
        for append in kind.lists:
            append(self.count)
        self.count += 1
        if kind.unnamed:
            self.unnamed_folders.add(record.path)
        known = self.of_root.get(record.root)
        self.of_root[record.root] = (known[0] + 1, known[1]) if known else (1, record.path)

    def end(self) -> Tally:
        """Count up what is at hand; to be called after the last asset."""
        for kind in self._kinds.values():
            self._count_up(kind.first, kind.count)
        self._kinds.clear()
        return self

    def new(self, verdict: Verdict) -> Places:
        """Return the assets of a verdict that the baseline report did not have."""
        known = set(self.known[verdict])
        return (
            array("I", (place for place in self.of_verdict[verdict] if place not in known)) if known else self.of_verdict[verdict]
        )

    def with_sides(self) -> list[int]:
        """Return the assets that look like anything else, in order."""
        return sorted(chain.from_iterable(self.sided.values()))

    def standing_out(self) -> list[int]:
        """Return the assets that people may want to see, in order: that do not pass, declare generative AI, or have sides."""
        asking = (places for verdict, places in self.of_verdict.items() if verdict is not Verdict.PASS)
        return sorted({*chain.from_iterable(asking), *chain.from_iterable(self.sided.values()), *self.flagged})

    def by_zone(self, places: Iterable[int]) -> dict[Zone, Places]:
        """Return the places of assets by zone, those in no zone last; no empty ones."""
        found = [array("I") for _ in _ZONES]
        for place in places:
            found[self._zones[place]].append(place)
        return {zone: each for zone, each in zip(_ZONES, found, strict=True) if each}

    def reworded(self, reworded: Callable[[str], str]) -> Tally:
        """Return the same with other words for why readers did not look; lists are shared, not copied."""
        other = copy(self)
        other.formats = {}
        for form, figures in self.formats.items():
            why_not: Counter[str] = Counter()
            for reason, count in figures.why_not.items():
                why_not[reworded(reason)] += count
            other.formats[form] = replace(figures, why_not=why_not)
        return other

    def _new_kind(self, record: AssetRecord) -> _Kind:
        if len(self._kinds) == KINDS_AT_HAND:
            self.end()
        verdict = record.verdict
        allowed = any(finding.allowed_by for finding in record.findings)
        lists = (
            (self.of_verdict[verdict], True),
            (self.known[verdict], verdict is not Verdict.PASS and is_known(record.findings)),
            (self.telling[verdict], _has_more(record)),
            (self.sided[verdict], has_sides(record)),
            (self.noted, bool(record.picture_note)),
            (self.flagged, is_flagged(record)),
            (self.with_findings, bool(record.findings)),
            (self.with_allowed, allowed),
            (self.allowed, allowed and verdict is Verdict.PASS),
            (self.permitted, bool(permits(record))),
        )
        unnamed = record.zone.zone is Zone.UNASSIGNED and record.is_media
        zone = _ZONES.index(record.zone.zone)
        return _Kind(record, zone, tuple(places.append for places, wanted in lists if wanted), unnamed)

    def _count_up(self, record: AssetRecord, count: int) -> None:
        judged = is_judged(record)
        zone = self.zones.setdefault(record.zone.zone, ZoneFigures())
        zone.assets += count
        zone.generative += count * record.provenance.is_generative
        if judged:
            zone.verdicts[record.verdict] += count
            self.provenances[record.provenance] += count
        self._count_format(record, count)
        self._count_totals(record, count, judged=judged)

    def _count_format(self, record: AssetRecord, count: int) -> None:
        figures = self.formats.setdefault(record.format, FormatFigures())
        figures.assets += count
        figures.compared += count * record.fingerprinted
        for reader in {reading.reader for reading in record.readings if reading.state in _LOOKED}:
            figures.looked[reader] += count
        if record.format.kind is not MediaKind.NOT_MEDIA:
            for reason in _why_not(record):
                figures.why_not[reason] += count

    def _count_totals(self, record: AssetRecord, count: int, *, judged: bool) -> None:
        totals, film = self.totals, record.film
        totals.walked += count * any(reading.reason in WALKED_NOTES for reading in record.readings)
        totals.remote += count * (record.credentials is Credentials.REMOTE)
        totals.unhashed += count * (record.kind == "file" and not record.hash.value)
        totals.signed += count * (record.credentials not in (Credentials.NONE, Credentials.NOT_CHECKABLE))
        totals.watermarked += count * any(reading.reader == "watermark" for reading in record.readings)
        totals.films_seen += count * bool(film and film.frames)
        totals.gaps += count * bool(film and film.unseen)
        flagged = is_flagged(record)
        totals.flagged += count * flagged
        totals.flagged_in_cut += count * (flagged and bool(record.in_cut))
        allowed = sum(bool(finding.allowed_by) for finding in record.findings)
        totals.allowed_findings += count * allowed
        totals.allowed_judged += count * (judged and bool(allowed) and record.verdict is Verdict.PASS)


@dataclass(slots=True)
class _Kind:
    """Assets that share all but path, size and hash."""

    first: AssetRecord
    """Held so that the objects that they share are not put away: they are known by their identity."""
    zone: int
    lists: tuple[Callable[[int], None], ...]
    unnamed: bool
    count: int = 0


def _has_more(record: AssetRecord) -> bool:
    plain = record.credentials in (Credentials.NONE, Credentials.NOT_CHECKABLE) and not record.manifests
    failed = any(reading.state == "failed" for reading in record.readings)
    told = record.marks or has_sides(record) or record.findings or record.members or record.sidecars or record.approvals
    return bool(told or record.decisions or failed or record.people or record.generation != NO_NOTE) or not plain


def _why_not(record: AssetRecord) -> Iterator[str]:
    """Why readers did not look, each reason once; a format's own limits say it in whole sentences."""
    told = [record.format.limits] if record.format.limits else []
    if record.provenance is Provenance.NOT_CHECKABLE:
        told.append("a type that no reader can look into")
    skipped = ("c2pa",) if record.format.limits else ()
    told += [
        r.reason or f"{r.reader} was not tried" for r in record.readings if r.state == "not-tried" and r.reader not in skipped
    ]
    # Sentences that differ by a full stop only are one reason.
    yield from dict.fromkeys(reason.rstrip().removesuffix(".") for reason in told)
