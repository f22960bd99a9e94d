"""The page by keyboard alone."""

from __future__ import annotations

from tests.report.scans import blocked

FOCUS = "document.activeElement.id || document.activeElement.localName"


def test_slash_goes_to_the_search_and_escape_empties_and_leaves_it(opened):
    tab = opened(blocked())
    tab.press("/")
    assert tab.evaluate(FOCUS) == "find"
    for key in "st_":
        tab.press(key)
    assert tab.evaluate("document.getElementById('find').value") == "st_"
    tab.press("Escape")
    assert (tab.evaluate("document.getElementById('find').value"), tab.evaluate(FOCUS)) == ("", "find")
    tab.press("Escape")
    assert tab.evaluate(FOCUS) == "body"


def test_j_and_k_walk_cards_then_rows_and_skip_what_is_filtered_away(opened):
    tab = opened(blocked(), "zone=final&q=ep1")
    seen = []
    for key in "jjjjjjk":
        tab.press(key)
        where = tab.evaluate("[document.activeElement.localName, document.activeElement.querySelector('h3, th').textContent]")
        seen.append(" ".join(where).partition(".")[0])
    assert seen == [
        "article final/ep1/b_07",
        "article final/ep1/st_014",
        "article final/ep1/street_wide",
        "article final/ep1/broken",
        "tr final/ep1/b_07",
        "tr final/ep1/broken",
        "tr final/ep1/b_07",
    ]


def test_enter_unfolds_the_evidence_of_a_card(opened):
    tab = opened(blocked())
    tab.press("j")
    tab.press("Enter")
    assert tab.evaluate("document.activeElement.querySelector('details.proof').open")


def test_question_mark_opens_help_and_escape_closes_it(opened):
    tab = opened(blocked())
    tab.press("?")
    assert tab.evaluate("document.getElementById('help').open")
    tab.press("j")
    assert tab.evaluate("document.getElementById('help').contains(document.activeElement)")
    tab.send("Input.dispatchKeyEvent", type="rawKeyDown", key="Escape", windowsVirtualKeyCode=27)
    assert not tab.evaluate("document.getElementById('help').open")


def test_single_keys_can_be_switched_off(opened):
    # WCAG 2.2, 2.1.4: whoever speaks to the machine must be able to.
    tab = opened(blocked())
    tab.evaluate("document.getElementById('shortcuts').click()")
    tab.press("/")
    assert tab.evaluate(FOCUS) == "body"


def test_the_first_tab_stop_skips_to_the_findings(opened):
    tab = opened(blocked())
    tab.send("Input.dispatchKeyEvent", type="rawKeyDown", key="Tab", windowsVirtualKeyCode=9)
    assert tab.evaluate("document.activeElement.getAttribute('href')") == "#main"
    assert tab.evaluate("document.activeElement.getBoundingClientRect().left >= 0")
