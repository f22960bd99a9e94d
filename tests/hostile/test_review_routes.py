"""Every address of the review room asked in every way, over a real delivery and a real log: what must stay true of all answers."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.model.approvals import ContentKind
from scanner.pipeline.approved_content import Content
from tests.hostile.test_review_room import EXTREMES
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
        line = json.dumps(stamp | {"path": path, "size_bytes": canary.stat().st_size, "sha256": hashlib.sha256(canary.read_bytes()).hexdigest()})
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
    said = iter(range(1 << 30))
    outputs = ["", "{}", '{"result": 1}', "<script>alert(1)</script>", json.dumps(VERIFIED)]
    patch.setattr(beside, "run_once", lambda *_, **__: (0, outputs[next(said) % len(outputs)]))
    before = tree(root), canary.read_bytes()
    yield Place(asker, root, log, canary)
    patch.undo()
    pictures.close()
    asker.close()
    assert (tree(root), canary.read_bytes()) == before


VERIFIED = {
    "result": "differs",
    "report": {"seal_holds": False},
    "delivery": {"counts": {"changed": 1}, "differences": [{"change": "changed", "path": "<b>\u202e", "why": "<script>"}]},
}
NUMBERS = ["0", "1", "2", "3", "7", "0001", "999999999", "9" * 5000, "-1", "1.0", "\uff11", "", "..", "%2e%2e", "1/..", "a", "\0"]
NAMES = ["room.css", "room.js", "../app.py", "%2e%2e/access.py", "/etc/passwd", "room.css/", "\udcff", "x" * 3000]
WORDS = [str(each) for each in EXTREMES if isinstance(each, (str, int)) and len(str(each)) < 6000]
WORDS += ["approve", "reject", "ask", "not-ai", "new", "changed", "2", "blocked", "none", "canary.png", "\ufffd", "a" * 300, "&=;", "%"]
QUERY = ["kind", "page", "text", "since", "verdict", "decision", "zone", "format", "token", "secret", "<b>", ""]
FIELDS = [
    *("statement", "decider", "date", "reference", "addressee", "approver", "category", "use", "expires", "first", "after"),
    *("seen", "submission", "without_file", "recorder", "recorded", "id", "reason", "depth", "secret", "content", ""),
]
GOOD = {
    "statement": "no release form",
    "decider": "Vera Okafor, legal",
    "date": "2026-02-28",
    "approver": "Dana Reyes, Netflix",
    "reference": "NFLX-2231",
    "category": "creative-output",
    "use": "background plate",
    "seen": "0",
    "reason": "a mistake",
}
ODD_HEADERS = [
    *("range", "if-none-match", "if-modified-since", "accept", "accept-encoding", "x-forwarded-host", "x-forwarded-for", "forwarded"),
    *("x-http-method-override", "x-original-url", "x-rewrite-url", "hx-request", "hx-target", "hx-boosted", "x-remote-user"),
    *("authorization", "upgrade", "connection", "te", "expect", "content-encoding", "transfer-encoding", "content-length"),
]
LATIN = st.text(st.characters(max_codepoint=255, exclude_characters="\r\n\0"), max_size=20)


def routes() -> list[str]:
    from scanner.review.room import Room

    return [route.path for route in make_app(Room(())).routes]  # type: ignore[attr-defined]


@st.composite
def targets(draw: st.DrawFn) -> tuple[str, bytes]:
    """A path as servers hand it on, and a query string."""
    path = draw(st.sampled_from(routes()))
    plain = draw(st.booleans())
    for parameter in ("report:place", "row:place", "hit:place", "pair:place"):
        number = draw(st.sampled_from(["1", "2"] if plain and parameter.startswith("report") else NUMBERS[: 5 if plain else None]))
        path = path.replace(f"{{{parameter}}}", number)
    path = path.replace("{part}", draw(st.sampled_from(["asset", "reference", "difference", "..", "\0", "asset/"])))
    path = path.replace("{name:path}", draw(st.sampled_from(NAMES)))
    path += draw(st.sampled_from(["", "", "", "", "/", "/..", "//", ";x", "%00"]))
    pairs = draw(st.lists(st.tuples(st.sampled_from(QUERY), st.sampled_from(WORDS) | st.text(max_size=8)), max_size=4))
    query = urlencode(pairs, errors="replace").encode() if draw(st.integers(0, 5)) else draw(st.binary(max_size=20))
    return path, query


forms = st.lists(st.tuples(st.sampled_from(FIELDS), st.sampled_from(WORDS) | st.text(max_size=10)), max_size=8)
headers = st.lists(st.tuples(st.sampled_from(ODD_HEADERS), st.sampled_from(["true", "chunked", "0", "bytes=0-1"]) | LATIN), max_size=3)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(targets(), st.sampled_from(["GET", "HEAD", "GET", "PUT", "DELETE", "OPTIONS", "get", "CONNECT"]), headers)
def test_whatever_is_asked_nothing_fails_and_nothing_is_decided(
    place: Place, target: tuple[str, bytes], method: str, more: list[tuple[str, str]]
) -> None:
    before = place.entries()
    answer = place.asker.sent(method, *target, [*place.asker.form_headers()[:2], *more])
    place.check(answer)
    assert answer.status not in (301, 302, 303, 307, 308)
    assert place.entries() == before


submissions = iter(range(1 << 30))


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(targets(), st.booleans(), forms, headers, st.integers(0, 3))
def test_whatever_form_is_sent_only_a_whole_one_is_recorded_and_once(
    place: Place, target: tuple[str, bytes], good: bool, spoilt: list[tuple[str, str]], more: list[tuple[str, str]], row: int
) -> None:
    fields = [("secret", place.asker.secret), *(list(GOOD.items()) if good else [])]
    if good and row:
        target = (f"/scans/2/assets/{row}/decide", target[1])
        fields += [("submission", f"submission-{next(submissions):08}")]
    fields += [pair for pair in spoilt if pair[0] != "secret"]
    body = urlencode(fields, errors="surrogatepass").encode()
    before = place.entries()
    for _ in range(2):
        answer = place.asker.sent("POST", *target, [*place.asker.form_headers(), *more], body)
        place.check(answer)
        after = place.entries()
        decided = answer.status == 303 and "/assets/" in answer.headers["location"]
        assert len(after) - len(before) == (1 if decided else 0), (answer, target, fields)
        assert after[: len(before)] == before
    for kind, payload in after[len(before) :]:
        told = json.loads(payload)
        assert (told["recorder"], told["submission"]) == ("rosa", dict(fields)["submission"])
        assert kind in ("approval", "rejection", "question", "not-ai")


def test_nothing_beside_the_delivery_is_seen(place: Place) -> None:
    """Every asset of a report that leads out of its root, by every address that shows something of a file."""
    rooms = place.asker.pages.state.room
    told = []
    for report in rooms.reports:
        for row in range(len(report.catalogue)):
            here = f"{report.address}/assets/{row}"
            for part in ("", "/thumbnail", "/picture", "/metadata", "/beside/0", "/beside/0/asset", "/frames/1", "/frames/1/shown"):
                answer = place.asker.get(here + part)
                place.check(answer)
                told.append((report.number, answer.headers["content-type"]))
    # That the check can fail: pictures of what may be seen were among them.
    assert ("image/jpeg" in {kind for _, kind in told}) and "image/svg+xml" in {kind for _, kind in told}
    paths = [rooms.reports[0].catalogue.asset(row).path() for row in range(len(rooms.reports[0].catalogue))]
    assert "../canary.png" in paths


def test_the_canary_would_be_noticed(place: Place) -> None:
    from tests.review.asking import Answered

    with pytest.raises(AssertionError):
        place.check(Answered(200, {"x-content-type-options": "nosniff", "content-type": "image/png"}, place.canary.read_bytes()))


@pytest.mark.parametrize("path", ["../canary.png", "final/out/canary.png", "out/../canary.png", "%2e%2e/canary.png"])
def test_no_path_is_an_address(place: Place, path: str) -> None:
    for prefix in ("/", "/static/", "/scans/1/", "/scans/1/assets/", "/scans/1/assets/0/", "/scans/1/assets/0/beside/0/"):
        for form in (path, quote(path), quote(quote(path))):
            answer = place.asker.get(prefix + form)
            assert answer.status == 404
            place.check(answer)
