from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.engine.path_maps import PathMap, mapped, parse_path_map, refuse_doubled, there_of
from scanner.model.errors import UsageError
from scanner.model.matching import Alignment
from scanner.model.work import CompareTask, EdgeTask, ExamineTask, FilmTask, FrameFiles

MAPS = (PathMap("/mnt/show", "/net/show"), PathMap("/mnt/show/vfx", "P:\\vfx"), PathMap("/vol", "\\\\nas\\vol"))


@pytest.mark.parametrize(
    ("here", "there"),
    [
        ("/mnt/show/a/b.jpg", "/net/show/a/b.jpg"),
        ("/mnt/show", "/net/show"),
        ("/mnt/showreel/a.jpg", "/mnt/showreel/a.jpg"),
        ("/mnt/show/vfx/a/b.exr", "P:\\vfx\\a\\b.exr"),
        ("/mnt/show/vfx2/a.exr", "/net/show/vfx2/a.exr"),
        ("/vol/a", "\\\\nas\\vol\\a"),
        ("exiftool", "exiftool"),
        ("/mnt/show/odd\udcff\nname", "/net/show/odd\udcff\nname"),
    ],
)
def test_the_longest_folder_that_fits_is_changed(here, there):
    assert there_of(here, MAPS) == there


def test_the_root_can_be_mapped_and_can_be_where_it_leads():
    assert there_of("/a/b", (PathMap("", "/host"),)) == "/host/a/b"
    assert there_of("/host", (PathMap("/host", ""),)) == "/"
    assert parse_path_map("/=/host") == PathMap("", "/host")
    assert parse_path_map("/host=/") == PathMap("/host", "")


@pytest.mark.parametrize("text", ["", "=", "/a", "/a=", "=/b", "a=/b", "/a=b", "P:\\x=/mnt/x"])
def test_what_is_no_pair_of_absolute_paths_is_told(text):
    with pytest.raises(UsageError, match="no pair of absolute paths"):
        parse_path_map(text)


def test_a_pair_is_read_without_its_closing_separators():
    assert parse_path_map("/mnt/x/ = P:\\x\\") == PathMap("/mnt/x", "P:\\x")


def test_a_folder_is_mapped_once():
    with pytest.raises(UsageError, match="mapped twice"):
        refuse_doubled((PathMap("/a", "/b"), PathMap("/a", "/c")))


def test_every_path_of_a_task_is_mapped():
    frames = FrameFiles(Fraction(24), "/mnt/show/seq", ("a.exr",), (0,), (1,))
    moved = FrameFiles(Fraction(24), "/net/show/seq", ("a.exr",), (0,), (1,))
    alignment = Alignment((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), False, 9, 12, 1.0, 1.0, 1.0)
    for task, there in (
        (
            ExamineTask(0, "/mnt/show/a", 1, manifest_sidecar="/mnt/show/a.c2pa"),
            ExamineTask(0, "/net/show/a", 1, manifest_sidecar="/net/show/a.c2pa"),
        ),
        (
            CompareTask(0, "/mnt/show/a", 1, alignment, reference_path="/mnt/show/b"),
            CompareTask(0, "/net/show/a", 1, alignment, reference_path="/net/show/b"),
        ),
        (FilmTask(0, "/mnt/show/a", 1, files=frames), FilmTask(0, "/net/show/a", 1, files=moved)),
        (
            EdgeTask(0, "/mnt/show/a", 1, Fraction(0), Fraction(1), (), files=frames),
            EdgeTask(0, "/net/show/a", 1, Fraction(0), Fraction(1), (), files=moved),
        ),
        (CompareTask(0, "/mnt/show/a", 1, alignment), CompareTask(0, "/net/show/a", 1, alignment)),
        (FilmTask(0, "/mnt/show/a", 1), FilmTask(0, "/net/show/a", 1)),
    ):
        assert mapped(task, MAPS) == there
        assert mapped(task, ()) is task


@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), min_size=1, max_size=4))
def test_a_path_outside_every_map_stays_itself(parts):
    path = "/elsewhere/" + "/".join(parts)
    assert there_of(path, MAPS) == path
