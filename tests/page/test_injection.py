"""Hostile texts in every field of a scan, and in the address, opened in a browser: nothing runs, loads or complains."""

from __future__ import annotations

import pytest

from scanner.model.text import shown
from tests.report.filmed import filmed
from tests.report.laid import laid
from tests.report.parts import HOSTILE
from tests.report.scans import hostile

FRAGMENTS = (
    "",
    "q=%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "rule=%3Cimg+src%3Dx+onerror%3Dalert(1)%3E&verdict=blocked",
    "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
    "javascript:alert(1)",
)


@pytest.mark.parametrize("make", [hostile, laid, filmed])
@pytest.mark.parametrize("fragment", FRAGMENTS)
def test_nothing_runs_loads_or_complains(opened, fragment, make):
    tab = opened(make(), fragment)
    tab.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    tab.evaluate("document.getElementById('find').dispatchEvent(new Event('input', {bubbles: true}))")
    for link in ("#asset-0", "#assets"):
        tab.evaluate(f"location.hash = {link!r}")
    tab.evaluate("new Promise(done => setTimeout(done, 50))")
    assert tab.dialogs == []
    assert tab.console == []
    assert [address for address in tab.requests if not address.startswith(("file:", "about:", "data:"))] == []
    assert tab.evaluate("document.scripts.length") == 1
    assert tab.evaluate("document.querySelectorAll('[onerror], [onmouseover], iframe, object, img[src=x]').length") == 0


def test_a_hostile_name_can_be_searched_for_and_is_said_as_text(opened):
    tab = opened(hostile(), "q=onerror%3Dalert")
    assert tab.evaluate("document.getElementById('filtered').textContent").startswith("Filtered by search “onerror=alert”: ")
    assert shown(HOSTILE) in tab.evaluate("document.querySelector('#rows tbody tr th').textContent")
