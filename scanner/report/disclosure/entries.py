"""From a report to what is disclosed: which assets, whether the client is told or asked, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from scanner.model.approvals import Category
from scanner.model.judging import Finding, Route, Severity
from scanner.model.marks import Mark
from scanner.model.matching import Match, NearCopy
from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.text import bounded, shown
from scanner.report.cuesheet.rows import (
    SET_ASIDE,
    involvement_of,
    is_listed,
    only_hints,
    signer_of,
    talent_of,
    tells_of_ai,
)
from scanner.report.disclosure.on_screen import OnScreen, locating
from scanner.report.permissions import approval_sentence, asks, category_words, decision_sentence
from scanner.report.sentences import counted, opened, sentence

BLOCKS = 300
"""Assets disclosed with all that is known and lines to fill in: more than a hundred sheets of paper."""
ROWS = 2000
"""Assets told in one line."""
LINES = 12
"""Marks, reasons and the like told of one asset; scan.json has all."""
WIDEST = 400
"""Characters of one line from a file."""


class Standing(StrEnum):
    """What an asset asks of the client."""

    ESCALATE = "escalate"
    """A principle is touched, or only a written approval can allow what was found, and none does."""
    ON_RECORD = "on record"
    """It would be escalated, and a recorded approval allows it."""
    INFORM = "inform"
    """The client's contact is told."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding that speaks of it."""

    asks: str
    """``P4 · escalate · needs written approval: creative output``; empty for one that is only told."""
    message: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One asset; every text is for people, empty where the scan does not know it."""

    number: int
    file: str
    place: tuple[int, str]
    """Root and path of the file whose picture stands for it."""
    moment: Fraction | None
    """Of a film, seconds of the frame that tells most; None for anything else."""
    zone: str
    media: str
    digest: str
    standing: Standing
    involvement: str
    """What generative AI has to do with it."""
    on_screen: OnScreen
    generator: str
    made: str
    prompt: str
    marks: tuple[str, ...]
    signer: str
    people: str
    principles: tuple[str, ...]
    """Ids, of all that is found."""
    categories: tuple[str, ...]
    """Of written approval, of what asks for one."""
    reasons: tuple[Reason, ...]
    approvals: tuple[str, ...]
    decisions: tuple[str, ...]
    blanks: tuple[str, ...]
    """What only people can say."""


@dataclass(frozen=True, slots=True)
class Disclosure:
    """All that is disclosed of one scan."""

    escalate: tuple[Entry, ...]
    on_record: tuple[Entry, ...]
    inform: tuple[Entry, ...]
    brief: tuple[Entry, ...]
    """Told in one line: temporary and reference material that is nowhere on screen and asks for nothing, and what is too many."""
    left: int
    """Assets that are not told."""
    hints: int
    """Assets with weak hints only, which are not told."""
    counts: Mapping[Standing, int]
    """Assets by what they ask, those that are not told counted."""
    touched: Mapping[tuple[str, Standing], int]
    """The same of each principle."""

    @property
    def whole(self) -> tuple[Entry, ...]:
        """Those with all that is known of them."""
        return (*self.escalate, *self.on_record, *self.inform)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries."""
        return (*self.whole, *self.brief)


def disclose(scan: RecordedScan, media_type: Callable[[str], str]) -> Disclosure:
    """Return what is disclosed of a scan.

    Args:
        scan: the report.
        media_type: the name of a format's kind of media, ``still``, from its short name.
    """
    locate = locating(scan, lambda root, path: _place(scan, root, path))
    found = [asset for asset in scan.assets if is_listed(asset) or any(map(_speaks, asset.findings))]
    found.sort(key=lambda asset: (_ORDER.index(standing_of(asset)), asset.zone in SET_ASIDE, asset.root, asset.path))
    entries = [_entry(scan, number, asset, locate, media_type) for number, asset in enumerate(found, 1)]
    whole = [one for one in entries if not _is_aside(one)]
    told, brief = whole[:BLOCKS], [*whole[BLOCKS:], *(one for one in entries if _is_aside(one))]
    by_standing = {standing: tuple(one for one in told if one.standing is standing) for standing in Standing}
    return Disclosure(
        escalate=by_standing[Standing.ESCALATE],
        on_record=by_standing[Standing.ON_RECORD],
        inform=by_standing[Standing.INFORM],
        brief=tuple(brief[:ROWS]),
        left=max(0, len(brief) - ROWS),
        hints=sum(only_hints(asset) for asset in scan.assets),
        counts=Counter(one.standing for one in entries),
        touched=Counter((each, one.standing) for one in entries for each in one.principles),
    )


def standing_of(asset: RecordedAsset) -> Standing:
    """Return what an asset asks of the client, by its findings."""
    # "No AI" is the production's own word, and no approval of the client's.
    denied = {applied.decision.id for applied in asset.decisions}
    weighty = [finding for finding in asset.findings if _is_to_escalate(finding) and finding.allowed_by not in denied]
    if not weighty:
        return Standing.INFORM
    return Standing.ON_RECORD if all(finding.allowed_by for finding in weighty) else Standing.ESCALATE


def _is_to_escalate(finding: Finding) -> bool:
    """Whether a finding is escalated where no approval allows it."""
    if finding.severity is Severity.INFO:
        return False
    # A policy may name no principles: what only a written approval can allow is escalated all the same.
    return finding.route is Route.ESCALATE or (finding.route is None and bool(finding.categories))


def _speaks(finding: Finding) -> bool:
    return bool(finding.principle or finding.route or finding.categories or finding.allowed_by)


def _is_aside(entry: Entry) -> bool:
    return entry.standing is Standing.INFORM and entry.zone in SET_ASIDE and not entry.on_screen.is_known


def _entry(
    scan: RecordedScan,
    number: int,
    asset: RecordedAsset,
    locate: Callable[[RecordedAsset], OnScreen],
    media_type: Callable[[str], str],
) -> Entry:
    on_screen, standing, note = locate(asset), standing_of(asset), asset.generation
    spoken = [finding for finding in asset.findings if _speaks(finding)]
    generator = " ".join(part for part in (note.tool, note.tool_version) if part) or ", ".join(_generators(asset))
    kind = media_type(asset.format)
    return Entry(
        number=number,
        file=_place(scan, asset.root, asset.path),
        place=(asset.root, asset.first_file),
        moment=_moment(asset),
        zone=asset.zone.value,
        media=f"{kind} sequence of {counted(len(asset.members), 'frame')}" if asset.kind == "sequence" else kind,
        digest=asset.content_digest or asset.sha256,
        standing=standing,
        involvement="; ".join(_cut(list(dict.fromkeys(involvement_of(scan, asset))))),
        on_screen=on_screen,
        generator=bounded(generator, WIDEST),
        made=bounded(note.made, WIDEST),
        prompt=bounded(note.prompt, WIDEST),
        marks=_cut([_mark_words(mark) for mark in asset.marks if tells_of_ai(mark.meaning)]),
        signer=signer_of(asset),
        people=talent_of(asset),
        principles=principles_in(spoken),
        categories=_categories(spoken),
        reasons=_reasons(spoken),
        approvals=_cut([approval_sentence(applied) for applied in asset.approvals]),
        decisions=_cut([decision_sentence(applied) for applied in asset.decisions]),
        blanks=tuple(_blanks(standing, on_screen, generator)),
    )


def _reasons(spoken: Sequence[Finding]) -> tuple[Reason, ...]:
    """What puts an asset where it stands, first what escalates it."""
    first = sorted(spoken, key=lambda one: not _is_to_escalate(one) or bool(one.allowed_by))
    told = tuple(Reason(asks(finding), opened(sentence(finding.message))) for finding in first[:LINES])
    left = len(spoken) - LINES
    return (*told, *((Reason("", f"and {counted(left, 'more', 'more')} in scan.json"),) if left > 0 else ()))


def principles_in(findings: Sequence[Finding]) -> tuple[str, ...]:
    """Return the ids of the principles that findings name, in their order, each once."""
    return tuple(sorted({each for finding in findings if finding.principle for each in finding.principle.split(", ")}))


def _place(scan: RecordedScan, root: int, path: str) -> str:
    # The root of a copy may be any number in a report by another hand.
    several = len(scan.roots) > 1 and root < len(scan.roots)
    return shown(f"{scan.roots[root].rstrip('/')}/{path}" if several else path)


def _moment(asset: RecordedAsset) -> Fraction | None:
    found: tuple[Match | NearCopy, ...] = (*asset.near_copies, *asset.matches)
    segments = [segment for one in found for segment in one.segments]
    return max(segments, key=lambda one: one.points).best if segments and asset.kind == "file" else None


def _generators(asset: RecordedAsset) -> tuple[str, ...]:
    return tuple(dict.fromkeys(mark.generator for mark in asset.marks if mark.generator and tells_of_ai(mark.meaning)))


def _categories(findings: Sequence[Finding]) -> tuple[str, ...]:
    asking = {each for one in findings if one.severity is not Severity.INFO for each in one.categories}
    return tuple(category_words(category) for category in Category if category in asking)


def _mark_words(mark: Mark) -> str:
    return bounded(f"{mark.id} ({mark.confidence.value})" + (f", {mark.where}" if mark.where else ""), WIDEST)


def _cut(lines: Sequence[str]) -> tuple[str, ...]:
    left = len(lines) - LINES
    return (*lines[:LINES], *((f"and {counted(left, 'more', 'more')} in scan.json",) if left > 0 else ()))


def _blanks(standing: Standing, on_screen: OnScreen, generator: str) -> Iterator[str]:
    yield "What is seen"
    yield "In the programme: background, or part of the story"
    if on_screen.unknown:
        yield "Programme timecode in and out"
    if not generator:
        yield "Tool and version"
    yield "Put into the tool: unreleased, personal, third-party material"
    yield "Terms of the tool: stores, reuses, trains; enterprise-secured"
    yield "Source material, its owner and rights"
    yield "People shown or imitated, and their consent"
    if standing is not Standing.ON_RECORD:
        yield "Told to, and date"
    if standing is Standing.ESCALATE:
        yield "Written approval: by whom, reference, date"


_ORDER = (Standing.ESCALATE, Standing.ON_RECORD, Standing.INFORM)
