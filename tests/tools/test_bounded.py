"""Untrusted bytes are read with a bound, and from regular files only."""

from __future__ import annotations

import hashlib
import os
import socket
import threading
from pathlib import Path

import pytest

from scanner.tools import bounded
from scanner.tools.bounded import (
    NotRegularError,
    UnfetchedError,
    contains,
    open_regular,
    partly_fetched,
    read_at,
    read_fully,
    sha256_of,
)


@pytest.fixture
def short_reads(monkeypatch):
    """The system gives three bytes at a time, as network file systems may."""
    monkeypatch.setattr(bounded, "CHUNK_BYTES", 3)


def make_special(kind: str, folder: Path) -> Path:
    path = folder / "special"
    match kind:
        case "fifo":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as listener:
                here = os.getcwd()
                os.chdir(folder)  # the address of a socket is at most 108 bytes long
                listener.bind(path.name)
                os.chdir(here)
        case "symlink":
            (folder / "real").write_bytes(b"x")
            path.symlink_to(folder / "real")
        case "folder":
            path.mkdir()
        case "device":
            return Path("/dev/null")
    return path


@pytest.mark.parametrize("kind", ["fifo", "socket", "symlink", "folder", "device"])
@pytest.mark.parametrize("read", [lambda path: read_at(path, 0, 1), sha256_of, lambda path: contains(path, b"x", 9)])
def test_only_regular_files_are_opened(kind, read, tmp_path):
    path = make_special(kind, tmp_path)
    with pytest.raises(NotRegularError):
        read(str(path))


def test_the_writer_waiting_at_a_fifo_goes_on_waiting(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    opened = threading.Event()

    def wait_for_reader() -> None:
        descriptor = os.open(fifo, os.O_WRONLY)
        opened.set()
        os.close(descriptor)

    writer = threading.Thread(target=wait_for_reader, daemon=True)
    writer.start()
    with pytest.raises(NotRegularError):
        sha256_of(str(fifo))
    assert not opened.wait(0.2)
    os.close(os.open(fifo, os.O_RDONLY | os.O_NONBLOCK))
    writer.join(5)


@pytest.mark.parametrize("kind", ["fifo", "symlink"])
def test_what_is_swapped_in_after_the_look_is_refused_too(kind, tmp_path, monkeypatch):
    honest = tmp_path / "honest"
    honest.write_bytes(b"x")
    seen = os.lstat(honest)
    swapped = make_special(kind, tmp_path)
    monkeypatch.setattr(os, "lstat", lambda path: seen)
    with pytest.raises(OSError), open_regular(str(swapped)):
        pass


def test_a_vanished_file_says_so(tmp_path):
    with pytest.raises(FileNotFoundError), open_regular(str(tmp_path / "gone")):
        pass


def test_a_read_stops_at_its_bound_and_at_the_end(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    assert read_at(str(path), 2, 3) == b"234"
    assert read_at(str(path), 8, 100) == b"89"
    assert read_at(str(path), 99, 1) == b""


@pytest.mark.usefixtures("short_reads")
def test_short_reads_are_put_together(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    with open_regular(str(path)) as stream:
        assert read_fully(stream, 7) == b"0123456"


def test_the_digest_is_that_of_all_bytes(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(os.urandom(3_000_000))
    assert sha256_of(str(path)) == (hashlib.sha256(path.read_bytes()).hexdigest(), 3_000_000)


@pytest.mark.usefixtures("short_reads")
@pytest.mark.parametrize(("limit", "there"), [(100, True), (13, True), (12, False)])
def test_a_needle_is_found_across_reads_and_not_past_the_limit(limit, there, tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"....needle789" + b"." * 40)
    assert contains(str(path), b"needle789", limit) is there


@pytest.mark.usefixtures("short_reads")
def test_a_needle_of_one_byte_is_found(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"....x")
    assert contains(str(path), b"x", 100)
    assert not contains(str(path), b"y", 100)


def test_of_a_partly_fetched_file_only_its_parts_are_read(tmp_path):
    path = tmp_path / "a.mov"
    path.write_bytes(bytes(range(100)))
    with partly_fetched(str(path), ((0, 10), (50, 60))) as unfetched:
        assert read_at(str(path), 2, 8) == bytes(range(2, 10))
        assert read_at(str(path), 50, 10) == bytes(range(50, 60))
        assert read_at(str(path), 100, 4) == b""
        for offset, size in ((8, 4), (10, 1), (49, 2), (60, 40)):
            with pytest.raises(UnfetchedError):
                read_at(str(path), offset, size)
        with pytest.raises(UnfetchedError):
            sha256_of(str(path))
    assert unfetched == [(10, 12), (10, 11), (49, 51), (60, 100)]
    assert read_at(str(path), 8, 4) == bytes(range(8, 12))


def test_a_long_read_that_was_not_fetched_is_not_asked_for(tmp_path):
    path = tmp_path / "a.mov"
    path.write_bytes(bytes(100_000))
    with partly_fetched(str(path), ((0, 10),)) as unfetched, pytest.raises(UnfetchedError):
        read_at(str(path), 10, 9_000)
    assert not unfetched


def test_a_whole_file_is_read_as_ever(tmp_path):
    path = tmp_path / "a.mov"
    path.write_bytes(bytes(100))
    with partly_fetched(str(path), ()) as unfetched:
        assert read_at(str(path), 0, 100) == bytes(100)
    assert not unfetched
