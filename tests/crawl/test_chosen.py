"""What a path on the command line names."""

from __future__ import annotations

import os

import pytest

from scanner.crawl.chosen import choose
from scanner.crawl.zones import ZoneMap
from scanner.model.errors import UsageError


@pytest.fixture
def folder(tmp_path):
    """A sequence of 12 frames, another one of the same base in PNG, a still with its sidecar."""
    root = tmp_path / "shots"
    root.mkdir()
    for number in range(1001, 1013):
        (root / f"a.{number}.exr").write_bytes(b"x")
    for number in range(1, 10):
        (root / f"b-{number}.png").write_bytes(b"x")
    (root / "still.jpg").write_bytes(b"x")
    (root / "still.xmp").write_bytes(b"x")
    (root / "odd[1]*.jpg").write_bytes(b"x")
    return root


def named(*paths):
    chosen = choose([str(path) for path in paths], ZoneMap())
    return [asset.path for asset in chosen.assets], sorted(name for _, name in chosen.named)


def test_a_file(folder):
    assert named(folder / "still.jpg") == (["still.jpg"], ["still.jpg"])


def test_a_relative_path_and_one_through_a_link(folder, monkeypatch):
    monkeypatch.chdir(folder)
    os.symlink("still.jpg", folder.parent / "link.jpg")
    (folder.parent / "link.jpg").unlink()
    os.symlink(folder / "still.jpg", folder.parent / "link.jpg")

    assert named("still.jpg", "../link.jpg") == (["still.jpg"], ["still.jpg"])


FRAMES = [f"a.{number}.exr" for number in range(1001, 1013)]


@pytest.mark.parametrize(
    "notation", ["a.1001-1012#.exr", "a.####.exr", "a.#.exr", "a.%04d.exr", "a.@@@@.exr", "a.*.exr", "a.1[0-9]*.exr"]
)
def test_a_sequence_by_each_notation(folder, notation):
    assert named(folder / notation) == (["a.1001-1012#.exr"], FRAMES)


def test_a_sequence_whose_base_ends_with_a_hyphen_as_reports_write_it(folder):
    assert named(folder / "b-1-9@.png")[0] == ["b-1-9@.png"]


def test_all_frames_and_some_frames(folder):
    assert named(*(folder / name for name in FRAMES)) == (["a.1001-1012#.exr"], FRAMES)
    assert named(folder / FRAMES[3]) == (["a.1001-1012#.exr"], [FRAMES[3]])


def test_a_folder_that_is_one_sequence(tmp_path):
    for number in range(1, 10):
        (tmp_path / f"x.{number:04}.dpx").write_bytes(b"x")
    (tmp_path / ".DS_Store").write_bytes(b"x")

    assert named(tmp_path)[0] == ["x.1-9#.dpx"]


def test_a_folder_that_is_more_than_one_asset(folder):
    with pytest.raises(UsageError, match="this folder holds 4 assets, not one sequence"):
        named(folder)
    (folder.parent / "empty").mkdir()
    with pytest.raises(UsageError, match="holds 0 assets, not"):
        named(folder.parent / "empty")
    with pytest.raises(UsageError, match="holds 0 assets and 2 folders"):
        named(folder.parent)


def test_a_name_that_looks_like_a_glob_is_taken_as_it_is(folder):
    assert named(folder / "odd[1]*.jpg")[0] == ["odd[1]*.jpg"]


@pytest.mark.parametrize(
    "name", ["nothing.jpg", "a.2001-2012#.exr", "c.####.exr", "*.mov", "no/folder.jpg", "a.1-999999999999#.exr"]
)
def test_what_is_not_there(folder, name):
    with pytest.raises(UsageError, match="no such file, folder or sequence"):
        named(folder / name)


def test_a_range_that_is_not_the_whole_sequence(folder):
    with pytest.raises(UsageError, match="no such file, folder or sequence"):
        named(folder / "a.1001-1006#.exr")


def test_a_sidecar_and_a_pipe(folder):
    with pytest.raises(UsageError, match=r"is a sidecar of still\.jpg"):
        named(folder / "still.xmp")
    os.mkfifo(folder / "pipe")
    with pytest.raises(UsageError, match="is no regular file"):
        named(folder / "pipe")
    os.symlink("nowhere", folder / "broken.jpg")
    with pytest.raises(UsageError, match="cannot be read"):
        named(folder / "broken.jpg")


def test_two_paddings_of_one_base_are_two_sequences(folder):
    for number in range(1, 10):
        (folder / f"a.{number:06}.exr").write_bytes(b"x")

    with pytest.raises(UsageError, match="names several sequences"):
        named(folder / "a.####.exr")
    assert named(folder / "a.1001-1012#.exr")[0] == ["a.1001-1012#.exr"]


def test_only_the_named_folder_is_listed(folder):
    (folder / "below").mkdir()
    for number in range(1, 10):
        (folder / "below" / f"a.{number:04}.exr").write_bytes(b"x")

    assert named(folder / "a.*.exr") == (["a.1001-1012#.exr"], FRAMES)
