from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from scanner.crawl.walk import crawl, root_folder
from scanner.model.errors import UsageError
from scanner.model.judging import Verdict
from scanner.model.recorded import RecordedScan
from scanner.model.scan import FileRecord
from scanner.model.verification import Change, Comparison, Depth
from scanner.pipeline.verifying import same_time, verify_delivery
from tests.tools.object_server import ObjectServer

EVERY_DEPTH = list(Depth)
SECOND = 10**9


def record(*roots: Path, hash_below: int = 1 << 20) -> RecordedScan:
    """What a scan of these roots would have recorded."""
    files, specials = [], []
    for index, root in enumerate(roots):
        found = crawl(str(root))
        for entry in found.files:
            content = Path(root_folder(str(root)), entry.path).read_bytes() if not entry.failed else b""
            digest = hashlib.sha256(content).hexdigest() if entry.size_bytes < hash_below else ""
            files.append(FileRecord(index, entry.path, entry.size_bytes, entry.mtime_ns, digest))
        specials += [(index, each.path, each.kind) for each in found.specials]
    texts = dict.fromkeys(("scanner_version", "name", "started", "finished", "policy", "confidentiality", "statement"), "")
    return RecordedScan(
        **texts,
        roots=tuple(str(root) for root in roots),
        complete=True,
        verdict=Verdict.PASS,
        assets=(),
        findings=(),
        inventory=tuple(files),
        specials=tuple(specials),
        unreadable_folders=(),
        seal="",
        seal_holds=True,
    )


def verify(recorded: RecordedScan, *paths: Path, depth: Depth = Depth.TOUCHED) -> Comparison:
    return verify_delivery(recorded, [str(path) for path in paths], depth, lambda *_: None)


def told(compared: Comparison) -> list[tuple[str, str]]:
    return [(one.change.value, one.path) for one in compared.differences]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    root = tmp_path / "DRIVE"
    (root / "final").mkdir(parents=True)
    for name, content in (("final/a.jpg", b"aaaa"), ("final/b.jpg", b"bbbb"), ("c.mov", b"c" * 100)):
        (root / name).write_bytes(content)
        os.utime(root / name, ns=(0, 1_700_000_000_123_456_789))
    return root


@pytest.mark.parametrize("depth", EVERY_DEPTH)
def test_an_untouched_delivery_is_the_same(tree: Path, depth: Depth) -> None:
    compared = verify(record(tree), depth=depth)

    assert compared.differences == ()
    assert (compared.same_by_bytes, compared.same_by_stat) == ((3, 0) if depth is Depth.HASH else (0, 3))


@pytest.mark.parametrize("depth", EVERY_DEPTH)
def test_added_changed_and_gone(tree: Path, depth: Depth) -> None:
    recorded = record(tree)
    (tree / "new.jpg").write_bytes(b"new")
    (tree / "final" / "a.jpg").write_bytes(b"longer")
    (tree / "c.mov").unlink()

    assert told(verify(recorded, depth=depth)) == [("gone", "c.mov"), ("changed", "final/a.jpg"), ("added", "new.jpg")]


def test_equal_size_and_another_time_is_settled_by_bytes(tree: Path) -> None:
    recorded = record(tree)
    (tree / "final" / "a.jpg").write_bytes(b"AAAA")
    os.utime(tree / "final" / "b.jpg")

    compared = verify(recorded)

    assert told(compared) == [("changed", "final/a.jpg")]
    assert (compared.touched, compared.same_by_bytes) == (1, 1)
    by_stat = verify(recorded, depth=Depth.STAT)
    assert told(by_stat) == [("changed", "final/a.jpg"), ("changed", "final/b.jpg")]


def test_what_size_and_time_cannot_see_hashing_does(tree: Path) -> None:
    recorded = record(tree)
    path = tree / "final" / "a.jpg"
    status = path.stat()
    path.write_bytes(b"AAAA")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))

    assert told(verify(recorded, depth=Depth.STAT)) == told(verify(recorded)) == []
    assert told(verify(recorded, depth=Depth.HASH)) == [("changed", "final/a.jpg")]


@pytest.mark.parametrize("depth", EVERY_DEPTH)
def test_a_file_without_hash_is_compared_by_size_and_time(tree: Path, depth: Depth) -> None:
    recorded = record(tree, hash_below=50)

    compared = verify(recorded, depth=depth)

    assert (compared.differences, compared.unhashed) == ((), 1)
    os.utime(tree / "c.mov")
    change = "changed" if depth is Depth.STAT else "unsettled"
    assert told(verify(recorded, depth=depth)) == [(change, "c.mov")]


@pytest.mark.parametrize("depth", EVERY_DEPTH)
@pytest.mark.parametrize(("before", "after"), [("final/a.jpg", "final/A.JPG"), ("final/e\u0301.jpg", "final/\u00e9.jpg")])
def test_another_spelling_is_one_moved_file(tree: Path, depth: Depth, before: str, after: str) -> None:
    (tree / "final" / "a.jpg").rename(tree / before)
    recorded = record(tree)
    (tree / before).rename(tree / after)

    compared = verify(recorded, depth=depth)

    assert told(compared) == [("moved", after)]
    assert compared.differences[0].was == before


def test_names_that_differ_in_case_only_are_two_files(tree: Path) -> None:
    (tree / "final" / "A.JPG").write_bytes(b"xxxx")
    recorded = record(tree)
    (tree / "final" / "a.jpg").unlink()

    assert told(verify(recorded)) == [("gone", "final/a.jpg")]


def test_a_file_moved_to_another_folder_is_told_by_its_bytes(tree: Path) -> None:
    recorded = record(tree)
    (tree / "temp").mkdir()
    (tree / "final" / "a.jpg").rename(tree / "temp" / "x.jpg")

    assert told(verify(recorded)) == told(verify(recorded, depth=Depth.HASH)) == [("moved", "temp/x.jpg")]
    assert told(verify(recorded, depth=Depth.STAT)) == [("gone", "final/a.jpg"), ("added", "temp/x.jpg")]


def test_one_gone_file_is_not_two_moved_ones(tree: Path) -> None:
    recorded = record(tree)
    (tree / "x1.jpg").write_bytes(b"aaaa")
    (tree / "final" / "a.jpg").rename(tree / "x2.jpg")

    assert told(verify(recorded)) == [("moved", "x1.jpg"), ("added", "x2.jpg")]


def test_the_delivery_may_stand_elsewhere(tree: Path, tmp_path: Path) -> None:
    recorded = record(tree)
    tree.rename(tmp_path / "elsewhere")

    with pytest.raises(UsageError, match="mounted"):
        verify(recorded)
    assert verify(recorded, tmp_path / "elsewhere").differences == ()


def test_as_many_roots_are_named_as_the_report_has(tree: Path, tmp_path: Path) -> None:
    other = tmp_path / "OTHER"
    other.mkdir()
    recorded = record(tree, other)

    with pytest.raises(UsageError, match="2 roots, 1"):
        verify(recorded, tree)
    (other / "new").write_bytes(b"")
    compared = verify(recorded, tree, other)
    assert [(one.change, one.root, one.path) for one in compared.differences] == [(Change.ADDED, 1, "new")]


def test_a_root_that_is_a_single_file(tree: Path) -> None:
    recorded = record(tree / "final" / "a.jpg")
    assert verify(recorded).same_by_stat == 1
    (tree / "final" / "a.jpg").write_bytes(b"changed")
    assert told(verify(recorded)) == [("changed", "a.jpg")]


@pytest.mark.parametrize("depth", EVERY_DEPTH)
def test_a_file_that_became_a_link_is_not_followed(tree: Path, depth: Depth) -> None:
    recorded = record(tree)
    (tree / "final" / "a.jpg").rename(tree.parent / "a.jpg")
    (tree / "final" / "a.jpg").symlink_to(tree.parent / "a.jpg")

    assert told(verify(recorded, depth=depth)) == [("added", "final/a.jpg"), ("gone", "final/a.jpg")]


def test_links_and_pipes_are_compared_by_being_there(tree: Path) -> None:
    (tree / "latest").symlink_to("final")
    recorded = record(tree)
    assert verify(recorded).differences == ()
    (tree / "latest").unlink()
    os.mkfifo(tree / "latest")

    assert [one.why for one in verify(recorded).differences] == ["a fifo", "a symlink"]


@pytest.mark.skipif(sys.platform != "linux", reason="the system refuses such names")
def test_odd_names_are_compared_like_any_other(tree: Path) -> None:
    for name in (b"\xff\xfe.jpg", b"new\nline.jpg", "新しい.jpg".encode()):
        Path(os.fsdecode(os.path.join(os.fsencode(tree), name))).write_bytes(b"x")
    recorded = record(tree)

    assert verify(recorded, depth=Depth.HASH).differences == ()


@pytest.mark.parametrize("depth", EVERY_DEPTH)
def test_an_empty_delivery_has_lost_all(tree: Path, tmp_path: Path, depth: Depth) -> None:
    recorded = record(tree)
    (tmp_path / "empty").mkdir()

    assert {change for change, _ in told(verify(recorded, tmp_path / "empty", depth=depth))} == {"gone"}


def unreadable(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Stand in for permissions, which the super-user of a test machine does not feel."""

    def refuse(name: str) -> None:
        def sha256(path: str) -> tuple[str, int]:
            if path.endswith(name):
                raise PermissionError(13, "Permission denied")
            return hashlib.sha256(Path(path).read_bytes()).hexdigest(), os.path.getsize(path)

        monkeypatch.setattr("scanner.pipeline.verifying.sha256_of", sha256)

    return refuse


def test_a_file_that_cannot_be_read_is_neither_same_nor_changed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    recorded = record(tree)
    unreadable(monkeypatch)("a.jpg")

    compared = verify(recorded, depth=Depth.HASH)

    assert told(compared) == [("unreadable", "final/a.jpg")]
    assert compared.differences[0].why == "cannot be read: permission denied"


@pytest.mark.skipif(os.geteuid() == 0, reason="the super-user may list every folder")
def test_what_lies_in_a_folder_that_cannot_be_listed_is_not_gone(tree: Path) -> None:
    recorded = record(tree)
    (tree / "final").chmod(0)
    try:
        compared = verify(recorded)
    finally:
        (tree / "final").chmod(0o755)

    assert {change for change, _ in told(compared)} == {"unreadable"}
    assert compared.unlisted == ((0, "final", "permission denied"),)


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (5, 5, True),
        (5 * SECOND + 1, 5 * SECOND + 2, False),
        (5 * SECOND + 999, 5 * SECOND, True),
        (5 * SECOND + 999, 4 * SECOND, True),
        (5 * SECOND + 999, 3 * SECOND, False),
        (5 * SECOND, 7 * SECOND, False),
        (5 * SECOND, 6 * SECOND, True),
    ],
)
def test_times_are_as_exact_as_the_coarser_disk(first: int, second: int, same: bool) -> None:
    assert same_time(first, second) is same
    assert same_time(second, first) is same


def test_a_delivery_in_a_bucket_is_compared_by_its_bytes(tmp_path: Path, objects_served: ObjectServer) -> None:
    pytest.importorskip("obstore")
    contents = {"a.jpg": b"one", "b.jpg": b"two", "c.jpg": b"three"}
    for name, content in contents.items():
        (tmp_path / name).write_bytes(content)
    recorded = record(tmp_path)
    objects_served.objects = {"ep1/a.jpg": b"one", "ep1/b.jpg": b"TWO", "ep1/moved/c.jpg": b"three"}
    found = verify_delivery(recorded, ["s3://delivery/ep1"], Depth.TOUCHED, lambda *_: None)
    assert found.same_by_bytes == 1
    assert [(one.change, one.path) for one in found.differences] == [
        (Change.CHANGED, "b.jpg"),
        (Change.MOVED, "moved/c.jpg"),
    ]
