"""axe-core over the page, wide and narrow, light and dark: nothing serious or critical."""

from __future__ import annotations

import pytest

from tests.page.test_layout import SCANS, UNFOLD

RUN = """axe.run(document, {resultTypes: ["violations"]}).then(result => result.violations
    .filter(each => ["serious", "critical", "moderate"].includes(each.impact))
    .map(each => `${each.id} (${each.impact}): ${each.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | ")}`))"""


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
@pytest.mark.parametrize("name", ["blocked", "approved", "hostile", "interrupted", "laid", "filmed", "none"])
def test_axe_finds_nothing_serious(opened, axe, name, width, scheme):
    tab = opened(SCANS[name](), width=width, scheme=scheme)
    tab.evaluate(UNFOLD)
    tab.evaluate(axe + "; null")
    assert tab.evaluate(RUN) == []


def test_axe_finds_nothing_serious_in_the_help(opened, axe):
    tab = opened(SCANS["blocked"]())
    tab.evaluate("document.getElementById('keys').click()")
    tab.evaluate(axe + "; null")
    assert tab.evaluate(RUN) == []


@pytest.mark.parametrize("view", ["swipe", "blink", "difference"])
def test_axe_finds_nothing_serious_in_a_comparison(opened, axe, view):
    tab = opened(SCANS["laid"](), scheme="dark")
    tab.evaluate(f"document.querySelectorAll('.views [value={view}]').forEach(each => each.click())")
    tab.evaluate(axe + "; null")
    assert tab.evaluate(RUN) == []
