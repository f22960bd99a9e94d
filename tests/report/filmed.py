"""A scan with films: stills on screen at the same time, a part that was not looked at, very many stretches, hostile names."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from scanner.model.film_time import timecode_at
from scanner.model.judging import Severity, Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.matching import Alignment, Match, NearCopy, Reference, Relation, Rights, Role, Segment
from scanner.model.moving import FilmLook, MovingPicture, StartTimecode
from scanner.model.scan import AssetRecord, Coverage, Scan
from tests.model.test_film_time import FILM
from tests.report.parts import HOSTILE, MOV, asset, finding, jpeg_bytes, mark

EPISODE = replace(FILM, timecode=StartTimecode("10:00:00:00", Fraction(25), False))
"""A minute from 10:00:00:00."""
MUSEUM = Rights("county museum", "County Museum", "CM-2024-017", no_ai_alteration=True)


def segment(first: float, after: float, points: int = 40, film: MovingPicture | None = EPISODE, exact: bool = True) -> Segment:
    """Return a stretch of a film, best in its middle."""
    begin, end = Fraction(first), Fraction(after)
    times = (timecode_at(film, begin), timecode_at(film, end)) if film else ("", "")
    return Segment(begin, end, *times, (begin + end) / 2, max(1, int(end - begin)), exact, points)


def on_screen(role: Role, name: str, *segments: Segment, relation: Relation = Relation.DERIVED, rights: Rights = MUSEUM) -> Match:
    """Return a match of a film, aligned in the frame in which most points agree."""
    points = max(one.points for one in segments)
    alignment = Alignment((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), False, points, 2 * points, 0.9, 0.62, 0.8)
    reference = Reference(f"{role.value}-{len(name):08x}", role, name, "cd" * 32, rights=rights)
    return Match(reference, relation, "sift128/1", alignment=alignment, segments=segments)


def copy_on_screen(path: str, *segments: Segment) -> NearCopy:
    """Return a generated temporary of the delivery that is on screen in a film."""
    match = on_screen(Role.AI, path, *segments)
    return NearCopy(
        0, path, Zone.TEMPORARY, Provenance.GENERATED, None, Relation.DERIVED, match.alignment, segments=match.segments
    )


def film(path: str, look: FilmLook, *found: Match | NearCopy, **changes: object) -> AssetRecord:
    """Return a film in which that was found."""
    said = finding("ai-reference-match", "the file shows an AI reference", Severity.MEDIUM)
    return replace(
        asset(path, verdict=Verdict.REVIEW, format=MOV, findings=(said,), film=look),
        matches=tuple(one for one in found if isinstance(one, Match)),
        near_copies=tuple(one for one in found if isinstance(one, NearCopy)),
        **changes,
    )


def filmed() -> Scan:
    """Return a scan of films."""
    dune = on_screen(Role.AI, "boards/dune_v3.png", segment(2, 4.6, 115), segment(20, 21, 31), rights=Rights())
    street = on_screen(Role.LICENSED, "museum/street.tif", segment(3, 9, 60), relation=Relation.CONTAINS)
    idea = copy_on_screen("temp/idea.png", segment(20.5, 26, 77, exact=False))
    gap = FilmLook(EPISODE, 47, "a part of it was not looked at: the worker process died", ((Fraction(30), Fraction(45)),))
    many = on_screen(Role.OWNED, "archive/a.tif", *(segment(second, second + 0.5) for second in range(0, 28)))
    plain = on_screen(Role.RESTRICTED, "poster.png", segment(1, 2, film=None))
    hostile = copy_on_screen(f"temp/{HOSTILE.replace('/', '')}.png", segment(5, 6))
    assets = (
        film("final/ep1.mov", gap, dune, street, idea),
        film("final/ep2.mov", FilmLook(EPISODE, 61), many, on_screen(Role.AI, HOSTILE, segment(50, 51, 9)), hostile),
        film("final/ep3.mov", FilmLook(None, 3, HOSTILE), plain),
        film("final/ep4.mov", replace(gap, unseen=((Fraction(0), Fraction(60)),), frames=0)),
        asset("temp/idea.png", Zone.TEMPORARY, provenance=Provenance.GENERATED, marks=(mark(),)),
    )
    return replace(
        _rest(),
        assets=assets,
        thumbnails={4: jpeg_bytes("#808080")},
        reference_thumbnails={dune.reference.id: jpeg_bytes("#c02020")},
        film_frames={(0, dune.segments[0].best): jpeg_bytes("#20c020"), (0, idea.segments[0].best): jpeg_bytes("#2020c0")},
    )


def _rest() -> Scan:
    from tests.report.scans import passing

    return replace(
        passing(),
        name="FILMED",
        verdict=Verdict.REVIEW,
        coverage=Coverage(files=5, assets=5, by_format=(("mov", 4), ("jpeg", 1)), by_zone=(("final", 4), ("temporary", 1))),
    )
