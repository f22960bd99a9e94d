"""Addresses and what they ask."""

from __future__ import annotations

from urllib.parse import parse_qsl

from hypothesis import given
from hypothesis import strategies as st

from scanner.review.query import FACETS, Query, read_query

pairs = st.lists(st.tuples(st.sampled_from([*FACETS, "text", "page", "secret"]), st.text(max_size=30)), max_size=30)


@given(pairs)
def test_an_address_says_what_was_read(asked: list[tuple[str, str]]) -> None:
    query = read_query(asked)
    again = read_query(
        parse_qsl(query.address().removeprefix("?"), keep_blank_values=True, encoding="utf-8", errors="surrogatepass")
    )
    assert again == query


def test_what_is_no_question_is_left_out() -> None:
    query = read_query(
        [("zone", "final"), ("zone", "final"), ("zone", ""), ("sql", "1"), ("page", "-1"), ("page", "٣"), ("text", " A  b ")]
    )
    assert query == Query({"zone": ("final",)}, "A  b", 1)
    assert query.words == ("a", "b")
    assert not query.is_empty
    assert read_query([]).is_empty
    assert query.without("zone").wanted == {}


def test_a_page_is_part_of_the_address_from_the_second_on() -> None:
    query = read_query([("zone", "final"), ("page", "3")])
    assert query.address() == "?zone=final&page=3"
    assert query.address(1) == "?zone=final"
    assert read_query([]).address() == ""
