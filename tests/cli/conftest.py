"""Running the command as users do: as a process, in a folder of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.cli.warm import WarmCommand

ROOT = Path(__file__).parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]

PARAMETERS = "a harbour at dusk\nNegative prompt: text\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 41, Size: 64x64"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment without the user's own settings and library."""
    return clean_environment(tmp_path / "home")


def clean_environment(home: Path) -> dict[str, str]:
    """Make a home folder and return an environment of that user's, without settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SCANNER_", "SOURCE_DATE"))}
    home.mkdir()
    return {
        **kept,
        "HOME": str(home),
        "XDG_DATA_HOME": str(home / "share"),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
        "SCANNER_NO_STORE": "1",
    }


@pytest.fixture
def run(tmp_path: Path, environment: dict[str, str], warm: WarmCommand) -> Run:
    """Run ``scanner`` with arguments in an empty working folder; skips where there is no ExifTool."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    work = tmp_path / "work"
    work.mkdir()

    def runner(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        return warm.run([*arguments], work, {**environment, **more}, tmp_path)

    return runner


@pytest.fixture
def delivery(tmp_path: Path) -> Path:
    """A folder with an unmarked picture in a final zone and a generated one in a temporary zone."""
    return make_delivery(tmp_path)


def make_delivery(folder: Path) -> Path:
    """Make what `delivery` gives."""
    root = folder / "DRIVE_07"
    (root / "final").mkdir(parents=True)
    (root / "temp").mkdir()
    noise(1).save(root / "final" / "still.png")
    generated(root / "temp" / "idea.png")
    return root


def many_pictures(folder: Path, count: int) -> None:
    """Write pictures until a scan of them takes a while; fifty differ."""
    for number in range(count):
        path = folder / f"pic {number} x.jpg"
        if number < 50:
            noise(number).resize((700, 500)).save(path)
        else:
            shutil.copyfile(folder / f"pic {number % 50} x.jpg", path)


def scanned_once(warm: WarmCommand, folder: Path, leak: str) -> Path:
    """Scan such a delivery, with a generated picture `leak` in its final zone too; return the folder of the reports.

    For tests that only read them, or copy them.
    """
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    delivery = make_delivery(folder)
    generated(delivery / "final" / leak)
    arguments = ["scan", "--quiet", "--workers", "1", "--output", str(folder / "out"), str(delivery)]
    assert warm.run(arguments, folder, clean_environment(folder / "home"), folder).returncode == 11
    return folder / "out"


def noise(seed: int) -> Image.Image:
    """A soft random pattern, the same for one seed and unlike any other seed's."""
    coarse = np.random.default_rng(seed).integers(0, 256, (9, 9, 3), np.uint8)
    return Image.fromarray(coarse).resize((96, 96), Image.Resampling.BICUBIC)


def generated(path: Path) -> None:
    """Write a picture that bears the parameters of a generator."""
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    noise(2).save(path, pnginfo=text)
