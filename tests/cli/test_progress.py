from __future__ import annotations

import io
import json
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest

from scanner.cli.progress import (
    JsonProgress,
    PlainProgress,
    ProgressLine,
    SilentProgress,
    failures_told,
    open_progress,
    progress_text,
)
from scanner.model.errors import NothingToScan
from tests.cli.conftest import Run, generated, many_pictures


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("walking", 0, 0, 0.0), "walking …"),
        (("reading", 0, 1200, 0.0), "reading 0 of 1,200 files"),
        (("reading", 600, 1200, 6.0), "reading 600 of 1,200 files · 100 a second · 6 s left"),
        (("reading", 1000, 100_000, 10.0), "reading 1,000 of 100,000 files · 100 a second · 16 min left"),
        (("reading", 1000, 1_000_000, 100.0), "reading 1,000 of 1,000,000 files · 10 a second · 27.8 h left"),
    ],
)
def test_the_line_says_what_how_fast_and_how_long(arguments: tuple[str, int, int, float], text: str) -> None:
    assert progress_text(*arguments) == text


def test_it_is_silent_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with ProgressLine(enabled=True) as line:
        line("reading", 1, 2)

    assert sys.stderr.getvalue() == ""  # type: ignore[attr-defined]


def test_it_leaves_an_empty_line_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal())
    with ProgressLine(enabled=True) as line:
        line("reading", 1, 2)
        line("reading", 2, 2)

    written = sys.stderr.getvalue()  # type: ignore[attr-defined]
    assert "reading 2 of 2 files" in written
    assert written.endswith("\r\x1b[2K")


class Clock:
    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def test_plain_lines_come_every_few_seconds_and_end_in_a_line_break(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with PlainProgress(clock) as progress:
        for done in range(13):
            clock.seconds += 1
            progress("reading", done, 12)

    assert capsys.readouterr().err.splitlines() == [
        "reading 4 of 12 files · 1 a second · 8 s left",
        "reading 9 of 12 files · 1 a second · 3 s left",
    ]
    assert "\r" not in capsys.readouterr().err


def test_a_short_scan_leaves_no_plain_line(capsys: pytest.CaptureFixture[str]) -> None:
    with PlainProgress(Clock()) as progress:
        progress("reading", 1, 2)
        progress("reading", 2, 2)

    assert capsys.readouterr().err == ""


def test_json_lines_tell_begin_phases_and_end(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    with JsonProgress(clock) as progress:
        progress.start(["DRIVE\udcff"], "house.toml")
        progress("walking", 0, 0)
        for done in range(5):
            clock.seconds += 0.5
            progress("reading", done, 4)
        progress.end("blocked", 11, ["/qc/scan.json"])

    said = capsys.readouterr().err
    told = [json.loads(line) for line in said.splitlines()]
    assert said.isascii()
    assert told[0] == {"event": "start", "elapsed_seconds": 0.0, "paths": ["DRIVE\\xff"], "configuration": "house.toml"}
    assert [(one["phase"], one["done"], one["total"]) for one in told[1:-1]] == [
        ("walking", 0, 0), ("reading", 0, 4), ("reading", 2, 4), ("reading", 4, 4),
    ]  # fmt: skip
    assert told[-1] == {
        "event": "end", "elapsed_seconds": 2.5, "verdict": "blocked", "exit_code": 11, "reports": ["/qc/scan.json"],
    }  # fmt: skip


def test_errors_are_an_event_of_the_json_and_left_to_others_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(click.exceptions.Exit) as left, failures_told(JsonProgress(Clock())):
        raise NothingToScan("no file", where="/x\n")
    assert left.value.exit_code == 3
    assert json.loads(capsys.readouterr().err) == {
        "event": "end", "elapsed_seconds": 0.0, "verdict": None, "exit_code": 3, "reports": [], "error": "/x\\n: no file",
    }  # fmt: skip

    with pytest.raises(NothingToScan), failures_told(SilentProgress()):
        raise NothingToScan("no file")
    with pytest.raises(KeyboardInterrupt), failures_told(PlainProgress()):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("mode", "quiet", "terminal", "kind"),
    [
        ("auto", False, True, ProgressLine),
        ("auto", False, False, PlainProgress),
        ("auto", True, True, SilentProgress),
        ("plain", False, True, PlainProgress),
        ("json", True, True, JsonProgress),
        ("none", False, True, SilentProgress),
    ],
)
def test_who_tells(mode: str, quiet: bool, terminal: bool, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Terminal() if terminal else io.StringIO())

    assert type(open_progress(mode, quiet=quiet)) is kind


def test_a_reader_who_went_away_does_not_stop_the_scan(monkeypatch: pytest.MonkeyPatch) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    monkeypatch.setattr(sys, "stderr", Gone())
    with JsonProgress() as progress:
        progress("reading", 1, 1)


def test_a_farm_can_follow_a_whole_scan(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")

    done = run("scan", str(delivery), "--progress", "json", "--quiet", "--output", str(tmp_path / "out"))

    told = [json.loads(line) for line in done.stderr.splitlines()]
    assert (done.returncode, done.stdout) == (11, "")
    assert [told[0]["event"], told[-1]["event"]] == ["start", "end"]
    assert {one["event"] for one in told[1:-1]} == {"progress"}
    assert "reading" in {one["phase"] for one in told[1:-1]}
    assert (told[-1]["verdict"], told[-1]["exit_code"]) == ("blocked", 11)
    assert [Path(path).name for path in told[-1]["reports"]] == ["scan.json", "scan.html"]
    assert all(Path(path).is_file() for path in told[-1]["reports"])


def test_a_report_on_standard_output_leaves_json_alone_on_standard_error(run: Run, delivery: Path) -> None:
    done = run("scan", str(delivery), "--progress", "json", "--format", "json", "--output", "-")

    assert json.loads(done.stdout)["verdict"] == "pass"
    assert [json.loads(line)["event"] for line in done.stderr.splitlines()][-1] == "end"


def test_failures_are_json_too(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    done = run("scan", str(tmp_path / "empty"), "--progress", "json")

    assert done.returncode == 3
    assert json.loads(done.stderr.splitlines()[-1])["error"]


def test_an_interrupted_scan_ends_its_json(tmp_path: Path, environment: dict[str, str], delivery: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    many_pictures(delivery / "final", 400)
    command = [sys.executable, "-m", "scanner", "scan", "--progress", "json", "--output", str(tmp_path / "out"), str(delivery)]
    process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    for line in process.stderr:
        told = json.loads(line)
        if told.get("phase") == "reading" and told["done"]:
            break
    process.send_signal(signal.SIGINT)
    _, rest = process.communicate(timeout=60)

    last = json.loads(rest.splitlines()[-1])
    assert process.returncode == 130
    assert (last["event"], last["exit_code"], last["verdict"]) == ("end", 130, "incomplete")
