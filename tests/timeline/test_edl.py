from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.cut import CutError, FrameRange, TrackKind, Transition, TransitionKind
from scanner.model.errors import ScannerError
from scanner.model.timecode import Rate, TimecodeError, format_timecode
from scanner.timeline import edl
from scanner.timeline.edl import read_edl
from tests.timeline.cut_files import on_screen, shown

NTSC = Fraction(30000, 1001)
HEAD = "TITLE: REEL 1\nFCM: NON-DROP FRAME\n"
ONE = "001  A001     V     C        01:00:04:00 01:00:06:00 10:00:00:00 10:00:02:00\n"


@pytest.fixture
def read(tmp_path):
    def read_text(text, rate=Fraction(24), encoding="utf-8"):
        path = tmp_path / "cut.edl"
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return read_edl(str(path), rate)

    return read_text


def test_an_event_has_its_times_and_names(read):
    cut = read(HEAD + ONE + "* FROM CLIP NAME:  harbour 1931\n* SOURCE FILE: /vol/stills/harbour: one.tif\n")

    assert (cut.title, cut.rate, cut.notes) == ("REEL 1", Rate(Fraction(24)), ())
    (event,) = cut.events
    assert event.kind is TrackKind.VIDEO
    assert event.programme == FrameRange(864000, 864048)
    assert event.source.range == FrameRange(86496, 86544)
    assert (event.source.name, event.source.tape, event.source.file) == ("harbour 1931", "A001", "/vol/stills/harbour: one.tif")
    assert event.place == "line 3"


def test_a_rate_must_be_given(read):
    with pytest.raises(CutError, match=r"does not say its frame rate\. Give it with --rate"):
        read(HEAD + ONE, None)


def test_a_dissolve_shows_both_sources_for_its_length(read):
    cut = read(
        HEAD
        + "001  A  V C        01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n"
        + "002  A  V C        01:00:01:00 01:00:01:00 01:00:01:00 01:00:01:00\n"
        + "002  B  V D    012 02:00:00:00 02:00:02:00 01:00:01:00 01:00:03:00\n"
        + "* FROM CLIP NAME: one\n* TO CLIP NAME: two\n* SOURCE FILE: one.mov\n* SOURCE FILE: two.mov\n"
    )

    assert shown(cut)[1:] == [("V", "one", "01:00:01:00 01:00:01:12"), ("V", "two", "01:00:01:00 01:00:03:00")]
    assert [event.source.file for event in cut.events] == ["", "one.mov", "two.mov"]
    dissolve = Transition(TransitionKind.DISSOLVE, 12)
    assert cut.events[1].transition_out == cut.events[2].transition_in == dissolve
    assert cut.events[1].source.range == FrameRange(86424, 86436)


def test_a_fade_to_black_lets_the_picture_out(read):
    cut = read(
        HEAD
        + "001  A  V C        01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n"
        + "002  BL V D    024 00:00:00:00 00:00:01:00 01:00:01:00 01:00:02:00\n"
    )

    (event,) = cut.events
    assert on_screen(cut, event) == "01:00:00:00 01:00:02:00"
    assert event.transition_out == Transition(TransitionKind.DISSOLVE, 24)


def test_wipes_and_keys_are_told_apart(read):
    cut = read(
        HEAD
        + "001  A  V W001 024 01:00:00:00 01:00:02:00 01:00:00:00 01:00:02:00\n"
        + "002  A  V K B      01:00:00:00 01:00:02:00 01:00:02:00 01:00:04:00\n"
        + "002  B  V K    000 01:00:00:00 01:00:02:00 01:00:02:00 01:00:04:00\n"
    )

    assert [event.transition_in and event.transition_in.kind for event in cut.events] == [
        TransitionKind.WIPE,
        None,
        TransitionKind.KEY,
    ]


@pytest.mark.parametrize(
    ("track", "kinds"),
    [
        ("V", ["video"]),
        ("V2", ["video"]),
        ("A2", ["audio"]),
        ("AA/V", ["video", "audio"]),
        ("B", ["video", "audio"]),
        ("NONE", []),
    ],
)
def test_tracks_say_what_they_carry(read, track, kinds):
    cut = read(HEAD + ONE.replace(" V ", f" {track} "))

    assert [event.kind.value for event in cut.events] == kinds


def test_speeds_and_freezes(read):
    cut = read(
        HEAD
        + "001  A  V C        01:00:00:00 01:00:04:00 01:00:00:00 01:00:02:00\nM2   A       048.0      01:00:00:00\n"
        + "002  B  V C        01:00:00:00 01:00:00:01 01:00:02:00 01:00:04:00\nM2   B       000.0      01:00:00:00\n"
        + "003  C  V C        01:00:00:00 01:00:02:00 01:00:04:00 01:00:06:00\nM2   C      -024.0      01:00:00:00\n"
    )

    assert [event.speed for event in cut.events] == [2, 0, -1]
    assert cut.notes == ()


def test_durations_that_do_not_agree_are_said_once(read):
    lines = [f"{n:03}  A  V C  01:00:00:00 01:00:01:00 01:00:{2 * n:02}:00 01:00:{2 * n + 2:02}:00\n" for n in range(1, 4)]
    cut = read(HEAD + "".join(lines))

    (note,) = cut.notes
    assert "(3 times, first at line 3)" in note


def test_drop_frame_is_said_by_fcm(read):
    cut = read("FCM: DROP FRAME\n001 A V C 01:00:59:28 01:01:00:02 01:00:59:28 01:01:00:02\n", NTSC)

    assert cut.rate.drop_frame
    (event,) = cut.events
    assert event.programme
    assert event.programme.duration == 2
    assert on_screen(cut, event) == "01:00:59;28 01:01:00;02"


def test_drop_frame_is_said_by_punctuation_and_each_source_counts_for_itself(read):
    cut = read("001 A V C 01:00:00:00 01:00:00:10 01:00:59;28 01:01:00;10\n", NTSC)

    (event,) = cut.events
    assert cut.rate.drop_frame
    assert event.source.rate == Rate(NTSC)
    assert event.source.range == FrameRange(108000, 108010)


def test_a_later_fcm_speaks_of_sources_only(read):
    events = "{} A V C 01:00:00:00 01:00:00:10 0{}:00:00:00 0{}:00:00:10\n"
    cut = read("FCM: DROP FRAME\n" + events.format("001", 1, 1) + "FCM: NON-DROP FRAME\n" + events.format("002", 2, 2), NTSC)

    assert [event.source.rate for event in cut.events] == [None, Rate(NTSC)]
    assert [on_screen(cut, event) for event in cut.events] == ["01:00:00;00 01:00:00;10", "02:00:00;00 02:00:00;10"]


def test_silence_about_drop_frame_is_noted(read):
    assert read(ONE, NTSC).notes == ("says nothing of drop-frame; its times are taken as non-drop",)
    assert read(ONE, Fraction(25)).notes == ()


def test_drop_frame_at_a_rate_that_has_none_is_refused(read):
    with pytest.raises(TimecodeError, match=r"line 2: drop-frame timecode exists at 29\.97"):
        read("FCM: DROP FRAME\n" + ONE)


def test_a_wrong_rate_is_refused_with_its_line(read):
    with pytest.raises(TimecodeError, match=r"cut\.edl, line 3: timecode 01:00:05:24 does not exist at 24"):
        read(HEAD + ONE.replace("01:00:06:00", "01:00:05:24"))


def test_an_event_runs_over_midnight(read):
    cut = read("001 A V C 23:59:59:00 00:00:01:00 23:59:59:00 00:00:01:00\n")

    (event,) = cut.events
    assert event.programme
    assert event.programme.duration == 48
    assert on_screen(cut, event) == "23:59:59:00 00:00:01:00"


def test_an_event_that_ends_before_it_begins_is_refused(read):
    with pytest.raises(CutError, match="line 1: ends at 09:00:00:00, before it begins at 10:00:00:00"):
        read("001 A V C 01:00:00:00 01:00:01:00 10:00:00:00 09:00:00:00\n")


@pytest.mark.parametrize(
    "text",
    ["001  A001     V     C        01:00:04:00 01:0", "002  A001", "003 A V Q 01:00:00:00 01:00:00:01 01:00:00:00 01:00:00:01"],
)
def test_a_broken_event_is_never_skipped(read, text):
    with pytest.raises(CutError, match="line 4: the edit decision is not whole"):
        read(HEAD + ONE + text)


@pytest.mark.parametrize("text", ["\n", "TITLE: nothing\n", "* 001 is a comment\n"])
def test_a_file_without_events_is_refused(read, text):
    with pytest.raises(CutError, match="holds no edit decision"):
        read(text)


def test_an_empty_file_is_refused(read):
    with pytest.raises(CutError, match="is empty"):
        read("")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(read, encoding):
    assert read(HEAD + ONE + "* FROM CLIP NAME: café\n", encoding=encoding).events[0].source.name == "café"


@pytest.mark.parametrize("end", ["\r", "\r\n"])
def test_line_ends(read, end):
    assert read((HEAD + ONE).replace("\n", end)).events[0].place == "line 3"


def test_reels_with_spaces_and_long_numbers(read):
    cut = read("000001 MY REEL 7 V C 01:00:04:00 01:00:06:00 10:00:00:00 10:00:02:00\n")

    assert cut.events[0].source.tape == "MY REEL 7"


def test_more_events_than_the_limit_are_refused(read, monkeypatch):
    monkeypatch.setattr(edl, "EVENTS_LIMIT", 1)

    with pytest.raises(CutError, match="has more than 1 events"):
        read(HEAD + ONE + ONE.replace("001", "002"))


@given(st.binary(max_size=400))
def test_rubbish_is_refused_in_one_line(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "rubbish.edl"
    path.write_bytes(content)

    with pytest.raises(ScannerError) as caught:
        read_edl(str(path), Fraction(24))

    assert "\n" not in str(caught.value)


@given(
    st.sampled_from([Rate(Fraction(25)), Rate(NTSC), Rate(NTSC, drop_frame=True), Rate(2 * NTSC, drop_frame=True)]),
    st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 1000)), min_size=1, max_size=5),
)
def test_what_is_written_is_read(tmp_path_factory, rate, stretches):
    path = tmp_path_factory.getbasetemp() / "written.edl"
    lines = [f"FCM: {'' if rate.drop_frame else 'NON-'}DROP FRAME"]
    for number, (start, frames) in enumerate(stretches, 1):
        begin, end = format_timecode(start, rate), format_timecode(start + frames, rate)
        lines.append(f"{number:03}  TAPE  V  C  {begin} {end} {begin} {end}")
    path.write_text("\n".join(lines))

    cut = read_edl(str(path), rate.frames_per_second)

    assert cut.rate == rate
    assert [event.programme for event in cut.events] == [FrameRange(start, start + frames) for start, frames in stretches]


def test_picture_and_sound_of_one_number_share_their_names(read):
    lines = ONE + ONE.replace(" V ", " A ")
    cut = read(f"{HEAD}{lines}* FROM CLIP NAME: one\n{lines}* FROM CLIP NAME: two\n")

    assert [(event.kind.value, event.source.name) for event in cut.events] == [
        ("video", "one"),
        ("audio", "one"),
        ("video", "two"),
        ("audio", "two"),
    ]


def test_a_reversed_source_may_be_written_backwards(read):
    cut = read("001 A V C 01:00:02:00 01:00:01:00 01:00:00:00 01:00:01:00\nM2 A -024.0 01:00:02:00\n")

    assert cut.events[0].source.range == FrameRange(86424, 86448)


def test_one_number_for_all_edits_is_no_single_edit(read):
    cut = read(
        "".join(f"001 A{n} V C 01:00:00:00 01:00:01:00 01:00:00:00 01:00:01:00\n* SOURCE FILE: {n}\n" for n in range(5000))
    )

    assert [event.source.file for event in cut.events] == [str(n) for n in range(5000)]
