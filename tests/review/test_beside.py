"""What other commands of the scanner say, shown in the room."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from scanner.review import beside, room
from scanner.review.beside import OwnCommands, Said
from tests.report.approved_scan import approved
from tests.report.scans import blocked
from tests.review.asking import Visitor
from tests.review.conftest import Opened


def test_a_command_runs_once_and_its_answer_stays() -> None:
    commands = OwnCommands()
    assert commands.said(("v",)) is None
    said = commands.ask(("v",), ["--version"], 60)
    assert said is not None and said.code == 0 and said.output.startswith("scanner, version")
    assert commands.said(("v",)) == said and not commands.running(("v",))


def test_a_command_that_fails_is_told_by_its_code() -> None:
    assert OwnCommands().ask(("v",), ["verify", "--format", "json", "/nowhere/scan.json"], 60) == Said(2, "")


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
def test_what_cannot_be_named_to_a_program_gives_no_answer() -> None:
    commands = OwnCommands()
    assert commands.ask(("v",), ["verify", "--", "a\0b"], 60) == Said(None, "")
    assert commands.ask(("v",), ["verify", "--", "\ud800"], 60) == Said(None, "")
    assert not commands.running(("v",))


def test_not_too_many_run_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    waiting = True

    def slow(*_: object, **__: object) -> tuple[int, str]:
        while waiting:
            time.sleep(0.01)
        return 0, "done"

    monkeypatch.setattr(beside, "run_once", slow)
    commands = OwnCommands()
    assert [commands.start((number,), []) for number in range(3)] == [True, True, False]
    assert commands.start((0,), []) and commands.running((0,))
    assert commands.ask((0,), [], 0.01) is None
    waiting = False
    assert commands.ask((0,), [], 10) == commands.ask((1,), [], 10) == Said(0, "done")
    assert commands.ask((2,), [], 10) == Said(0, "done")


def delivered(tmp_path: Path, opened: Opened) -> tuple[Visitor, Path]:
    """A room with a report of a real folder that holds one file, as far as `verify` is concerned."""
    folder = tmp_path / "DRIVE"
    folder.mkdir()
    opened_room = opened(replace(blocked(), roots=(str(folder),), inventory=()))
    return Visitor(opened_room), folder


def test_verify_says_in_the_room_what_the_command_says(tmp_path: Path, opened: Opened) -> None:
    visitor, folder = delivered(tmp_path, opened)
    (folder / "late<b>.jpg").write_bytes(b"x")
    assert "Being checked" not in visitor.get("/scans/1/verify").text
    started = visitor.post("/scans/1/verify", {"depth": "--hash"})
    assert started.status == 303 and started.headers["location"] == "/scans/1/verify"
    deadline = time.monotonic() + 60
    while "Being checked" in (page := visitor.get("/scans/1/verify").text):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert "The delivery is not what was scanned. The report is as it was written" in page
    assert "1 added" in page and "late&lt;b&gt;.jpg" in page


def test_a_word_that_is_no_depth_is_no_argument(tmp_path: Path, opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def noted(arguments: list[str], **_: object) -> tuple[int, str]:
        asked.append(arguments)
        return 0, json.dumps({"result": 7})

    monkeypatch.setattr(beside, "run_once", noted)
    visitor, folder = delivered(tmp_path, opened)
    assert visitor.post("/scans/1/verify", {"depth": "--public-key=/etc/passwd"}).status == 303
    while not asked:
        time.sleep(0.01)
    assert "passwd" not in str(asked)
    assert asked[0][-1] == str(folder) and asked[0][-3] == "--"
    while "Being checked" in (page := visitor.get("/scans/1/verify").text):
        time.sleep(0.01)
    assert "There was no answer" in page


def test_the_record_says_what_was_checked_and_who_allowed_what(opened: Opened) -> None:
    page = Visitor(opened(approved(blocked()))).get("/scans/1/record").text
    for words in ("Scan record", "What this scan cannot show", "Who decided what", "Allowed by", "Assets by verdict"):
        assert words in page
    assert "No approval and no other decision was applied" in Visitor(opened(blocked())).get("/scans/1/record").text


def test_the_disclosure_comes_as_the_command_makes_it(opened: Opened) -> None:
    answer = Visitor(opened(blocked())).get("/scans/1/disclosure")
    assert answer.status == 200, answer.text
    policy = answer.headers["content-security-policy"]
    assert "'sha256-" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert "<style>" in answer.text


def test_a_disclosure_that_cannot_be_made_is_told(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "run_once", lambda *_, **__: (1, ""))
    answer = Visitor(opened(blocked())).get("/scans/1/disclosure")
    assert answer.status == 503 and "could not be made" in answer.text


def test_rooms_are_opened_from_folders(tmp_path: Path) -> None:
    from scanner.model.errors import UsageError

    with pytest.raises(UsageError, match=r"holds no scan\.json"):
        room.open_room([str(tmp_path)], lambda *_: None)
    os.symlink("nowhere", tmp_path / "scan.json")
    with pytest.raises(UsageError, match="cannot be read"):
        room.open_room([str(tmp_path)], lambda *_: None)
