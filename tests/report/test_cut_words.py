"""Where an asset stands in the cuts, as reports say it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from scanner.model.cut import FrameRange, TrackKind
from scanner.model.in_cut import InCut
from scanner.model.marks import Provenance
from scanner.model.placement import RecognisedBy
from scanner.report.cut_words import cut_lines, found_times, standing, stretch
from tests.report.scans import blocked, located

SCAN = located()
FILM = next(one for one in SCAN.assets if one.path == "final/ep1/cut.mxf")
STILL = next(one for one in SCAN.assets if one.path == "final/ep1/st_014.tif")
SEGMENTS = FILM.matches[0].segments


def showing(*segments):
    return replace(FILM, matches=(replace(FILM.matches[0], segments=segments),))


def test_a_film_stands_where_the_programme_shows_what_was_found_in_it():
    assert standing(SCAN, FILM) == "in the cut at 01:00:04:00–01:00:08:00, about 01:00:16:00–01:00:18:00"
    assert standing(SCAN, FILM, 1) == "in the cut at 01:00:04:00–01:00:08:00 and 1 more time"
    assert found_times(FILM) == [
        "01:00:04:00–01:00:08:00",
        "about 01:00:16:00–01:00:18:00",
        "00:00:00:00–00:00:02:00, switched off",
    ]


@pytest.mark.parametrize(
    ("record", "says"),
    [
        # The cut shows other parts of it.
        (showing(SEGMENTS[1]), "in the cut, but not with what was found in it"),
        (showing(replace(SEGMENTS[0], in_cut=SEGMENTS[0].in_cut[2:])), "in the cut, but not with what was found in it"),
        (showing(replace(SEGMENTS[0], in_cut=SEGMENTS[0].in_cut[1:2])), "perhaps in the cut at about 01:00:16:00–01:00:18:00"),
        # It declares AI itself: all of it is in doubt.
        (replace(FILM, provenance=Provenance.GENERATED), "in the cut at 00:00:00:00–01:00:00:00"),
        (replace(showing(SEGMENTS[1]), in_cut=()), "not located in the cut"),
        (STILL, "in the cut at 01:00:10:00–01:00:14:00"),
    ],
)
def test_what_is_said_of_a_film_and_of_others(record, says):
    scan = replace(SCAN, cuts=SCAN.cuts[:1])
    assert standing(scan, record) == says


def test_without_a_cut_nothing_is_said():
    assert standing(blocked(), FILM) == ""


@pytest.mark.parametrize(
    ("way", "says"),
    [
        (RecognisedBy.PROGRAMME, "as the programme, by its own timecode"),
        (RecognisedBy.FILM, "by a film that shows it"),
        (RecognisedBy.TAPE, "by tape and timecode"),
    ],
)
def test_each_way_is_told(way, says):
    one = InCut(0, TrackKind.VIDEO, "", FrameRange(0, 10), "00:00:00:00", "00:00:00:10", way)
    assert stretch(one) == f"00:00:00:00–00:00:00:10, {says}"


def test_flagged_assets_are_counted():
    assert cut_lines(SCAN)[-1].startswith("flagged 7: 3 in the cut")
