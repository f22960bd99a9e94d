"""The page of one asset in Chromium, served by the real command: keys, comparing, narrow windows, and the end of it all."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.page.conftest import axe_core
from tests.review.browsing import browser
from tests.review.pictured_drive import Drive, scanned
from tests.review.served import Served, serving

__all__ = ["browser", "scanned"]


@pytest.fixture(scope="module")
def served(scanned: Drive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # The server is killed in the end, and its workers leave their folders behind.
    scratch = str(tmp_path_factory.mktemp("scratch"))
    with serving("--library", str(scanned.library), str(scanned.report), TMPDIR=scratch) as one:
        one.enter()
        yield one


@pytest.fixture(params=[(1280, "light"), (400, "dark")], ids=["wide", "narrow"])
def page(browser: Any, served: Served, request: pytest.FixtureRequest) -> Iterator[Any]:
    width, scheme = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce", bypass_csp=False
    )
    name, _, value = served.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": served.base}])
    page = context.new_page()
    page.said = said = []
    page.on("console", lambda message: said.append(message.text) if "favicon" not in str(message.location) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    context.close()


def shown(page: Any, served: Served, target: str) -> None:
    page.goto(served.base + target)
    page.wait_for_load_state("networkidle")


def harbour(page: Any, served: Served) -> None:
    shown(page, served, "/scans/1?text=harbour.jpg")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/assets/*")
    page.wait_for_load_state("networkidle")


def test_an_asset_beside_its_reference(page: Any, served: Served) -> None:
    harbour(page, served)
    assert page.locator("h1").inner_text() == "final/harbour.jpg"
    page.locator(".stage").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 1)")
    compare = page.locator("details.compare")
    page.keyboard.press("b")
    assert compare.get_attribute("data-view") == "blink"
    assert page.locator(".of-asset").is_visible() and not page.locator(".of-reference .picture").is_visible()
    page.keyboard.press("b")
    assert page.locator(".of-reference .picture").is_visible() and not page.locator(".of-asset .picture").is_visible()
    assert page.locator(".blink [role=status]").inner_text() == "Shown: the reference"
    page.locator("input[value=swipe]").check()
    page.locator("input[type=range]").fill("25")
    assert page.evaluate("getComputedStyle(document.querySelector('.stage')).getPropertyValue('--at')") == "25%"
    page.locator("input[value=difference]").check()
    assert page.locator(".of-difference .map").is_visible() and not page.locator(".of-asset").is_visible()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("u")
    page.wait_for_url("**/scans/1?text=harbour.jpg#row-*")
    assert page.said == []


def test_the_page_is_within_its_window_and_axe_finds_nothing_serious(page: Any, served: Served) -> None:
    harbour(page, served)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator("#metadata a").click()
    page.wait_for_selector("#metadata dl")
    assert page.said == []
    # The page's policy lets no script in but its own; the debugger's are not the page's.
    page.evaluate(axe_core())
    found = page.evaluate("axe.run().then(done => done.passes.length > 10 ? done.violations : null)")
    assert [(each["id"], each["nodes"][0]["html"]) for each in found if each["impact"] in ("serious", "critical")] == []


def test_a_hostile_name_is_shown_and_does_nothing(page: Any, served: Served) -> None:
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    shown(page, served, "/scans/1?text=onerror")
    page.locator(".tile-link").click()
    page.wait_for_load_state("networkidle")
    assert "<img src=x onerror=alert(1)>.png" in page.locator("h1").inner_text()
    assert dialogs == [] and page.said == []


@pytest.mark.skipif(not os.path.isdir("/proc/self/task"), reason="needs Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_its_end_leaves_no_worker_and_no_picture_behind(scanned: Drive, tmp_path: Path, number: signal.Signals) -> None:
    with serving(str(scanned.report), TMPDIR=str(tmp_path)) as one:
        one.enter()
        status, headers, _ = one.ask("GET", "/scans/1/assets/0/thumbnail")
        assert (status, headers["content-type"]) == (200, "image/jpeg")
        own = [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit() and parent_of(each) == one.process.pid]
        assert own
        assert one.end(number) == 0
        deadline = time.monotonic() + 10
        while any(os.path.exists(f"/proc/{pid}") for pid in own) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not any(os.path.exists(f"/proc/{pid}") for pid in own)
        assert list(tmp_path.iterdir()) == []


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
