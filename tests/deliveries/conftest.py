"""Scans of the project's own fixtures, each folder once a session."""

from __future__ import annotations

import fcntl
import functools
import os
import pickle
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
def fixture_record(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], AssetRecord]:
    """Give the record of one fixture by its path in the manifest."""
    own = tmp_path_factory.getbasetemp()
    # Test workers have their folders in one of the run, where each finds what another has scanned.
    common = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    @functools.cache
    def scanned(folder: str) -> dict[str, AssetRecord]:
        kept = common / f"scan-of-{folder}.pickle"
        with kept.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                scan = scanner.scan(FIXTURES / folder, trust=TRUST)
                kept.write_bytes(pickle.dumps({asset.path: asset for asset in scan.assets}))
        return pickle.loads(kept.read_bytes())  # type: ignore[no-any-return]

    def record(path: str) -> AssetRecord:
        folder, _, below = path.partition("/")
        return scanned(folder)[below]

    return record


@pytest.fixture(scope="session")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give the stage on which deliveries are acted; what was read of one is kept for its next policy."""
    opened = Stage.open(tmp_path_factory.mktemp("libraries"))
    yield opened
    opened.engine.close()
