from __future__ import annotations

import pytest

pytest.importorskip("obstore")

from scanner.crawl.walk import check_roots, crawl, root_folder
from scanner.model.errors import ScannerError, UsageError
from scanner.tools import objects
from tests.tools.object_server import MODIFIED, SECRET, ObjectServer


@pytest.fixture(autouse=True)
def few_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "_RETRIES", 1)


def test_keys_become_paths_below_the_root(objects_served: ObjectServer) -> None:
    objects_served.objects = {"ep1/final/b.jpg": b"12", "ep1/a-b.jpg": b"1", "ep1/a/x é.jpg": b"123", "ep10/c.jpg": b"1"}
    (root,) = check_roots(["s3://delivery/ep1"])
    assert (root, root_folder(root)) == ("s3://delivery/ep1/", "s3://delivery/ep1/")
    found = crawl(root)
    assert [(one.path, one.size_bytes, one.mtime_ns) for one in found.files] == [
        ("a-b.jpg", 1, MODIFIED * 10**9),
        ("a/x é.jpg", 3, MODIFIED * 10**9),
        ("final/b.jpg", 2, MODIFIED * 10**9),
    ]
    assert all(one.version and not one.failed for one in found.files)
    assert found.folders == 3
    assert not found.unreadable_folders


def test_all_pages_of_a_listing_are_read(objects_served: ObjectServer) -> None:
    objects_served.page = 3
    objects_served.objects = {f"frame.{number:04}.dpx": b"x" for number in range(10)}
    assert len(crawl("s3://delivery/").files) == 10
    assert objects_served.asked == ["GET ?list"] * 4


def test_a_listing_that_breaks_off_is_no_listing(objects_served: ObjectServer) -> None:
    objects_served.page = 3
    objects_served.objects = {f"frame.{number:04}.dpx": b"x" for number in range(10)}
    objects_served.mistakes["?list"].extend(["", "expired"])
    with pytest.raises(ScannerError, match=r"the credentials have expired \(ExpiredToken\)") as caught:
        crawl("s3://delivery/")
    assert SECRET not in str(caught.value)


def test_one_object_is_a_delivery_of_one(objects_served: ObjectServer) -> None:
    objects_served.objects = {"ep1/a.jpg": b"12", "ep1/a.jpg.txt": b"1"}
    (root,) = check_roots(["s3://delivery/ep1/a.jpg"])
    assert (root, root_folder(root)) == ("s3://delivery/ep1/a.jpg", "s3://delivery/ep1/")
    assert [one.path for one in crawl(root).files] == ["a.jpg"]


def test_folder_markers_are_folders_and_empty_objects_are_files(objects_served: ObjectServer) -> None:
    objects_served.objects = {"a/": b"", "a/b.jpg": b"1", "empty/": b"", "zero.txt": b"", "half/": b"x"}
    found = {one.path: one for one in crawl("s3://delivery/").files}
    assert set(found) == {"a/b.jpg", "zero.txt", "half"}


def test_a_key_that_is_no_path_costs_its_own_folder_only_and_is_told(objects_served: ObjectServer) -> None:
    objects_served.objects = {"final/a.jpg": b"1", "odd//b.jpg": b"1", "odd/c.jpg": b"1", "worse/x\x7fy.jpg": b"1", "d.jpg": b"1"}
    found = crawl("s3://delivery/")
    assert [one.path for one in found.files] == ["d.jpg", "final/a.jpg"]
    assert [path for path, _ in found.unreadable_folders] == ["odd", "worse"]
    assert "empty part" in found.unreadable_folders[0][1]


def test_two_keys_that_come_to_one_path_are_told(objects_served: ObjectServer) -> None:
    objects_served.objects = {"/a.jpg": b"12", "a.jpg": b"123"}
    (one,) = crawl("s3://delivery/").files
    assert "slashes at an end" in one.failed


def test_a_name_too_long_for_a_file_system_is_told(objects_served: ObjectServer) -> None:
    objects_served.objects = {f"a/{'é' * 128}.jpg": b"1"}
    (one,) = crawl("s3://delivery/").files
    assert one.failed == "its name is longer than 255 bytes"


@pytest.mark.parametrize(
    ("refusal", "error", "told"),
    [
        ("no-bucket", UsageError, "there is no such bucket"),
        ("denied", ScannerError, "cannot be listed: the credentials do not allow it (AccessDenied)"),
        ("busy", ScannerError, "cannot be listed: the service was too busy"),
    ],
)
def test_a_bucket_that_cannot_be_listed_is_one_line(
    objects_served: ObjectServer, refusal: str, error: type[ScannerError], told: str
) -> None:
    objects_served.always = refusal
    for address in ("s3://delivery/", "s3://delivery/ep1"):
        with pytest.raises(error) as caught:
            crawl(address)
        assert told in str(caught.value)
        assert "\n" not in str(caught.value)
        assert SECRET not in str(caught.value)


def test_what_is_not_there_is_wrong_usage(objects_served: ObjectServer) -> None:
    with pytest.raises(UsageError, match="no such folder or object"):
        check_roots(["s3://delivery/ep9"])


def test_roots_that_overlap_are_wrong_usage(objects_served: ObjectServer) -> None:
    objects_served.objects = {"ep1/a": b"1", "ep1/ab": b"2", "ep10/c": b"1"}
    assert check_roots(["s3://delivery/ep1", "s3://delivery/ep10/", "s3://other/ep1/"])
    assert check_roots(["s3://delivery/ep1/a", "s3://delivery/ep1/ab"])
    for paths in (["s3://delivery/ep1", "s3://delivery"], ["s3://delivery/ep1/", "s3://delivery/ep1"]):
        with pytest.raises(UsageError, match="another root"):
            check_roots(paths)
