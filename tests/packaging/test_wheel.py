from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def test_the_wheel_brings_the_manual_page(tmp_path: Path) -> None:
    if not (ROOT / "pyproject.toml").is_file():
        pytest.skip("only in a clone of the repository")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        (page,) = [name for name in wheel.namelist() if name.endswith(".data/data/share/man/man1/scanner.1")]
        assert wheel.read(page) == (ROOT / "docs" / "man" / "scanner.1").read_bytes()
