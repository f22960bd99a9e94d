"""ExifTool's configuration file and Perl's environment are programs of somebody else; they are not run."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from scanner.model.readings import Found
from scanner.probe.formats import by_name
from scanner.read.exiftool_installation import inspect_exiftool


@pytest.fixture
def trapped_home(tmp_path, monkeypatch) -> Path:
    """A home whose ExifTool configuration and Perl options leave a marker when they run; returns the marker's path."""
    marker = tmp_path / "ran"
    home, modules = tmp_path / "home", tmp_path / "modules"
    home.mkdir()
    modules.mkdir()
    program = f'open(my $marker, ">>", "{marker}"); print $marker "x"; close($marker);\n'
    (home / ".ExifTool_config").write_text(program + "%Image::ExifTool::UserDefined = ();\n1;\n")
    (modules / "Trap.pm").write_text(f"package Trap; {program}1;\n")
    for name in ("HOME", "EXIFTOOL_HOME"):
        monkeypatch.setenv(name, str(home))
    monkeypatch.setenv("PERL5LIB", str(modules))
    return marker


def run_plainly(exiftool: str) -> None:
    subprocess.run([exiftool, "-ver"], check=True, capture_output=True, env=dict(os.environ))


@pytest.mark.parametrize("trap", ["configuration", "perl-options"])
def test_neither_reading_nor_asking_for_the_version_runs_it(
    trap, exiftool, open_reader, trapped_home, tmp_path, jpeg, monkeypatch
):
    if trap == "perl-options":
        monkeypatch.setenv("PERL5OPT", "-MTrap")
        (tmp_path / "home" / ".ExifTool_config").unlink()
    run_plainly(exiftool)
    assert trapped_home.exists(), "the trap itself must work"
    trapped_home.unlink()

    picture = tmp_path / "a.jpg"
    picture.write_bytes(jpeg("x"))
    assert isinstance(open_reader(exiftool).read(str(picture), by_name("jpeg"), 1), Found)
    inspect_exiftool(exiftool)
    assert not trapped_home.exists()
