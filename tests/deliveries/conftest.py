"""Scans of the project's own fixtures, each folder once a session."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import scanner
from scanner.model.scan import AssetRecord
from tests.deliveries.plays import FIXTURES, Stage

MANIFEST: dict[str, Any] = tomllib.loads((FIXTURES / "manifest.toml").read_text("utf-8"))
TRUST = FIXTURES / "trust" / "test.toml"

needs_exiftool = pytest.mark.skipif(shutil.which("exiftool") is None, reason="no ExifTool is installed")


@pytest.fixture(scope="session")
def fixture_record() -> Callable[[str], AssetRecord]:
    """Give the record of one fixture by its path in the manifest."""
    scanned: dict[str, dict[str, AssetRecord]] = {}

    def record(path: str) -> AssetRecord:
        folder, _, below = path.partition("/")
        if folder not in scanned:
            scan = scanner.scan(FIXTURES / folder, trust=TRUST)
            scanned[folder] = {asset.path: asset for asset in scan.assets}
        return scanned[folder][below]

    return record


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give the stage on which deliveries are acted; what was read of one is kept for its next policy."""
    opened = Stage.open(tmp_path_factory.mktemp("libraries"))
    yield opened
    opened.engine.close()
