"""A producer decides in Chromium, and the gate honours it; every page without barriers, wide and narrow, light and dark.

A real delivery, the real commands: scanned, opened, filtered, gone through by keys, approved with a reference, scanned again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from tests.cli.conftest import PARAMETERS, clean_environment, generated, make_delivery, noise
from tests.cli.warm import WarmCommand
from tests.page.conftest import axe_core
from tests.review.browsing import browser
from tests.review.served import Served, serving

__all__ = ["browser"]

LOOKS = [(1280, "light"), (400, "dark")]
PERMISSION = {
    "approver": "Dana Reyes, Netflix",
    "reference": "NFLX-2231, mail of 3 November",
    "use": "background plate, episode 1",
}


@dataclass
class Production:
    """A folder with a delivery, a log of approvals and reports."""

    folder: Path
    warm: WarmCommand

    @property
    def drive(self) -> Path:
        return self.folder / "DRIVE_07"

    @property
    def log(self) -> str:
        return str(self.folder / "log" / "approvals.sqlite")

    @property
    def environment(self) -> dict[str, str]:
        home = self.folder / "home"
        return {**clean_environment(home), "SCANNER_NO_STORE": "1"} if not home.exists() else clean_again(home)

    def scan(self, report: str) -> dict[str, Any]:
        """Scan with the log, and return the report."""
        approvals = ["--approvals", self.log] if Path(self.log).exists() else ["--no-approvals"]
        arguments = ["scan", "--quiet", "--workers", "1", "--no-library", *approvals, "--output", str(self.folder / report)]
        done = self.warm.run([*arguments, str(self.drive)], self.folder, self.environment, self.folder)
        assert done.returncode in (0, 10, 11), done.stderr
        return json.loads((self.folder / report / "scan.json").read_bytes())

    def serve(self, *reports: str) -> Any:
        return serving("--approvals", self.log, *(str(self.folder / each) for each in reports))


def clean_again(home: Path) -> dict[str, str]:
    moved = home.with_name("home-before")
    home.rename(moved)
    try:
        return clean_environment(home)
    finally:
        shutil.rmtree(moved)


def asset_of(report: dict[str, Any], path: str) -> dict[str, Any]:
    return next(each for each in report["assets"] if each["path"] == path)


def new_page(browser: Any, width: int = 1280, scheme: str = "light") -> Any:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.said = said = []
    page.on("console", lambda message: said.append(message.text) if "favicon" not in str(message.location) else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    return page


@pytest.fixture
def production(tmp_path: Path, warm: WarmCommand) -> Production:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    made = Production(tmp_path, warm)
    make_delivery(tmp_path)
    generated(made.drive / "final" / "plate.png")
    return made


def test_a_producer_approves_and_the_gate_passes(browser: Any, production: Production) -> None:
    assert production.scan("first")["verdict"] == "blocked"
    with production.serve("first") as served:
        page = new_page(browser)
        page.goto(served.entrance)
        page.wait_for_url(f"{served.base}/")
        page.get_by_role("link", name="DRIVE_07").click()
        page.get_by_role("checkbox", name="blocked").check()
        page.wait_for_url("**/scans/1?*verdict=blocked*")
        page.wait_for_function("document.querySelectorAll('.tile').length === 1")
        page.locator("h1").click()
        page.keyboard.press("j")
        page.keyboard.press("a")
        page.wait_for_url("**/decide?kind=approve*")
        page.get_by_role("button", name="Approve").click()
        assert page.locator("[aria-invalid=true]").count() >= 2
        for name, text in PERMISSION.items():
            page.locator(f"[name={name}]").fill(text)
        page.get_by_role("button", name="Approve").click()
        page.wait_for_url(lambda address: "/decide" not in address)
        assert "NFLX-2231" in page.locator("main").inner_text()
        page.goto(f"{served.base}/decisions")
        assert "Dana Reyes, Netflix" in page.locator("main").inner_text()
        assert [said for said in page.said if "422" not in said] == []

    second = production.scan("second")
    assert second["verdict"] == "pass"
    allowed = asset_of(second, "final/plate.png")
    assert allowed["findings"][0]["allowed_by"] and allowed["approvals"][0]["reference"] == PERMISSION["reference"]
    assert "NFLX-2231" in (production.folder / "second" / "scan.html").read_text()

    # Another picture under that name, and the approved one saved anew under another.
    plate = production.drive / "final" / "plate.png"
    approved = Image.open(plate).convert("RGB")
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    noise(77).save(plate, pnginfo=text)
    exif = approved.getexif()
    exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + PARAMETERS.encode()
    approved.save(production.drive / "final" / "plate_v2.jpg", quality=80, exif=exif)
    third = production.scan("third")
    assert third["verdict"] == "blocked"
    assert asset_of(third, "final/plate.png")["verdict"] == "blocked"
    carried = asset_of(third, "final/plate_v2.jpg")
    assert carried["verdict"] == "review"
    assert carried["approvals"][0]["state"] == "carried-over"

    with production.serve("first", "third") as served:
        page = new_page(browser)
        page.goto(served.entrance)
        page.wait_for_url(f"{served.base}/")
        page.goto(f"{served.base}/scans/2/changes?since=1")
        told = page.locator("main").inner_text()
        assert "Decided since 1" in told and "Changed 1" in told and "New 1" in told and "plate_v2.jpg" in told
        page.goto(f"{served.base}/scans/2?text=plate_v2")
        page.locator(".tile-link").click()
        assert "arried over, to be confirmed" in page.locator("main").inner_text()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, warm: WarmCommand) -> Iterator[Served]:
    """Two scans of a delivery, with a decision between them, in one room."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    made = Production(tmp_path_factory.mktemp("room"), warm)
    make_delivery(made.folder)
    generated(made.drive / "final" / "plate.png")
    made.scan("first")
    noise(5).save(made.drive / "final" / "late.png")
    made.scan("second")
    with made.serve("first", "second") as served:
        served.enter()
        yield served


PAGES = {
    "deliveries": "/",
    "grid": "/scans/1",
    "grid, filtered": "/scans/1?verdict=blocked&text=plate",
    "grid, nothing": "/scans/1?text=nothing",
    "asset": "/scans/1/assets/0",
    "approve": "/scans/1/assets/0/decide?kind=approve",
    "reject": "/scans/1/assets/0/decide?kind=reject",
    "ask": "/scans/1/assets/0/decide?kind=ask",
    "not AI": "/scans/1/assets/0/decide?kind=not-ai",
    "decisions": "/decisions",
    "changes": "/scans/2/changes?since=1",
    "verify": "/scans/1/verify",
    "record": "/scans/1/record",
    "disclosure": "/scans/1/disclosure",
    "metadata": "/scans/1/assets/0/metadata",
    "nothing": "/nowhere",
}


@pytest.mark.parametrize(("width", "scheme"), LOOKS)
def test_no_page_has_a_barrier(browser: Any, room: Served, width: int, scheme: str) -> None:
    page = new_page(browser, width, scheme)
    name, _, value = room.cookie.partition("=")
    page.context.add_cookies([{"name": name, "value": value, "url": room.base}])
    axe, found = axe_core(), {}
    for title, target in PAGES.items():
        page.goto(room.base + target)
        page.evaluate(axe)
        told = page.evaluate("axe.run().then(done => done.passes.length > 10 ? done.violations : null)")
        wrong = [(each["id"], each["nodes"][0]["html"]) for each in told if each["impact"] in ("serious", "critical")]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wrong.append(("wider than the window", ""))
        if wrong:
            found[title] = wrong
    page.goto(f"{room.base}/scans/1")
    page.keyboard.press("?")
    assert page.locator("dialog[open]").count() == 1
    page.evaluate(axe)
    told = page.evaluate("axe.run().then(done => done.violations)")
    assert [each["id"] for each in told if each["impact"] in ("serious", "critical")] == []
    assert found == {}
    assert [said for said in page.said if "404" not in said] == []


def test_without_scripts_everything_can_be_done(browser: Any, room: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    name, _, value = room.cookie.partition("=")
    context.add_cookies([{"name": name, "value": value, "url": room.base}])
    page = context.new_page()
    page.goto(f"{room.base}/scans/1")
    page.get_by_role("checkbox", name="blocked").check()
    page.get_by_role("button", name="Show").click()
    assert page.locator(".tile").count() == 1
    page.locator(".tile").get_by_role("link", name="Ask").click()
    page.locator("textarea, input[type=text]").first.fill("Which prompt made it?")
    for each in page.locator("form.deciding input[type=text][required]").all():
        if not each.input_value():
            each.fill("Rosa, archive")
    page.get_by_role("button", name="Ask").click()
    assert "/decide" not in page.url
    assert "Which prompt made it?" in page.locator("main").inner_text()
    context.close()
