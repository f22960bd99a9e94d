"""A browser for the tests of this folder, or the reason why they are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scanner.model.scan import Scan
from tests.page.chromium import Browser, Tab, chromium, running
from tests.report.written import to_html


def axe_core() -> str:
    """The text of axe-core as npm has it; SCANNER_TEST_AXE names another version's axe.min.js."""
    here = Path(__file__).parent / "axe-core-4.14.1" / "axe.min.js"
    return Path(os.environ.get("SCANNER_TEST_AXE") or here).read_text("utf-8")


Opened = Callable[..., Tab]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium is installed (SCANNER_TEST_CHROMIUM names one)")
    with running(program) as started:
        yield started


@pytest.fixture(scope="session")
def tab(browser: Browser) -> Tab:
    return browser.new_tab()


@pytest.fixture
def opened(tab: Tab, tmp_path: Path) -> Opened:
    """Open the page of a scan in a window: ``opened(scan, fragment="verdict=blocked", width=400, scheme="dark")``."""

    def open_page(scan: Scan, fragment: str = "", **looks: object) -> Tab:
        path = tmp_path / "scan.html"
        path.write_bytes(to_html(scan).encode("utf-8", "backslashreplace"))
        tab.look(**looks)
        tab.open(path, fragment)
        return tab

    return open_page


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of axe-core."""
    return axe_core()
