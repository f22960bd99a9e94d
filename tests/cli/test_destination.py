from __future__ import annotations

from pathlib import Path

import pytest

from scanner.cli.destination import choose_destination, root_holding
from scanner.model.errors import ReportError, UsageError

TIME = "2026-01-02T03:04:05Z"


@pytest.fixture(autouse=True)
def working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and a data folder outside it."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    return work


def chosen(root: Path, output: str | None = None, formats: tuple[str, ...] = ("json", "html")) -> str | None:
    root.mkdir(parents=True, exist_ok=True)
    return choose_destination([str(root)], output, formats, TIME).folder


def test_the_default_names_delivery_and_time(tmp_path: Path) -> None:
    assert chosen(tmp_path / "DRIVE 07\n") == "reports/DRIVE_07_n-20260102T030405Z"


def test_a_second_scan_in_one_second_gets_its_own_folder(tmp_path: Path) -> None:
    first, second = chosen(tmp_path / "D"), chosen(tmp_path / "D")

    assert first is not None
    assert second == f"{first}-2"


def test_a_link_into_the_tree_is_seen_through(tmp_path: Path) -> None:
    (tmp_path / "D").mkdir()
    (tmp_path / "innocent").symlink_to(tmp_path / "D")

    with pytest.raises(UsageError, match="must not be written into"):
        chosen(tmp_path / "D", str(tmp_path / "innocent" / "out"))


def test_a_folder_beside_with_the_same_beginning_is_not_inside(tmp_path: Path) -> None:
    assert root_holding(str(tmp_path / "drive2"), [str(tmp_path / "drive")]) is None


def test_where_everything_is_scanned_there_is_no_default(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="--output"):
        choose_destination(["/"], None, ("json",), TIME)


def test_standard_output_takes_one_format(tmp_path: Path) -> None:
    assert chosen(tmp_path / "D", "-", ("json", "json")) is None
    with pytest.raises(UsageError):
        chosen(tmp_path / "D", "-")


def test_a_folder_that_cannot_be_made_is_told_before_the_scan(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ReportError, match="cannot be made"):
        chosen(tmp_path / "D", str(tmp_path / "file" / "out"))
