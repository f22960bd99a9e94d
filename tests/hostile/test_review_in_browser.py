"""Cross-site scripting really tried: every page of the review room in Chromium, over hostile files and reports made by anyone.

Once as the room serves them, and once with the browser told to leave out the content security policy: escaping alone must do.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.cli.conftest import clean_environment
from tests.cli.warm import WarmCommand
from tests.hostile.carriers import carry
from tests.hostile.test_report_injection import poisoned
from tests.hostile.test_review_room import read_back, written
from tests.report.parts import HOSTILE
from tests.report.scans import hostile
from tests.review.browsing import browser
from tests.review.served import Served, serving

__all__ = ["browser"]

TEXT = """"><img src=x onerror=alert(1)><script>alert(2)</script>' onmouseover='alert(3) javascript:alert(4) {{ 7*7 }}"""
FIRED = """() => {
  for (const one of document.querySelectorAll("*")) {
    for (const kind of ["mouseover", "mouseenter", "focus", "load", "error", "toggle"]) one.dispatchEvent(new Event(kind));
  }
  const bad = [...document.querySelectorAll("*")].flatMap(one => [...one.attributes])
    .filter(each => each.name.startsWith("on") || /^\\s*(javascript|data):/i.test(each.value));
  return bad.length + [...document.scripts].filter(one => !one.src.startsWith(location.origin + "/static/")).length;
}"""


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, warm: WarmCommand) -> Iterator[Served]:
    """Three reports: of files that carry hostile texts, one by hand, and an earlier scan of the same delivery."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("scripting")
    carry(folder / "DRIVE", TEXT)
    final = folder / "DRIVE" / "final"
    for file in sorted(final.iterdir())[4:]:
        file.unlink()
    shutil.copy(next(final.glob("*.png")), final / "<img src=x onerror=alert(1)>.png")
    (final / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(5)"><script>alert(6)</script></svg>')
    arguments = [
        "scan",
        "--quiet",
        "--workers",
        "1",
        "--include-prompts",
        "--no-library",
        "--no-approvals",
        "--output",
        "r",
        "DRIVE",
    ]
    done = warm.run(arguments, folder, clean_environment(folder / "home"), folder)
    assert done.returncode in (10, 11), done.stderr
    reports = [folder / "r"]
    for number, scan in enumerate((hostile(), replace(hostile(), finished="0" + HOSTILE), poisoned(TEXT))):
        reports.append(folder / f"{number}.json")
        reports[-1].write_bytes(written(read_back(scan)))
    with serving("--approvals", str(folder / "log.sqlite"), *map(str, reports), SCANNER_NO_STORE="1") as one:
        one.enter()
        decide(one)
        yield one


def decide(served: Served) -> None:
    """Reject something with a hostile reason."""
    form = served.get("/scans/1/assets/0/decide?kind=reject")
    hidden = dict(re.findall(r'name="(secret|seen|submission)" value="([^"]*)"', form))
    status, _, text = served.post(
        "/scans/1/assets/0/decide?kind=reject", statement=TEXT, decider=TEXT, date="2026-02-28", reference=TEXT, **hidden
    )
    assert status == 303, text


class Watched:
    """A tab, and everything in it that must not happen."""

    def __init__(self, browser: Any, served: Served, *, bypass_csp: bool) -> None:
        self.context = browser.new_context(bypass_csp=bypass_csp)
        name, _, value = served.cookie.partition("=")
        self.context.add_cookies([{"name": name, "value": value, "url": served.base}])
        self.page = self.context.new_page()
        self.base = served.base
        self.happened: list[str] = []
        self.page.on("dialog", lambda dialog: (self.happened.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.happened.append(f"error {error}"))
        self.page.on("popup", lambda popup: self.happened.append(f"popup {popup.url}"))
        self.context.on("request", self._requested)

    def _said(self, message: Any) -> None:
        # The disclosure is a page of its own without an icon; browsers ask for one.
        if "favicon" not in str(message.location):
            self.happened.append(f"console {message.text}")

    def _requested(self, request: Any) -> None:
        if request.url.startswith("data:image/"):
            return
        if not request.url.startswith(f"{self.base}/"):
            self.happened.append(f"request {request.url}")
        elif not request.url.startswith(f"{self.base}/favicon") and not re.fullmatch(
            r"/(?:static/[\w.-]+|scans/[\w./?=&-]+|decisions[\w/?=&-]*)?", request.url.removeprefix(self.base)
        ):
            self.happened.append(f"odd request {request.url}")

    def open(self, target: str) -> None:
        self.page.goto(self.base + target)
        assert self.page.evaluate(FIRED) == 0, target
        assert self.happened == [], target


@pytest.mark.parametrize("bypass_csp", [False, True], ids=["as served", "without the policy"])
def test_no_page_does_what_a_text_says(browser: Any, served: Served, bypass_csp: bool) -> None:
    watched = Watched(browser, served, bypass_csp=bypass_csp)
    targets = ["/", "/decisions", "/scans/2/changes?since=3"]
    for report in range(1, 5) if bypass_csp else (1, 2):
        here = f"/scans/{report}"
        targets += [here, f"{here}/record", f"{here}/verify", f"{here}/assets/0", f"{here}/assets/0/decide?kind=reject"]
        targets += [f"{here}/assets/{row}/metadata" for row in (0, 1)]
    for target in targets:
        watched.open(target)
    watched.context.close()


def test_the_disclosure_does_not_either(browser: Any, served: Served) -> None:
    watched = Watched(browser, served, bypass_csp=True)
    answer = watched.page.goto(f"{served.base}/scans/1/disclosure")
    assert answer.status == 200 and "default-src 'none'" in answer.headers["content-security-policy"]
    watched.page.evaluate(FIRED)
    assert watched.happened == []
    watched.context.close()


def test_what_is_swapped_in_does_nothing_either(browser: Any, served: Served) -> None:
    watched = Watched(browser, served, bypass_csp=True)
    watched.open("/scans/1/assets/0")
    watched.page.locator("#metadata a").click()
    watched.page.wait_for_selector("#metadata dl")
    assert "onerror=alert(1)" in watched.page.locator("#metadata").inner_text()
    watched.page.goto(f"{watched.base}/scans/2")
    for box in watched.page.locator("#filters input[type=checkbox]").all()[:6]:
        box.evaluate("box => box.click()")
        watched.page.wait_for_load_state("networkidle")
    watched.page.locator("#text").fill("<script>alert(1)</script>")
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.evaluate(FIRED) == 0
    assert [one for one in watched.happened if "odd request" not in one] == []
    watched.context.close()


def test_a_form_gives_back_what_was_typed_and_no_more(browser: Any, served: Served) -> None:
    watched = Watched(browser, served, bypass_csp=True)
    watched.open("/scans/1/assets/0/decide?kind=reject")
    watched.page.locator("[name=statement]").fill(f"</textarea>{TEXT}")
    watched.page.locator("[name=decider]").fill("")
    watched.page.locator("form[method=post] button").first.click()
    watched.page.wait_for_load_state("networkidle")
    assert watched.page.locator("[name=statement]").input_value() == f"</textarea>{TEXT}"
    assert watched.page.evaluate(FIRED) == 0
    refused = "console Failed to load resource: the server responded with a status of 422"
    assert [one for one in watched.happened if not one.startswith(refused)] == []
    watched.context.close()


def test_a_script_would_be_noticed(browser: Any, served: Served) -> None:
    watched = Watched(browser, served, bypass_csp=True)
    watched.page.goto(f"{served.base}/")
    watched.page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=http://evil.invalid/x onerror=alert(1)>')")
    watched.page.wait_for_timeout(300)
    assert any(one.startswith("dialog") for one in watched.happened) and any("evil.invalid" in one for one in watched.happened)
    watched.context.close()
