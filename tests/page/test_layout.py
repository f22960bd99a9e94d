"""How the page lies: no width that scrolls, tables that stay tables, paper that has what it needs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from tests.report.approved import approved
from tests.report.laid import laid
from tests.report.large import large
from tests.report.scans import ALL, blocked

SCANS = ALL | {
    "approved": approved,
    "laid": laid,
    "none": lambda: replace(blocked(), assets=(), thumbnails={}),
    "ten": lambda: large(10, troubled=2),
}
UNFOLD = "document.querySelectorAll('details').forEach(each => each.open = true)"
WIDTH = "document.documentElement.scrollWidth"


@pytest.mark.parametrize("name", SCANS)
def test_nothing_scrolls_sideways_even_unfolded(opened, name):
    tab = opened(SCANS[name](), width=400)
    assert tab.console == []
    assert tab.evaluate(WIDTH) == 400
    tab.evaluate(UNFOLD)
    assert tab.evaluate(WIDTH) == 400
    tab.look(width=1280)
    assert tab.evaluate(WIDTH) == 1280


@pytest.mark.parametrize("width", [400, 1280])
def test_the_table_of_assets_is_told_as_a_table(opened, width):
    # Its rows are laid out as grids; assistive technology must still be told of rows, headers and cells.
    tab = opened(blocked(), width=width)
    nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in nodes if not node.get("ignored")]
    assert roles.count("table") == 2
    assert roles.count("row") >= 1 + len(blocked().assets)
    assert roles.count("rowheader") >= len(blocked().assets)
    assert roles.count("columnheader") >= 6


def test_the_heads_of_columns_do_not_cover_the_first_row_where_rows_are_stacked(opened):
    tab = opened(blocked(), width=400)
    box = tab.evaluate("(({width, height}) => [width, height])(document.querySelector('#rows thead').getBoundingClientRect())")
    assert box == [1, 1]


def shown(tab, selector):
    return tab.evaluate(f"[...document.querySelectorAll({selector!r})].some(each => each.getClientRects().length)")


def test_paper_has_no_controls_and_what_was_folded_that_belongs_on_it(opened):
    tab = opened(approved(), medium="print")
    for selector in ("#filters", "nav", ".skip", "button", "details.proof"):
        assert not shown(tab, f".card {selector}" if selector == "details.proof" else selector), selector
    for selector in (".confidential", ".card .thumb", "#technical dl", "#assets tbody tr", "footer"):
        assert shown(tab, selector), selector
    assert tab.evaluate("document.querySelector('#technical dl').checkVisibility({contentVisibilityAuto: true})")


@pytest.mark.parametrize("size", [(8.27, 11.69), (8.5, 11.0)], ids=["A4", "US Letter"])
def test_it_prints_on_either_paper(opened, size):
    pdf = opened(blocked()).pdf(*size)
    pages = len(re.findall(rb"/Type\s*/Page\b", pdf))
    assert 2 <= pages <= 8


def test_filters_are_said_on_paper(opened):
    tab = opened(blocked(), "zone=archival", medium="print")
    assert shown(tab, "#filtered")
