"""What a film's card shows beneath its words: the strip of its whole length, and each stretch beside what is on screen in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from scanner.model.film_time import timecode_at
from scanner.model.matching import Match, NearCopy, Relation, Segment
from scanner.model.moving import MovingPicture
from scanner.model.relation_words import clip_part, of_the_picture, stretch, verb
from scanner.model.scan import AssetRecord, Scan
from scanner.report.film_hits import PICTURED, Hit, foremost, hits_of
from scanner.report.film_strip import Strip, strip_of
from scanner.report.ordered import ordered
from scanner.report.pairs import Side, siding
from scanner.report.sentences import counted
from scanner.report.worklist import place

LINES = 100
"""Stretches of one film told in words; scan.json has all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One stretch, with the film's frame beside what is on screen in it."""

    number: int
    time: str
    """``10:00:02:00–10:00:04:15``; with ``about`` where its ends are not exact."""
    frame: bytes
    """JPEG."""
    frame_time: str
    """Timecode of that frame; seconds where the film has none. Of a sequence ``frame 1049``."""
    verb: str
    """``shows a crop of``."""
    figures: str
    """``69 % of it, 115 matching points``."""
    side: Side
    """What is on screen."""


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch in words."""

    number: int
    time: str
    verb: str
    side: Side
    figures: str


@dataclass(frozen=True, slots=True)
class FilmView:
    """What the page shows of one film."""

    strip: Strip | None
    """None where the film's length is not known."""
    shown: tuple[Shown, ...]
    lines: tuple[Line, ...]
    """Stretches in time, also those shown; none where all are shown with pictures."""
    total: int
    noun: str = "film"
    """``film`` or ``sequence``."""

    @property
    def left(self) -> int:
        """Stretches that not even the lines tell."""
        return self.total - len(self.lines or self.shown)


def named(scan: Scan, hit: Hit) -> str:
    """Return the name of what is on screen: a reference's, or the place of an asset of the delivery."""
    found = hit.found
    return found.reference.name if isinstance(found, Match) else place(scan, found.root, found.path)


def viewing(scan: Scan) -> Callable[[int, AssetRecord], FilmView | None]:
    """Return what gives the view of any asset of `scan`, by its place there; None where there is nothing to show of a film."""
    side = siding(scan)

    def beside(hit: Hit) -> Side:
        frame = hit.clip_frame(_places(scan, hit.found))
        return replace(side(hit.found), jpeg=scan.film_frames.get(frame, b"")) if frame else side(hit.found)

    def view(index: int, record: AssetRecord) -> FilmView | None:
        hits = hits_of(record)
        strip = strip_of(record.film, hits)
        if not hits and strip is None:
            return None
        # Without its frame a stretch is told in words: the number of frames bounds the page.
        pictured = [hit for hit in foremost(hits, PICTURED) if (index, hit.segment.best) in scan.film_frames]
        shown = tuple(_shown(scan.film_frames[index, hit.segment.best], record, hit, beside(hit)) for hit in pictured)
        lines = tuple(_line(hit, side(hit.found)) for hit in foremost(hits, LINES)) if len(hits) > len(shown) else ()
        return FilmView(strip, shown, lines, len(hits), "sequence" if record.members else "film")

    return view


def _places(scan: Scan, found: Match | NearCopy) -> dict[tuple[int, str], int]:
    """Where the assets that a hit names stand in the scan."""
    index = ordered(scan).find(found.root, found.path) if isinstance(found, NearCopy) else None
    return {} if index is None or isinstance(found, Match) else {(found.root, found.path): index}


def _shown(frame: bytes, record: AssetRecord, hit: Hit, side: Side) -> Shown:
    return Shown(
        number=hit.number,
        time=stretch(hit.segment),
        frame=frame,
        frame_time=moment_of(record.film.description if record.film else None, hit.segment),
        verb=hit_verb(hit),
        figures=hit_figures(hit),
        side=side,
    )


def _line(hit: Hit, side: Side) -> Line:
    return Line(hit.number, stretch(hit.segment), hit_verb(hit), side, hit_figures(hit))


def moment_of(film: MovingPicture | None, segment: Segment) -> str:
    """Return where the frame of a stretch that tells most stands, as timecode; of a sequence its number."""
    if segment.numbers:
        return f"frame {segment.numbers.best}"
    return (timecode_at(film, segment.best) if film else "") or f"{float(segment.best):.2f} s"


def hit_verb(hit: Hit) -> str:
    """Return what joins the film and what is on screen in a stretch: ``shows a crop of``."""
    return verb(hit.found) if _is_clearest(hit) or _is_a_part(hit.found) else "shows"


def hit_figures(hit: Hit) -> str:
    """Return what was measured of one stretch: ``69 % of it, 115 matching points``."""
    frames = f"in {counted(hit.segment.frames, 'frame')} that {'was' if hit.segment.frames == 1 else 'were'} looked at"
    part = tuple(filter(None, (clip_part(hit.segment),)))
    if _is_clearest(hit):
        return ", ".join((*part, *of_the_picture(hit.found), frames))
    points = (counted(hit.segment.points, "matching point"),) if hit.segment.points else ()
    return ", ".join((*part, *points, frames))


def _is_clearest(hit: Hit) -> bool:
    """Whether what is said of the whole match is said of this stretch: it is, of the frame in which most points agree."""
    clearest = max(hit.found.segments, key=lambda segment: segment.points)
    return hit.segment is clearest


def _is_a_part(found: Match | NearCopy) -> bool:
    return found.relation in (Relation.CONTAINS, Relation.CONTAINED, Relation.SIMILAR)
