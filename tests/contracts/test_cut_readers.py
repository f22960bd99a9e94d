"""One cut, as every format writes it: all readers say the same of it, and of files that are none."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from scanner.model.cut import CutError, FrameRange, TrackKind
from scanner.timeline.reading import read_cut, read_cuts

EDL = """TITLE: Film
001  A001  V  C  00:00:00:10 00:00:02:10 01:00:00:00 01:00:02:00
* FROM CLIP NAME: one.mov
002  A001  V  C  00:00:04:00 00:00:05:00 01:00:03:00 01:00:04:00
* FROM CLIP NAME: two.mov
"""
FCPXML = """<fcpxml><resources><format id="r" frameDuration="1/25s"/>
<asset id="1" name="one.mov" hasVideo="1" format="r"/><asset id="2" name="two.mov" hasVideo="1" format="r"/></resources>
<project name="Film"><sequence format="r" tcStart="3600s"><spine>
<asset-clip ref="1" offset="3600s" start="10/25s" duration="2s"/><gap offset="3602s" duration="1s"/>
<asset-clip ref="2" offset="3603s" start="4s" duration="1s"/></spine></sequence></project></fcpxml>"""
RATE = "<rate><timebase>25</timebase></rate>"
XMEML = f"""<xmeml><sequence><name>Film</name>{RATE}<timecode>{RATE}<string>01:00:00:00</string></timecode><media><video><track>
<clipitem><name>one.mov</name><start>0</start><end>50</end><in>10</in><out>60</out><file id="1"><name>one.mov</name></file>
</clipitem>
<clipitem><name>two.mov</name><start>75</start><end>100</end><in>100</in><out>125</out><file id="2"><name>two.mov</name></file>
</clipitem></track></video></media></sequence></xmeml>"""


def _otio() -> str:
    def time(frames: int) -> dict[str, object]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": 25.0, "value": frames}

    def item(schema: str, name: str, start: int, duration: int) -> dict[str, object]:
        span = {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(start), "duration": time(duration)}
        return {"OTIO_SCHEMA": schema, "name": name, "source_range": span}

    items = [item("Clip.1", "one.mov", 10, 50), item("Gap.1", "", 0, 25), item("Clip.1", "two.mov", 100, 25)]
    tracks = {"OTIO_SCHEMA": "Stack.1", "children": [{"OTIO_SCHEMA": "Track.1", "kind": "Video", "children": items}]}
    return json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "Film", "global_start_time": time(90000), "tracks": tracks})


FORMATS = {"edl": EDL, "fcpxml": FCPXML, "xml": XMEML, "otio": _otio()}


@pytest.fixture(params=FORMATS)
def file(request, tmp_path):
    if request.param == "otio":
        pytest.importorskip("opentimelineio")
    path = tmp_path / f"cut.{request.param}"
    path.write_text(FORMATS[request.param])
    return path


def test_all_readers_say_the_same(file):
    cut = read_cut(str(file), Fraction(25))

    assert (cut.file, cut.title, cut.rate.frames_per_second, cut.rate.drop_frame) == (str(file), "Film", 25, False)
    assert [(event.kind, event.source.name, event.programme, event.source.range) for event in cut.events] == [
        (TrackKind.VIDEO, "one.mov", FrameRange(90000, 90050), FrameRange(10, 60)),
        (TrackKind.VIDEO, "two.mov", FrameRange(90075, 90100), FrameRange(100, 125)),
    ]
    assert all(event.place and event.track and event.speed == 1 and event.enabled for event in cut.events)


def test_reading_twice_says_the_same(file):
    assert read_cuts(str(file), Fraction(25)) == read_cuts(str(file), Fraction(25))


def test_half_a_file_is_refused_or_shorter(file):
    whole = len(read_cut(str(file), Fraction(25)).events)
    content = file.read_bytes()
    for size in range(1, len(content), 7):
        file.write_bytes(content[:size])
        try:
            assert len(read_cut(str(file), Fraction(25)).events) <= whole
        except CutError as error:
            assert str(file) in str(error)
            assert "\n" not in str(error)
