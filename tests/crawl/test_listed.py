from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.listed import crawl_listed, parse_list
from scanner.crawl.walk import crawl
from scanner.model.errors import UsageError


@pytest.fixture
def tree(tmp_path):
    for name in ("a.jpg", "sub/b.jpg", "sub/deep/c\nd.jpg", b"sub/\xff.jpg".decode("utf-8", "surrogateescape")):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def test_paths_are_taken_once_in_order_below_the_root():
    assert parse_list(b"b\n./a//c\n\nb\n/root/d\n \n", "/root", null=False) == (" ", "a/c", "b", "d")
    assert parse_list(b"b\0a\nc\0", "/root", null=True) == ("a\nc", "b")
    assert parse_list(b"\xff.jpg\n", "/root", null=False) == ("\udcff.jpg",)


@pytest.mark.parametrize("line", [b"/etc/passwd", b"../x", b"a/../../x", b"/root", b".", b"/rooted/x"])
def test_a_path_that_leads_out_is_refused(line):
    with pytest.raises(UsageError, match="names no file below"):
        parse_list(line, "/root", null=False)


def test_nuls_in_lines_are_told():
    with pytest.raises(UsageError, match="--null"):
        parse_list(b"a\0b\0", "/root", null=False)


@given(st.binary(max_size=60), st.booleans())
def test_any_list_is_read_or_refused_and_never_leads_out(content, null):
    try:
        paths = parse_list(content, "/root", null=null)
    except UsageError as error:
        assert "\n" not in str(error)
        return
    for path in paths:
        assert not path.startswith("/")
        assert ".." not in path.split("/")
        assert path in parse_list(os.fsencode(path), "/root", null=True)


def test_listed_files_are_as_the_walk_finds_them(tree):
    whole = crawl(str(tree))
    folders = []
    listed = crawl_listed(str(tree), tuple(file.path for file in whole.files), folders.append)
    assert list(listed.files) == list(whole.files)
    assert sorted(file.path for folder in folders for file in folder) == [file.path for file in whole.files]


def test_what_is_not_there_is_a_file_that_failed(tree):
    paths = ("a.jpg", "a.jpg/x", "none/x.jpg", "sub/none.jpg", "x" * 300)
    listed = crawl_listed(str(tree), paths)
    failed = {file.path: file.failed for file in listed.files}
    assert failed["a.jpg"] == ""
    assert failed["sub/none.jpg"] == failed["none/x.jpg"] == failed["a.jpg/x"] == "is listed, but not there"
    assert "cannot be read" in failed["x" * 300]
    assert listed.unreadable_folders == (("", "4 of 5 listed files could not be read"),)


def test_links_are_not_followed_and_special_entries_are_counted(tree):
    (tree / "link").symlink_to(tree / "sub")
    (tree / "to.jpg").symlink_to(tree / "a.jpg")
    listed = crawl_listed(str(tree), ("link/b.jpg", "to.jpg"))
    assert [(file.path, bool(file.failed)) for file in listed.files] == [("link/b.jpg", True)]
    assert [(each.path, each.kind) for each in listed.specials] == [("to.jpg", "symlink")]


def test_a_listed_folder_is_told(tree):
    with pytest.raises(UsageError, match="is a folder"):
        crawl_listed(str(tree), ("sub",))
