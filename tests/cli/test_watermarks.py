"""``scan --watermarks``: looked for only when asked."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from tests.cli.conftest import Run

MARKED = Path(__file__).parents[2] / "fixtures" / "watermarks" / "sdxl.webp"


def provenance(run: Run, folder: Path, *options: str) -> str:
    done = run("scan", str(folder), "--format", "json", "--output", "-", "--quiet", *options)
    (asset,) = json.loads(done.stdout)["assets"]
    return asset["provenance"]


def test_a_watermarked_picture_is_generated_only_where_watermarks_are_read(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "things"
    folder.mkdir()
    shutil.copy(MARKED, folder)
    assert provenance(run, folder) == "no-marks"
    assert provenance(run, folder, "--watermarks") == "generated"


def test_help_says_what_it_costs(run: Run) -> None:
    told = " ".join(run("scan", "--help").stdout.split())
    assert "--watermarks" in told
    assert "decodes every picture whole" in told
