"""The command that scans what arrives."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli.conftest import Run, generated

pytest.importorskip("watchfiles")

FEW = ("--workers", "1")
"""The watch starts scans anew, each with its workers: for two pictures one will do."""


@pytest.fixture
def inbox(tmp_path: Path, delivery: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    shutil.copytree(delivery, folder / "quiet")
    (folder / "loud" / "final").mkdir(parents=True)
    generated(folder / "loud" / "final" / "leak.png")
    return folder


def log_of(reports: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (reports / "watch.log").read_text("utf-8").splitlines()]


def test_all_that_is_there_is_scanned_told_and_remembered(run: Run, inbox: Path, tmp_path: Path) -> None:
    reports, told = tmp_path / "out", tmp_path / "told.txt"
    command = f"sh -c 'echo $SCANNER_VERDICT $SCANNER_EXIT_CODE $SCANNER_DELIVERY >> {told}'"
    options = (
        "--output",
        str(reports),
        "--settle",
        "1",
        "--once",
        "--on-verdict",
        command,
        str(inbox),
        "--",
        "--no-library",
        *FEW,
    )
    done = run("watch", *options)

    assert done.returncode == 11, done.stderr + done.stdout
    assert told.read_text().splitlines() == [f"blocked 11 {inbox}/loud", f"pass 0 {inbox}/quiet"]
    scanned = [line for line in log_of(reports) if line["event"] == "scanned"]
    assert [line["verdict"] for line in scanned] == ["blocked", "pass"]
    assert all((Path(str(line["report"])) / "scan.json").is_file() for line in scanned)

    assert run("watch", *options).returncode == 0
    assert len(told.read_text().splitlines()) == 2
    (inbox / "quiet" / "final" / "late.txt").write_text("one more")
    assert run("watch", *options).returncode == 0
    assert told.read_text().splitlines()[2:] == [f"pass 0 {inbox}/quiet"]


def test_a_command_that_failed_is_run_again_by_the_next_watch(run: Run, inbox: Path, tmp_path: Path) -> None:
    shutil.rmtree(inbox / "loud")
    reports, told = tmp_path / "out", tmp_path / "told.txt"
    options = ("--output", str(reports), "--settle", "1", "--once", str(inbox), "--", *FEW)
    assert run("watch", "--on-verdict", "false", *options).returncode == 0
    assert run("watch", "--on-verdict", f"touch {told}", *options).returncode == 0
    assert told.exists()
    assert sum(line["event"] == "scanned" for line in log_of(reports)) == 1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--output", "{inbox}/out", "{inbox}"], "must not be written into the watched folder"),
        (["--output", "{tmp}/out", "{tmp}/none"], "no such folder to watch"),
        (["--output", "{tmp}/out", "--on-verdict", "'", "{inbox}"], "the command cannot be read"),
        (["--output", "{tmp}/out", "{inbox}", "--", "--output", "x"], "no option that can be given"),
        (["{inbox}"], "--output"),
    ],
)
def test_wrong_usage_is_told(run: Run, inbox: Path, tmp_path: Path, arguments: list[str], says: str) -> None:
    done = run("watch", *(one.format(inbox=inbox, tmp=tmp_path) for one in arguments))
    assert done.returncode == 2
    assert says in done.stderr


def test_it_goes_on_until_it_is_stopped_and_scans_what_arrives(environment: dict[str, str], tmp_path: Path) -> None:
    inbox, reports = tmp_path / "inbox", tmp_path / "out"
    inbox.mkdir()
    command = [sys.executable, "-m", "scanner", "watch", "--output", str(reports), "--settle", "1", str(inbox), "--", *FEW]
    watch = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        wait_for(reports / "watch.log", "watching")
        second = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert (second.returncode, "another watch" in second.stderr) == (2, True)
        (inbox / "reel" / "final").mkdir(parents=True)
        generated(inbox / "reel" / "final" / "leak.png")
        wait_for(reports / "watch.log", '"scanned"')
    finally:
        watch.send_signal(signal.SIGTERM)
        out, err = watch.communicate(timeout=60)
    assert (watch.returncode, err.strip()) == (130, "scanner: stopped")
    assert "verdict=blocked" in out
    assert os.listdir(inbox / "reel") == ["final"]


def wait_for(path: Path, text: str, seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text("utf-8"):
            return
        time.sleep(0.1)
    raise AssertionError(f"{text} never came: {path.read_text('utf-8') if path.exists() else 'no log'}")
