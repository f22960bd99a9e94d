"""The walk: every entry once, nothing opened or followed, whatever the names and however deep the tree."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from scanner.crawl import walk
from scanner.crawl.entries import TOO_LONG
from scanner.crawl.walk import check_roots, crawl, root_folder
from scanner.model.assets import Crawl
from scanner.model.errors import UsageError

HOSTILE_NAMES = [
    b"line\nbreak.jpg",
    b"ends in return.jpg\r",
    b"-rf.jpg",
    b"-Comment=pwned",
    b"bell\x07escape\x1b[2J.jpg",
    b"bad\xff.jpg",
    b"n" * 251 + b".jpg",
    "🎬.jpg".encode(),
    "evil\u202egpj.exe".encode(),
    b" ",
    b".hidden",
    b"a\\b.jpg",
    b"$(id).jpg",
]


def paths(crawled: Crawl) -> list[str]:
    return [file.path for file in crawled.files]


def open_handles() -> int:
    return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0


def tree_digest(root: Path) -> str:
    """Digest of names, modes, times, link targets and bytes below `root`."""
    digest = hashlib.sha256()
    for folder, _, names in sorted(os.walk(root)):
        for path in (folder, *(os.path.join(folder, name) for name in sorted(names))):
            status = os.lstat(path)
            digest.update(repr((os.fsencode(path), status.st_mode, status.st_size, status.st_mtime_ns)).encode())
            if os.path.isfile(path) and not os.path.islink(path):
                digest.update(Path(path).read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def deep_tree(root: Path, levels: int) -> Iterator[None]:
    """Folders of one-letter names, with a file at the bottom; removed without recursion."""
    handles = [os.open(root, os.O_RDONLY)]
    try:
        for _ in range(levels):
            os.mkdir("d", dir_fd=handles[-1])
            deeper = os.open("d", os.O_RDONLY, dir_fd=handles[-1])
            os.close(handles.pop())
            handles.append(deeper)
        os.close(os.open("bottom.jpg", os.O_CREAT | os.O_WRONLY, dir_fd=handles[-1]))
        yield
    finally:
        os.close(handles.pop())
        _remove_deep(root)


def _remove_deep(root: Path) -> None:
    """Lift each folder's child next to it until nothing is nested."""
    while (root / "d" / "d").exists():
        (root / "d" / "d").rename(root / "next")
        (root / "d").rmdir()
        (root / "next").rename(root / "d")
    (root / "d" / "bottom.jpg").unlink()
    (root / "d").rmdir()


def test_lists_files_with_size_and_time_sorted_by_path(tmp_path: Path) -> None:
    for name in ("a-b/x", "a/z", "a/b/c", "B", "a.txt", ".DS_Store"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    os.utime(tmp_path / "B", ns=(1, 1_700_000_000_123_456_789))
    crawled = crawl(str(tmp_path))
    assert paths(crawled) == [".DS_Store", "B", "a-b/x", "a.txt", "a/b/c", "a/z"]
    assert crawled.files[1].mtime_ns == 1_700_000_000_123_456_789
    assert {file.size_bytes for file in crawled.files} == {5}
    assert crawled.folders == 4


def test_empty_folders_are_counted_and_hold_nothing(tmp_path: Path) -> None:
    (tmp_path / "empty/inner").mkdir(parents=True)
    assert crawl(str(tmp_path)) == Crawl((), (), (), 3)


def test_hostile_names_come_back_byte_for_byte(tmp_path: Path) -> None:
    kept = []
    for name in HOSTILE_NAMES:
        with contextlib.suppress(OSError):  # macOS refuses names that are no UTF-8
            Path(os.fsdecode(os.path.join(os.fsencode(tmp_path), name))).write_bytes(b"")
            kept.append(name)
    crawled = crawl(str(tmp_path))
    assert sorted(os.fsencode(path) for path in paths(crawled)) == sorted(kept)
    assert len(kept) >= len(HOSTILE_NAMES) - 1


def test_hostile_folder_names_are_walked(tmp_path: Path) -> None:
    for name in HOSTILE_NAMES[:6]:
        with contextlib.suppress(OSError):
            folder = os.path.join(os.fsencode(tmp_path), name)
            os.mkdir(folder)
            Path(os.fsdecode(os.path.join(folder, b"x"))).write_bytes(b"")
    assert len(crawl(str(tmp_path)).files) >= 5


def test_special_files_are_told_and_never_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.jpg").write_bytes(b"x")
    root = tmp_path / "root"
    root.mkdir()
    (root / "loop").symlink_to(root)
    (root / "out").symlink_to(outside)
    (root / "file").symlink_to(outside / "secret.jpg")
    (root / "dangling").symlink_to(root / "nowhere")
    os.mkfifo(root / "pipe")
    server = socket.socket(socket.AF_UNIX)
    with contextlib.closing(server):
        here = os.open(".", os.O_RDONLY)
        try:
            os.chdir(root)  # a socket's address is short: bind by the relative name
            server.bind("sock")
        finally:
            os.fchdir(here)
            os.close(here)
        crawled = crawl(str(root))
    assert crawled.files == ()
    assert {(entry.path, entry.kind) for entry in crawled.specials} == {
        ("loop", "symlink"),
        ("out", "symlink"),
        ("file", "symlink"),
        ("dangling", "symlink"),
        ("pipe", "fifo"),
        ("sock", "socket"),
    }


def test_the_user_may_name_the_root_by_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real/a.jpg").write_bytes(b"")
    (tmp_path / "link").symlink_to("real")
    assert paths(crawl(str(tmp_path / "link"))) == ["a.jpg"]
    assert check_roots([str(tmp_path / "link")]) == (os.path.realpath(tmp_path / "real"),)


def test_a_single_file_is_a_delivery_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"123")
    root = str(tmp_path / "a.jpg")
    crawled = crawl(root)
    assert [(file.path, file.size_bytes) for file in crawled.files] == [("a.jpg", 3)]
    assert crawled.folders == 0
    assert root_folder(root) == str(tmp_path)
    assert root_folder(str(tmp_path)) == str(tmp_path)


def test_deep_trees_are_walked_with_few_handles(tmp_path: Path) -> None:
    before = open_handles()
    with deep_tree(tmp_path, 5000):
        crawled = crawl(str(tmp_path))
    assert crawled.folders == 5001
    assert crawled.unreadable_folders == ()
    assert [len(path) for path in paths(crawled)] == [2 * 5000 + len("bottom.jpg")]
    assert crawled.files[0].failed == TOO_LONG
    assert open_handles() == before


def test_too_long_is_said_exactly_where_opening_fails(tmp_path: Path) -> None:
    limit = os.pathconf(tmp_path, "PC_PATH_MAX")
    with deep_tree(tmp_path, (limit - len(str(tmp_path)) - 30) // 2):
        bottom = crawl(str(tmp_path)).files[0]
        assert bottom.failed == ""
        os.stat(os.path.join(tmp_path, bottom.path))
    with deep_tree(tmp_path, limit // 2):
        bottom = crawl(str(tmp_path)).files[0]
        assert bottom.failed == TOO_LONG
        with pytest.raises(OSError):
            os.stat(os.path.join(tmp_path, bottom.path))


def test_running_out_of_handles_is_told_not_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real_open = os.open

    def few_handles(path: str, flags: int, *args: int, **options: int) -> int:
        if path == "deeper":
            raise OSError(errno.EMFILE, "Too many open files")
        return real_open(path, flags, *args, **options)

    (tmp_path / "a/deeper").mkdir(parents=True)
    monkeypatch.setattr(walk.os, "open", few_handles)
    crawled = crawl(str(tmp_path))
    assert crawled.unreadable_folders == (("a/deeper", "lies deeper than the system's limit of open files allows"),)


def test_a_folder_that_cannot_be_listed_is_told_and_the_rest_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("locked/in.jpg", "open/in.jpg"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_bytes(b"")
    locked = (tmp_path / "locked").stat().st_ino
    real_scandir = os.scandir

    def scandir(handle: int) -> object:
        if os.fstat(handle).st_ino == locked:
            raise PermissionError(errno.EACCES, "Permission denied")
        return real_scandir(handle)

    monkeypatch.setattr(walk.os, "scandir", scandir)
    before = open_handles()
    crawled = crawl(str(tmp_path))
    assert paths(crawled) == ["open/in.jpg"]
    assert crawled.unreadable_folders == (("locked", "permission denied"),)
    assert crawled.folders == 3
    assert open_handles() == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_permissions_of_the_system_are_told(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0)
    assert crawl(str(tmp_path)).unreadable_folders == (("locked", "permission denied"),)


def test_an_unlistable_root_is_a_dot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> object:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(walk.os, "scandir", refuse)
    assert crawl(str(tmp_path)) == Crawl((), (), ((".", "permission denied"),), 1)


class Vanishing:
    """A directory entry whose file is gone by the time it is looked at."""

    def __init__(self, entry: os.DirEntry[str]) -> None:
        self.name = entry.name
        self.is_dir = entry.is_dir
        self.is_symlink = entry.is_symlink

    def stat(self, *, follow_symlinks: bool) -> os.stat_result:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory")


def test_entries_that_vanish_are_kept_by_what_the_listing_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone.jpg").write_bytes(b"")
    (tmp_path / "link").symlink_to("gone.jpg")
    (tmp_path / "folder").mkdir()
    real_scandir = os.scandir

    @contextlib.contextmanager
    def scandir(handle: int) -> Iterator[list[Vanishing]]:
        with real_scandir(handle) as entries:
            yield [Vanishing(entry) for entry in entries]

    monkeypatch.setattr(walk.os, "scandir", scandir)
    crawled = crawl(str(tmp_path))
    assert [(file.path, file.failed) for file in crawled.files] == [("gone.jpg", "vanished while the tree was listed")]
    assert [(entry.path, entry.kind) for entry in crawled.specials] == [("link", "symlink")]
    assert crawled.folders == 2


def test_a_folder_swapped_for_a_link_is_not_followed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside/secret.jpg").write_bytes(b"")
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    real_open = os.open

    def swapping(path: str, flags: int, *args: int, **options: int) -> int:
        if path == "folder" and not (root / "folder").is_symlink():
            (root / "folder").rmdir()
            (root / "folder").symlink_to(tmp_path / "outside")
        return real_open(path, flags, *args, **options)

    monkeypatch.setattr(walk.os, "open", swapping)
    crawled = crawl(str(root))
    assert crawled.files == ()
    assert [path for path, _ in crawled.unreadable_folders] == ["folder"]


def test_a_folder_that_shows_its_own_parent_is_entered_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "a/x.jpg").write_bytes(b"")
    of_a, of_c = (tmp_path / "a").stat(), (tmp_path / "a/b/c").stat().st_ino
    real_fstat = os.fstat
    monkeypatch.setattr(walk.os, "fstat", lambda handle: of_a if real_fstat(handle).st_ino == of_c else real_fstat(handle))
    crawled = crawl(str(tmp_path))
    assert paths(crawled) == ["a/x.jpg"]
    assert [(entry.path, entry.kind) for entry in crawled.specials] == [("a/b/c", "folder-loop")]


def test_folders_with_the_same_contents_beside_each_other_are_both_walked(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    (tmp_path / "one/a.jpg").write_bytes(b"x")
    os.link(tmp_path / "one/a.jpg", tmp_path / "two/a.jpg")
    assert paths(crawl(str(tmp_path))) == ["one/a.jpg", "two/a.jpg"]


def test_the_tree_is_untouched_and_no_handle_stays_open(tmp_path: Path) -> None:
    for name in ("a/1.jpg", "a/b/2.jpg", "c/3.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    before, handles = tree_digest(tmp_path), open_handles()
    first = crawl(str(tmp_path))
    assert crawl(str(tmp_path)) == first
    assert (tree_digest(tmp_path), open_handles()) == (before, handles)


def test_roots_come_back_absolute_and_in_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("b", "a", "a-more"):
        (tmp_path / name).mkdir()
    monkeypatch.chdir(tmp_path)
    real = os.path.realpath(tmp_path)
    assert check_roots(["b", "./a/", "a-more"]) == (f"{real}/b", f"{real}/a", f"{real}/a-more")
    assert check_roots([]) == ()


@pytest.mark.parametrize(
    ("one", "two", "relation"),
    [
        ("a", "a", "is the same place as"),
        ("a", "link", "is the same place as"),
        ("a/b/..", "a/", "is the same place as"),
        ("a", "a/b", "lies inside"),
        ("a/b", "a", "contains"),
        ("a", "a/b/f.jpg", "lies inside"),
        ("a/b/f.jpg", "a/b/f.jpg", "is the same place as"),
    ],
)
def test_overlapping_roots_are_wrong_usage(tmp_path: Path, one: str, two: str, relation: str) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/f.jpg").write_bytes(b"")
    (tmp_path / "link").symlink_to("a")
    with pytest.raises(UsageError, match=relation) as caught:
        check_roots([str(tmp_path / one), str(tmp_path / two)])
    assert caught.value.where in (os.path.realpath(tmp_path / two),)
    assert os.path.realpath(tmp_path / one) in caught.value.what
    assert caught.value.next_step


def test_two_hard_links_are_two_roots(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"")
    os.link(tmp_path / "a", tmp_path / "b")
    assert len(check_roots([str(tmp_path / "a"), str(tmp_path / "b")])) == 2


def test_missing_and_special_roots_are_wrong_usage_on_one_line(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    for name, words in (
        ("no\nwhere", "no such file or folder"),
        ("pipe", "fifo"),
        ("loop", "cannot be looked at"),
        ("\0", "no such"),
    ):
        for refused in (crawl, lambda path: check_roots([path])):
            with pytest.raises(UsageError, match=words) as caught:
                refused(str(tmp_path / name))
            assert "\n" not in str(caught.value)
            assert caught.value.next_step
