"""Names that try to steer ExifTool: each file is read under its own content, and nothing in the tree changes."""

from __future__ import annotations

import os

import pytest

from scanner.model.readings import Failed, Found, Outcome
from scanner.probe.formats import by_name

JPEG = by_name("jpeg")

NAMES = [
    b"plain.jpg",
    b"x\n-Comment=pwned\n-overwrite_original",
    b"x\n-Comment=pwned\n-overwrite_original\n.jpg",
    b"a.jpg\n-execute\n",
    b"break\nin the middle.jpg",
    b"ends with return.jpg\r",
    b"ends with return.jpg",
    b"ends with newline.jpg\n",
    b"-Comment=pwned",
    b"-overwrite_original",
    b"--",
    b"-",
    b"#[CSTR]a\\n-Comment=pwned.jpg",
    b"# a comment line",
    b"ends with a pipe |",
    b"| starts with one",
    b"touch pwned |.jpg",
    b"> redirected.jpg",
    b"$HOME.jpg",
    b"@list.jpg",
    b"%d%f.%e",
    b"*.jpg",
    b"?lain.jpg",
    b"[p]lain.jpg",
    b"invalid \xff\xfe utf-8.jpg",
    b"\xe9 latin-1.jpg",
    "umläut ☃ 😀.jpg".encode(),
    "e\u0301 apart.jpg".encode(),
    "\u202egpj.exe".encode(),
    b"\x1b[31mred\x07.jpg",
    b" leading space.jpg",
    b"trailing space.jpg ",
    b"\ttab.jpg",
    b"{ready}.jpg",
    b'"quoted" \\back\\slash.jpg',
    b"a;b&c`d`.jpg",
    b"name with =.jpg",
    b"n" * 251 + b".jpg",
    b"n" * 255,
    b"\n" * 200,
]


@pytest.fixture
def tree(tmp_path, jpeg) -> dict[bytes, str]:
    """Path of each file, and the comment that only this file bears."""
    folder = os.fsencode(tmp_path / "tree")
    os.mkdir(folder)
    comments = {os.path.join(folder, name): f"comment number {number}" for number, name in enumerate(NAMES)}
    inside = os.path.join(folder, b"folder\n-Comment=pwned\n-overwrite_original")
    os.mkdir(inside)
    comments[os.path.join(inside, b"inside.jpg")] = "comment inside"
    for path, comment in comments.items():
        with open(path, "wb") as stream:
            stream.write(jpeg(comment))
    return comments


def comments_in(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Found), outcome
    return [statement.value for statement in outcome.statements if statement.field == "File:Comment"]


def test_every_name_is_read_under_its_own_content_and_nothing_changes(exiftool, open_reader, tree, tmp_path, take_snapshot):
    before = take_snapshot(str(tmp_path / "tree"))
    reader = open_reader(exiftool)
    read = {path: comments_in(reader.read(os.fsdecode(path), JPEG, 1)) for path in tree}
    assert read == {path: [comment] for path, comment in tree.items()}
    assert take_snapshot(str(tmp_path / "tree")) == before
    assert len(before) == len(NAMES) + 1


def test_a_name_ending_in_a_return_does_not_open_its_neighbour(exiftool, open_reader, tmp_path, jpeg):
    (tmp_path / "a.jpg").write_bytes(jpeg("the neighbour"))
    gone = str(tmp_path / "a.jpg\r")
    assert isinstance(open_reader(exiftool).read(gone, JPEG, 1), Failed)


def test_the_folder_of_safe_names_is_private_and_removed(exiftool, open_reader, tmp_path, jpeg, monkeypatch):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    path = tmp_path / "line\nbreak.jpg"
    path.write_bytes(jpeg("x"))
    reader = open_reader(exiftool)
    assert comments_in(reader.read(str(path), JPEG, 1)) == ["x"]
    (folder,) = scratch.iterdir()
    assert folder.stat().st_mode & 0o077 == 0
    reader.close()
    assert not list(scratch.iterdir())
    assert path.exists()


def test_a_name_is_refused_unless_absolute(exiftool, open_reader):
    with pytest.raises(ValueError, match="absolute"):
        open_reader(exiftool).read("-Comment=pwned", JPEG, 1)
