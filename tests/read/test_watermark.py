"""Pictures that the reference encoder made, compressed and resized; pictures that only look marked; and the reference decoder."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.readings import Found, NotFound, NotTried, Reading
from scanner.read.watermark import LARGEST_PIXELS, MESSAGES, WatermarkReader, agreeing
from scanner.read.watermark_blocks import block_bits, reference_bits
from scanner.read.watermark_chroma import chroma_bytes, chroma_floats

FOLDER = Path(__file__).parents[2] / "fixtures" / "watermarks"
MARKED = {
    "sd1.webp": ("StableDiffusionV1", "wm-sd1"),
    "sd2.webp": ("SDV2", "wm-sd1"),
    "sdxl.webp": ("SDXL 0xB3EC907BB19E", "wm-sdxl"),
    "sdxl-early-diffusers.webp": ("SDXL 0xB3EC907BB19E", "wm-sdxl"),
    "flux.webp": ("FLUX 0x2AFE879CF52E", "wm-flux"),
    "flux-compressed.jpg": ("FLUX 0x2AFE879CF52E", "wm-flux"),
}
READER = WatermarkReader()
CATALOGUE = MarkCatalogue.load()


def picture(name: str) -> Image.Image:
    with Image.open(FOLDER / name) as image:
        return image.convert("RGB")


def compressed(image: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    image.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


def names(outcome) -> set[str]:
    return {one.value.partition(" (")[0] for one in outcome.statements}


@pytest.mark.parametrize(("name", "expected"), MARKED.items())
def test_each_message_of_the_reference_encoder_is_a_strong_mark(name, expected):
    outcome = READER.read_pixels(picture(name))
    assert isinstance(outcome, Found)
    assert names(outcome) == {expected[0]}
    (mark,) = CATALOGUE.find_marks(Reading("watermark", "1", outcome))
    assert (mark.id, mark.meaning, mark.confidence) == (expected[1], "generated", "strong")
    assert mark.where == "file, Watermark:dwtDct"


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("quality", [90, 80, 70, 60, 50])
def test_compression_may_lose_a_message_and_never_makes_another(name, quality):
    outcome = READER.read_pixels(compressed(picture(name), quality))
    assert names(outcome) <= {MARKED[name][0]}


@pytest.mark.parametrize("name", MARKED)
@pytest.mark.parametrize("factor", [0.98, 1.5, 2])
def test_a_resize_may_lose_a_message_and_never_makes_another(name, factor):
    image = picture(name)
    outcome = READER.read_pixels(image.resize((round(image.width * factor), round(image.height * factor))))
    assert outcome == NotTried("smaller than 256 pixels, which no encoder marks") or names(outcome) <= {MARKED[name][0]}


def test_a_lossless_copy_with_alpha_keeps_the_message():
    image = picture("sdxl.webp")
    image.putalpha(128)
    assert names(READER.read_pixels(image)) == {"SDXL 0xB3EC907BB19E"}


def test_nothing_is_found_in_an_unmarked_picture():
    assert READER.read_pixels(picture("unmarked.webp")) == NotFound()


@pytest.mark.parametrize("mode", ["L", "LA", "I;16", "1", "F"])
def test_grey_has_no_chroma(mode):
    assert READER.read_pixels(Image.new(mode, (300, 300))) == NotFound()


@pytest.mark.parametrize("colour", [(0, 0, 0), (255, 255, 255), (10, 200, 90), (0, 0, 255), (255, 0, 0)])
def test_a_flat_picture_votes_the_same_everywhere_and_matches_nothing(colour):
    assert READER.read_pixels(Image.new("RGB", (512, 512), colour)) == NotFound()


@pytest.mark.parametrize("period", [8, 46 * 8, 48 * 8, 32 * 8, 136 * 8])
def test_stripes_in_the_messages_own_period_match_nothing(period):
    rng = np.random.default_rng(period)
    columns = np.tile(rng.integers(0, 256, (period, 3)), (256, 2048 // period + 1, 1)).astype(np.uint8)
    assert READER.read_pixels(Image.fromarray(columns)) == NotFound()


def test_all_ones_and_all_noughts_spell_no_message():
    for message in MESSAGES:
        for constant in (True, False):
            assert agreeing(np.full(5000, constant), message) < message.gate


def test_no_pattern_of_a_shorter_period_reaches_a_gate():
    for message in MESSAGES:
        for period in range(1, len(message.bits)):
            folded = np.arange(len(message.bits)) % period
            ones, all_of = np.bincount(folded, weights=message.bits), np.bincount(folded)
            if len(message.bits) % period == 0:
                assert np.maximum(ones, all_of - ones).sum() < message.gate


def test_flux_bits_are_46_because_leading_noughts_are_dropped():
    assert [len(message.bits) for message in MESSAGES] == [136, 32, 48, 46]
    assert MESSAGES[3].bits[0]


@pytest.mark.parametrize("size", [(255, 4000), (4000, 255), (1, 1)])
def test_small_pictures_are_not_tried(size):
    assert isinstance(READER.read_pixels(Image.new("RGB", size)), NotTried)


def test_very_large_pictures_are_not_tried():
    outcome = READER.read_pixels(Image.new("P", (LARGEST_PIXELS // 4000 + 1, 4000)))
    assert outcome == NotTried("larger than the 40 million pixels that are searched")


@pytest.mark.skipif(importlib.util.find_spec("imwatermark") is None, reason="the reference decoder is not installed")
@pytest.mark.parametrize("name", [*MARKED, "unmarked.webp"])
@pytest.mark.parametrize("length", [32, 46, 48, 136])
def test_bits_equal_those_of_the_reference_decoder(monkeypatch, name, length):
    monkeypatch.setitem(sys.modules, "torch", sys.modules.get("torch") or ModuleType("torch"))
    from imwatermark import WatermarkDecoder

    pixels = np.asarray(picture(name))
    for kind, plane in ((np.uint8, chroma_bytes), (np.float32, chroma_floats)):
        theirs = WatermarkDecoder("bits", length).decode(np.ascontiguousarray(pixels[..., ::-1], kind), "dwtDct")
        assert np.array_equal(theirs, reference_bits(block_bits(plane(pixels)), length))
