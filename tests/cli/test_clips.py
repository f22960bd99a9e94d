"""A generated clip that is on screen in a finished film: found there, with its time in both; what all films share is no clip."""

from __future__ import annotations

import json
import shutil
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from tests.cli.conftest import clean_environment
from tests.cli.warm import WarmCommand
from tests.fingerprint.landscapes import landscape
from tests.fingerprint.plain_pictures import plain_pictures
from tests.frames.films import Film, made

av = pytest.importorskip("av", reason="films need the extra `video`")

WIDTH, HEIGHT, RATE = 480, 270, 25
SIDECAR = (
    "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    "<rdf:Description rdf:about='' xmlns:Iptc4xmpExt='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' "
    "Iptc4xmpExt:DigitalSourceType="
    "'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'/></rdf:RDF></x:xmpmeta>"
)
SHARED = ("countdown", "bars", "slate", "labelled bars", "logo on black")
"""What stands at the head and the end of both films, a second each."""
HEAD = 3 * RATE
MOVING = 4 * RATE
CLIP_IN, CLIP_OUT = 25, 90
"""Frames of the moving part that the finished film shows."""
FIRST = 50


@cache
def plain() -> dict[str, Image.Image]:
    """Pictures of each plain kind, by its name."""
    return {kind: image.convert("RGB").resize((WIDTH, HEIGHT)) for kind, image in plain_pictures(60) if kind in SHARED}


def moving(number: int, ground: int = 4, thing: int = 9, lower_third: bool = False) -> Image.Image:
    """A pan over a landscape, and a part of another that crosses it."""
    picture = landscape(ground, 640, 400)
    picture = picture.crop((number, 60, number + WIDTH, 60 + HEIGHT))
    picture.paste(landscape(thing, 200, 140), (WIDTH - 4 * number, 70 + number // 3))
    if lower_third:
        draw = ImageDraw.Draw(picture)
        draw.rectangle((30, 205, 330, 250), fill=(20, 40, 110))
        draw.text((40, 210), "Dr Ada Hartmann", fill="white", font=ImageFont.load_default(20))
        draw.text((40, 232), "Institute of Dunes", fill="white", font=ImageFont.load_default(14))
    return picture


def framed(number: int, scene: Any) -> Any:
    """What all films share, around `scene`."""
    if number < HEAD:
        return plain()[SHARED[number // RATE]]
    if number < HEAD + MOVING:
        return scene(number - HEAD)
    return plain()[SHARED[3 + (number - HEAD - MOVING) // RATE % 2]]


def encoded(picture: Image.Image, number: int) -> Any:
    pixels = np.asarray(picture).astype(int) + np.random.default_rng(number).normal(0, 3, (HEIGHT, WIDTH, 3))
    return av.VideoFrame.from_ndarray(np.clip(pixels, 0, 255).astype(np.uint8), "rgb24")


def clip(number: int) -> Any:
    return encoded(framed(number, lambda at: moving(at, lower_third=at > 60)), number)


def unrelated(number: int) -> Any:
    return encoded(framed(number, lambda at: moving(at, 21, 22, lower_third=True)), number)


def finished(number: int) -> Any:
    """Two seconds of something else, the clip graded and letterboxed, two seconds of something else."""
    length = CLIP_OUT - CLIP_IN
    if FIRST <= number < FIRST + length:
        picture = moving(number - FIRST + CLIP_IN)
        pixels = 20 + 0.8 * np.asarray(picture.resize((WIDTH, HEIGHT))).astype(float) * np.array([1.05, 1.0, 0.85])
        pixels[:25] = pixels[-25:] = 0
        return encoded(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), number)
    return encoded(moving(number % FIRST, 30, 31) if number < FIRST else moving(number % FIRST, 33, 34), number)


@pytest.fixture(scope="module")
def drive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drive with a generated clip and three films in final: with it, without it, and its copy."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    folder = tmp_path_factory.mktemp("clips")
    drive = folder / "DRIVE_07"
    (drive / "temp").mkdir(parents=True)
    (drive / "final").mkdir()
    size = {"width": WIDTH, "height": HEIGHT, "options": {"preset": "veryfast", "crf": "23"}}
    made(drive / "temp" / "dune_v3.mp4", Film(frames=HEAD + MOVING + 2 * RATE, draw=clip, **size))
    (drive / "temp" / "dune_v3.xmp").write_text(SIDECAR)
    timecode = {"timecode": "10:00:00:00"}
    made(drive / "final" / "ep1.mov", Film(frames=165, draw=finished, container_metadata=timecode, gop=50, **size))
    made(drive / "final" / "ep2.mov", Film(frames=HEAD + MOVING + 2 * RATE, draw=unrelated, **size))
    shutil.copy(drive / "temp" / "dune_v3.mp4", drive / "final" / "dune_v3_copy.mp4")
    return drive


@pytest.fixture(scope="module")
def scanned(warm: WarmCommand, drive: Path) -> tuple[str, dict[str, Any]]:
    """What a scan says on the terminal, and its report."""
    folder = drive.parent
    arguments = ["scan", "--workers", "2", "--output", str(folder / "out"), "--format", "json", "--format", "html", str(drive)]
    done = warm.run(arguments, folder, clean_environment(folder / "home"), folder)
    assert done.returncode == 11, done.stderr
    return done.stdout, json.loads((folder / "out" / "scan.json").read_text())


def asset(scanned: tuple[str, dict[str, Any]], path: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in scanned[1]["assets"] if one["path"] == path)
    return found


def test_the_clip_is_found_in_the_film_with_its_time(scanned: tuple[str, dict[str, Any]]) -> None:
    (copy,) = asset(scanned, "final/ep1.mov")["near_copies"]
    assert copy["path"] == "temp/dune_v3.mp4"
    (seen,) = copy["time_ranges"]
    assert abs(Fraction(seen["first"]) * RATE - FIRST) <= 2
    assert abs(Fraction(seen["after"]) * RATE - (FIRST + CLIP_OUT - CLIP_IN)) <= 2
    assert seen["exact"]
    assert seen["tc_in"][:8] in ("10:00:01", "10:00:02")


def test_the_part_of_the_clip_is_told(scanned: tuple[str, dict[str, Any]]) -> None:
    ((seen,),) = (copy["time_ranges"] for copy in asset(scanned, "final/ep1.mov")["near_copies"])
    part = seen["of_clip"]
    assert abs(Fraction(part["first"]) * RATE - (HEAD + CLIP_IN)) <= RATE / 2
    assert abs(Fraction(part["after"]) * RATE - (HEAD + CLIP_OUT)) <= RATE / 2
    told = " ".join(scanned[0].split())
    assert f"shows the clip temp/dune_v3.mp4 (on screen {seen['tc_in']}–{seen['tc_out']} with its {part['tc_in']}" in told


def test_what_both_films_have_at_head_and_end_is_no_sighting(scanned: tuple[str, dict[str, Any]]) -> None:
    film = asset(scanned, "final/ep2.mov")
    assert film["near_copies"] == []
    assert film["fingerprinted"]


def test_equal_bytes_are_settled_as_ever_and_a_clip_is_not_found_in_itself(scanned: tuple[str, dict[str, Any]]) -> None:
    copy = asset(scanned, "final/dune_v3_copy.mp4")
    assert copy["near_copies"] == []
    assert {finding["rule"] for finding in copy["findings"]} == {"temporary-copy-in-final"}
    assert asset(scanned, "temp/dune_v3.mp4")["near_copies"] == []


def test_the_page_shows_the_frame_of_the_film_and_that_of_the_clip(scanned: tuple[str, dict[str, Any]], drive: Path) -> None:
    page = (drive.parent / "out" / "scan.html").read_text("utf-8")
    (card,) = [one for one in page.split("<article")[1:] if "ep1.mov</bdi></h3>" in one]
    assert card.count("data:image/jpeg;base64,") == 2
    assert "no picture kept" not in card
