from __future__ import annotations

import json
import sys
from fractions import Fraction

import pytest

from scanner.model.cut import CutError, FrameRange, TransitionKind
from scanner.timeline.otio_library import DEPTH_LIMIT
from scanner.timeline.reading import read_cut, read_cuts
from tests.timeline.cut_files import on_screen, shown

NTSC = 24000 / 1001


def time(value, rate=24.0):
    return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value}


def span(start, duration, rate=24.0):
    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start, rate), "duration": time(duration, rate)}


def clip(name, start=0, duration=24, rate=24.0, **also):
    media = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": f"file:///vol/{name}.mov"}
    return {"OTIO_SCHEMA": "Clip.1", "name": name, "media_reference": media, "source_range": span(start, duration, rate), **also}


def gap(duration):
    return {"OTIO_SCHEMA": "Gap.1", "source_range": span(0, duration)}


def dissolve(before, after):
    kind = {"OTIO_SCHEMA": "Transition.1", "name": "", "transition_type": "SMPTE_Dissolve"}
    return {**kind, "in_offset": time(before), "out_offset": time(after)}


def track(*children, kind="Video", **also):
    return {"OTIO_SCHEMA": "Track.1", "kind": kind, "children": list(children), **also}


def stack(*children, **also):
    return {"OTIO_SCHEMA": "Stack.1", "children": list(children), **also}


def timeline(*tracks, begin=None, name="Film"):
    return {"OTIO_SCHEMA": "Timeline.1", "name": name, "global_start_time": begin, "tracks": stack(*tracks)}


@pytest.fixture
def read(tmp_path):
    pytest.importorskip("opentimelineio")

    def read_document(document, rate=None):
        path = tmp_path / "cut.otio"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return read_cut(str(path), rate)

    return read_document


def test_tracks_lie_beside_each_other_and_items_follow(read):
    cut = read(
        timeline(
            track(clip("a"), gap(12), clip("b", 100, 48)),
            track(clip("c"), kind="Audio"),
            track(gap(6), clip("d")),
            begin=time(86400),
        )
    )

    assert shown(cut) == [
        ("video 1", "a", "01:00:00:00 01:00:01:00"),
        ("video 1", "b", "01:00:01:12 01:00:03:12"),
        ("audio 1", "c", "01:00:00:00 01:00:01:00"),
        ("video 2", "d", "01:00:00:06 01:00:01:06"),
    ]
    assert (cut.title, cut.events[1].source.file, cut.events[1].source.range) == ("Film", "/vol/b.mov", FrameRange(100, 148))


def test_rates_become_exact(read):
    cut = read(timeline(track(*(clip(str(n), 0, 1, NTSC) for n in range(50))), begin=time(86400, NTSC)))

    assert cut.rate.frames_per_second == Fraction(24000, 1001)
    assert [event.programme for event in cut.events] == [FrameRange(86400 + n, 86401 + n) for n in range(50)]


def test_a_rate_is_taken_from_the_first_item_or_given(read):
    document = timeline(track(clip("a", 0, 25, 25.0)))

    assert read(document).rate.frames_per_second == 25
    assert "does not say where its timecode begins" in read(document).notes[0]
    given = read(document, Fraction(50))
    assert on_screen(given, given.events[0]) == "00:00:00:00 00:00:01:00"
    with pytest.raises(CutError, match="counts 25 frames a second, not the 50"):
        read(timeline(track(clip("a")), begin=time(0, 25.0)), Fraction(50))


def test_a_transition_shows_both_sides(read):
    cut = read(timeline(track(clip("a", 10), dissolve(4, 8), clip("b", 10))))

    first, second = cut.events
    assert (first.programme, second.programme) == (FrameRange(0, 32), FrameRange(20, 48))
    assert (first.source.range, second.source.range) == (FrameRange(10, 42), FrameRange(6, 34))
    assert first.transition_out == second.transition_in
    assert first.transition_out
    assert (first.transition_out.kind, first.transition_out.frames) == (TransitionKind.DISSOLVE, 12)


def test_a_nested_timeline_is_flattened_and_cut(read):
    nested = stack(track(clip("a"), clip("b"), clip("c")), track(clip("s", 0, 72), kind="Audio"), source_range=span(12, 48))
    cut = read(timeline(track(gap(100), nested)))

    assert [(event.track, event.source.name, event.programme, event.source.range) for event in cut.events] == [
        ("video 1/video 1", "a", FrameRange(100, 112), FrameRange(12, 24)),
        ("video 1/video 1", "b", FrameRange(112, 136), FrameRange(0, 24)),
        ("video 1/video 1", "c", FrameRange(136, 148), FrameRange(0, 12)),
    ]


def test_speeds(read):
    warp = {"OTIO_SCHEMA": "LinearTimeWarp.1", "effect_name": "", "time_scalar": 2.0}
    freeze = {"OTIO_SCHEMA": "FreezeFrame.1", "effect_name": "", "time_scalar": 0.0}
    cut = read(timeline(track(clip("a", effects=[warp]), clip("b", 5, effects=[freeze]))))

    assert [(event.speed, event.source.range) for event in cut.events] == [(2, FrameRange(0, 48)), (0, FrameRange(5, 6))]


def test_what_is_switched_off_is_marked(read):
    cut = read(timeline(track(clip("a", enabled=False), clip("b")), track(clip("c"), enabled=False)))

    assert [event.enabled for event in cut.events] == [False, True, False]


def test_generators_are_left_out_and_sequences_of_frames_named(read):
    generator = {
        **clip("bars"),
        "media_reference": {"OTIO_SCHEMA": "GeneratorReference.1", "generator_kind": "bars", "parameters": {}},
    }
    frames = {
        "OTIO_SCHEMA": "ImageSequenceReference.1",
        "target_url_base": "file:///vol/sh010/",
        "name_prefix": "sh010.",
        "name_suffix": ".exr",
        "frame_zero_padding": 4,
        "start_frame": 1,
        "frame_step": 1,
        "rate": 24.0,
        "missing_frame_policy": "error",
    }
    cut = read(timeline(track(generator, {**clip("sh010"), "media_reference": frames})))

    assert [event.source.file for event in cut.events] == ["/vol/sh010/sh010.%04d.exr"]
    assert cut.notes[1].startswith("a clip without media is left out")


def test_markers_of_any_version_are_not_in_the_way(read):
    marker = {"OTIO_SCHEMA": "Marker.99", "colour": {"OTIO_SCHEMA": "Unheard.1"}}

    assert len(read(timeline(track(clip("a", markers=[marker])))).events) == 1


def test_collections_hold_several(tmp_path):
    pytest.importorskip("opentimelineio")
    path = tmp_path / "cuts.otio"
    both = [timeline(track(clip("a")), name=name) for name in ("one", "two")]
    path.write_text(json.dumps({"OTIO_SCHEMA": "SerializableCollection.1", "children": both}))

    assert [cut.title for cut in read_cuts(str(path))] == ["one", "two"]


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{", "is no JSON"),
        ("{}", "holds no timeline"),
        (json.dumps(clip("a")), "holds no timeline but Clip"),
        (json.dumps(timeline(track(clip("a", rate=0.0)))), "is no rate"),
        (json.dumps(timeline(track(clip("a", float("nan"))))), "cannot convert NaN"),
        (json.dumps({"OTIO_SCHEMA": "Timeline.99"}), "OpenTimelineIO cannot read it"),
        (json.dumps(timeline()), "does not say its frame rate"),
    ],
)
def test_wrong_documents_are_refused_in_one_line(read, document, why):
    with pytest.raises(CutError) as caught:
        read(document)

    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("depth", [DEPTH_LIMIT + 1, 100_000])
def test_deep_documents_never_reach_the_library(read, depth):
    # At 200,000 levels its reader ends the process.
    with pytest.raises(CutError, match="is nested deeper than"):
        read('{"OTIO_SCHEMA":"Stack.1","children":[' * depth + "]}" * depth)


@pytest.mark.parametrize("content", [b'{"OTIO_SCHEMA": "Timeline.1"}', b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)])
def test_without_the_library_what_installs_it_is_said(tmp_path, monkeypatch, content):
    monkeypatch.setitem(sys.modules, "opentimelineio", None)
    path = tmp_path / "cut"
    path.write_bytes(content)

    with pytest.raises(CutError, match=r"not installed\. Install it: pip install 'media-provenance-scanner\[timeline\]'$"):
        read_cuts(str(path))


@pytest.mark.parametrize("drop_frame", [True, False])
def test_an_aaf_says_where_it_begins_and_how_it_counts(tmp_path, drop_frame):
    pytest.importorskip("otio_aaf_adapter")
    path = tmp_path / "cut.aaf"
    write_aaf(path, drop_frame)

    cut = read_cut(str(path))

    assert (cut.rate.frames_per_second, cut.rate.drop_frame) == (Fraction(30000, 1001), drop_frame)
    (event,) = cut.events
    assert on_screen(cut, event) == ("01:00:00;00 01:00:10;00" if drop_frame else "00:59:56:12 01:00:06:12")
    assert (event.source.file, event.source.range) == ("/vol/a.mxf", FrameRange(10, 310))


def write_aaf(path, drop_frame):
    import aaf2

    with aaf2.open(str(path), "w") as aaf:
        source, master, film = aaf.create.SourceMob(), aaf.create.MasterMob("a"), aaf.create.CompositionMob("Film")
        described = {"ComponentWidth": 8, "HorizontalSubsampling": 2, "StoredHeight": 1080, "StoredWidth": 1920}
        source.descriptor = aaf.create.CDCIDescriptor()
        for name, value in {
            **described,
            "FrameLayout": "FullFrame",
            "VideoLineMap": [42, 0],
            "ImageAspectRatio": "16/9",
            "SampleRate": "30000/1001",
            "Length": 1000,
        }.items():
            source.descriptor[name].value = value
        source.descriptor["Locator"].append(aaf.create.NetworkLocator())
        source.descriptor["Locator"][0]["URLString"].value = "file:///vol/a.mxf"
        film.usage = "Usage_TopLevel"
        aaf.content.mobs.extend([source, master, film])
        held = source.create_picture_slot(edit_rate="30000/1001")
        held.segment = aaf.create.SourceClip(start=0, length=1000, media_kind="picture")
        shown = master.create_picture_slot(edit_rate="30000/1001")
        shown.segment = source.create_source_clip(held.slot_id, length=1000)
        begin = film.create_timeline_slot(edit_rate="30000/1001")
        begin["PhysicalTrackNumber"].value = 1
        begin.segment = aaf.create.Timecode(fps=30, drop=drop_frame)
        begin.segment.start, begin.segment.length = 107892, 300
        track = film.create_timeline_slot(edit_rate="30000/1001")
        sequence = aaf.create.Sequence(media_kind="picture")
        clip = master.create_source_clip(shown.slot_id, start=10, length=300)
        sequence.components.append(clip)
        track.segment = sequence


def test_an_aaf_that_is_none_is_refused(tmp_path):
    pytest.importorskip("otio_aaf_adapter")
    path = tmp_path / "cut.aaf"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096))

    with pytest.raises(CutError, match="OpenTimelineIO cannot read it"):
        read_cuts(str(path))
