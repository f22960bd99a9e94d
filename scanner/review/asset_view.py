"""What the page of one asset shows: put together from the report alone, so that it is there whatever became of the delivery."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from scanner.model.credentials import ManifestStore, TrustList
from scanner.model.judging import Zone
from scanner.model.marks import Mark
from scanner.model.matching import LaidOver, Match, NearCopy
from scanner.model.moving import FilmLook, MovingPicture
from scanner.model.recorded import RecordedAsset
from scanner.model.relation_words import stretch
from scanner.report import sentences
from scanner.report.film_hits import PICTURED, Hit, foremost, hits_of
from scanner.report.film_strip import Strip, strip_of
from scanner.report.film_view import hit_figures, hit_verb, moment_of
from scanner.report.json_manifests_reading import read_manifests, read_trust_list
from scanner.report.json_nodes import Node
from scanner.report.laid_over import Comparison, comparison_of, measured
from scanner.report.pairs import ROLE_TITLES, terms_of
from scanner.review.facets import Facet
from scanner.review.picture_pages import Asked, pairs_of
from scanner.review.query import Query
from scanner.review.room import OpenReport

SIDES = 8
"""Pictures shown beside one asset."""
COPIES = 20
LINES = 100
"""Stretches of one film told in words."""
MARKS = 200
"""Rows of the table of marks."""
_UNKNOWN_SIZE = LaidOver(b"", b"", b"\0", 1, 1)


@dataclass(frozen=True, slots=True)
class Beside:
    """One reference or near copy."""

    number: int
    """In addresses."""
    title: str
    name: str
    link: str
    """Page of a near copy; empty for a reference."""
    sentence: str
    figures: str
    terms: tuple[tuple[str, str], ...]
    no_ai_alteration: bool
    comparison: Comparison | None
    """None where the two were not aligned, or one is no file of its own."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of a film."""

    number: int
    time: str
    frame_time: str
    verb: str
    figures: str
    title: str
    name: str
    link: str


@dataclass(frozen=True, slots=True)
class FilmSeen:
    """What is on screen in a film or sequence."""

    noun: str
    strip: Strip | None
    pictured: tuple[Stretch, ...]
    lines: tuple[Stretch, ...]
    total: int


@dataclass(frozen=True, slots=True)
class AssetView:
    """One asset."""

    asked: Asked
    query: Query
    before: int | None
    after: int | None
    page: int
    """Of the list, on which it stands."""
    store: ManifestStore | None
    trust_lists: tuple[TrustList, ...]
    readings: tuple[tuple[str, str, str], ...]
    """Reader, state, reason."""
    marks: tuple[Mark, ...]
    copies: tuple[tuple[str, str], ...]
    """Path and page of other assets with the same content."""
    copies_left: int
    beside: tuple[Beside, ...]
    beside_left: int
    film: FilmSeen | None

    @property
    def record(self) -> RecordedAsset:
        """What the report says."""
        return self.asked.record

    def page_of(self, row: int) -> str:
        """Return the address of a row's page in the same list."""
        return f"{self.asked.report.address}/assets/{row}{self.query.address(1)}"


def asset_view(asked: Asked, query: Query, film: MovingPicture | None, decided: Facet | None = None) -> AssetView:
    """Put a page together; `film` is what a film says of itself, where that is known, `decided` the facet of decisions."""
    catalogue = asked.report.catalogue
    before, after, page = catalogue.place(asked.row, query, decided)
    rows = [row for row in catalogue.rows_of(catalogue.content(asked.row)) if row != asked.row]
    pairs = [(at, found) for at, found in enumerate(pairs_of(asked.record)) if _stands_beside(found)]
    return AssetView(
        asked=asked,
        query=query,
        before=before,
        after=after,
        page=page,
        store=read_manifests(asked.node),
        trust_lists=asked.report.file.head.nodes("trust_lists", read_trust_list),
        readings=asked.node.nodes("readings", _reading),
        marks=asked.record.marks[:MARKS],
        copies=tuple((_place(asked.report, row), f"{asked.report.address}/assets/{row}") for row in rows[:COPIES]),
        copies_left=max(len(rows) - COPIES, 0),
        beside=tuple(_beside(asked, at, found) for at, found in pairs[:SIDES]),
        beside_left=max(len(pairs) - SIDES, 0),
        film=_film(asked, film),
    )


def _reading(node: Node) -> tuple[str, str, str]:
    return node.text("reader"), node.text("state"), node.optional_text("reason")


def _stands_beside(found: Match | NearCopy) -> bool:
    # What is on screen for a time stands along the strip; a frame of a sequence that is a file of its own is laid over, too.
    return not found.segments or (isinstance(found, Match) and found.has_file)


def _place(report: OpenReport, row: int) -> str:
    return report.catalogue.asset(row).path()


def _beside(asked: Asked, number: int, found: Match | NearCopy) -> Beside:
    comparison = comparison_of(found, _UNKNOWN_SIZE, number) if found.alignment is not None else None
    title, name, link = _named(asked, found)
    if isinstance(found, Match):
        rights = found.reference.rights
        return Beside(
            number=number,
            title=title,
            name=name,
            link=link,
            sentence=sentences.match_sentence(found),
            figures=measured(found) or sentences.figures(found),
            terms=terms_of(rights),
            no_ai_alteration=rights.no_ai_alteration,
            comparison=comparison,
        )
    figures = sentences.copy_figures(found)
    return Beside(number, title, name, link, sentences.copy_sentence(found, name), figures, (), False, comparison)


def _named(asked: Asked, found: Match | NearCopy) -> tuple[str, str, str]:
    """Title, name and page of what is beside an asset."""
    if isinstance(found, Match):
        return ROLE_TITLES[found.reference.role], found.reference.name, ""
    zone = "no zone" if found.zone is Zone.UNASSIGNED else f"zone {found.zone.value}"
    row = asked.report.catalogue.row_at(found.root, found.path)
    return f"In this delivery, {zone}", found.path, "" if row is None else f"{asked.report.address}/assets/{row}"


def _film(asked: Asked, film: MovingPicture | None) -> FilmSeen | None:
    hits = hits_of(asked.record)
    if not hits:
        return None
    strip = strip_of(FilmLook(film, 0) if film else None, hits)
    # How many frames were looked at is not in the report.
    strip = replace(strip, looked_at="") if strip else None
    pictured = tuple(_stretches(asked, foremost(hits, PICTURED), film))
    lines = tuple(_stretches(asked, foremost(hits, LINES), film)) if len(hits) > PICTURED else ()
    return FilmSeen("sequence" if asked.record.members else "film", strip, pictured, lines, len(hits))


def _stretches(asked: Asked, hits: Sequence[Hit], film: MovingPicture | None) -> Iterator[Stretch]:
    known: dict[int, tuple[str, str, str]] = {}
    for hit in hits:
        # Looking for an asset of the delivery goes through all of them: once for each, not for each stretch.
        if id(hit.found) not in known:
            known[id(hit.found)] = _named(asked, hit.found)
        title, name, link = known[id(hit.found)]
        yield Stretch(
            number=hit.number,
            time=stretch(hit.segment),
            frame_time=moment_of(film, hit.segment),
            verb=hit_verb(hit),
            figures=hit_figures(hit),
            title=title,
            name=name,
            link=link,
        )
