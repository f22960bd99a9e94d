from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from scanner.model.text import shown
from scanner.report.columns import cut_end, cut_middle, flow, hard_wrap, width_of, wrap

TEXTS = st.text(st.one_of(st.characters(), st.sampled_from("\x1b\x07\u202e\udcff新é\u0301\u200d👩🏽\ufe0f /·")), max_size=120)
ROOMS = st.integers(8, 60)


def is_safe(text: str) -> bool:
    return shown(text) == text


@given(TEXTS, ROOMS)
def test_cutting_keeps_to_the_room_and_is_safe(text, room):
    for cut in (cut_end(text, room), cut_middle(text, room)):
        assert width_of(cut) <= room
        assert is_safe(cut)


@given(TEXTS, ROOMS)
def test_wrapping_keeps_to_the_room_and_is_safe(text, room):
    for line in (*wrap(text, room), *flow([text, text], room), *(hard_wrap(text, room) if room >= 10 else ())):
        assert width_of(line) <= room
        assert is_safe(line)


@given(TEXTS, st.integers(10, 60))
def test_hard_wrap_loses_nothing(text, room):
    assert "".join(hard_wrap(text, room)) == shown(text)


def test_wide_characters_count_double():
    assert width_of("新しい.jpg") == 10
    assert cut_end("新しい映像", 6) == "新し…"


def test_an_accent_stays_with_its_letter():
    name = unicodedata.normalize("NFD", "éééééééé")
    assert cut_end(name, 4) == unicodedata.normalize("NFD", "ééé") + "…"
    assert width_of(name) == 8


def test_an_escape_is_never_torn():
    # Each escape takes four columns; what remains is whole ones.
    assert cut_end("\x1b" * 5, 10) == "\\x1b\\x1b…"
    assert cut_middle("ab\x1b\x1b\x1bcd", 9) == "ab…\\x1bcd"


def test_the_middle_of_a_path_goes_first():
    assert cut_middle("final/episode_01/stills/st_014.tif", 20) == "final/…ls/st_014.tif"


def test_phrases_break_between_each_other():
    assert flow(["12 movies: not compared", "library empty"], 30) == ["12 movies: not compared", "library empty"]
    assert flow(["a", "b"], 30) == ["a · b"]
