from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from scanner.model.errors import ReportError
from scanner.report.writing import BLOCK, write_folder, write_report


@pytest.fixture
def umask():
    before = os.umask(0o022)
    yield os.umask
    os.umask(before)


def test_writes_and_returns_the_path(tmp_path):
    path = write_report(str(tmp_path / "new" / "folder"), "scan.json", "{}\n")
    assert Path(path).read_text() == "{}\n"
    assert [each.name for each in Path(path).parent.iterdir()] == ["scan.json"]


def test_replaces_an_older_report(tmp_path):
    write_report(str(tmp_path), "scan.json", "old")
    assert Path(write_report(str(tmp_path), "scan.json", "new")).read_text() == "new"


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o027, 0o640), (0o002, 0o664), (0o077, 0o600)])
def test_follows_the_umask(tmp_path, umask, mask, mode):
    umask(mask)
    path = write_report(str(tmp_path), "scan.html", "x")
    assert stat.S_IMODE(os.stat(path).st_mode) == mode


@pytest.mark.parametrize("broken", ["fsync", "replace"])
def test_failure_leaves_the_old_report_and_nothing_else(tmp_path, monkeypatch, broken):
    write_report(str(tmp_path), "scan.json", "old")

    def fail(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(*((os, "fsync", fail) if broken == "fsync" else (Path, "replace", fail)))
    with pytest.raises(ReportError) as raised:
        write_report(str(tmp_path), "scan.json", "new")
    assert "No space left on device" in str(raised.value)
    assert "Free some space" in str(raised.value)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"scan.json": "old"}


def test_ctrl_c_leaves_nothing_behind(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_report(str(tmp_path), "scan.json", "new")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_may_not_be_written_says_what_to_do(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(ReportError) as raised:
        write_report(str(tmp_path), "scan.json", "{}")
    monkeypatch.undo()
    assert str(raised.value) == (
        f"{tmp_path}/scan.json: the report cannot be written (Permission denied). Choose another folder with --output DIR."
    )


def test_a_file_in_place_of_the_folder(tmp_path):
    (tmp_path / "taken").write_text("a file")
    with pytest.raises(ReportError):
        write_report(str(tmp_path / "taken"), "scan.json", "{}")


def test_control_characters_of_a_folder_do_not_reach_the_message(tmp_path):
    (tmp_path / "a\x1b[31m").write_text("a file")
    with pytest.raises(ReportError) as raised:
        write_report(str(tmp_path / "a\x1b[31m"), "scan.json", "{}")
    assert "\x1b" not in str(raised.value)


def test_half_surrogates_do_not_lose_a_report(tmp_path):
    assert Path(write_report(str(tmp_path), "a", "\udcff")).read_bytes() == b"\\udcff"


def test_text_in_pieces_is_written_as_it_comes(tmp_path):
    beside = []

    def pieces():
        for _ in range(4):
            yield "x" * BLOCK
            beside.append(sum(each.stat().st_size for each in tmp_path.iterdir()))

    path = Path(write_report(str(tmp_path), "scan.json", pieces()))
    assert path.read_text() == "x" * (4 * BLOCK)
    assert beside[-1] >= BLOCK, "not held until the end"


def test_a_disk_that_is_full_halfway_leaves_the_old_report(tmp_path):
    write_report(str(tmp_path), "scan.json", "old")

    def pieces():
        yield "x" * BLOCK
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ReportError, match="No space left on device") as raised:
        write_report(str(tmp_path), "scan.json", pieces())
    assert "\n" not in str(raised.value)
    assert {each.name: each.read_text() for each in tmp_path.iterdir()} == {"scan.json": "old"}


def files(**texts):
    return [(f"{name}.html", iter([text])) for name, text in texts.items()]


def kept(folder):
    return {str(each.relative_to(folder)): each.read_text() for each in folder.rglob("*") if each.is_file()}


def test_a_folder_takes_the_place_of_the_one_before(tmp_path):
    write_folder(str(tmp_path), "pages", files(a="1", b="2"))
    assert kept(tmp_path) == {"pages/a.html": "1", "pages/b.html": "2"}
    write_folder(str(tmp_path), "pages", files(c="3"))
    assert kept(tmp_path) == {"pages/c.html": "3"}
    write_folder(str(tmp_path), "pages", [])
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_finished_leaves_the_one_before(tmp_path):
    write_folder(str(tmp_path), "pages", files(a="old"))

    def pieces():
        yield "x"
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(ReportError, match="No space left on device"):
        write_folder(str(tmp_path), "pages", [("a.html", iter(["new"])), ("b.html", pieces())])
    assert kept(tmp_path) == {"pages/a.html": "old"}
    assert [each.name for each in tmp_path.iterdir()] == ["pages"]


def test_a_folder_that_somebody_else_keeps_there_is_left_alone(tmp_path):
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "notes.txt").write_text("mine")
    for given in (files(a="1"), []):
        with pytest.raises(ReportError, match="holds something else"):
            write_folder(str(tmp_path), "pages", given)
    assert kept(tmp_path) == {"pages/notes.txt": "mine"}


def test_a_link_in_place_of_the_folder_is_not_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "a.html").write_text("mine")
    (tmp_path / "pages").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReportError, match="holds something else"):
        write_folder(str(tmp_path), "pages", files(b="1"))
    assert (tmp_path / "elsewhere" / "a.html").read_text() == "mine"
