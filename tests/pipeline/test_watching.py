"""When a delivery that arrives is whole."""

import os
from pathlib import Path

import pytest

from scanner.model.errors import UsageError
from scanner.pipeline.watching import Arrivals, Outcome, environment_of, look_at

SCANNED = Outcome("", "pass", 0, "/reports/reel", "2026-01-01T00:00:00Z")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "reel").mkdir()
    (tmp_path / "reel" / "a.jpg").write_bytes(b"12345")
    return tmp_path


def waiting(arrivals: Arrivals, now: float) -> dict[str, str]:
    return dict(arrivals.look(now))


def test_a_delivery_is_whole_when_nothing_changes_for_a_while(folder):
    arrivals = Arrivals(str(folder), 60)
    assert waiting(arrivals, 0) == {"reel": "60 s without a change"}
    assert waiting(arrivals, 59) == {"reel": "1 s without a change"}
    assert waiting(arrivals, 60) == {"reel": ""}


def test_a_file_that_grows_starts_the_wait_anew(folder):
    arrivals = Arrivals(str(folder), 60)
    waiting(arrivals, 0)
    (folder / "reel" / "a.jpg").write_bytes(b"1234567890")
    assert waiting(arrivals, 50) == {"reel": "60 s without a change"}
    assert waiting(arrivals, 100) == {"reel": "10 s without a change"}


@pytest.mark.parametrize("name", [".a.jpg.Xa3f9Q", "b.mov.part", "b.mov.filepart", "b.mov.aspera-ckpt", "b.mov~", "B.PARTIAL"])
def test_a_name_that_says_it_is_still_written_holds_it_up(folder, name):
    (folder / "reel" / name).write_bytes(b"1")
    arrivals = Arrivals(str(folder), 60)
    waiting(arrivals, 0)
    assert waiting(arrivals, 1000) == {"reel": f"{name} to be finished"}


def test_the_file_that_says_so_is_waited_for(folder):
    arrivals = Arrivals(str(folder), 60, "*.mhl")
    waiting(arrivals, 0)
    assert waiting(arrivals, 100) == {"reel": "*.mhl to appear"}
    (folder / "reel" / "done.mhl").write_bytes(b"1")
    waiting(arrivals, 101)
    assert waiting(arrivals, 161) == {"reel": ""}


def test_what_was_scanned_is_scanned_again_only_when_it_changes(folder):
    arrivals = Arrivals(str(folder), 60)
    waiting(arrivals, 0)
    waiting(arrivals, 60)
    settled = arrivals.settle("reel", SCANNED)
    assert waiting(arrivals, 61) == {}
    # Also by a watch that starts with what this one remembers.
    assert waiting(Arrivals(str(folder), 60, done={"reel": settled}), 0) == {}
    os.utime(folder / "reel" / "a.jpg", (1, 1))
    assert waiting(arrivals, 62) == {"reel": "60 s without a change"}


def test_a_change_while_it_is_scanned_is_seen(folder):
    arrivals = Arrivals(str(folder), 60)
    waiting(arrivals, 0)
    assert arrivals.is_unchanged("reel")
    (folder / "reel" / "b.jpg").write_bytes(b"1")
    assert not arrivals.is_unchanged("reel")


def test_empty_folders_hidden_ones_links_and_loose_files_are_no_deliveries(folder):
    (folder / "empty").mkdir()
    (folder / ".trash").mkdir()
    (folder / "loose.jpg").write_bytes(b"1")
    (folder / "link").symlink_to(folder / "reel")
    assert waiting(Arrivals(str(folder), 60), 0) == {"empty": "its first file", "reel": "60 s without a change"}


def test_a_watched_folder_that_is_gone_is_told(tmp_path):
    with pytest.raises(UsageError, match="cannot be listed"):
        waiting(Arrivals(str(tmp_path / "none"), 60), 0)


def test_a_look_opens_no_file_and_tells_special_ones_apart(folder):
    before = look_at(str(folder / "reel"))
    os.mkfifo(folder / "reel" / "pipe")
    assert look_at(str(folder / "reel")).signature != before.signature


def test_a_command_learns_the_outcome_by_its_environment():
    told = environment_of("reel; rm -rf", "/watched", SCANNED)
    assert told["SCANNER_DELIVERY"] == "/watched/reel; rm -rf"
    assert (told["SCANNER_VERDICT"], told["SCANNER_EXIT_CODE"], told["SCANNER_REPORT"]) == ("pass", "0", "/reports/reel")
