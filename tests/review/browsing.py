"""Chromium by Playwright, for tests that import `browser`; skipped where one of the two is missing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.page.chromium import chromium

sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium is installed (SCANNER_TEST_CHROMIUM names one)")
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        yield started
        started.close()
