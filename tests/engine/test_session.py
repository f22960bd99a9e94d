from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

import scanner
from scanner.engine.session import now
from scanner.model.errors import UsageError
from scanner.model.judging import Zone


def test_the_python_interface_scans_with_workers(tmp_path: Path) -> None:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    Image.effect_noise((64, 64), 60).convert("RGB").save(tmp_path / "a.png")

    scan = scanner.scan(tmp_path, zones=["final"], workers=1)

    assert [(asset.path, asset.zone.zone) for asset in scan.assets] == [("a.png", Zone.FINAL)]


def test_no_path_is_wrong_usage() -> None:
    with pytest.raises(UsageError):
        scanner.scan()


def test_the_clock_can_be_fixed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert now() == "2023-11-14T22:13:20Z"


@pytest.mark.parametrize("text", ["soon", "1e9", "9" * 30])
def test_a_wrong_clock_is_wrong_usage(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", text)
    with pytest.raises(UsageError):
        now()
