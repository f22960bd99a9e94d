from __future__ import annotations

from pathlib import Path

import pytest

from scanner.model.errors import UsageError
from scanner.model.matching import Rights, Role
from scanner.pipeline.learning import Source
from scanner.pipeline.source_manifest import read_source_manifest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stills").mkdir()
    for name in ("a.jpg", "b, c.jpg", "stills/d.jpg"):
        (tmp_path / name).write_bytes(b"x")
    return tmp_path


def read(
    folder: Path,
    content: str | bytes,
    role: Role | None = Role.OWNED,
    rights: Rights = Rights(),  # noqa: B008
    collections: tuple[str, ...] = (),
) -> tuple[Source, ...]:
    path = folder / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_source_manifest(str(path), Source("", role or Role.AI, rights, collections), has_role=role is not None)


def test_columns_in_any_order_and_quoted_cells(folder: Path) -> None:
    (one,) = read(folder, 'no_ai_alteration,Path,source\r\nYES,"b, c.jpg","two\r\nlines"\r\n')
    assert one == Source(str(folder / "b, c.jpg"), Role.OWNED, Rights("two\r\nlines", "", "", True))


def test_what_a_row_leaves_empty_comes_from_the_command_line(folder: Path) -> None:
    given = Rights("archive", "us", "all", True)
    found = read(folder, "path,role,owner,no_ai_alteration\na.jpg,AI,,\nstills,,them,0\n\n", rights=given)
    assert found == (
        Source(str(folder / "a.jpg"), Role.AI, given),
        Source(str(folder / "stills"), Role.OWNED, Rights("archive", "them", "all", False)),
    )


def test_collections_of_a_row_come_beside_those_of_the_command_line(folder: Path) -> None:
    found = read(folder, "path,collection\na.jpg,Season 1; Ø \nstills,\n", collections=("all",))
    assert [one.collections for one in found] == [("all", "Season 1", "Ø"), ("all",)]


def test_a_byte_order_mark_is_no_part_of_the_header(folder: Path) -> None:
    assert len(read(folder, b"\xef\xbb\xbfpath\na.jpg\n")) == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "line 1: a header is missing"),
        ("file,role\n", "line 1: unknown column file"),
        ("path,path\n", "line 1: column path stands twice"),
        ("role\nai\n", "line 1: the column path is missing"),
        ("path\na.jpg\nmissing.jpg\n", "line 3: there is no file missing.jpg"),
        ('path\n""\n', "line 2: the path is empty"),
        ("path\n./a.jpg\nstills/../a.jpg\n", "line 3: stills/../a.jpg is in line 2 already"),
        ("path\nstills/d.jpg\nstills\n", "line 2: lies in the folder of line 3"),
        ("path,role\na.jpg,mine\n", "line 2: unknown role mine"),
        ("path,no_ai_alteration\na.jpg,perhaps\n", "line 2: no_ai_alteration is perhaps"),
        ("path,role\na.jpg\n", "line 2: has 1 cells, the header 2"),
        ('path,source\na.jpg,"open\n', "line 2: is no CSV"),
        ('path,source\na.jpg,"two\nlines"\nmissing,\n', "line 4: there is no file missing"),
        (b"path\na\xff.jpg\n", "line 2: is not UTF-8"),
        ("path\n" + "x" * 200_000 + "\n", "line 2: is no CSV"),
        ("path\na\0.jpg\n", "line 2: "),
        ("path,collection\na.jpg,\u202eabc\n", "line 2: collection \\u202eabc is not one line"),
        ("path,collection\na.jpg," + "x" * 81 + "\n", "is not one line of at most 80"),
    ],
)
def test_mistakes_are_told_with_their_line(folder: Path, content: str | bytes, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(folder, content)
    assert told in caught.value.what


def test_no_role_anywhere(folder: Path) -> None:
    with pytest.raises(UsageError, match="line 2: no role"):
        read(folder, "path\na.jpg\n", role=None)


def test_all_mistakes_are_told_at_once(folder: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read(folder, "path,role\n" + "x,mine\n" * 30)
    assert (
        "line 2: there is no file x; line 2: unknown role mine (there are owned, licensed, restricted, ai); line 3:"
        in caught.value.what
    )
    assert caught.value.what.endswith("and 40 more")


def test_a_manifest_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        read_source_manifest(str(tmp_path / "none.csv"), Source("", Role.AI), has_role=False)
