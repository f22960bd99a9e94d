"""Assets in the cut by what their containers say of them, whatever they are called."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import pytest

from scanner.model.scan import Scan
from tests.pipeline.conftest import RunScan
from tests.timeline.cut_files import CORPUS

PACKAGE = CORPUS / "imf" / "Application5" / "PhotonApp5Test"
EVENT = "001  {reel}  V  C  {source}  01:00:00:00 01:00:01:00\n* FROM CLIP NAME: what editors call it\n"


def shoot(path: Path, *more: str) -> None:
    """A second of film as ffmpeg writes it."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("no ffmpeg is installed")
    picture = [
        "-f",
        "lavfi",
        "-i",
        "testsrc2=size=320x180:rate=25:duration=1",
        "-c:v",
        "mpeg2video" if path.suffix == ".mxf" else "mpeg4",
    ]
    subprocess.run(["ffmpeg", "-v", "error", *picture, *more, str(path)], check=True)


def located(scan: Scan) -> dict[str, list[tuple[str, str]]]:
    return {asset.path: [(one.by.value, one.tc_in) for one in asset.in_cut] for asset in scan.assets}


def test_a_film_is_known_by_its_reel_and_timecode(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    shoot(tmp_path / "drive" / "renamed.mov", "-timecode", "10:00:00:00", "-metadata:s:v", "reel_name=A001C002_2611")
    shoot(tmp_path / "drive" / "other.mov", "-timecode", "11:00:00:00", "-metadata:s:v", "reel_name=A001C002_2611")
    (tmp_path / "reel.edl").write_text(EVENT.format(reel="A001C002", source="10:00:00:05 10:00:01:05"))

    found = run(tmp_path / "drive", cuts=(str(tmp_path / "reel.edl"),), frames_per_second=Fraction(25))

    assert located(found) == {"other.mov": [], "renamed.mov": [("tape", "01:00:00:00")]}


def test_an_mxf_is_known_by_its_umid(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    shoot(tmp_path / "drive" / "renamed.mxf")
    content = (tmp_path / "drive" / "renamed.mxf").read_bytes()
    at = content.index(bytes.fromhex("44010020060a2b34")) + 4
    umid = content[at : at + 32].hex()
    written = ".".join(umid[n : n + 8] for n in range(0, 64, 8)).upper()
    (tmp_path / "log.ale").write_text(
        f"Heading\nFPS\t25\n\nColumn\nName\tUMID\tStart\tEnd\n\nData\nclip\turn:smpte:umid:{written}\t01:00:00:00\t01:00:01:00\n"
    )

    assert located(run(tmp_path / "drive", cuts=(str(tmp_path / "log.ale"),))) == {"renamed.mxf": [("uuid", "")]}


@pytest.mark.skipif(not PACKAGE.is_dir(), reason="the corpus is not here")
def test_the_files_of_a_package_are_known_by_their_track_files_ids(run: RunScan, tmp_path: Path) -> None:
    (tmp_path / "drive").mkdir()
    for number, path in enumerate(sorted(PACKAGE.glob("*.mxf"))):
        shutil.copyfile(path, tmp_path / "drive" / f"{number}.mxf")
    (playlist,) = PACKAGE.glob("CPL*.xml")

    found = located(run(tmp_path / "drive", cuts=(str(playlist),)))

    assert {path: {way for way, _ in seen} for path, seen in found.items()} == {f"{n}.mxf": {"uuid"} for n in range(3)}
