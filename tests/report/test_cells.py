from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.report.cells import cell, neutralised, restored

STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠", "﹦", "−"]


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("before", ["", " ", "\u3000", '"', "'", '" '])
def test_no_cell_begins_a_formula(start, before):
    assert neutralised(f"{before}{start}1+1") == f"'{before}{start}1+1"


@pytest.mark.parametrize("control", ["\t", "\r", "\n"])
def test_no_cell_begins_with_a_control_that_is_dropped(control):
    assert neutralised(f"{control}=1").startswith("'")
    assert "\t" not in cell(f"{control}=1")


@pytest.mark.parametrize("separator", [";", "\t", "\r\n"])
def test_nor_does_a_cell_inside_it_for_a_reader_with_another_separator(separator):
    assert neutralised(f'a{separator}"=1+1') == f"a{separator}'\"=1+1"


@pytest.mark.parametrize("text", ["", "final/a.jpg", "a=b", "a-b", "it's", "'quoted'", "a;b", "1.5", "a, =b"])
def test_other_text_is_left_alone(text):
    assert neutralised(text) == text


@given(st.text(alphabet="=+-@＝'\"; \t\r\n\u3000ab", max_size=12) | st.text())
def test_the_text_can_be_had_back(text):
    assert restored(neutralised(text)) == text


@given(st.text(alphabet="=+-@＝'\"; \t\r\n\u3000ab", max_size=12))
def test_twice_is_still_safe_and_can_still_be_had_back(text):
    assert restored(restored(neutralised(neutralised(text)))) == text
