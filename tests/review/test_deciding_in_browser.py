"""Deciding in Chromium, by keys, against the real command: once by one person, and by two at the same time; then the gate."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.warm import WarmCommand
from tests.page.conftest import axe_core
from tests.review.served import Served, serving
from tests.review.test_asset_in_browser import browser
from tests.review.test_deciding import clean_environment, entries_at, scanned_once

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

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


def test_approved_by_keys_and_the_gate_passes(
    browser: Any, served: tuple[Served, str], scanned_once: Path, tmp_path: Path, warm: WarmCommand
) -> None:
    room, place = served
    page = opened(browser, room)
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.wait_for_url("**/decide?kind=approve")
    page.fill("#f-reference", "NFLX-2231")
    page.fill("#f-use", "background plate")
    send(page)
    page.wait_for_selector("#e-approver")
    assert page.input_value("#f-reference") == "NFLX-2231"
    page.fill("#f-approver", "Dana Reyes, Netflix")
    send(page)
    page.wait_for_url("**/assets/*#decision-*")
    assert "Allowed by Dana Reyes, Netflix" in page.inner_text("main")

    options = ["--zone", "final", "--no-library", "--approvals", place, "--format", "json", "--output", "-"]
    environment = clean_environment(tmp_path / "home")
    done = warm.run(["scan", str(scanned_once / "DRIVE"), *options], tmp_path, environment, tmp_path)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert [each["approvals"][0]["approver"] for each in report["assets"][:2]] == ["Dana Reyes, Netflix"] * 2


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


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (400, "dark")])
def test_the_pages_are_accessible_and_fit(browser: Any, served: tuple[Served, str], width: int, scheme: str) -> None:
    room, _ = served
    page = opened(browser, room, width, scheme)
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
