"""Chromium, driven over its DevTools pipe: no Node, no driver program, nothing to install beside the browser itself."""

from __future__ import annotations

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 60
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--hide-scrollbars",
    "--remote-debugging-pipe",
)


def chromium() -> str | None:
    """Path of a Chromium or Chrome: ``SCANNER_TEST_CHROMIUM``, else the first on PATH."""
    named = (os.environ.get("SCANNER_TEST_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((path for name in named if name and (path := shutil.which(name))), None)


class Tab:
    """One page: what it said, asked for and popped up is kept in `console`, `requests`, `dialogs`."""

    def __init__(self, browser: Browser, session: str) -> None:
        self._browser = browser
        self._session = session
        self.console: list[str] = []
        self.requests: list[str] = []
        self.dialogs: list[str] = []
        self.loads = 0
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: Any) -> dict[str, Any]:
        return self._browser.send(method, params, self._session)

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a file; returns after its load event."""
        # By way of a blank page: between two fragments of one file nothing would be loaded.
        for address in ("about:blank", path.absolute().as_uri() + (f"#{fragment}" if fragment else "")):
            before = self.loads
            self.send("Page.navigate", url=address)
            self._browser.wait_until(lambda before=before: self.loads > before)
            if address == "about:blank":
                self.console, self.requests, self.dialogs = [], [], []

    def look(self, width: int = 1280, height: int = 900, scheme: str = "light", medium: str = "") -> None:
        """Set the window's size in CSS pixels, the colour scheme and the medium (``print``)."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        self.send("Emulation.setEmulatedMedia", media=medium, features=features)

    def evaluate(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, awaited; the page's security policy does not apply to it."""
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def press(self, key: str, text: str = "") -> None:
        """Press and release one key; `text` is what it types."""
        self.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text or (key if len(key) == 1 else ""))
        self.send("Input.dispatchKeyEvent", type="keyUp", key=key)

    def pdf(self, width_inches: float = 8.27, height_inches: float = 11.69) -> bytes:
        """Return the page as it prints; A4 unless told."""
        answer = self.send("Page.printToPDF", paperWidth=width_inches, paperHeight=height_inches, preferCSSPageSize=False)
        return base64.b64decode(answer["data"])

    def screenshot(self, whole: bool = False) -> bytes:
        """Return a PNG of what the window shows, or of the whole page."""
        return base64.b64decode(self.send("Page.captureScreenshot", captureBeyondViewport=whole)["data"])

    def took(self, event: dict[str, Any]) -> None:
        params = event.get("params", {})
        match event["method"]:
            case "Page.loadEventFired":
                self.loads += 1
            case "Page.javascriptDialogOpening":
                self.dialogs.append(params["message"])
                self._browser.post("Page.handleJavaScriptDialog", {"accept": False}, self._session)
            case "Network.requestWillBeSent":
                self.requests.append(params["request"]["url"])
            case "Runtime.consoleAPICalled":
                self.console.append(str(params["args"]))
            case "Runtime.exceptionThrown":
                self.console.append(str(params["exceptionDetails"]))
            case "Log.entryAdded":
                self.console.append(params["entry"]["text"])


class Browser:
    """The process and its pipe: JSON messages with a NUL after each."""

    def __init__(self, process: subprocess.Popen[bytes], reading: int, writing: int) -> None:
        self._process = process
        self._reading = reading
        self._writing = writing
        self._rest = b""
        self._last = 0
        self._tabs: dict[str, Tab] = {}
        self._answers: dict[int, dict[str, Any]] = {}

    def new_tab(self) -> Tab:
        target = self.send("Target.createTarget", {"url": "about:blank"})["targetId"]
        session = self.send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        self._tabs[session] = tab = Tab(self, session)
        return tab

    def post(self, method: str, params: dict[str, Any], session: str = "") -> int:
        self._last += 1
        message = {"id": self._last, "method": method, "params": params} | ({"sessionId": session} if session else {})
        os.write(self._writing, json.dumps(message).encode() + b"\0")
        return self._last

    def send(self, method: str, params: dict[str, Any], session: str = "") -> dict[str, Any]:
        identity = self.post(method, params, session)
        self.wait_until(lambda: identity in self._answers)
        answer = self._answers.pop(identity)
        if "error" in answer:
            raise AssertionError(f"{method}: {answer['error']}")
        return dict(answer["result"])

    def wait_until(self, done: Any) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not done():
            ready, _, _ = select.select([self._reading], [], [], max(deadline - time.monotonic(), 0))
            read = os.read(self._reading, 1 << 20) if ready else b""
            if not read:
                raise AssertionError("Chromium did not answer")
            *messages, self._rest = (self._rest + read).split(b"\0")
            for message in map(json.loads, messages):
                self._took(message)

    def _took(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers[message["id"]] = message
        elif tab := self._tabs.get(message.get("sessionId", "")):
            tab.took(message)


@contextmanager
def running(program: str) -> Iterator[Browser]:
    """Start a browser with a fresh profile; it ends with the block."""
    to_browser, to_us = os.pipe(), os.pipe()

    def connect() -> None:
        # The browser reads from 3 and writes to 4; first out of the way, in case our own ends have these numbers.
        ends = [os.dup(to_browser[0]), os.dup(to_us[1])]
        os.dup2(ends[0], 3)
        os.dup2(ends[1], 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [program, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            preexec_fn=connect,  # noqa: PLW1509 - no threads here, and nothing else gives a child descriptors 3 and 4
            pass_fds=(3, 4),
        )
        for end in (to_browser[0], to_us[1]):
            os.close(end)
        browser = Browser(process, to_us[0], to_browser[1])
        try:
            yield browser
        finally:
            os.close(to_browser[1])
            os.close(to_us[0])
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
