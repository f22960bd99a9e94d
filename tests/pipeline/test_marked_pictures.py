from __future__ import annotations

from fractions import Fraction

from scanner.model.formats import MediaKind
from scanner.model.marks import Meaning
from scanner.model.matching import Alignment, Match, Relation, Segment
from scanner.pipeline.gather import Gathered, gather
from scanner.pipeline.marked_pictures import find_marked, near_copies_of
from scanner.pipeline.near_copies import NEAREST
from tests.pipeline.conftest import asset, examined, mark


def film(path: str, *, marked: bool = False) -> Gathered:
    marks = (mark(meaning=Meaning.GENERATED),) if marked else ()
    gathered = gather(asset(path), [examined(*marks, format_name="mov")], [])
    assert gathered.first.format.kind is MediaKind.VIDEO
    return gathered


def test_a_marked_film_is_a_clip_wherever_it_lies():
    gathered = [film("final/ep1.mov"), film("temp/dune.mov", marked=True), film("final/shot.mov", marked=True)]
    marked = find_marked(gathered, {}, (0, 2))
    assert [clip.name for clip in marked.clips] == ["temp/dune.mov", "final/shot.mov"]
    assert marked.films == frozenset({0})
    assert [marked.places[clip.id] for clip in marked.clips] == [(1, 0), (2, 0)]


def test_without_films_to_look_through_there_are_no_clips():
    assert find_marked([film("final/ep1.mov"), film("temp/dune.mov", marked=True)], {}).clips == ()


def test_without_marks_there_are_none():
    marked = find_marked([film("final/ep1.mov"), film("temp/dune.mov")], {}, (0,))
    assert (marked.clips, marked.films) == ((), frozenset())


def test_all_clips_that_are_on_screen_are_told():
    clips = [film(f"temp/{number}.mov", marked=True) for number in range(2 * NEAREST)]
    gathered = [film("final/ep1.mov"), *clips]
    marked = find_marked(gathered, {}, (0,))
    alignment = Alignment((1.0, 0, 0, 0, 1, 0, 0, 0, 1), False, 40, 50, 1.0, 1.0, 0.9)
    seen = (Segment(Fraction(1), Fraction(2), "", "", Fraction(1), 1),)
    matches = [Match(clip, Relation.DERIVED, "made/1", alignment=alignment, segments=seen) for clip in marked.clips]
    told = near_copies_of(gathered, marked, {}, {0: tuple(matches)})
    assert len(told[0, "final/ep1.mov"]) == 2 * NEAREST
