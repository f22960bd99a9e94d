from __future__ import annotations

import base64
import re
from dataclasses import replace
from fractions import Fraction

from scanner.model.matching import NumberedFrames, Relation, Role
from scanner.model.moving import FilmLook
from scanner.report import film_view, page
from scanner.report.film_view import viewing
from scanner.report.pairs import count_sides, pairing
from tests.report.filmed import EPISODE, film, filmed, on_screen, segment
from tests.report.parts import asset, jpeg_bytes
from tests.report.test_html_report import Elements
from tests.report.written import to_html

LOOK = FilmLook(EPISODE, 61)


def viewed(*found, frames=True, record=None):
    record = record or film("final/ep1.mov", LOOK, *found)
    pictures = {(0, one.best): b"jpeg" for match in found for one in match.segments}
    scan = replace(filmed(), assets=(record,), film_frames=pictures if frames else {})
    return viewing(scan)(0, record)


def text_of(scan):
    return " ".join("".join(Elements(to_html(scan)).text).split())


def test_what_was_measured_is_said_of_the_frame_in_which_most_points_agree():
    weak, clear = viewed(on_screen(Role.AI, "dune.png", segment(2, 4, 31), segment(20, 24, 115))).shown
    assert (clear.verb, clear.figures) == ("shows a crop of", "62 % of it, 115 matching points, in 4 frames that were looked at")
    assert (weak.verb, weak.figures) == ("shows", "31 matching points, in 2 frames that were looked at")
    assert (clear.time, clear.frame_time) == ("10:00:20:00–10:00:24:00", "10:00:22:00")


def test_no_more_than_a_few_are_shown_with_pictures_and_the_list_tells_all():
    view = viewed(on_screen(Role.AI, "dune.png", *(segment(at, at + 1) for at in range(30))))
    assert (len(view.shown), len(view.lines), view.left) == (12, 30, 0)


def test_what_not_even_the_list_tells_is_counted(monkeypatch):
    monkeypatch.setattr(film_view, "LINES", 20)
    record = film("final/ep1.mov", LOOK, on_screen(Role.AI, "dune.png", *(segment(at, at + 1) for at in range(30))))
    text = text_of(replace(filmed(), assets=(record,), film_frames={}))
    assert "20 of 30 stretches in words, in time" in text
    assert "and 10 more in scan.json" in text


def test_without_frames_all_is_told_in_words():
    view = viewed(on_screen(Role.AI, "dune.png", segment(2, 4)), frames=False)
    assert view.shown == ()
    assert [line.time for line in view.lines] == ["10:00:02:00–10:00:04:00"]


def test_a_still_has_no_view():
    assert viewed(record=asset("final/a.jpg")) is None


def test_frame_and_reference_stand_side_by_side():
    text = to_html(filmed())
    card = text[text.index("final/<wbr>ep1.mov</bdi></h3>") :].partition("</article>")[0]
    found = [base64.b64decode(one) for one in re.findall(r'base64,([^"]+)"', card)]
    assert found == [jpeg_bytes(colour) for colour in ("#20c020", "#c02020", "#2020c0", "#808080")]


def test_every_film_says_when_what_is_on_screen():
    text = text_of(filmed())
    for said in (
        "AI references 2",
        "The film's whole length: 10:00:00:00–10:01:00:00, 1 min 0 s; 47 frames looked at.",
        "Not looked at (hatched): 10:00:30:00–10:00:45:00, 15.0 s; a part of it was not looked at: the worker process died.",
        "1 10:00:02:00–10:00:04:15 This film at 10:00:03:07 AI reference",
        "The film shows a crop of temp/idea.png",
        "2 of 4 stretches shown with pictures. The list below tells them all.",
        "about 10:00:20:13–10:00:26:00: shows a crop of temp/idea.png",
        "1.0–2.0 s: shows a crop of poster.png Restricted reference",
        "1: boards/dune_v3.png, 10:00:02:00–10:00:04:15",
        "Films were looked through at a frame a second",
    ):
        assert said in text, said


def test_a_film_without_a_card_has_its_strip_among_the_matches(monkeypatch):
    monkeypatch.setattr(page, "CARDS", 0)
    matches = to_html(filmed()).partition('id="matches"')[2].partition("</section>")[0]
    assert matches.count('class="strip"') == 3
    assert matches.count('class="hits"') == 1


def test_what_is_equal_in_bytes_stands_beside_a_film_as_beside_a_still():
    whole = replace(on_screen(Role.OWNED, "archive/ep1.mov", segment(0, 1)), segments=())
    record = film("final/ep1.mov", LOOK, whole, on_screen(Role.AI, "dune.png", segment(2, 4)))
    text = text_of(replace(filmed(), assets=(record,), film_frames={}))
    assert "Owned reference No AI alteration archive/ep1.mov" in text
    assert "AI references 1" in text
    assert "more in scan.json" not in text


def test_hatching_is_defined_once_where_it_is_used():
    assert to_html(filmed()).count('<pattern id="unseen"') == 1
    whole = replace(filmed(), assets=filmed().assets[1:2])
    assert '<pattern id="unseen"' not in to_html(whole)
    assert "url(#unseen)" not in to_html(whole)


def test_a_sequence_is_called_one_and_its_frames_are_numbered():
    numbered = replace(segment(2, 4), numbers=NumberedFrames(1051, 1100, 1075))
    look = FilmLook(replace(EPISODE, first_frame=1001, time_base=Fraction(1, 25)), 61)
    record = film(
        "final/a.1001-2500#.exr", look, on_screen(Role.AI, "dune.png", numbered), kind="sequence", members=("final/a.1001.exr",)
    )
    view = viewed(record=record, frames=False)
    assert view.noun == "sequence"
    scan = replace(filmed(), assets=(record,), film_frames={(0, numbered.best): jpeg_bytes("navy")})
    text = text_of(scan)
    assert "This sequence at frame 1075" in text
    assert "The sequence shows a crop of dune.png" in text
    assert "The sequence's whole length: frames 1001–2500, 10:00:00:00–10:01:00:00, 1 min 0 s" in text


def test_what_a_sequence_shows_altered_stands_beside_it_too():
    numbered = replace(segment(2, 4), numbers=NumberedFrames(1051, 1100, 1075))
    shown, altered = (on_screen(Role.OWNED, name, numbered, relation=relation) for name, relation in _TWO)
    record = film("final/a.1001-2500#.exr", LOOK, shown, altered, members=("final/a.1001.exr",))
    scan = replace(filmed(), assets=(record,))
    assert [side.name for side in pairing(scan)(0, record)] == ["altered.tif"]
    assert count_sides(record) == 1
    assert "more in scan.json" not in text_of(scan)


_TWO = (("shown.tif", Relation.DERIVED), ("altered.tif", Relation.ALTERED))
