"""A delivery that was scanned with a library, and a room over its report, asked without a network."""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from scanner.engine.local import LocalEngine
from scanner.model.work import DigestTask, FileDigest, Result, Task, Thumbnail
from scanner.pipeline.settings import WorkerSettings
from tests.fingerprint.landscapes import landscape

pytest.importorskip("starlette", reason="the review room needs the extra `review`")

from scanner.engine.session import scan, write_reports
from scanner.review.app import make_app
from scanner.review.pictures import Pictures
from scanner.review.reach import Reach
from scanner.review.room import Room, open_room
from scanner.review.workbench import Workbench
from tests.cli.conftest import PARAMETERS, clean_environment
from tests.cli.warm import WarmCommand

HOSTILE = "<img src=x onerror=alert(1)>.png"
SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Drive:
    """Where everything is."""

    root: Path
    library: Path
    report: Path


def make_drive(folder: Path) -> Path:
    root = folder / "DRIVE_07"
    for name in ("temp", "final"):
        (root / name).mkdir(parents=True)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    landscape(4).save(root / "temp" / "idea.png", pnginfo=text)
    shutil.copy(root / "temp" / "idea.png", root / "final" / HOSTILE)
    altered = landscape(50).copy()
    width, height = altered.size
    ImageDraw.Draw(altered).ellipse((width * 0.1, height * 0.2, width * 0.35, height * 0.6), fill=(200, 40, 60))
    altered.resize((width * 2, height * 2)).save(root / "final" / "harbour.jpg", quality=88)
    (root / "final" / "logo.svg").write_text(SVG)
    for number in range(1001, 1011):
        Image.new("RGB", (64, 48), (number % 256, 90, 40)).save(root / "final" / f"shot.{number}.jpg")
    return root


def make_scan(folder: Path, warm: WarmCommand) -> Drive:
    """Make a drive, a library and a report of the one scanned with the other."""
    root = make_drive(folder)
    (folder / "refs").mkdir()
    landscape(50).save(folder / "refs" / "original.jpg", quality=92)
    library = folder / "library.sqlite"
    arguments = ["library", "add", "--quiet", "--role", "owned", "--library", str(library), str(folder / "refs")]
    done = warm.run(arguments, folder, clean_environment(folder / "home"), folder)
    assert done.returncode == 0, done.stderr
    told = scan(root, library=library, workers=1)
    write_reports(told, folder / "out", ["json"])
    return Drive(root, library, folder / "out" / "scan.json")


_made: list[Drive] = []


@pytest.fixture(scope="session")
def scanned(tmp_path_factory: pytest.TempPathFactory, warm: WarmCommand) -> Drive:
    """Scanned once; nobody changes it."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    # Each module that names this fixture has one of its own.
    if not _made:
        _made.append(make_scan(tmp_path_factory.mktemp("pictured"), warm))
    return _made[0]


@pytest.fixture
def own(scanned: Drive, tmp_path: Path) -> Drive:
    """A copy that a test may change, with a report of its own that knows where it is."""
    shutil.copytree(scanned.root, tmp_path / "DRIVE_07", copy_function=shutil.copy2)
    text = scanned.report.read_text().replace(str(scanned.root), str(tmp_path / "DRIVE_07"))
    (tmp_path / "scan.json").write_text(text)
    return Drive(tmp_path / "DRIVE_07", scanned.library, tmp_path / "scan.json")


JPEG = b"\xff\xd8\xff picture"


class Scripted:
    """An engine that answers at once, or not before it has leave."""

    def __init__(self, answer: Result | None = None) -> None:
        self.answer = answer
        self.tasks: list[Task] = []
        self.leave = threading.Event()
        self.leave.set()

    def run(self, tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            self.tasks.append(task)
            self.leave.wait(10)
            if isinstance(task, DigestTask):
                yield FileDigest(task.key, "f" * 64)
            else:
                yield self.answer or Thumbnail(task.key, JPEG, 4, 3)

    def close(self) -> None:
        self.leave.set()


def workers() -> Workbench:
    return Workbench(lambda: LocalEngine(WorkerSettings(), 1), workers=1)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def text(self) -> str:
        return self.body.decode()


class Asking:
    """A room, asked as its middleware asks it."""

    def __init__(self, room: Room, pictures: Pictures) -> None:
        self.room = room
        self.pictures = pictures
        self.app = make_app(room, pictures)

    def get(self, path: str) -> Answer:
        return asyncio.run(self.ask(path))

    async def ask(self, path: str) -> Answer:
        where, _, query = path.partition("?")
        scope: dict[str, Any] = {
            "type": "http",
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": where,
            "raw_path": where.encode(),
            "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1")],
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 9),
            "review.secret": "s",
            "review.recorder": "dana",
        }
        sent: list[Any] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        headers = {key.decode(): value.decode() for key, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], headers, b"".join(each.get("body", b"") for each in sent[1:]))

    def row(self, path: str) -> str:
        """Address of the page of an asset."""
        row = self.room.reports[0].catalogue.row_at(0, path)
        assert row is not None, path
        return f"/scans/1/assets/{row}"


@contextmanager
def asking(report: Path, bench: Workbench, library: Path | None = None) -> Iterator[Asking]:
    room = open_room([os.fspath(report)], lambda *_: None)
    reaches = {each.number: Reach(each) for each in room.reports}
    pictures = Pictures(reaches, bench, os.fspath(library) if library else None)
    try:
        yield Asking(room, pictures)
    finally:
        pictures.close()
