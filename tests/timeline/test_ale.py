from __future__ import annotations

from fractions import Fraction

import pytest

from scanner.model.cut import CutError, FrameRange
from scanner.timeline.reading import read_cut

ALE = (
    "Heading\nFIELD_DELIM\tTABS\nFPS\t{fps}\n\nColumn\nName\tTracks\tStart\tEnd\tTape\tSource File\tUMID\n\nData\n"
    "shot\tV\t01:00:00:00\t01:00:02:00\tA001\ta.mov\t060A\nsound\tA1A2\t\t\t\t\t\n"
)


@pytest.fixture
def read(tmp_path):
    def read_text(text, rate=None):
        path = tmp_path / "log.ale"
        path.write_text(text)
        return read_cut(str(path), rate)

    return read_text


def test_clips_are_listed_and_placed_nowhere(read):
    cut = read(ALE.format(fps="25"))

    shot, sound = cut.events
    assert (shot.kind.value, shot.programme, shot.source.range) == ("video", None, FrameRange(90000, 90050))
    assert (shot.source.name, shot.source.tape, shot.source.file, shot.source.uuids) == ("shot", "A001", "a.mov", ("060a",))
    assert (sound.kind.value, sound.source.range) == ("audio", None)
    assert cut.notes == ("a clip has no timecode (line 10)",)


def test_a_rate_comes_from_the_file_or_is_given(read):
    assert read(ALE.format(fps="23.98")).rate.frames_per_second == Fraction(24000, 1001)
    assert read(ALE.format(fps=""), Fraction(25)).rate.frames_per_second == 25
    with pytest.raises(CutError, match="does not say its frame rate"):
        read(ALE.format(fps=""))
    with pytest.raises(CutError, match="counts 25 frames a second"):
        read(ALE.format(fps="25"), Fraction(24))


def test_drop_frame_is_what_a_clip_says(read):
    shot = read(ALE.format(fps="29.97").replace("01:00:0", "01;00;0").replace("0:00\t", "0;00\t")).events[0]

    assert shot.source.rate
    assert shot.source.rate.drop_frame


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Heading\nFPS\t24\n", "it has no columns"),
        ("x\ty\n", "does not begin with a heading"),
        (ALE.format(fps="fast"), "'fast' is no frame rate"),
        (ALE.format(fps="24").replace("01:00:02:00", "01:00:02:24"), "line 9: timecode 01:00:02:24 does not exist"),
    ],
)
def test_wrong_files_are_refused(read, text, why):
    with pytest.raises(CutError, match=why):
        read(text)
