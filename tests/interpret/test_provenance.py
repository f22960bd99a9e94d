"""The provenance class: the strongest definitive or strong mark sets it; without one, what the readings allow to say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.interpret.provenance import REQUIRED_READERS, classify
from scanner.model.formats import UNKNOWN_FORMAT, Format
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.readings import ReadingSummary
from scanner.probe.formats import by_name

JPEG, SRT = by_name("jpeg"), by_name("srt")
READ = (ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "not-found"))
BROKEN = (ReadingSummary("exiftool", "failed", "truncated"), ReadingSummary("c2pa", "not-found"))
UNTRIED = (ReadingSummary("exiftool", "not-tried", "x"), ReadingSummary("c2pa", "not-tried", "x"))


def mark(meaning: Meaning, confidence: Confidence = Confidence.STRONG) -> Mark:
    return Mark(f"test-{meaning}", meaning, confidence, "", "file", "", "exiftool", "1")


MARKS = st.builds(mark, st.sampled_from(Meaning), st.sampled_from(Confidence))
READINGS = st.lists(
    st.builds(
        ReadingSummary,
        st.sampled_from([*sorted(REQUIRED_READERS), "picture"]),
        st.sampled_from(["found", "not-found", "failed", "not-tried"]),
    ),
    max_size=5,
).map(tuple)
FORMATS = st.sampled_from([JPEG, SRT, UNKNOWN_FORMAT, by_name("mxf"), by_name("pdf")])
TELLING = (Confidence.DEFINITIVE, Confidence.STRONG)


@pytest.mark.parametrize("confidence", TELLING)
@pytest.mark.parametrize(
    ("meaning", "expected"),
    [
        (Meaning.GENERATED, Provenance.GENERATED),
        (Meaning.COMPOSITE, Provenance.COMPOSITE),
        (Meaning.EDITED, Provenance.EDITED),
        (Meaning.ENHANCED, Provenance.ENHANCED),
        (Meaning.DECLARED_OTHER, Provenance.DECLARED_OTHER),
        (Meaning.MAY_CONTAIN, Provenance.NO_MARKS),
        (Meaning.HISTORY, Provenance.NO_MARKS),
        (Meaning.PERMISSION, Provenance.NO_MARKS),
        (Meaning.TRAP, Provenance.NO_MARKS),
    ],
)
def test_one_mark_sets_its_class_or_none(meaning, expected, confidence):
    assert classify([mark(meaning, confidence)], JPEG, READ) is expected


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([(Meaning.EDITED, "strong"), (Meaning.GENERATED, "strong")], Provenance.GENERATED),
        ([(Meaning.EDITED, "definitive"), (Meaning.GENERATED, "strong")], Provenance.EDITED),
        ([(Meaning.EDITED, "strong"), (Meaning.COMPOSITE, "strong")], Provenance.COMPOSITE),
        ([(Meaning.DECLARED_OTHER, "definitive"), (Meaning.EDITED, "strong")], Provenance.EDITED),
        ([(Meaning.DECLARED_OTHER, "definitive"), (Meaning.ENHANCED, "strong")], Provenance.ENHANCED),
        ([(Meaning.HISTORY, "definitive"), (Meaning.DECLARED_OTHER, "strong")], Provenance.DECLARED_OTHER),
        ([(Meaning.GENERATED, "weak"), (Meaning.DECLARED_OTHER, "strong")], Provenance.DECLARED_OTHER),
        ([(Meaning.GENERATED, "weak")], Provenance.NO_MARKS),
    ],
)
def test_among_several_marks_the_strongest_wins(marks, expected):
    assert classify([mark(meaning, Confidence(confidence)) for meaning, confidence in marks], JPEG, READ) is expected


@pytest.mark.parametrize(
    ("file_format", "readings", "expected"),
    [
        (JPEG, READ, Provenance.NO_MARKS),
        (JPEG, BROKEN, Provenance.UNREADABLE),
        (JPEG, UNTRIED, Provenance.NOT_CHECKABLE),
        (JPEG, (), Provenance.NOT_CHECKABLE),
        (JPEG, (*READ, ReadingSummary("picture", "failed", "x")), Provenance.NO_MARKS),
        (SRT, READ, Provenance.NOT_CHECKABLE),
        (UNKNOWN_FORMAT, UNTRIED, Provenance.NOT_CHECKABLE),
        (UNKNOWN_FORMAT, (ReadingSummary("probe", "failed", "vanished"),), Provenance.UNREADABLE),
    ],
)
def test_without_marks_the_readings_decide(file_format, readings, expected):
    assert classify([], file_format, readings) is expected


@given(st.lists(MARKS, max_size=5), st.sampled_from(Meaning), FORMATS, READINGS)
def test_a_weak_mark_never_changes_the_class(marks, meaning, file_format, readings):
    weak = mark(meaning, Confidence.WEAK)
    assert classify([*marks, weak], file_format, readings) is classify(marks, file_format, readings)


@given(
    st.lists(MARKS, max_size=5),
    st.sampled_from([Meaning.HISTORY, Meaning.PERMISSION, Meaning.MAY_CONTAIN, Meaning.TRAP]),
    READINGS,
)
def test_history_permissions_and_open_terms_never_change_the_class(marks, meaning, readings):
    extra = mark(meaning, Confidence.DEFINITIVE)
    assert classify([extra, *marks], JPEG, readings) is classify(marks, JPEG, readings)


@given(
    st.lists(MARKS, max_size=5),
    st.sampled_from([Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED]),
    st.sampled_from(TELLING),
    FORMATS,
    READINGS,
)
def test_a_generative_mark_beats_everything_else_failures_included(marks, meaning, confidence, file_format, readings):
    assert classify([*marks, mark(meaning, confidence)], file_format, readings).is_generative


@given(st.permutations([mark(meaning, confidence) for meaning in Meaning for confidence in Confidence][:9]), READINGS)
def test_the_order_of_marks_says_nothing(marks, readings):
    assert classify(marks, JPEG, readings) is classify(sorted(marks, key=lambda one: (one.id, one.confidence)), JPEG, readings)


@given(st.lists(st.builds(mark, st.sampled_from(Meaning), st.just(Confidence.WEAK)), max_size=4), FORMATS, READINGS)
def test_a_failed_required_reading_without_telling_marks_is_unreadable(marks, file_format: Format, readings):
    failed = ReadingSummary("exiftool", "failed", "truncated")
    assert classify(marks, file_format, (*readings, failed)) is Provenance.UNREADABLE


@given(st.lists(MARKS, max_size=3), FORMATS, READINGS)
def test_no_marks_is_only_said_of_media_that_was_looked_at_whole(marks, file_format, readings):
    if classify(marks, file_format, readings) is Provenance.NO_MARKS:
        assert file_format.kind.is_media
        assert any(reading.state in ("found", "not-found") for reading in readings)
        assert not any(reading.state == "failed" and reading.reader in REQUIRED_READERS for reading in readings)
