"""One file of a report's inventory, found without reading the others."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.scan import FileRecord
from scanner.report.inventory import Inventory
from scanner.report.json_nodes import WrongNodeError
from scanner.report.json_report import _file as line_of

PATHS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=40) | st.binary(
    min_size=1, max_size=20
).map(os.fsdecode)


def laid_out(path: Path, lines: list[str]) -> Inventory:
    path.write_bytes(b"".join(f"    {line},\n".encode() for line in lines))
    inventory, begin = Inventory(str(path)), 0
    for line in path.read_bytes().split(b"\n")[:-1]:
        inventory.note(line + b"\n", begin)
        begin += len(line) + 1
    inventory.close(path.open("rb"))
    return inventory


@given(st.lists(st.tuples(st.integers(0, 3), PATHS), unique=True, max_size=12))
def test_every_file_is_found_by_its_root_and_path(
    tmp_path_factory: pytest.TempPathFactory, places: list[tuple[int, str]]
) -> None:
    records = [FileRecord(root, path, number, 10**18 + number, "") for number, (root, path) in enumerate(places)]
    safe = [one for one in records if not one.path.startswith("/") and ".." not in one.path.split("/")]
    inventory = laid_out(tmp_path_factory.getbasetemp() / "lines", [line_of(one)[0] for one in safe])
    assert [inventory.find(one.root, one.path) for one in safe] == safe
    assert inventory.find(4, "a") is None


@pytest.mark.parametrize("path", ["../a", "/etc/passwd", "a/../../b"])
def test_a_line_that_leads_out_of_its_root_is_refused(tmp_path: Path, path: str) -> None:
    inventory = laid_out(tmp_path / "lines", [line_of(FileRecord(0, path, 1, 1, ""))[0]])
    with pytest.raises(WrongNodeError, match="leads out"):
        inventory.find(0, path)


def test_half_a_surrogate_pair_names_no_file(tmp_path: Path) -> None:
    assert laid_out(tmp_path / "lines", []).find(0, "\ud800") is None
