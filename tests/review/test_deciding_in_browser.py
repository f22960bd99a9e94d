"""Deciding in Chromium against the real command, by two people at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import axe_core
from tests.review.browsing import browser
from tests.review.served import Served, serving
from tests.review.test_deciding import entries_at, scanned_once

__all__ = ["browser", "scanned_once"]


@pytest.fixture
def served(scanned_once: Path, tmp_path: Path) -> Iterator[tuple[Served, str]]:
    place = str(tmp_path / "approvals.sqlite")
    with serving(str(scanned_once / "r"), "--approvals", place) as one:
        one.enter()
        yield one, place


def opened(browser: Any, served: Served, width: int = 1280, scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    name, _, value = served.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": served.base}])
    page = context.new_page()
    page.goto(f"{served.base}/scans/1")
    return page


def send(page: Any) -> None:
    page.click("form.deciding button")


def violations(page: Any) -> list[str]:
    page.evaluate(axe_core())
    return list(page.evaluate("axe.run().then(done => done.violations.map(each => `${each.id}: ${each.nodes[0].html}`))"))


def test_two_browsers_decide_on_the_same_content(browser: Any, served: tuple[Served, str]) -> None:
    room, place = served
    first, second = opened(browser, room), opened(browser, room, 400, "dark")
    for page, key in ((first, "r"), (second, "n")):
        page.keyboard.press("j")
        page.keyboard.press(key)
        page.wait_for_url("**/decide?kind=*")
        page.fill("#f-statement", f"said by {key}")
    send(first)
    first.wait_for_url("**/assets/*#decision-*")
    send(second)
    second.wait_for_selector("text=Decided meanwhile")

    assert "said by r" in second.inner_text("[role=alert]")
    assert second.input_value("#f-statement") == "said by n"
    assert violations(second) == []
    assert second.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert [entry.kind for entry in entries_at(place)] == ["rejection"]
    send(second)
    second.wait_for_url("**/assets/*#decision-*")
    assert [entry.kind for entry in entries_at(place)] == ["rejection", "not-ai"]


def test_what_forms_say_is_accessible_and_fits(browser: Any, served: tuple[Served, str]) -> None:
    room, _ = served
    page = opened(browser, room, 400, "dark")
    page.goto(f"{room.base}/scans/1/assets/0/decide?kind=ask")
    send(page)
    page.wait_for_selector("#e-statement")
    assert violations(page) == []
    page.fill("#f-statement", "which tool?")
    send(page)
    page.wait_for_url("**/assets/0#decision-*")
    assert violations(page) == []
    page.goto(f"{room.base}/decisions")
    page.click("summary")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.fill("[name=reason]", "answered by phone")
    page.click("details button")
    page.wait_for_selector("text=withdrawn on")
