"""A temporary AI still that is cut into numbered sequences: found there, with its frames and, where there is a rate, its time."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import OpenImageIO as oiio  # noqa: N813
import pytest
from PIL import Image, PngImagePlugin

from tests.cli.conftest import PARAMETERS, clean_environment
from tests.cli.warm import WarmCommand
from tests.fingerprint.frames import linear, write
from tests.fingerprint.landscapes import landscape

FRAMES = range(1001, 1041)
ON = range(1013, 1033)
"""Frames that show the still."""
MISSING = range(1028, 1031)
"""Of the TIFF sequence."""
DAMAGED = 1026
"""Of the DPX sequence: one that is looked at, since it is the second second's first."""


def drawn(number: int) -> Any:
    """A frame: a slow push-in with grain, values 0 to 255."""
    picture = landscape(4 if number in ON else 30)
    width, height = picture.size
    margin = 0.03 + 0.002 * (number - FRAMES[0])
    box = (width * margin, height * margin, width * (1 - margin), height * (1 - margin))
    pixels = np.asarray(picture.resize((360, 203), Image.Resampling.BICUBIC, box)).astype(np.float32)
    return np.clip(pixels + np.random.default_rng(number).normal(0, 3, pixels.shape), 0, 255)


def timecode(frames: int, rate: int) -> int:
    """Ten o'clock and so many frames, as the headers have it: two decimal digits a byte."""
    seconds, rest = divmod(frames, rate)
    return 0x10000000 | seconds // 10 << 12 | seconds % 10 << 8 | rest // 10 << 4 | rest % 10


def headers(number: int, rate: int) -> dict[str, Any]:
    return {"smpte__TimeCode": (oiio.TypeDesc("timecode"), (timecode(number - FRAMES[0], rate), 0))}


def make(folder: Path) -> None:
    """Write the still and a sequence of each format."""
    (folder / "temp").mkdir(parents=True)
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    landscape(4).save(folder / "temp" / "idea.png", pnginfo=text)
    for kind in ("exr", "dpx", "jpg", "tif"):
        (folder / "final" / kind).mkdir(parents=True)
    for number in FRAMES:
        pixels = drawn(number)
        values = (pixels / 255).astype(np.float32)
        rate = {"FramesPerSecond": (oiio.TypeDesc("rational"), (24, 1))}
        write(folder / f"final/exr/a.{number}.exr", linear(values), "half", **rate, **headers(number, 24))
        rate = {"dpx__FrameRate": 25.0, "oiio__BitsPerSample": 10}
        write(folder / f"final/dpx/a.{number}.dpx", values, "uint16", **rate, **headers(number, 25))
        picture = Image.fromarray(pixels.astype(np.uint8))
        picture.save(folder / f"final/jpg/a.{number}.jpg", quality=85)
        if number not in MISSING:
            picture.save(folder / f"final/tif/a.{number}.tif", compression="tiff_lzw")
    damaged = folder / f"final/dpx/a.{DAMAGED}.dpx"
    damaged.write_bytes(damaged.read_bytes()[:3000])


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("sequences")
    make(folder / "DRIVE_07")
    return folder


def scan(warm: WarmCommand, folder: Path, output: str, *arguments: str) -> tuple[str, dict[str, Any]]:
    formats = ("--format", "json", "--format", "csv", "--format", "html")
    call = ["scan", "--workers", "2", "--no-library", *formats, "--output", str(folder / output), *arguments]
    done = warm.run(call, folder, clean_environment(folder / f"home-{output}"), folder)
    assert done.returncode in (4, 10, 11), done.stderr
    return done.stdout, json.loads((folder / output / "scan.json").read_text())


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, drive: Path) -> tuple[str, dict[str, Any]]:
    return scan(warm, drive, "out", str(drive / "DRIVE_07"))


def sequence(report: dict[str, Any], kind: str) -> dict[str, Any]:
    (found,) = [asset for asset in report["assets"] if asset["kind"] == "sequence" and asset["format"] == kind]
    return found


def on_screen(report: dict[str, Any], kind: str) -> dict[str, Any]:
    """When the still is on screen in the one stretch of a sequence that shows it."""
    (copy,) = sequence(report, kind)["near_copies"]
    assert copy["path"] == "temp/idea.png"
    (seen,) = copy["time_ranges"]
    return seen


@pytest.mark.parametrize("kind", ["exr", "dpx", "jpeg", "tiff"])
def test_the_still_is_found_to_the_frame(scanned: tuple[str, dict[str, Any]], kind: str) -> None:
    seen = on_screen(scanned[1], kind)
    assert (seen["frame_range"]["first"], seen["frame_range"]["last"], seen["exact"]) == (ON[0], ON[-1], True)
    assert seen["frame_range"]["best"] in ON


def test_time_is_by_the_frames_own_headers(scanned: tuple[str, dict[str, Any]]) -> None:
    assert [on_screen(scanned[1], "exr")[key] for key in ("tc_in", "tc_out")] == ["10:00:00:12", "10:00:01:08"]
    assert [on_screen(scanned[1], "dpx")[key] for key in ("tc_in", "tc_out")] == ["10:00:00:12", "10:00:01:07"]


def test_without_a_rate_no_timecode_is_invented(scanned: tuple[str, dict[str, Any]]) -> None:
    for kind in ("jpeg", "tiff"):
        assert [on_screen(scanned[1], kind)[key] for key in ("tc_in", "tc_out")] == ["", ""]


def test_a_rate_that_is_given_counts_where_no_header_says_one(warm: WarmCommand, drive: Path) -> None:
    folders = [str(drive / "DRIVE_07" / name) for name in ("final/jpg", "temp")]
    _, report = scan(warm, drive, "rated", "--rate", "25", *folders)
    (copy,) = sequence(report, "jpeg")["near_copies"]
    (seen,) = copy["time_ranges"]
    assert (seen["tc_in"], seen["tc_out"]) == ("00:00:00:12", "00:00:01:07")
    assert (seen["first"], seen["after"]) == ("12/25", "32/25")


def test_a_damaged_frame_is_told_and_costs_only_itself(scanned: tuple[str, dict[str, Any]]) -> None:
    damaged = sequence(scanned[1], "dpx")
    assert damaged["picture_note"] == f"frame {DAMAGED} does not decode; the others were looked through"
    assert not damaged["fingerprinted"]
    assert sequence(scanned[1], "exr")["fingerprinted"]


def test_a_gap_is_told_and_ends_nothing(scanned: tuple[str, dict[str, Any]]) -> None:
    assert sequence(scanned[1], "tiff")["missing_frames"] == "1028-1030"


def test_people_read_the_frames_and_the_time(scanned: tuple[str, dict[str, Any]], drive: Path) -> None:
    told = f"on screen in frames {ON[0]}–{ON[-1]}"
    exr = f"{told} at 10:00:00:12–10:00:01:08"
    assert told in " ".join(scanned[0].split())
    page = (drive / "out" / "scan.html").read_text("utf-8")
    (card,) = [one for one in page.split("<article")[1:] if "a.1001-1040#.exr</bdi></h3>" in one]
    assert exr in card
    assert card.count("data:image/jpeg;base64,") == 2
    rows = list(csv.DictReader((drive / "out" / "scan.csv").read_text("utf-8-sig").splitlines()))
    assert [exr in row["near_copies"] for row in rows if row["path"].endswith(".exr")] == [True]


def test_the_cue_sheet_has_them_as_evidence(warm: WarmCommand, scanned: object, drive: Path) -> None:
    sheet = drive / "cue.csv"
    call = ["cuesheet", str(drive / "out" / "scan.json"), "--output", str(sheet)]
    done = warm.run(call, drive, clean_environment(drive / "home-cue"), drive)
    assert done.returncode == 0, done.stderr
    assert f"on screen in frames {ON[0]}–{ON[-1]} at 10:00:00:12–10:00:01:08" in sheet.read_text("utf-8-sig")


def test_without_looking_through_films_it_is_compared_at_three_frames(warm: WarmCommand, drive: Path) -> None:
    folders = [str(drive / "DRIVE_07" / name) for name in ("final/exr", "temp")]
    _, report = scan(warm, drive, "without", "--no-films", *folders)
    found = sequence(report, "exr")
    assert [copy["time_ranges"] for copy in found["near_copies"]] == [[]]
    assert found["fingerprinted"]
