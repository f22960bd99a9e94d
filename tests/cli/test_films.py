"""A temporary AI still that is on screen in a finished film: found there, with its time."""

from __future__ import annotations

import base64
import io
import json
import re
import shutil
from bisect import bisect_right
from fractions import Fraction
from itertools import accumulate
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from tests.cli.conftest import PARAMETERS, clean_environment
from tests.cli.warm import WarmCommand
from tests.fingerprint.landscapes import landscape
from tests.frames.films import Film, made

av = pytest.importorskip("av", reason="films need the extra `video`")

WIDTH, HEIGHT = 480, 270
SHOTS = ((30, 2.0), (4, 2.6), (31, 2.0))
"""Seed of a landscape and how many seconds it is on screen: the second one is the temporary still."""
FIRST, AFTER = 50, 115
"""Frames in which the still is on screen."""


def frame(number: int) -> Any:
    """A frame of the film: each shot a slow push-in, letterboxed, with grain."""
    shots = [(seed, round(seconds * 25)) for seed, seconds in SHOTS]
    starts = list(accumulate((length for _, length in shots), initial=0))
    at = bisect_right(starts, number) - 1
    seed, length = shots[at]
    share, picture = (number - starts[at]) / length, landscape(seed)
    margin = 0.06 + 0.06 * share
    width, height = picture.size
    box = (width * margin, height * margin, width * (1 - margin), height * (1 - margin))
    pixels = np.asarray(picture.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC, box)).astype(int)
    pixels = pixels + np.random.default_rng(number).normal(0, 4, pixels.shape)
    pixels[:30] = pixels[-30:] = 0
    return av.VideoFrame.from_ndarray(np.clip(pixels, 0, 255).astype(np.uint8), "rgb24")


def scan(warm: WarmCommand, folder: Path, output: str, *more: str) -> tuple[str, dict[str, Any]]:
    arguments = ["scan", "--workers", "2", "--output", str(folder / output), str(folder / "DRIVE_07"), *more]
    home = folder / f"home-{output}"
    done = warm.run(arguments, folder, clean_environment(home), folder)
    assert done.returncode in (0, 10, 11), done.stderr
    return done.stdout, json.loads((folder / output / "scan.json").read_text())


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a delivery: the still in a temporary folder, the film in a final one."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("films")
    (folder / "DRIVE_07" / "temp").mkdir(parents=True)
    (folder / "DRIVE_07" / "final").mkdir()
    text = PngImagePlugin.PngInfo()
    text.add_text("parameters", PARAMETERS)
    landscape(4).save(folder / "DRIVE_07" / "temp" / "idea.png", pnginfo=text)
    made(
        folder / "DRIVE_07" / "final" / "ep1.mov",
        Film(frames=165, width=WIDTH, height=HEIGHT, draw=frame, container_metadata={"timecode": "10:00:00:00"}, gop=50),
    )
    return folder


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, drive: Path) -> tuple[str, dict[str, Any]]:
    return scan(warm, drive, "out")


def film_of(report: dict[str, Any]) -> dict[str, Any]:
    return next(asset for asset in report["assets"] if asset["path"] == "final/ep1.mov")


def test_the_still_is_found_in_the_film_to_the_frame(scanned: tuple[str, dict[str, Any]]) -> None:
    (copy,) = film_of(scanned[1])["near_copies"]
    assert copy["path"] == "temp/idea.png"
    (seen,) = copy["time_ranges"]
    assert abs(Fraction(seen["first"]) * 25 - FIRST) <= 2
    assert abs(Fraction(seen["after"]) * 25 - AFTER) <= 2
    assert seen["exact"]


def test_its_time_is_told_in_the_films_own_timecode(scanned: tuple[str, dict[str, Any]]) -> None:
    (copy,) = film_of(scanned[1])["near_copies"]
    assert copy["time_ranges"][0]["tc_in"][:8] in ("10:00:01", "10:00:02")
    assert "on screen 10:00:0" in " ".join(scanned[0].split())


def test_the_film_asks_for_something_and_counts_as_compared(scanned: tuple[str, dict[str, Any]]) -> None:
    film = film_of(scanned[1])
    assert film["verdict"] in ("blocked", "review")
    assert film["fingerprinted"]
    assert film["picture_note"] == ""


def test_a_film_that_is_not_looked_through_is_said(warm: WarmCommand, drive: Path) -> None:
    _, report = scan(warm, drive, "without", "--no-films", "--zone", "final/**=unassigned")
    film = film_of(report)
    assert film["near_copies"] == []
    assert not film["fingerprinted"]
    assert film["picture_note"] == "moving pictures, not looked through"


def card_of(page: str) -> str:
    """The card of the film, with the lines of its templates joined."""
    (card,) = [one for one in page.split("<article")[1:] if "ep1.mov</bdi></h3>" in one]
    return " ".join(card.partition("</article>")[0].split())


def test_the_page_shows_the_frame_beside_the_still(scanned: tuple[str, dict[str, Any]], drive: Path) -> None:
    card = card_of((drive / "out" / "scan.html").read_text("utf-8"))
    frame, still = (Image.open(io.BytesIO(base64.b64decode(one))) for one in re.findall(r"image/jpeg;base64,([^\"]+)", card))
    assert (frame.size, still.size) == ((320, 180), (320, 213))
    (copy,) = film_of(scanned[1])["near_copies"]
    assert f"{copy['time_ranges'][0]['tc_in']}–{copy['time_ranges'][0]['tc_out']}</p>" in card
    assert f"{copy['time_ranges'][0]['points']} matching points" in card


def test_the_page_draws_the_film_with_the_still_where_it_is(scanned: tuple[str, dict[str, Any]], drive: Path) -> None:
    card = card_of((drive / "out" / "scan.html").read_text("utf-8"))
    (x, width), *others = re.findall(r'<rect class="bar is-copy" x="([0-9.]+)%" width="([0-9.]+)%"', card)
    assert not others
    assert abs(float(x) - 100 * FIRST / 165) < 1.5
    assert abs(float(width) - 100 * (AFTER - FIRST) / 165) < 2.5
    assert "10:00:00:00–10:00:06:15" in card
    assert "Not looked at" not in card


def test_without_small_pictures_the_page_tells_the_time_in_words(warm: WarmCommand, drive: Path) -> None:
    scan(warm, drive, "plain", "--no-thumbnails")
    card = card_of((drive / "plain" / "scan.html").read_text("utf-8"))
    assert "data:image" not in card
    assert "1 stretch in words" in card
    assert "on screen" in card


def test_a_part_of_the_film_is_approved(warm: WarmCommand, drive: Path, scanned: tuple[str, dict[str, Any]]) -> None:
    (finding,) = (one for one in film_of(scanned[1])["findings"] if one["stretches"])
    ((first, after),) = ((each["first"], each["after"]) for each in finding["stretches"])
    log = str(drive / "approvals.sqlite")

    def approve_and_scan(output: str, start: str, end: str) -> dict[str, Any]:
        terms = ["--approver", "Dana Reyes", "--reference", "N-1", "--category", "creative-output", "--use", "a still on screen"]
        arguments = [
            "approve",
            str(drive / "DRIVE_07" / "final" / "ep1.mov"),
            *terms,
            "--segment",
            start,
            end,
            "--approvals",
            log,
        ]
        done = warm.run(arguments, drive, clean_environment(drive / f"home-{output}-approving"), drive)
        assert done.returncode == 0, done.stderr
        return film_of(scan(warm, drive, output, "--approvals", log)[1])

    half = approve_and_scan("half", first, str((Fraction(first) + Fraction(after)) / 2))
    whole = approve_and_scan("whole", str(Fraction(first) + Fraction(1, 2)), "3600")

    assert half["verdict"] == film_of(scanned[1])["verdict"]
    assert "decided-in-part" in {one["rule"] for one in half["findings"]}
    # Both parts together cover the stretch.
    assert whole["verdict"] == "pass"
    assert {one["segment"]["first"] for one in whole["approvals"]} == {first, str(Fraction(first) + Fraction(1, 2))}
