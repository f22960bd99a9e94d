"""A room over a real delivery with a real log, beside which lies what nobody may see."""

from __future__ import annotations

import hashlib
import io
import itertools
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from scanner.model.approvals import ContentKind
from scanner.pipeline.approved_content import Content
from tests.review.pictured_drive import Drive, scanned, workers

pytest.importorskip("starlette", reason="the extra 'review' is not installed")

from scanner.review import beside
from scanner.review.app import make_app
from scanner.review.decisions import DecisionDesk
from scanner.review.pictures import Pictures
from scanner.review.reach import Reach
from scanner.review.room import open_room
from tests.hostile.room_pages import Asker, check_page

__all__ = ["scanned"]

MAGENTA = (255, 0, 255)
SECRET = b"canary-3f1c9a77"
Tree = dict[str, tuple[str, int, int]]


class Commands:
    """Commands that say something else each time. What `disclosure` makes is a page and sent as it is."""

    def __init__(self) -> None:
        self._told = itertools.cycle(["", "{}", '{"result": 1}', "<script>alert(1)</script>", json.dumps(VERIFIED)])

    def __call__(self, arguments: Sequence[str], **_: object) -> tuple[int, str]:
        return (0, "<!doctype html><title>Disclosure</title>") if "disclosure" in arguments else (0, next(self._told))


VERIFIED = {
    "result": "differs",
    "report": {"seal_holds": False},
    "delivery": {"counts": {"changed": 1}, "differences": [{"change": "changed", "path": "<b>\u202e", "why": "<script>"}]},
}


@dataclass
class Place:
    """A room over a delivery beside which there is something that nobody may see."""

    asker: Asker
    root: Path
    log: str
    canary: Path

    def entries(self) -> list[tuple[str, str]]:
        """Kind and payload of each entry of the log, past all programs that know it."""
        if not os.path.exists(self.log):
            return []
        with closing(sqlite3.connect(f"file:{self.log}?mode=ro", uri=True)) as log:
            return log.execute("SELECT kind, payload FROM entry ORDER BY sequence").fetchall()

    def check(self, answer: Any) -> None:
        """What holds for every answer whatever was asked."""
        assert answer.status < 500 or (answer.status == 503 and "retry-after" in answer.headers), answer
        check_page(answer)
        assert SECRET not in answer.body
        assert "location" not in answer.headers or answer.headers["location"].startswith(("/scans/", "/decisions"))
        if answer.headers.get("content-type") in ("image/jpeg", "image/png"):
            colours = Image.open(io.BytesIO(answer.body)).convert("RGB").resize((8, 8)).getcolors()
            assert not any(sum(abs(a - b) for a, b in zip(colour, MAGENTA, strict=True)) < 120 for _, colour in colours)


def tree(root: Path) -> Tree:
    """Names, bytes and times of everything below a folder."""
    found: Tree = {}
    for folder, folders, names in os.walk(root):
        for name in (*folders, *names):
            path = Path(folder) / name
            status = path.lstat()
            digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
            found[str(path)] = (digest, status.st_mtime_ns, status.st_mode)
    return found


def read_content(paths: Sequence[str]) -> Content:
    digest = hashlib.sha256(Path(paths[0]).read_bytes()).hexdigest()
    return Content(paths[0], ContentKind.FILE, digest, 1, 0)


def lead_out(drive: Drive, folder: Path) -> Path:
    """Make a canary beside the root; lead to it by a link, a link in place of a folder, and paths of the report."""
    canary = folder / "canary.png"
    Image.new("RGB", (64, 48), MAGENTA).save(canary)
    with open(canary, "ab") as stream:
        stream.write(SECRET)
    final = drive.root / "final"
    shutil.copytree(final, folder / "elsewhere")
    for name in ("harbour.jpg", "logo.svg"):
        (final / name).unlink()
        (final / name).symlink_to(canary)
    (final / "out").symlink_to(folder)
    text = drive.report.read_text()
    # As a report of somebody else's would say it: where the canary is, with its right size and time.
    report = json.loads(text)
    stamp = next(each for each in report["inventory"] if each["path"] == "final/harbour.jpg")
    for path in ("../canary.png", "final/out/canary.png", str(canary)):
        line = json.dumps(
            stamp | {"path": path, "size_bytes": canary.stat().st_size, "sha256": hashlib.sha256(canary.read_bytes()).hexdigest()}
        )
        text = text.replace('  "inventory": [\n', f'  "inventory": [\n    {line},\n')
    text = text.replace('"path": "temp/idea.png"', '"path": "../canary.png"')
    text = text.replace('"final/shot.1001.jpg"', '"final/out/canary.png"')
    drive.report.write_text(text)
    return canary


@pytest.fixture(scope="module")
def place(scanned: Drive, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder = tmp_path_factory.mktemp("routes")
    root = folder / "DRIVE_07"
    shutil.copytree(scanned.root, root, copy_function=shutil.copy2)
    report = folder / "scan.json"
    text = scanned.report.read_text().replace(str(scanned.root), str(root))
    report.write_text(text)
    (folder / "whole.json").write_text(text)
    canary = lead_out(Drive(root, scanned.library, report), folder)
    room = open_room([str(report), str(folder / "whole.json")], lambda *_: None)
    log = str(folder / "log" / "approvals.sqlite")
    pictures = Pictures({each.number: Reach(each) for each in room.reports}, workers(), str(scanned.library))
    desk = DecisionDesk(log, read_content, lambda: "2026-03-01T12:00:00Z")
    asker = Asker(make_app(room, pictures, desk)).enter()
    patch = pytest.MonkeyPatch()
    patch.setattr(beside, "run_once", Commands())
    before = tree(root), canary.read_bytes()
    yield Place(asker, root, log, canary)
    patch.undo()
    pictures.close()
    asker.close()
    assert (tree(root), canary.read_bytes()) == before
