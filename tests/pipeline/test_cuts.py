"""Assets in the cut by what their containers say of them, whatever they are called."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from scanner.model.scan import Scan
from scanner.pipeline.scan import run_scan
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from tests.pipeline.conftest import PARAMETERS, InProcessEngine, RunScan
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


@pytest.fixture(scope="module")
def programme(tmp_path_factory: pytest.TempPathFactory) -> Scan:
    """A film of four seconds that shows a temporary from second 1 to 3; a cut has two seconds, another is its own."""
    pytest.importorskip("av")
    if shutil.which("exiftool") is None or shutil.which("ffmpeg") is None:
        pytest.skip("no ExifTool or no ffmpeg is installed")
    folder = tmp_path_factory.mktemp("programme")
    for name in ("drive/final", "drive/temp", "made"):
        (folder / name).mkdir(parents=True)
    for name, seed in (("before", 5), ("idea", 7), ("after", 9)):
        coarse = np.random.default_rng(seed).integers(0, 256, (21, 38, 3), np.uint8)
        Image.fromarray(coarse).resize((480, 270), Image.Resampling.BICUBIC).save(folder / "made" / f"{name}.png")
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    Image.open(folder / "made" / "idea.png").save(folder / "drive" / "temp" / "idea.png", pnginfo=text)
    shots = [word for name, seconds in (("before", 1), ("idea", 2), ("after", 1)) for word in _shot(folder, name, seconds)]
    joined = ["-filter_complex", "[0][1][2]concat=n=3", "-c:v", "mpeg4", "-q:v", "3", "-timecode", "10:00:00:00"]
    subprocess.run(["ffmpeg", "-v", "error", *shots, *joined, str(folder / "drive" / "final" / "film.mov")], check=True)
    (folder / "reel.edl").write_text(
        "001  AX  V  C  10:00:00:12 10:00:02:12 01:00:00:00 01:00:02:00\n* FROM CLIP NAME: film.mov\n"
    )
    (folder / "programme.edl").write_text(
        "001  A7  V  C  00:00:00:00 00:00:04:00 10:00:00:00 10:00:04:00\n* FROM CLIP NAME: other\n"
        "002  AX  V2 C  00:00:00:00 00:00:02:00 10:00:01:00 10:00:03:00\n* FROM CLIP NAME: idea.png\n"
    )
    engine = InProcessEngine(WorkerSettings())
    try:
        settings = ScanSettings(
            (str(folder / "drive"),),
            cuts=(str(folder / "reel.edl"), str(folder / "programme.edl")),
            frames_per_second=Fraction(25),
        )
        return run_scan(settings, engine, clock=lambda: "2026-01-01T00:00:00Z", progress=lambda *_: None)
    finally:
        engine.close()


def _shot(folder: Path, name: str, seconds: int) -> list[str]:
    return ["-loop", "1", "-framerate", "25", "-t", str(seconds), "-i", str(folder / "made" / f"{name}.png")]


def test_what_a_film_shows_is_told_in_the_time_of_each_cut(programme: Scan) -> None:
    film = next(asset for asset in programme.assets if asset.path == "final/film.mov")
    (copy,) = film.near_copies
    (segment,) = copy.segments

    assert (segment.tc_in, segment.tc_out) == ("10:00:01:00", "10:00:03:00")
    assert [(one.cut, one.tc_in, one.tc_out, one.exact) for one in segment.in_cut] == [
        (0, "01:00:00:13", "01:00:02:00", True),
        (1, "10:00:01:00", "10:00:03:00", True),
    ]
    assert [(one.cut, one.by.value, one.tc_in) for one in film.in_cut] == [
        (0, "name", "01:00:00:00"),
        (1, "programme", "10:00:00:00"),
    ]


def test_a_still_is_located_by_the_film_that_shows_it(programme: Scan) -> None:
    still = next(asset for asset in programme.assets if asset.path == "temp/idea.png")

    assert [(one.cut, one.by.value, one.tc_in, one.tc_out, one.place) for one in still.in_cut] == [
        (0, "film", "01:00:00:13", "01:00:02:00", "final/film.mov"),
        # This cut names it, and tells the same time.
        (1, "name", "10:00:01:00", "10:00:03:00", "line 3"),
    ]
