"""Debian's ExifTool and the newest give the same provenance, on the fixtures and on the real files where they are at hand."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest

from scanner.engine.local import LocalEngine
from scanner.engine.session import now
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from tests.conftest import installed_exiftools
from tests.deliveries.conftest import FIXTURES

CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dev"
FOLDERS = [*(FIXTURES / name for name in ("stills", "signed", "audio", "video", "documents")), CORPUS]

pytestmark = pytest.mark.skipif(len(installed_exiftools()) < 2, reason="SCANNER_TEST_EXIFTOOLS names no second ExifTool")


def provenances(folder: Path, exiftool: str) -> dict[str, tuple[str, str]]:
    settings = ScanSettings((str(folder),), fingerprints=False, thumbnails=False, worker=WorkerSettings(exiftool=exiftool))
    with closing(LocalEngine(settings.worker, 1)) as engine:
        scan = run_scan(settings, engine, clock=now, progress=lambda *_: None)
    return {asset.path: (asset.provenance.value, asset.credentials.value) for asset in scan.assets}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_same_provenance(folder: Path) -> None:
    if not folder.is_dir():
        pytest.skip("these files are not on this machine")
    assert shutil.which("exiftool")
    first, *others = (provenances(folder, exiftool) for exiftool in installed_exiftools())

    for other in others:
        assert other == first
