"""Filtering, searching and counting, against a plain loop over all assets."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.model.errors import UsageError
from scanner.report.report_file import ReportFile
from scanner.review.catalogue import PAGE, Catalogue
from scanner.review.query import Query, read_query
from tests.report.large import large
from tests.report.written import to_json

CONCERNS = ["blocked", "incomplete", "review", "pass", None]


def catalogue_of(text: str, folder: Path) -> Catalogue:
    path = folder / "scan.json"
    path.write_text(text)
    return Catalogue(ReportFile(str(path)))


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return catalogue_of(to_json(large(400)), tmp_path_factory.mktemp("catalogue"))


@pytest.fixture(scope="module")
def everything(catalogue: Catalogue) -> list[dict]:
    return [dict(catalogue.asset(row).fields) for row in range(len(catalogue))]


def answers(asset: dict, facet: str) -> set[str]:
    if facet == "rule":
        return {one["rule"] for one in asset["findings"]}
    if facet == "generator":
        return {one["generator"] for one in asset["marks"]} - {""}
    if facet == "role":
        return {one["role"] for one in asset["matches"]}
    return {asset[facet] or "not judged"}


def fits(asset: dict, query: Query) -> bool:
    text = "\n".join(
        [
            asset["path"],
            *(f"{one['rule']} {one['message']}" for one in asset["findings"]),
            *(f"{one['generator']} {one['where']} {one['value']}" for one in asset["marks"]),
            *(one["reference_name"] for one in asset["matches"]),
        ]
    ).casefold()
    return all(answers(asset, name) & set(wanted) for name, wanted in query.wanted.items()) and all(
        word in text for word in query.words
    )


questions = st.lists(
    st.sampled_from(
        [
            ("verdict", "blocked"),
            ("verdict", "pass"),
            ("verdict", "not judged"),
            ("zone", "final"),
            ("zone", "graphics"),
            ("format", "jpeg"),
            ("rule", "ai-declared"),
            ("generator", "Midjourney"),
            ("role", "ai"),
            ("provenance", "generated"),
            ("zone", "nowhere"),
            ("text", "ep1"),
            ("text", "PNG:parameters shot"),
            ("page", "2"),
        ]
    ),
    max_size=4,
)


@given(questions)
@settings(deadline=None, max_examples=40)
def test_it_finds_and_counts_what_a_loop_does(catalogue: Catalogue, everything: list[dict], asked: list[tuple[str, str]]) -> None:
    query = read_query(asked)
    fitting = [row for row, asset in enumerate(everything) if fits(asset, query)]
    found = catalogue.search(query)
    assert found.total == len(fitting)
    assert list(found.rows) == fitting[(found.page - 1) * PAGE : found.page * PAGE]
    for name, offered in found.facets.items():
        if name == "news":
            continue
        among = [asset for asset in everything if fits(asset, query.without(name))]
        counted = Counter(answer for asset in among for answer in answers(asset, name))
        assert {one.words: one.count for one in offered if one.count} == dict(counted)
        assert {one.words for one in offered if one.wanted} == set(query.wanted.get(name, ())) & {one.words for one in offered}


def test_rows_are_by_concern_and_then_as_the_report_has_them(catalogue: Catalogue) -> None:
    rows = [(CONCERNS.index(catalogue.asset(row).fields["verdict"]), catalogue.number_of(row)) for row in range(len(catalogue))]
    assert rows == sorted(rows)
    assert sorted(number for _, number in rows) == list(range(400))


def test_what_stands_beside_a_row_is_among_what_was_found(catalogue: Catalogue) -> None:
    query = read_query([("verdict", "pass"), ("text", "v003")])
    rows = catalogue.search(query).rows
    for at, row in enumerate(rows[:-1]):
        assert catalogue.neighbours(row, query) == (rows[at - 1] if at else None, rows[at + 1])
    # One that the filters left out has neighbours all the same.
    outside = next(row for row in range(rows[0], rows[-1]) if row not in rows)
    before, after = catalogue.neighbours(outside, query)
    assert before is not None and after is not None and before < outside < after
    assert catalogue.neighbours(0, read_query([("text", "no such text")])) == (None, None)


def test_contents_lead_to_rows(catalogue: Catalogue) -> None:
    contents = list(catalogue.contents())
    for row in (0, 17, 399):
        assert row in catalogue.rows_of(contents[row]) or not contents[row]
    assert catalogue.rows_of("") == ()
    assert catalogue.rows_of("0" * 64) == ()


def test_an_empty_report_has_one_empty_page(tmp_path: Path) -> None:
    catalogue = catalogue_of(to_json(large(0)), tmp_path)
    found = catalogue.search(read_query([("zone", "final"), ("page", "7")]))
    assert (len(catalogue), found.total, found.rows, found.page, found.pages) == (0, 0, (), 1, 1)
    with pytest.raises(IndexError):
        catalogue.asset(0)


def test_known_and_new_are_asked_for_only_beside_a_baseline(catalogue: Catalogue) -> None:
    assert catalogue.search(read_query([])).facets["news"] == ()


@pytest.mark.parametrize("change", [('"zone": "final"', '"zone": 7'), ('"content_digest": "', '"content_digest": "x')])
def test_a_report_with_other_values_is_refused(change: tuple[str, str], tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no report that this scanner wrote"):
        catalogue_of(to_json(large(20)).replace(*change), tmp_path)
