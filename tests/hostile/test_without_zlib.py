"""ExifTool without Compress::Zlib: the residue reader makes up for it, or the reading says what was lost; never a silent pass."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanner.engine.session import now
from scanner.model.scan import AssetRecord
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from tests.hostile.test_bombs import png_with, zeros_deflated
from tests.pipeline.conftest import InProcessEngine
from tests.read.residue_samples import FIXTURES

Records = dict[str, AssetRecord]
STILLS = FIXTURES / "stills"


@pytest.fixture
def poor_exiftool(exiftool: str, tmp_path: Path) -> str:
    """A program that runs `exiftool` in a Perl whose Compress::Zlib cannot be loaded."""
    if shutil.which("perl") is None:
        pytest.skip("no Perl to take the module from")
    modules = tmp_path / "modules" / "Compress"
    modules.mkdir(parents=True)
    (modules / "Zlib.pm").write_text('die "no Compress::Zlib here\\n";\n')
    program = tmp_path / "exiftool-without-zlib"
    program.write_text(f'#!/bin/sh\nexec perl -I{shlex.quote(str(modules.parent))} {shlex.quote(exiftool)} "$@"\n')
    program.chmod(0o755)
    return str(program)


@pytest.fixture
def scan() -> Iterator[Callable[[Path, str], Records]]:
    """Scan a folder with one ExifTool, in this process."""

    def read(folder: Path, exiftool: str) -> Records:
        # What the pictures look like has no part in this.
        worker = WorkerSettings(exiftool=exiftool)
        settings = ScanSettings((str(folder),), thumbnails=False, fingerprints=False, worker=worker)
        with closing(InProcessEngine(settings.worker)) as engine:
            return {one.path: one for one in run_scan(settings, engine, clock=now, progress=lambda *_: None).assets}

    yield read


def losses(record: AssetRecord) -> list[str]:
    return [one.reason or "" for one in record.readings if one.reader == "exiftool" and one.state == "failed"]


@pytest.mark.parametrize("name", ["stills", "signed", "video", "audio", "documents"])
def test_provenance_is_the_same_or_the_loss_is_told(
    name: str, exiftool: str, poor_exiftool: str, scan: Callable[[Path, str], Records]
) -> None:
    whole, poor = scan(FIXTURES / name, exiftool), scan(FIXTURES / name, poor_exiftool)

    for path, record in poor.items():
        expected = whole[path]
        if record.provenance != expected.provenance:
            assert losses(record), path
            assert record.verdict != "pass", path
    generative = {path for path, record in whole.items() if record.provenance.is_generative}
    assert generative == {path for path, record in poor.items() if record.provenance.is_generative}


def test_compressed_prompts_are_read_all_the_same(poor_exiftool: str, scan: Callable[[Path, str], Records]) -> None:
    record = scan(STILLS / "generators" / "a1111-compressed.png", poor_exiftool)["a1111-compressed.png"]

    assert record.provenance == "generated"
    assert {mark.reader for mark in record.marks} == {"residue"}
    assert "Compress::Zlib" in losses(record)[0]


def test_what_neither_reads_is_no_pass(tmp_path: Path, poor_exiftool: str, scan: Callable[[Path, str], Records]) -> None:
    delivery = tmp_path / "delivery"
    delivery.mkdir()
    (delivery / "profile.png").write_bytes(png_with(b"zTXt", b"Raw profile type exif\0\0" + zeros_deflated(1 << 20)))
    (delivery / "plain.png").write_bytes(png_with(b"tEXt", b"Title\0none"))

    records = scan(delivery, poor_exiftool)

    assert "Compress::Zlib" in losses(records["profile.png"])[0]
    assert (records["profile.png"].provenance, records["profile.png"].verdict) == ("unreadable", "incomplete")
    assert (records["plain.png"].provenance, losses(records["plain.png"])) == ("no-marks", [])
