"""What the fields of an approval must be."""

from __future__ import annotations

import pytest

from scanner.model.approvals import Category
from scanner.store.approval_fields import TEXT_LIMIT, category_field, day_field, span, text_field


def test_text_is_trimmed():
    assert text_field("the use", "  Künstliche Wolken, सन्ध्या 🌅 ") == "Künstliche Wolken, सन्ध्या 🌅"
    assert text_field("the use", "  ", required=False) == ""


@pytest.mark.parametrize("text", ["a\nb", "a\rb", "a\x1b[2Jb", "a\x00b", "a\x9bb", "a\u2028b", "a\udcffb", "a\tb"])
def test_text_that_would_steer_a_terminal_or_break_a_line_is_refused(text):
    with pytest.raises(ValueError, match="line break, a control character or a stray byte") as caught:
        text_field("the use", text)
    assert str(caught.value).isprintable()


def test_text_is_required_and_bounded():
    with pytest.raises(ValueError, match="the use is empty"):
        text_field("the use", " ")
    with pytest.raises(ValueError, match="longer than 2,000"):
        text_field("the use", "x" * (TEXT_LIMIT + 1))


def test_days():
    assert day_field("the date", " 2026-02-28 ") == "2026-02-28"
    assert day_field("expires", "", required=False) == ""


@pytest.mark.parametrize(
    "text", ["", "20260228", "2026-2-8", "2026-02-30", "28.02.2026", "2026-W01-1", "2026-02-28T00:00", "٢٠٢٦-٠٢-٠١"]
)
def test_other_ways_to_write_a_day_are_refused(text):
    with pytest.raises(ValueError, match="no day as YYYY-MM-DD"):
        day_field("the date", text)


def test_an_end_before_the_beginning():
    span("2026-02-01", "")
    span("2026-02-01", "2026-02-01")
    with pytest.raises(ValueError, match="expires on 2026-01-31, before its date 2026-02-01"):
        span("2026-02-01", "2026-01-31")


@pytest.mark.parametrize("word", ["talent-and-performance", "Talent and Performance", "talent_and_performance "])
def test_a_category_as_people_write_it(word):
    assert category_field(word) is Category.TALENT


@pytest.mark.parametrize(
    ("word", "hint"), [("talent", "talent-and-performance"), ("creative", "creative-output"), ("datause", "data-use")]
)
def test_an_unknown_category_names_the_nearest(word, hint):
    with pytest.raises(ValueError, match=f"did you mean {hint}"):
        category_field(word)


def test_a_category_near_nothing_names_them_all():
    with pytest.raises(ValueError, match=r"zzz is no category \(there are data-use, creative-output"):
        category_field("zzz")
