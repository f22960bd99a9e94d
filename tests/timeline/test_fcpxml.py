from __future__ import annotations

import pytest

from scanner.model.cut import CutError, FrameRange, TransitionKind
from scanner.timeline import placing
from scanner.timeline.reading import read_cut, read_cuts
from tests.timeline.cut_files import on_screen, shown

RESOURCES = """
<format id="r1" frameDuration="1/24s"/><format id="r30" frameDuration="1001/30000s"/><format id="r0"/>
<asset id="a" name="A" uid="AB12" src="file:///vol/a%20one.mov" start="3600s" hasVideo="1" hasAudio="1" format="r1"/>
<asset id="b" name="B" hasVideo="1" format="r0"><media-rep src="file:///vol/b.mov"/></asset>
<asset id="s" name="S" src="file:///vol/s.wav" hasAudio="1"/>
<effect id="t" name="Title"/>
"""


@pytest.fixture
def read(tmp_path):
    def read_spine(spine, sequence='format="r1"', resources=""):
        path = tmp_path / "cut.fcpxml"
        path.write_text(
            f'<?xml version="1.0"?><!DOCTYPE fcpxml><fcpxml version="1.10"><resources>{RESOURCES}{resources}</resources>'
            f'<library><event><project name="Film"><sequence {sequence}><spine>{spine}</spine></sequence></project></event>'
            "</library></fcpxml>"
        )
        return read_cut(str(path))

    return read_spine


def test_clips_of_the_storyline(read):
    cut = read(
        '<asset-clip ref="a" offset="0s" start="3605s" duration="2s"/><gap offset="2s" duration="1s"/>'
        '<asset-clip ref="b" offset="3s" duration="1s" enabled="0"/>'
    )

    assert cut.title == "Film"
    assert [(event.kind.value, on_screen(cut, event), event.source.name) for event in cut.events] == [
        ("video", "00:00:00:00 00:00:02:00", "A"),
        ("audio", "00:00:00:00 00:00:02:00", "A"),
        ("video", "00:00:03:00 00:00:04:00", "B"),
    ]
    first, _, last = cut.events
    assert (first.source.file, first.source.uuids, first.source.range) == ("/vol/a one.mov", ("ab12",), FrameRange(86520, 86568))
    assert (first.enabled, last.enabled, last.source.file) == (True, False, "/vol/b.mov")


def test_timecode_and_drop_frame_come_from_the_sequence(read):
    cut = read(
        '<asset-clip ref="b" offset="108108000/30000s" duration="60060/30000s"/>',
        'format="r30" tcStart="108108000/30000s" tcFormat="DF"',
    )

    assert str(cut.rate) == "29.97 drop-frame"
    assert on_screen(cut, cut.events[0]) == "01:00:03;18 01:00:05;18"


def test_sources_say_how_their_timecode_is_written(read):
    cut = read(
        '<asset-clip ref="b" offset="0s" duration="1001/30000s" tcFormat="DF"/>'
        '<asset-clip ref="b" offset="1001/30000s" duration="1001/30000s" tcFormat="NDF"/>'
        '<asset-clip ref="b" offset="2002/30000s" duration="1001/30000s"/>',
        'format="r30" tcFormat="DF"',
    )

    assert [event.source.rate and event.source.rate.drop_frame for event in cut.events] == [None, False, None]


def test_storylines_that_count_from_nothing_are_understood(read):
    cut = read('<asset-clip ref="b" offset="0s" duration="1s"/>', 'format="r1" tcStart="3600s"')

    assert on_screen(cut, cut.events[0]) == "01:00:00:00 01:00:01:00"
    assert "count from 0" in cut.notes[0]


def test_connected_clips_hang_in_their_parents_time_and_reach_beyond_it(read):
    cut = read(
        '<gap offset="0s" start="3600s" duration="1s"><asset-clip ref="b" lane="1" offset="3600s" duration="5s"/></gap>'
        '<asset-clip ref="s" offset="1s" duration="1s"/>'
    )

    assert shown(cut) == [("1", "B", "00:00:00:00 00:00:05:00"), ("0", "S", "00:00:01:00 00:00:02:00")]


def test_what_fills_a_clip_is_cut_to_it(read):
    cut = read('<clip name="C" offset="0s" start="10s" duration="2s"><video ref="b" offset="0s" duration="100s"/></clip>')

    assert shown(cut) == [("0", "B", "00:00:00:00 00:00:02:00")]
    assert cut.events[0].source.range == FrameRange(240, 288)


def test_secondary_storylines(read):
    cut = read(
        '<gap offset="0s" start="3600s" duration="9s"><spine lane="1" offset="3601s">'
        '<asset-clip ref="b" offset="0s" duration="1s"/><asset-clip ref="b" duration="1s"/></spine></gap>'
    )

    assert [place for _, _, place in shown(cut)] == ["00:00:01:00 00:00:02:00", "00:00:02:00 00:00:03:00"]


def test_a_transition_shows_both_sides(read):
    cut = read(
        '<asset-clip ref="b" offset="0s" start="10s" duration="2s"/>'
        '<transition name="Cross Dissolve" offset="3/2s" duration="1s"/>'
        '<asset-clip ref="b" offset="2s" start="10s" duration="2s"/>'
    )

    first, second = cut.events
    assert (on_screen(cut, first), on_screen(cut, second)) == ("00:00:00:00 00:00:02:12", "00:00:01:12 00:00:04:00")
    assert (first.source.range, second.source.range) == (FrameRange(240, 300), FrameRange(228, 288))
    assert first.transition_out == second.transition_in
    assert first.transition_out
    assert (first.transition_out.kind, first.transition_out.frames) == (TransitionKind.DISSOLVE, 24)


COMPOUND = (
    '<media id="m" name="M"><sequence format="r1"><spine><asset-clip ref="b" offset="0s" duration="2s"/>'
    '<asset-clip ref="a" offset="2s" duration="2s"/></spine></sequence></media>'
)


def test_a_compound_clip_is_flattened_and_cut(read):
    cut = read('<ref-clip ref="m" offset="5s" start="1s" duration="2s" srcEnable="video"/>', resources=COMPOUND)

    assert [(event.kind.value, event.source.name, on_screen(cut, event)) for event in cut.events] == [
        ("video", "B", "00:00:05:00 00:00:06:00"),
        ("video", "A", "00:00:06:00 00:00:07:00"),
    ]
    assert cut.events[1].source.range == FrameRange(86400, 86424)


def test_a_muted_compound_does_not_mute_what_hangs_on_it(read):
    cut = read(
        '<ref-clip ref="m" srcEnable="video" offset="0s" duration="1s">'
        '<asset-clip ref="s" lane="-1" offset="0s" duration="1s"/></ref-clip>',
        resources=COMPOUND,
    )

    assert [event.source.name for event in cut.events] == ["B", "S"]


def test_the_angles_of_a_multicam_clip_that_are_used(read):
    angles = (
        '<media id="mc"><multicam format="r1"><mc-angle angleID="1"><asset-clip ref="a" offset="0s" duration="9s"/></mc-angle>'
        '<mc-angle angleID="2"><asset-clip ref="b" offset="0s" duration="9s"/></mc-angle></multicam></media>'
    )
    cut = read(
        '<mc-clip ref="mc" offset="0s" start="1s" duration="2s"><mc-source angleID="2" srcEnable="video"/>'
        '<mc-source angleID="1" srcEnable="audio"/></mc-clip>',
        resources=angles,
    )

    assert [(event.kind.value, event.source.name) for event in cut.events] == [("video", "B"), ("audio", "A")]


def test_auditions_show_their_first_and_titles_have_no_media(read):
    cut = read(
        '<audition offset="1s"><asset-clip ref="b" duration="1s"/><asset-clip ref="s" duration="1s"/></audition>'
        '<title ref="t" duration="1s"><asset-clip ref="b" lane="1" offset="0s" duration="1s"/></title>'
    )

    assert shown(cut) == [("0", "B", "00:00:01:00 00:00:02:00"), ("1", "B", "00:00:02:00 00:00:03:00")]


def test_even_retiming_is_followed(read):
    cut = read(
        '<asset-clip ref="b" offset="0s" duration="5s"><timeMap><timept time="0s" value="0s"/>'
        '<timept time="5s" value="10s"/></timeMap></asset-clip>'
    )

    assert (cut.events[0].speed, cut.events[0].source.range) == (2, FrameRange(0, 240))


@pytest.mark.parametrize(
    ("spine", "why"),
    [
        ('<asset-clip ref="b" offset="zero" duration="1s"/>', "offset is 'zero', not a time"),
        ('<asset-clip ref="b" offset="1/0s" duration="1s"/>', "offset is '1/0s', not a time"),
    ],
)
def test_wrong_times_are_refused(read, spine, why):
    with pytest.raises(CutError, match=why):
        read(spine)


@pytest.mark.parametrize(("sequence", "why"), [('format="r0"', "no frame duration"), ('format="r1" tcFormat="DF"', "not at 24")])
def test_wrong_sequences_are_refused(read, sequence, why):
    with pytest.raises(CutError, match=why):
        read("", sequence)


def test_compound_clips_that_show_each_other_end(read):
    circle = '<media id="m"><sequence format="r1"><spine><ref-clip ref="m" offset="0s" duration="9s"/></spine></sequence></media>'

    with pytest.raises(CutError, match="levels"):
        read('<ref-clip ref="m" offset="0s" duration="9s"/>', resources=circle)


def test_compound_clips_that_multiply_are_bounded(read, monkeypatch):
    monkeypatch.setattr(placing, "VISITS_LIMIT", 1000)
    shown_ten_times = 10 * '<ref-clip lane="1" ref="m{0}" offset="0s" duration="9s"/>'
    levels = "".join(
        f'<media id="m{level}"><sequence format="r1"><spine>'
        f'<gap offset="0s" duration="9s">{shown_ten_times.format(level + 1)}</gap></spine></sequence></media>'
        for level in range(9)
    )

    with pytest.raises(CutError, match="unfold to more than"):
        read('<ref-clip ref="m0" offset="0s" duration="9s"/>', resources=levels)


def test_clips_without_a_project_are_refused(tmp_path):
    path = tmp_path / "clips.fcpxml"
    path.write_text('<fcpxml><resources/><asset-clip ref="a"/></fcpxml>')

    with pytest.raises(CutError, match="holds no project, only clips"):
        read_cuts(str(path))
