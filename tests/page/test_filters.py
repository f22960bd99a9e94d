"""What the page's script does, seen in a browser."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.report.approved import approved
from tests.report.large import large
from tests.report.parts import asset
from tests.report.scans import blocked

ROWS = "[...document.querySelectorAll('#rows tbody tr:not([hidden]) th .file')].map(e => e.textContent)"
CARDS = "[...document.querySelectorAll('main > section > .card:not([hidden]) h3')].map(e => e.textContent)"
STATUS = "document.getElementById('status').textContent"


def choose(tab, name, words):
    tab.evaluate(
        f"""(() => {{ const by = document.getElementById("by-{name}");
        by.value = [...by.options].find(o => o.textContent.replace(/ \\([\\d,]+\\)$/, "") === {words!r}).value;
        by.dispatchEvent(new Event("input", {{bubbles: true}})); }})()"""
    )


def search(tab, text):
    tab.evaluate(
        f"""(() => {{ const find = document.getElementById("find"); find.value = {text!r};
        find.dispatchEvent(new Event("input", {{bubbles: true}})); }})()"""
    )


def counts(tab, name):
    return tab.evaluate(f"[...document.getElementById('by-{name}').options].map(o => o.textContent)")


def test_a_page_as_it_opens_shows_everything(opened):
    tab = opened(blocked())
    assert len(tab.evaluate(ROWS)) == len(blocked().assets)
    assert len(tab.evaluate(CARDS)) == 6
    assert tab.evaluate(STATUS) == f"{len(blocked().assets)} assets"
    assert tab.evaluate("document.getElementById('filtered').hidden")


def test_a_filter_narrows_rows_and_cards_and_says_so(opened):
    tab = opened(blocked())
    choose(tab, "zone", "archival")
    assert tab.evaluate(ROWS) == ["archival/family/print_03.jpg"]
    assert tab.evaluate(CARDS) == ["archival/family/print_03.jpg"]
    assert tab.evaluate(STATUS) == f"1 of {len(blocked().assets)} assets"
    assert tab.evaluate("document.querySelector('#review .count').textContent") == "1 of 2"
    assert tab.evaluate("document.getElementById('filtered').textContent").startswith("Filtered by zone archival: 1 of 16")


def test_counts_say_what_choosing_would_show(opened):
    tab = opened(blocked())
    assert counts(tab, "verdict") == [
        "any",
        "any concern (6)",
        "blocked (3)",
        "incomplete (1)",
        "review (2)",
        "pass (8)",
        "not judged (2)",
    ]
    choose(tab, "zone", "final")
    assert counts(tab, "verdict")[2:5] == ["blocked (3)", "incomplete (1)", "review (1)"]
    assert "archival (1)" in counts(tab, "zone"), "a question's own choice does not narrow its counts"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("ST_014", ["final/ep1/st_014.tif"]),
        ("gpt-4o", ["temp/boards/b_07.png"]),
        ("topaz archival", ["archival/family/print_03.jpg"]),
        ("near-ai-reference", ["final/ep1/street_wide.jpg"]),
        ("c2pa-created-trained", ["temp/boards/b_07.png"]),
        ("nothing like it", []),
        ("(.*", []),
    ],
)
def test_search_finds_path_generator_rule_and_mark(opened, text, found):
    tab = opened(blocked())
    search(tab, text)
    assert tab.evaluate(ROWS) == found
    assert tab.evaluate("document.getElementById('no-rows').hidden") == bool(found)


def test_a_name_in_decomposed_letters_is_found_by_what_is_typed(opened):
    tab = opened(replace(blocked(), assets=(asset("final/cafe\u0301.jpg"),)))
    search(tab, "CAF\u00c9")
    assert len(tab.evaluate(ROWS)) == 1


def test_the_address_carries_the_filters(opened):
    tab = opened(blocked())
    choose(tab, "verdict", "blocked")
    search(tab, "ep1 b_0")
    fragment = tab.evaluate("location.hash")
    assert fragment == "#verdict=blocked&q=ep1+b_0"
    again = opened(blocked(), fragment[1:])
    assert again.evaluate(ROWS) == ["final/ep1/b_07.png"]
    assert again.evaluate("document.getElementById('facets').open")


def test_what_an_address_makes_up_is_passed_over(opened):
    tab = opened(blocked(), "verdict=%3Cimg%20src%3Dx%3E&constructor=1&zone=moon&q=%00%E2%80%AE" + "x" * 500)
    assert tab.evaluate("document.getElementById('find').value") == "x" * 200
    assert tab.evaluate("[...document.querySelectorAll('select')].every(each => each.value === '')")
    assert (tab.console, tab.dialogs) == ([], [])


def test_show_all_takes_every_filter_back(opened):
    tab = opened(blocked(), "verdict=blocked&q=final")
    tab.evaluate("document.getElementById('unfilter').click()")
    assert len(tab.evaluate(ROWS)) == len(blocked().assets)
    assert tab.evaluate("location.hash") == ""
    assert tab.evaluate("document.activeElement.id") == "find"


def test_a_link_to_what_is_filtered_away_shows_it(opened):
    tab = opened(blocked(), "zone=archival")
    tab.evaluate("location.hash = 'asset-0'")
    tab.evaluate("new Promise(done => setTimeout(done, 50))")
    assert not tab.evaluate("document.getElementById('asset-0').hidden")


def test_a_link_to_folded_evidence_unfolds_it(opened):
    tab = opened(blocked(), "asset-3")
    assert tab.evaluate("[...document.querySelectorAll('details:has(#asset-3)')].every(each => each.open)")


def test_five_thousand_rows_are_filtered_whole_and_drawn_in_part(opened):
    tab = opened(large(5000))
    assert tab.evaluate(STATUS) == "5,000 assets"
    assert len(tab.evaluate(ROWS)) == 100
    assert tab.evaluate("document.querySelector('#assets .left').textContent") == "100 of 5,000 are shown. Show all 5,000"
    search(tab, "midjourney")
    found = sum(any(mark.generator == "Midjourney" for mark in record.marks) for record in large(5000).assets)
    assert tab.evaluate(STATUS) == f"{found} of 5,000 assets"
    search(tab, "")
    tab.evaluate("document.querySelector('#assets .left button').click()")
    assert len(tab.evaluate(ROWS)) == 5000


def test_a_long_list_is_drawn_in_part_says_so_and_is_printed_whole(opened):
    tab = opened(large(480, troubled=2))
    shown = "document.querySelectorAll('#review > .card:not([hidden])').length"
    assert tab.evaluate(shown) == 20
    assert tab.evaluate("document.querySelector('#review > .left').textContent").startswith("20 of 100 are shown.")
    tab.pdf()
    assert tab.evaluate(shown) == 100
    search(tab, "ep3")
    assert tab.evaluate(shown) <= 20
    tab.evaluate("document.querySelector('#review > .left button').click()")
    assert tab.evaluate("document.querySelector('#review > .left').hidden")


@pytest.mark.parametrize("scan", [replace(blocked(), assets=(), findings=())], ids=["no assets"])
def test_nothing_to_filter_needs_no_script(opened, scan):
    tab = opened(scan)
    assert tab.console == []
    assert tab.evaluate("document.getElementById('filters')") is None


def test_approvals_can_be_filtered_by(opened):
    tab = opened(approved(), "approval=lapsed")
    assert tab.evaluate(ROWS) == ["final/lapsed.png"]


def test_without_script_everything_is_there_and_no_control_is(opened, tab):
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        opened(large(400))
        tree = tab.send("DOM.getDocument")["root"]["nodeId"]
        found = tab.send("DOM.querySelectorAll", nodeId=tree, selector="#rows tbody tr:not([hidden])")
        assert len(found["nodeIds"]) == 400
        bar = tab.send("DOM.querySelector", nodeId=tree, selector="#filters")["nodeId"]
        assert "hidden" in tab.send("DOM.getAttributes", nodeId=bar)["attributes"]
    finally:
        tab.send("Emulation.setScriptExecutionDisabled", value=False)
