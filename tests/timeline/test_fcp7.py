from __future__ import annotations

import pytest

from scanner.model.cut import CutError, FrameRange, TransitionKind
from scanner.timeline import placing
from scanner.timeline.reading import read_cut, read_cuts
from tests.timeline.cut_files import on_screen, shown

RATE = "<rate><timebase>{0}</timebase><ntsc>{1}</ntsc></rate>"
FILM_RATE = RATE.format(24, "FALSE")
REFERENCE = '<sequence id="s1"/>'
FILE = (
    '<file id="f1"><name>a.mov</name><pathurl>file://localhost/vol/a%20one.mov</pathurl>'
    + RATE.format(24, "FALSE")
    + f"<timecode>{RATE.format(24, 'FALSE')}<string>01:00:00:00</string><reel><name>A001</name></reel></timecode></file>"
)


def clip(start, end, begin=0, file='<file id="f1"/>', name="clip", extra=""):
    return (
        f"<clipitem><name>{name}</name><start>{start}</start><end>{end}</end><in>{begin}</in>"
        f"<out>{begin + max(0, end - start)}</out>{file}{extra}</clipitem>"
    )


def sequence(video, audio="", rate=FILM_RATE, timecode="", identity="s1"):
    return (
        f'<sequence id="{identity}"><name>Film</name>{rate}{timecode}<media><video>{video}</video>'
        f"<audio>{audio}</audio></media></sequence>"
    )


@pytest.fixture
def read(tmp_path):
    def read_text(text):
        path = tmp_path / "cut.xml"
        path.write_text(f'<?xml version="1.0"?><!DOCTYPE xmeml><xmeml version="4">{text}</xmeml>')
        return read_cut(str(path))

    return read_text


def test_clips_have_their_place_file_tape_and_timecode(read):
    cut = read(sequence(f"<track>{clip(24, 48, 10, FILE)}{clip(48, 72)}</track>"))

    assert shown(cut) == [("video 1", "clip", "00:00:01:00 00:00:02:00"), ("video 1", "clip", "00:00:02:00 00:00:03:00")]
    source = cut.events[0].source
    assert (source.file, source.tape, source.range) == ("/vol/a one.mov", "A001", FrameRange(86410, 86434))
    assert cut.events[1].source.file == source.file


def test_timecode_and_drop_frame_come_from_the_sequence(read):
    rate = RATE.format(30, "TRUE")
    timecode = f"<timecode>{rate}<string>01;00;00;00</string><displayformat>DF</displayformat></timecode>"
    cut = read(sequence(f"<track>{clip(0, 1800, 0, FILE)}</track>", rate=rate, timecode=timecode))

    assert on_screen(cut, cut.events[0]) == "01:00:00;00 01:01:00;02"


def test_a_transition_says_where_its_clips_end(read):
    dissolve = "<transitionitem><start>20</start><end>28</end><effect><name>Cross Dissolve</name></effect></transitionitem>"
    cut = read(sequence(f"<track>{clip(0, -1, 0, FILE)}{dissolve}{clip(-1, 48)}</track>"))

    first, second = cut.events
    assert (first.programme, second.programme) == (FrameRange(0, 28), FrameRange(20, 48))
    assert first.transition_out == second.transition_in
    assert first.transition_out
    assert (first.transition_out.kind, first.transition_out.frames) == (TransitionKind.DISSOLVE, 8)


def test_a_nested_sequence_is_flattened_and_cut(read):
    inner = sequence(f"<track>{clip(0, 24, 0, FILE, 'one')}{clip(24, 48, 0, name='two')}</track>", identity="s2")
    reference = '<sequence id="s2"/>'
    cut = read(sequence(f"<track>{clip(100, 124, 12, inner)}</track><track>{clip(0, 6, 30, reference)}</track>"))

    assert [(event.track, event.source.name, event.programme) for event in cut.events] == [
        ("video 1/video 1", "one", FrameRange(100, 112)),
        ("video 1/video 1", "two", FrameRange(112, 124)),
        ("video 2/video 1", "two", FrameRange(0, 6)),
    ]
    assert cut.events[0].source.range == FrameRange(86412, 86424)


def test_a_nested_sequence_on_an_audio_track_gives_that_sound_only(read):
    sound = f"<track>{clip(0, 24, 0, FILE, 'left')}</track><track>{clip(0, 24, 0, name='right')}</track>"
    inner = sequence(f"<track>{clip(0, 24, name='picture')}</track>", sound, identity="s2")
    source = "<sourcetrack><mediatype>audio</mediatype><trackindex>2</trackindex></sourcetrack>"
    cut = read(sequence("", f"<track>{clip(0, 24, 0, inner, extra=source)}</track>"))

    assert [(event.kind.value, event.source.name) for event in cut.events] == [("audio", "right")]


def test_disabled_tracks_and_clips_are_marked(read):
    off = "<enabled>FALSE</enabled>"
    cut = read(
        sequence(f"<track>{clip(0, 1, 0, FILE, extra=off)}</track><track>{off}{clip(0, 1)}</track><track>{clip(0, 1)}</track>")
    )

    assert [event.enabled for event in cut.events] == [False, False, True]


def test_retiming(read):
    effect = (
        "<filter><effect><effectid>timeremap</effectid><parameter><parameterid>speed</parameterid><value>200</value></parameter>"
        "<parameter><parameterid>reverse</parameterid><value>{}</value></parameter></effect></filter>"
    )
    cut = read(
        sequence(
            f"<track>{clip(0, 24, 0, FILE, extra=effect.format('FALSE'))}{clip(24, 48, extra=effect.format('TRUE'))}</track>"
        )
    )

    assert [event.speed for event in cut.events] == [2, -2]
    assert cut.notes[0].startswith("a clip is retimed")


def test_generators_are_left_out_and_told(read):
    generator = "<generatoritem><start>0</start><end>24</end><in>0</in><effect><name>Slug</name></effect></generatoritem>"
    cut = read(sequence(f"<track>{generator}</track>"))

    assert not cut.events
    assert cut.notes[0].startswith("a clip without a file is left out")


def test_every_sequence_of_a_project_is_a_cut(tmp_path):
    path = tmp_path / "project.xml"
    bins = f"<project><children><bin><children>{sequence('')}</children></bin>{sequence('', identity='s2')}</children></project>"
    path.write_text(f"<xmeml>{bins}</xmeml>")

    assert len(read_cuts(str(path))) == 2


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "holds no sequence"),
        (
            sequence("<track><clipitem><start>x</start></clipitem></track>"),
            "start of <clipitem> is 'x'",
        ),
        (sequence(f"<track>{clip(0, -1, 0, FILE)}</track>"), "left to a transition that is not there"),
        (sequence("", rate=""), "<sequence> has no frame rate"),
        (sequence("", rate=RATE.format(10**6, "FALSE")), "<sequence> has no frame rate"),
        (sequence("", timecode="<timecode><string>99:00:00:00</string></timecode>"), "does not exist at 24"),
        (sequence("", timecode="<timecode><displayformat>DF</displayformat></timecode>"), "not at 24"),
    ],
)
def test_wrong_files_are_refused_in_one_line(read, text, why):
    with pytest.raises(CutError) as caught:
        read(text)

    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_nested_sequences_of_many_tracks_are_bounded(read, monkeypatch):
    monkeypatch.setattr(placing, "VISITS_LIMIT", 1000)
    inner = sequence("<track/>" * 300, identity="s2")
    shown_again = "".join(clip(n, n + 1, 0, '<sequence id="s2"/>') for n in range(1, 5))

    with pytest.raises(CutError, match="unfold to more than"):
        read(sequence(f"<track>{clip(0, 1, 0, inner)}{shown_again}</track>"))


def test_sequences_that_show_each_other_end(read):
    inner = sequence(f"<track>{clip(0, 24, 0, REFERENCE)}</track>", identity="s2")

    with pytest.raises(CutError, match="levels"):
        read(sequence(f"<track>{clip(0, 24, 0, inner)}</track>"))
