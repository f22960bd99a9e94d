"""The disclosure in a browser: nothing scrolls sideways, nothing is inaccessible, and it prints on either paper."""

from __future__ import annotations

import re

import pytest

from tests.page.test_accessibility import RUN
from tests.page.test_layout import WIDTH
from tests.report.disclosure.disclosed import CUT, delivery
from tests.report.disclosure.test_page import of, page
from tests.report.scans import hostile

PAGES = {"delivery": lambda: page(*delivery(), cuts=(CUT,)), "hostile": lambda: of(hostile()), "none": page}


@pytest.fixture
def disclosed(tab, tmp_path):
    """Open a disclosure in a window."""

    def open_page(name, **looks):
        path = tmp_path / "genai-disclosure.html"
        path.write_text(PAGES[name](), "utf-8")
        tab.look(**looks)
        tab.open(path)
        return tab

    return open_page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [400, 1280])
def test_nothing_scrolls_sideways(disclosed, name, width):
    tab = disclosed(name, width=width)
    assert tab.console == []
    assert tab.evaluate(WIDTH) == width


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(disclosed, axe, name, width, scheme):
    tab = disclosed(name, width=width, scheme=scheme)
    tab.evaluate(axe + "; null")
    assert tab.evaluate(RUN) == []


@pytest.mark.parametrize("size", [(8.27, 11.69), (8.5, 11.0)], ids=["A4", "US Letter"])
def test_it_prints_on_either_paper(disclosed, size):
    pages = len(re.findall(rb"/Type\s*/Page\b", disclosed("delivery").pdf(*size)))
    assert 3 <= pages <= 8


def test_lines_to_write_on_are_on_paper(disclosed):
    tab = disclosed("delivery", width=688, medium="print")
    heights = tab.evaluate("[...document.querySelectorAll('.blank')].map(each => each.getBoundingClientRect().height)")
    assert len(heights) > 20
    assert min(heights) >= 15
