"""The options of ``scanner scan`` about reports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scanner.report.formats import FORMATS
from tests.cli.conftest import Run, clean_environment, generated, make_delivery, noise
from tests.cli.warm import SAID, WarmCommand

EVERY = [part for name in FORMATS for part in ("--format", name)]


def test_every_format_is_written_and_none_changes_the_exit_code(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")

    codes = {
        run("scan", str(delivery), "--quiet", "--output", str(tmp_path / name), "--format", name).returncode for name in FORMATS
    }

    assert codes == {11}
    assert {path.name for name in FORMATS for path in (tmp_path / name).iterdir()} == {one.file_name for one in FORMATS.values()}


def test_two_scans_of_one_tree_give_equal_bytes(run: Run, delivery: Path, tmp_path: Path) -> None:
    for folder in ("one", "two"):
        run("scan", str(delivery), "--output", str(tmp_path / folder), *EVERY, SOURCE_DATE_EPOCH="1790000000")

    for one in FORMATS.values():
        assert (tmp_path / "one" / one.file_name).read_bytes() == (tmp_path / "two" / one.file_name).read_bytes()


@pytest.fixture(scope="module")
def written(warm: WarmCommand, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A delivery with a name that is not ASCII, and the folder that has its report in every format."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("written")
    delivery = make_delivery(folder)
    noise(7).save(delivery / "final" / "größe 新.png")
    environment = {**clean_environment(folder / "home"), "SOURCE_DATE_EPOCH": "1790000000"}
    arguments = ["scan", str(delivery), "--quiet", "--output", str(folder / "out"), *EVERY]
    assert warm.run(arguments, folder, environment, folder).returncode == 0
    return delivery, folder / "out"


@pytest.mark.parametrize("name", FORMATS)
def test_standard_output_has_the_same_bytes_as_the_file(run: Run, written: tuple[Path, Path], tmp_path: Path, name: str) -> None:
    delivery, reports = written
    # A terminal that knows ASCII only must not change or refuse what is piped.
    plain = {"SOURCE_DATE_EPOCH": "1790000000", "PYTHONIOENCODING": "ascii"}
    done = run("scan", str(delivery), "--quiet", "--output", "-", "--format", name, **plain)

    assert done.returncode == 0, done.stderr
    assert (tmp_path / SAID).read_bytes() == (reports / FORMATS[name].file_name).read_bytes()


def test_no_thumbnails_leaves_the_pictures_out(run: Run, delivery: Path, tmp_path: Path) -> None:
    generated(delivery / "final" / "leak.png")
    run("scan", str(delivery), "--output", str(tmp_path / "with"))
    run("scan", str(delivery), "--output", str(tmp_path / "without"), "--no-thumbnails")

    assert "data:image/jpeg" in (tmp_path / "with" / "scan.html").read_text("utf-8")
    assert "data:image/jpeg" not in (tmp_path / "without" / "scan.html").read_text("utf-8")


def test_the_confidentiality_line_is_in_every_report(run: Run, delivery: Path, tmp_path: Path) -> None:
    run("scan", str(delivery), "--output", str(tmp_path / "flag"), "--confidentiality", " CONFIDENTIAL, X ", *EVERY)
    run("scan", str(delivery), "--output", str(tmp_path / "env"), *EVERY, SCANNER_CONFIDENTIALITY="CONFIDENTIAL, X")

    for one in FORMATS.values():
        for folder in ("flag", "env"):
            assert "CONFIDENTIAL, X" in (tmp_path / folder / one.file_name).read_text("utf-8")


@pytest.mark.parametrize("text", ["two\nlines", "x" * 201, "\x1b[2J"])
def test_a_confidentiality_line_is_one_short_line(run: Run, delivery: Path, tmp_path: Path, text: str) -> None:
    done = run("scan", str(delivery), "--output", str(tmp_path / "out"), "--confidentiality", text)

    assert done.returncode == 2
    assert "--confidentiality" in done.stderr
    assert "\x1b" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_an_unknown_format_is_wrong_usage_and_names_the_right_ones(run: Run, delivery: Path) -> None:
    done = run("scan", str(delivery), "--format", "xml")

    assert done.returncode == 2
    assert "ndjson" in done.stderr
    assert "markdown" in done.stderr
