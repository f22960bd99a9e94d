from __future__ import annotations

import time

import pytest
from fileseq.filesequence import FileSequence
from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.sequences import (
    Candidate,
    Confirmation,
    FrameFacts,
    confirm,
    find_candidates,
    ranges,
    rebuild,
    split_name,
)
from scanner.model.assets import Asset, FileEntry
from scanner.model.judging import Zone, ZoneChoice

ZONE = ZoneChoice(Zone.UNASSIGNED, "")
PLATE = FrameFacts("exr", 4096, 2160)


def files(pattern: str, frames: object) -> list[FileEntry]:
    return [FileEntry(pattern % frame, 1) for frame in frames]  # type: ignore[attr-defined]


def summary(*groups: list[FileEntry]) -> list[tuple[str, str]]:
    return [(found.path, found.missing) for found in find_candidates([file for group in groups for file in group])]


def asset_of(candidate: Candidate) -> Asset:
    return Asset(0, candidate.path, candidate.files, ZONE, frames=candidate.frames, missing=candidate.missing)


def asset(frames: object = range(1001, 1021)) -> Asset:
    return asset_of(find_candidates(files("a.%04d.exr", frames))[0])


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.1001.exr", ("", "a.", "1001", ".exr")),
        ("x/y/IMG_0001.JPG", ("x/y/", "IMG_", "0001", ".JPG")),
        ("shot_v002.0001.dpx", ("", "shot_v002.", "0001", ".dpx")),
        ("x-0001.png", ("", "x-", "0001", ".png")),
        ("x.-0005.png", ("", "x.", "-0005", ".png")),
        ("x.-0000.png", ("", "x.-", "0000", ".png")),
        ("frame12.tif", ("", "frame", "12", ".tif")),
        ("0042.tif", ("", "", "0042", ".tif")),
        ("-7.tif", ("", "-", "7", ".tif")),
        ("line\nbreak.0001.exr", ("", "line\nbreak.", "0001", ".exr")),
        ("bad\udcff.0001.exr", ("", "bad\udcff.", "0001", ".exr")),
    ],
)
def test_names_are_taken_apart(name: str, parts: tuple[str, str, str, str]) -> None:
    found = split_name(name)
    assert found is not None
    assert (found.folder, found.base, found.frame, found.extension) == parts


@pytest.mark.parametrize(
    "name",
    [
        "a.exr",
        "a.1001.mov",
        "a.1001.wav",
        "a.1001.xmp",
        "IMG_0001.CR2",
        "a.1001.exr\r",
        "a.1001",
        "1001",
        ".1001",
        "still_v003.png",
        "still.V12.png",
        "v1.png",
        "._a.1001.exr",
        "a." + "9" * 40 + ".exr",
        "20240101123000.jpg",
        "a.\u0661\u0662\u0663.exr",
        "a.1001.sc.exr",
    ],
)
def test_names_without_a_frame_number(name: str) -> None:
    assert split_name(name) is None


def test_frames_of_one_name_are_one_candidate_in_fileseq_notation() -> None:
    assert summary(files("shots/a.%04d.exr", range(1001, 1046))) == [("shots/a.1001-1045#.exr", "")]
    assert summary(files("a.%05d.exr", range(1001, 1046))) == [("a.1001-1045@@@@@.exr", "")]
    assert summary(files("a%03d.png", range(1, 9))) == [("a1-8@@@.png", "")]
    assert summary(files("a_%d.png", range(1, 121))) == [("a_1-120@.png", "")]
    assert summary(files("a.%04d.exr", range(-4, 6))) == [("a.-4-5#.exr", "")]


def test_fileseq_reads_our_notation_back_to_the_same_files() -> None:
    for pattern, frames in (("d/a.%04d.exr", range(1, 12)), ("d/a_%d.png", range(1, 12)), ("d/a.%08d.tif", range(9, 20))):
        found = find_candidates(files(pattern, frames))[0]
        assert list(FileSequence(found.path)) == [file.path for file in found.files]


def test_eight_frames_are_the_fewest() -> None:
    assert summary(files("a.%04d.exr", range(1, 8))) == []
    assert len(summary(files("a.%04d.exr", range(1, 9)))) == 1


def test_gaps_are_told_as_ranges() -> None:
    frames = [frame for frame in range(1001, 1046) if frame not in (1010, 1020, 1021, 1022)]
    assert summary(files("a.%04d.exr", frames)) == [("a.1001-1045#.exr", "1010,1020-1022")]


def test_at_most_half_of_the_range_may_be_missing() -> None:
    assert summary(files("a.%04d.exr", range(1, 17, 2))) == [("a.1-15#.exr", "2,4,6,8,10,12,14")]
    assert summary(files("a.%04d.exr", range(1, 40, 3))) == []


def test_an_outlier_costs_the_others_nothing() -> None:
    frames = [*range(1001, 1046), 9999]
    assert summary(files("a.%04d.exr", frames)) == [("a.1001-1045#.exr", "")]
    assert summary(files("a.%04d.exr", [1, *range(500, 520), 9999])) == [("a.500-519#.exr", "")]


def test_two_stretches_far_apart_are_two_sequences() -> None:
    frames = [*range(1, 11), *range(5001, 5011)]
    assert summary(files("a.%04d.exr", frames)) == [("a.1-10#.exr", ""), ("a.5001-5010#.exr", "")]


def test_folder_name_extension_and_padding_part_sequences() -> None:
    groups = ["x/a.%04d.exr", "y/a.%04d.exr", "x/b.%04d.exr", "x/a.%04d.EXR", "x/a.%04d.dpx", "x/a.%06d.exr"]
    found = summary(*(files(group, range(1, 11)) for group in groups))
    assert len(found) == len({path for path, _ in found}) == len(groups)


def test_numbers_that_outgrow_their_padding_stay_with_it() -> None:
    assert summary(files("a.%04d.exr", range(9990, 10011))) == [("a.9990-10010#.exr", "")]
    assert summary(files("a.%03d.exr", range(90, 120))) == [("a.90-119@@@.exr", "")]


def test_versions_are_no_frames() -> None:
    assert summary(files("still_v%03d.png", range(1, 20))) == []


def test_ten_thousand_frames_are_grouped_fast() -> None:
    frames = files("s/a.%05d.exr", range(10_000)) + files("s/b.%05d.exr", range(0, 30_000, 3))
    started = time.process_time()
    assert len(find_candidates(frames)) == 1
    assert time.process_time() - started < 2


def test_a_span_of_a_billion_is_not_counted_out() -> None:
    frames = [*range(8), *range(999_999_990, 999_999_999)]
    padding = FileSequence.getPaddingChars(9)
    assert summary(files("a.%09d.exr", frames)) == [
        (f"a.0-7{padding}.exr", ""),
        (f"a.999999990-999999998{padding}.exr", ""),
    ]


@given(st.sets(st.integers(-30, 400), max_size=80))
def test_ranges_name_exactly_these_frames(frames: set[int]) -> None:
    text = ranges(frames)
    assert set(FileSequence(f"a.{text}#.exr").frameSet() or () if text else ()) == frames


@given(st.sets(st.integers(0, 300), min_size=8, max_size=200))
def test_every_candidate_keeps_the_rule(frames: set[int]) -> None:
    for found in find_candidates(files("a.%d.exr", sorted(frames))):
        span = found.frames[-1] - found.frames[0] + 1
        assert len(found.frames) >= 8
        assert 2 * len(found.frames) >= span
        assert ranges(set(range(found.frames[0], found.frames[-1] + 1)) - set(found.frames)) == found.missing
        assert rebuild(found.files) == found


def test_frames_of_one_size_are_confirmed() -> None:
    confirmed = confirm(asset(), [PLATE] * 20)
    assert confirmed == Confirmation((tuple(range(20)),))
    assert confirmed.whole


def test_frames_that_could_not_be_read_contradict_nothing() -> None:
    facts = [PLATE] * 16 + [None, FrameFacts("unknown"), FrameFacts("exr"), FrameFacts("")]
    assert confirm(asset(), facts).whole
    assert confirm(asset(), [None] * 20).whole
    assert confirm(asset(), [FrameFacts("exr")] * 20).whole


def test_frames_of_another_size_or_format_stand_alone() -> None:
    facts = [PLATE] * 20
    facts[3], facts[7], facts[11] = FrameFacts("exr", 100, 100), FrameFacts("jpeg", 4096, 2160), FrameFacts("xml")
    confirmed = confirm(asset(), facts)
    assert confirmed.sequences == (tuple(index for index in range(20) if index not in (3, 7, 11)),)
    assert confirmed.reason == "3 of the 20 numbered files have another format or picture size, or too few neighbours left"


def test_pictures_of_many_sizes_are_no_sequence() -> None:
    confirmed = confirm(asset(), [FrameFacts("jpeg", 100 + index // 7, 100) for index in range(20)])
    assert confirmed.sequences == ()
    assert "fewer than 8 of the 20" in confirmed.reason


def test_what_is_left_must_keep_the_rule_itself() -> None:
    others = [FrameFacts("exr", width, 1) for width in range(1, 31)]
    facts = [PLATE] * 9 + others + [PLATE] * 9 + others[:4] + [PLATE] * 9
    confirmed = confirm(asset(range(1001, 1062)), facts)
    assert [len(sequence) for sequence in confirmed.sequences] == [9, 18]
    assert not confirmed.whole


def test_numbered_camera_pictures_are_no_sequence() -> None:
    facts = [FrameFacts("jpeg", 6000, 4000, f"2024:05:01 10:{minute:02}:00", "Canon EOS R5") for minute in range(20)]
    confirmed = confirm(asset(), facts)
    assert confirmed.sequences == ()
    assert "camera" in confirmed.reason
    assert confirm(asset(), facts[:15] + [None] * 5).sequences == ()


def test_frames_that_share_their_date_or_name_no_camera_are_a_sequence() -> None:
    same = FrameFacts("dpx", 4096, 2160, "2024:05:01 10:00:00", "ARRISCAN")
    assert confirm(asset(), [same] * 20).whole
    dated = [FrameFacts("png", 10, 10, f"2024:05:01 10:{minute:02}:00") for minute in range(20)]
    assert confirm(asset(), dated).whole
