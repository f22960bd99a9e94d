from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.errors import ScannerError
from scanner.model.timecode import (
    Rate,
    TimecodeError,
    TimecodeReader,
    can_drop,
    format_timecode,
    known_rate,
    parse_frames_per_second,
    parse_timecode,
    says_drop_frame,
)

NTSC = Fraction(1000, 1001)
RATES = [Rate(Fraction(whole)) for whole in (24, 25, 30, 48, 50, 60)]
RATES += [Rate(whole * NTSC) for whole in (24, 30, 48, 60)]
DROPPING = [Rate(whole * NTSC, drop_frame=True) for whole in (30, 60)]
RATES += DROPPING
rates = st.sampled_from(RATES)


def day_frames(rate: Rate) -> st.SearchStrategy[tuple[Rate, int]]:
    return st.tuples(st.just(rate), st.integers(0, rate.frames_a_day - 1))


@given(rates.flatmap(day_frames))
def test_every_frame_of_the_day_comes_back_from_its_timecode(rate_and_frame):
    rate, frame = rate_and_frame

    text = format_timecode(frame, rate)

    assert parse_timecode(text, rate) == frame
    assert says_drop_frame(text) == rate.drop_frame


@given(rates.flatmap(day_frames))
def test_timecodes_grow_with_frames(rate_and_frame):
    rate, frame = rate_and_frame

    later = format_timecode(frame + 1, rate)

    assert later > format_timecode(frame, rate) or later.replace(";", ":") == "00:00:00:00"


@given(rates, st.integers(-(10**9), 10**9), st.integers(-3, 3))
def test_timecode_wraps_at_midnight(rate, frame, days):
    assert format_timecode(frame + days * rate.frames_a_day, rate) == format_timecode(frame, rate)


@given(st.sampled_from(DROPPING).flatmap(day_frames))
def test_drop_frame_keeps_to_the_clock(rate_and_frame):
    rate, frame = rate_and_frame

    hours, minutes, seconds = (int(part) for part in format_timecode(frame, rate)[:8].split(":"))

    # Never more than the numbers of one dropping off, and the 3.6 ms an hour that 1000/1001 leaves.
    assert abs(rate.seconds(frame) - (3600 * hours + 60 * minutes + seconds)) < Fraction(12, 10)


@given(st.sampled_from(DROPPING), st.integers(0, 24 * 60 - 1))
def test_drop_frame_leaves_out_the_first_numbers_of_all_but_tenth_minutes(rate, minute):
    text = f"{minute // 60:02}:{minute % 60:02}:00;"
    missing = range(rate.nominal // 15)

    if minute % 10:
        for number in missing:
            with pytest.raises(TimecodeError, match="does not exist in drop-frame"):
                parse_timecode(f"{text}{number:02}", rate)
        first = parse_timecode(f"{text}{len(missing):02}", rate)
        assert format_timecode(first - 1, rate)[6:] == f"59;{rate.nominal - 1}"
    else:
        assert format_timecode(parse_timecode(f"{text}00", rate), rate) == f"{text}00"


@pytest.mark.parametrize(
    ("text", "rate", "frame"),
    [
        # SMPTE ST 12-1: ten minutes of 29.97 drop-frame are 17,982 frames, a day 2,589,408.
        ("00:00:59;29", Rate(30 * NTSC, True), 1799),
        ("00:01:00;02", Rate(30 * NTSC, True), 1800),
        ("00:10:00;00", Rate(30 * NTSC, True), 17982),
        ("01:00:00;00", Rate(30 * NTSC, True), 107892),
        ("23:59:59;29", Rate(30 * NTSC, True), 2589407),
        ("00:01:00;04", Rate(60 * NTSC, True), 3600),
        ("01:00:00;00", Rate(60 * NTSC, True), 215784),
        ("01:00:00:00", Rate(30 * NTSC), 108000),
        ("01:00:00:00", Rate(24 * NTSC), 86400),
        ("23:59:59:24", Rate(Fraction(25)), 2159999),
        # A colon is also written in drop-frame.
        ("00:01:00:02", Rate(30 * NTSC, True), 1800),
        ("1:2:3:4", Rate(Fraction(24)), 89356),
        ("01;00;00;00", Rate(30 * NTSC, True), 107892),
    ],
)
def test_known_frames(text, rate, frame):
    assert parse_timecode(text, rate) == frame


@pytest.mark.parametrize(
    "text", ["", "01:00:00", "24:00:00:00", "00:60:00:00", "00:00:60:00", "00:00:00:24", "-1:00:00:00", "a:b:c:d", "٠١:00:00:00"]
)
def test_what_is_no_timecode_is_refused_in_one_line(text):
    with pytest.raises(TimecodeError) as caught:
        parse_timecode(text, Rate(Fraction(24)), where="cut.edl, line 3")

    assert str(caught.value).startswith("cut.edl, line 3: ")
    assert "\n" not in str(caught.value)


def test_drop_frame_is_never_guessed():
    with pytest.raises(TimecodeError, match="is drop-frame"):
        parse_timecode("00:01:00;02", Rate(30 * NTSC))


@pytest.mark.parametrize("whole", [24, 25, 30, 50])
def test_drop_frame_exists_at_ntsc_rates_only(whole):
    assert not can_drop(Fraction(whole))
    with pytest.raises(TimecodeError, match=f"not at {whole}"):
        Rate(Fraction(whole), drop_frame=True)


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("24", Fraction(24)),
        ("25.000", Fraction(25)),
        ("23.976", 24 * NTSC),
        ("23.98", 24 * NTSC),
        ("29.97", 30 * NTSC),
        ("47.95", 48 * NTSC),
        ("59.94", 60 * NTSC),
        ("59.94005994", 60 * NTSC),
        ("30000/1001", 30 * NTSC),
        (" 24000 / 1001 ", 24 * NTSC),
    ],
)
def test_rates_are_read_exactly(text, rate):
    assert parse_frames_per_second(text) == rate


@pytest.mark.parametrize("text", ["", "0", "24.5", "1/0", "-25", "1e9", "25fps", "9999", "nan", "٢٥"])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(ScannerError, match="is no frame rate"):
        parse_frames_per_second(text)


@given(st.sampled_from([rate for rate in RATES if not rate.drop_frame]), st.integers(2, 6))
def test_a_rate_written_as_decimal_is_known(rate, digits):
    assert known_rate(Fraction(f"{float(rate.frames_per_second):.{digits}f}")) == rate.frames_per_second


@given(rates, st.integers(0, 10**7), st.sampled_from([1000, 12800, 90000, 24000]))
def test_a_frame_is_found_again_from_a_rounded_time(rate, frame, time_base):
    ticks = (rate.seconds(frame) * time_base).__floor__()

    assert rate.nearest_frame(Fraction(ticks, time_base)) == frame


@given(st.sampled_from([Rate(Fraction(25)), Rate(Fraction(120)), *DROPPING]), st.data())
def test_a_reader_of_many_timecodes_says_the_same(rate, data):
    parts = st.tuples(st.integers(0, 24), st.sampled_from([0, 1, 10, 60]), st.integers(0, 2), st.integers(0, 130))
    written = data.draw(st.lists(st.builds("{0[0]:02}:{0[1]:02}:{0[2]:02}{1}{0[3]:02}".format, parts, st.sampled_from(":;"))))
    reader = TimecodeReader(rate)

    def outcome(read, *texts):
        try:
            return read(*texts)
        except TimecodeError as error:
            return str(error)

    alone = [outcome(parse_timecode, text, rate) for text in written]
    assert [outcome(reader.read, text) for text in written] == alone
    known = [text for text, number in zip(written, alone, strict=True) if isinstance(number, int)]
    assert [reader.read_both(text, known[0]) for text in known] == [(reader.read(text), reader.read(known[0])) for text in known]
