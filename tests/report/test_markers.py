from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.model.cut import FrameRange, TrackKind
from scanner.model.in_cut import CutStamp, InCut
from scanner.model.judging import Severity
from scanner.model.placement import RecognisedBy
from scanner.model.timecode import Rate
from scanner.report.json_reading import read_report
from scanner.report.markers import FORMATS, TEXT_LIMIT, Marked, Marker, marked, named, to_avid, to_csv, to_edl, to_otio
from scanner.timeline.edl import read_edl
from tests.report.parts import HOSTILE, asset, finding
from tests.report.scans import blocked, hostile, located
from tests.report.written import to_json

NTSC = Rate(Fraction(30_000, 1001), drop_frame=True)


def recorded(scan):
    return read_report(to_json(scan).encode(), "scan.json")


def of_finding(found, frames=(90_250, 90_350), rate=NTSC, **seen):
    """The markers of one asset with one finding that stands once in a cut."""
    one = InCut(0, TrackKind.VIDEO, "V2", FrameRange(*frames), "", "", RecognisedBy.NAME, **seen)
    scan = replace(
        blocked(),
        assets=(asset("a.jpg", findings=(found,), in_cut=(one,)),),
        cuts=(CutStamp("r.edl", "", "EDL", "R", rate, 1, 1),),
    )
    return marked(recorded(scan), 0)


def test_a_marker_for_each_finding_and_stretch_that_is_seen():
    told = marked(recorded(located()), 0)
    assert [(one.frames.start, one.severity, one.text.partition(":")[0]) for one in told.markers] == [
        (90_000, Severity.MEDIUM, "final/ep1/street_wide.jpg (or another of 2 of that name)"),
        (90_100, Severity.HIGH, "final/ep1/cut.mxf"),
        (90_250, Severity.HIGH, "final/ep1/st_014.tif"),
        (90_250, Severity.HIGH, "final/ep1/st_014.tif"),
        (90_400, Severity.HIGH, "final/ep1/cut.mxf (or another of 2 of that name) (the time is about right)"),
    ]


def test_what_a_film_shows_is_marked_where_it_shows_it_and_the_rest_on_all_of_it():
    scan = located()
    films = [one for one in scan.assets if one.path == "final/ep1/cut.mxf"]
    odd = finding("media-not-read", "cut off", coverage=True)
    told = marked(recorded(replace(scan, assets=tuple(replace(one, findings=(*one.findings, odd)) for one in films))), 0)
    assert [(one.frames, one.name.partition(" ")[2]) for one in told.markers] == [
        (FrameRange(0, 90_000), "media-not-read"),
        (FrameRange(90_100, 90_200), "ai-reference-match"),
        (FrameRange(90_400, 90_450), "ai-reference-match"),
    ]


def test_what_places_nothing_gives_no_marker():
    assert marked(recorded(located()), 1).markers == ()


@pytest.mark.parametrize("quiet", [{"severity": Severity.INFO}, {"allowed_by": "K-12"}])
def test_what_asks_for_nothing_gives_no_marker(quiet):
    assert of_finding(replace(finding("rule", "found"), **quiet)).markers == ()
    assert len(of_finding(finding("rule", "found")).markers) == 1


def test_an_event_of_no_length_is_seen_for_a_frame():
    assert of_finding(finding("rule", "found"), frames=(10, 10)).markers[0].frames == FrameRange(10, 11)


def test_what_was_not_read_is_called_so():
    (one,) = of_finding(finding("media-not-read", "cut off", coverage=True)).markers
    assert one.name == "INCOMPLETE media-not-read"


def test_the_edl_is_read_as_one_frame_events_at_the_right_times(tmp_path):
    path = tmp_path / "m.edl"
    path.write_text(to_edl(marked(recorded(located()), 0)))
    cut = read_edl(str(path), Fraction(25))
    assert [event.programme for event in cut.events] == [
        FrameRange(at, at + 1) for at in (90_000, 90_100, 90_250, 90_250, 90_400)
    ]


def test_resolve_finds_note_colour_name_and_length():
    text = to_edl(of_finding(finding("ai-mark-in-final", "declares AI"), frames=(107_892, 107_992)))
    assert "FCM: DROP FRAME\n" in text
    assert "001  001      V     C        01:00:00;00 01:00:00;01 01:00:00;00 01:00:00;01\n" in text
    assert "\na.jpg: declares AI |C:ResolveColorRed |M:BLOCKED ai-mark-in-final |D:100\n" in text
    assert "\n* LOC: 01:00:00;00 RED     a.jpg: declares AI\n" in text


@pytest.mark.parametrize("path", ["001_still.jpg", "*still.jpg", "a|C:ResolveColorGreen |M:fine |D:9.jpg", "a\nb\tc.jpg"])
def test_no_name_of_a_file_breaks_the_note(path):
    told = Marked("T", NTSC, (Marker(FrameRange(5, 9), "V1", TrackKind.VIDEO, Severity.HIGH, "BLOCKED x", path),))
    note = to_edl(told).split("\n")[4]
    assert re.fullmatch(r"[^|\d*\n][^|\n]* \|C:ResolveColorRed \|M:BLOCKED x \|D:4", note)
    assert to_avid(told).count("\t") == 5
    assert to_avid(told).count("\n") == 1


def test_avid_gets_its_six_columns():
    text = to_avid(of_finding(finding("rule", "declares AI"), frames=(0, 48), rate=Rate(Fraction(24))))
    assert text == "BLOCKED rule\t00:00:00:00\tV1\tred\ta.jpg: declares AI\t48\n"


def test_the_table_has_in_and_out():
    (row,) = csv.DictReader(
        io.StringIO(to_csv(of_finding(finding("rule", "declares AI"), (0, 48), Rate(Fraction(24)))), newline="")
    )
    assert (row["tc_in"], row["tc_out"], row["frames"], row["track"]) == ("00:00:00:00", "00:00:02:00", "48", "V2")


def test_otio_reads_the_markers_back():
    otio = pytest.importorskip("opentimelineio", reason="OpenTimelineIO is not installed (extra timeline)")
    told = of_finding(finding("rule", "declares AI"))
    timeline = otio.adapters.read_from_string(to_otio(told), "otio_json")
    (one,) = timeline.tracks.markers
    assert one.marked_range.start_time == otio.opentime.RationalTime(90_250, 30_000 / 1001)
    assert one.marked_range.duration.value == 100
    assert (one.name, one.color, one.comment) == ("BLOCKED rule", "RED", "a.jpg: declares AI")


@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_is_bounded_and_in_one_line(form):
    marker = Marker(FrameRange(1, 2), HOSTILE, TrackKind.VIDEO, Severity.HIGH, HOSTILE, HOSTILE * 9)
    text = FORMATS[form][1](Marked(marked(recorded(hostile()), 0).title, NTSC, (marker,)))
    assert all(char.isprintable() or char in "\n\t\r" for char in text)
    assert max(map(len, text.split("\n"))) < 4 * TEXT_LIMIT
    if form == "otio":
        json.loads(text)


def test_cuts_are_named_by_file_or_title():
    scan = recorded(located())
    assert named(scan, ()) == [0, 1]
    assert named(scan, ["BIN.ALE"]) == [1]
    assert named(scan, ["reel 1 locked"]) == [0]
    assert named(scan, ["other"]) == []
