"""What is chosen of frames and packets; no film is needed for it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scanner.frames.choosing import FrameChooser, PacketChooser, last_spike
from scanner.model.moving import SampleReason

INTERVAL = 100


def chosen_of(frames: list[tuple[int, bool]], end: int) -> list[tuple[int, SampleReason]]:
    chooser: FrameChooser[int] = FrameChooser(INTERVAL)
    chosen = [one for ticks, changed in frames for one in chooser.take(ticks, ticks, changed)]
    return [(one.ticks, one.reason) for one in [*chosen, *chooser.finish(end)]]


@st.composite
def offered(draw: st.DrawFn) -> list[tuple[int, bool]]:
    steps = draw(st.lists(st.integers(1, 350), min_size=1, max_size=60))
    times = [sum(steps[:place]) for place in range(len(steps))]
    return [(time, draw(st.booleans())) for time in times]


@given(offered(), st.integers(1, 500))
def test_whatever_stands_for_an_interval_has_a_chosen_frame(frames: list[tuple[int, bool]], after: int) -> None:
    end = frames[-1][0] + after
    chosen = {ticks for ticks, _ in chosen_of(frames, end)}

    for begins, _ in frames:
        shown = [ticks for ticks, _ in frames if begins <= ticks < begins + INTERVAL]
        if begins + INTERVAL <= end:
            assert chosen & set(shown)


@given(offered())
def test_chosen_frames_are_offered_ones_in_order(frames: list[tuple[int, bool]]) -> None:
    chosen = [ticks for ticks, _ in chosen_of(frames, frames[-1][0] + 1)]

    assert chosen == sorted(set(chosen))
    assert set(chosen) <= {ticks for ticks, _ in frames}


def test_strobing_does_not_choose_every_frame() -> None:
    chosen = chosen_of([(ticks, True) for ticks in range(0, 1000, 2)], 1000)

    assert len(chosen) <= 1000 // (INTERVAL // 4) + 1


def test_a_scene_change_chooses_its_first_frame() -> None:
    assert (40, SampleReason.SCENE_CHANGE) in chosen_of([(0, False), (20, False), (40, True), (60, False)], 80)


def test_a_change_just_after_a_chosen_frame_is_not_forgotten() -> None:
    assert (26, SampleReason.SCENE_CHANGE) in chosen_of([(0, False), (4, True), (14, False), (26, False), (30, False)], 40)


def test_times_a_little_back_are_left_out_and_told() -> None:
    chooser: FrameChooser[str] = FrameChooser(INTERVAL)
    chooser.take("first", 0, False)
    chooser.take("later", 50, False)

    assert chooser.take("back", 20, False) == []
    assert not chooser.in_order


def test_a_clock_that_starts_anew_goes_on() -> None:
    chooser: FrameChooser[str] = FrameChooser(INTERVAL)
    chooser.take("first", 1000, False)

    assert [one.frame for one in chooser.take("anew", 0, False)] == ["anew"]
    assert [one.ticks for one in chooser.take("on", 150, False)] == [150]


@given(offered(), st.integers(1, 500))
def test_packets_wanted_lie_an_interval_apart_at_most(packets: list[tuple[int, bool]], after: int) -> None:
    end = packets[-1][0] + after
    chooser = PacketChooser(INTERVAL)
    times = [ticks for ticks, _ in packets]
    following = [*times[1:], end]
    wanted = [
        ticks
        for (ticks, changed), then in zip(packets, following, strict=True)
        if chooser.wants(ticks, 900 if changed else 500, then)
    ]

    assert wanted[0] == times[0]
    for earlier, later in pairwise([*wanted, end]):
        assert later - earlier <= INTERVAL or not [ticks for ticks in times if earlier < ticks < later]


def test_a_packet_that_did_not_decode_is_followed_by_the_next() -> None:
    chooser = PacketChooser(INTERVAL)
    chooser.wants(0, 500, 4)
    chooser.lost()

    assert chooser.wants(4, 500, 8)


def test_a_new_size_of_packets_is_a_scene() -> None:
    chooser = PacketChooser(INTERVAL)
    reasons = [chooser.wants(ticks, 500 + ticks % 3 if ticks < 60 else 700, ticks + 4) for ticks in range(0, 80, 4)]

    assert reasons[15] is SampleReason.SCENE_CHANGE
    assert reasons.count(SampleReason.SCENE_CHANGE) == 1


def test_packets_of_one_size_show_no_scene() -> None:
    chooser = PacketChooser(INTERVAL)

    assert [ticks for ticks in range(0, 300, 4) if chooser.wants(ticks, 500, ticks + 4)] == [0, 100, 200]


def test_a_packet_as_large_as_the_key_frame_is_a_cut() -> None:
    assert last_spike([1000, 60, 50, 40, 900, 45, 52]) == 4


def test_a_stream_of_large_packets_has_no_spike() -> None:
    assert last_spike([1000, 600, 550, 640, 700, 645, 652]) == 0


def test_a_key_frame_alone_has_no_spike() -> None:
    assert last_spike([1000]) == 0
