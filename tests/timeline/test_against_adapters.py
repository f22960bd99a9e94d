"""Timelines written by OpenTimelineIO's adapters, as other programs' files: our own readers see what the library had."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from scanner.model.cut import Cut
from scanner.timeline.reading import read_cut

otio = pytest.importorskip("opentimelineio")
RATES = [24.0, 25.0, 24000 / 1001, 30000 / 1001]


def events(cut: Cut) -> list[tuple[object, ...]]:
    return sorted(
        (
            event.source.name,
            event.programme and (event.programme.start, event.programme.end),
            event.source.range and (event.source.range.start, event.source.range.end),
            event.transition_in and event.transition_in.frames,
            event.transition_out and event.transition_out.frames,
        )
        for event in cut.events
    )


def timeline(seed: int, rate: float, *, tracks: int, begin: int, dissolves: bool):
    """Clips with handles, gaps, dissolves between clips."""
    chosen = random.Random(seed)

    def time(frames: int):
        return otio.opentime.RationalTime(frames, rate)

    made = otio.schema.Timeline("Film", global_start_time=time(begin))
    for number in range(tracks):
        track = otio.schema.Track(kind="Video")
        after_clip = False
        for position in range(5):
            if chosen.random() < 0.25:
                track.append(otio.schema.Gap(source_range=otio.opentime.TimeRange(time(0), time(chosen.randrange(5, 40)))))
                after_clip = False
                continue
            if dissolves and after_clip and chosen.random() < 0.5:
                track.append(otio.schema.Transition("Cross Dissolve", "SMPTE_Dissolve", time(6), time(6)))
            name = f"c{number}_{position}"
            media = otio.schema.ExternalReference(f"file:///v/{name}.mov", otio.opentime.TimeRange(time(0), time(500)))
            media.name = name
            span = otio.opentime.TimeRange(time(chosen.randrange(20, 60)), time(chosen.randrange(20, 60)))
            track.append(otio.schema.Clip(name, media, span))
            after_clip = True
        made.tracks.append(track)
    return made


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("seed", range(3))
def test_fcp7(tmp_path, rate, seed):
    pytest.importorskip("otio_fcp_adapter")
    made = timeline(seed, rate, tracks=2, begin=3600 * round(rate), dissolves=True)
    otio.adapters.write_to_file(made, str(tmp_path / "cut.otio"))
    otio.adapters.write_to_file(made, str(tmp_path / "cut.xml"), "fcp_xml")

    cut = read_cut(str(tmp_path / "cut.xml"))

    assert cut.rate.frames_per_second == Fraction(rate).limit_denominator(1001)
    assert events(cut) == events(read_cut(str(tmp_path / "cut.otio")))


@pytest.mark.parametrize("rate", [24.0, 25.0])
@pytest.mark.parametrize("seed", range(3))
def test_edl(tmp_path, rate, seed):
    pytest.importorskip("otio_cmx3600_adapter")
    # The adapter writes programmes from 00:00:00:00 only, and splits a clip in two before a dissolve.
    made = timeline(seed, rate, tracks=1, begin=0, dissolves=False)
    otio.adapters.write_to_file(made, str(tmp_path / "cut.otio"))
    otio.adapters.write_to_file(made, str(tmp_path / "cut.edl"), "cmx_3600", rate=rate)

    assert events(read_cut(str(tmp_path / "cut.edl"), Fraction(rate))) == events(read_cut(str(tmp_path / "cut.otio")))
