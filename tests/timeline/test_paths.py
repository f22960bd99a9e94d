from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.timeline.confined import confined_file, confined_path
from scanner.timeline.media_url import media_path


@pytest.mark.parametrize(
    "written",
    ["", ".", "..", "../a", "a/../../b", "/a", "//server/a", "a\0b", "./.."],
)
def test_what_leads_out_is_refused(written):
    assert confined_path(written) is None
    assert confined_path(written, is_url=True) is None


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://host/a", "C:/a", "..%2fa", "%2e%2e/a", "a%5c..%5cb", "a%00", "%2fetc"]
)
def test_urls_lead_out_in_more_ways(url):
    assert confined_path(url, is_url=True) is None


@pytest.mark.parametrize(
    ("written", "path"), [("a.mov", "a.mov"), ("./a//b.mov", "a/b.mov"), ("a..b/..c", "a..b/..c"), ("50%.mov", "50%.mov")]
)
def test_what_stays_is_a_path(written, path):
    assert confined_path(written) == path


def test_percent_signs_are_resolved_in_urls_only():
    assert confined_path("a%20b.mxf", is_url=True) == "a b.mxf"
    assert confined_path("a%20b.mxf") == "a%20b.mxf"


@given(st.text(max_size=40))
def test_a_confined_path_never_leads_out(tmp_path_factory, written):
    path = confined_path(written)

    if path is not None:
        assert not path.startswith("/")
        assert ".." not in path.split("/")


def test_links_out_of_the_folder_are_seen(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret").write_text("x")
    (inside / "link").symlink_to(tmp_path / "secret")
    (inside / "file").write_text("x")

    assert confined_file(str(inside), "link") is None
    assert confined_file(str(inside), "file") == str((inside / "file").resolve())


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///Volumes/Media/a%20b.mov", "/Volumes/Media/a b.mov"),
        ("file://localhost/D%3a/media/a.mov", "D:/media/a.mov"),
        ("file://localhost/Volumes/a.mov", "/Volumes/a.mov"),
        ("file://VSD/Tools/a.mxf", "//VSD/Tools/a.mxf"),
        ("FILE:///C:/a.mov", "C:/a.mov"),
        ("a.mov", "a.mov"),
        ("https://host/a%20b.mov", "https://host/a%20b.mov"),
        ("", ""),
    ],
)
def test_media_urls(url, path):
    assert media_path(url) == path
