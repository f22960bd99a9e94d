"""Text in the lowest bits: both channels, both encodings, every size of picture, and pictures that hold none."""

from __future__ import annotations

import struct
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.readings import NotFound, Reading
from scanner.read.residue import ResidueReader
from tests.read.residue_samples import SETTINGS, said, stealth, warnings

READER = ResidueReader()
CATALOGUE = MarkCatalogue.load()
CORPUS = Path(__file__).parents[3] / "shared" / "corpus" / "dev"


@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
@pytest.mark.parametrize("compressed", [True, False])
@pytest.mark.parametrize("size", [(40, 60), (4000, 1), (1, 4000), (7, 501)])
def test_channels_encodings_and_sizes(mode, compressed, size):
    picture = stealth(SETTINGS, mode=mode, compressed=compressed, size=size)
    outcome = READER.read_pixels(picture)
    assert said(outcome) == [("Stealth:Parameters", SETTINGS)]
    assert [mark.id for mark in CATALOGUE.find_marks(Reading("residue", "1", outcome))] == ["stealth-alpha"]


def test_colours_of_a_picture_with_alpha():
    picture = stealth(SETTINGS, mode="RGB")
    picture.putalpha(200)
    assert said(READER.read_pixels(picture)) == [("Stealth:Parameters", SETTINGS)]


@pytest.mark.parametrize(
    ("path", "generator"),
    [("d3x-at+sd-parsers/automatic1111_stealth.png", "AUTOMATIC1111"), ("enslo+sd-metadata/novelai-ref.png", "NovelAI")],
)
def test_real_pictures(path, generator):
    if not (CORPUS / path).is_file():
        pytest.skip("no corpus here")
    with Image.open(CORPUS / path) as picture:
        outcome = READER.read_pixels(picture)
    (mark,) = CATALOGUE.find_marks(Reading("residue", "1", outcome))
    assert (mark.id, mark.generator) == ("stealth-alpha", generator)


@pytest.mark.parametrize("mode", ["RGBA", "RGB", "LA", "PA", "L", "1", "P", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("size", [(1, 1), (3, 5), (64, 64), (152, 1)])
def test_pictures_without(mode, size):
    assert isinstance(READER.read_pixels(Image.new(mode, size)), NotFound)


def test_a_length_that_lies():
    pixels = np.array(stealth("x", compressed=False))
    bits = np.unpackbits(np.frombuffer(struct.pack(">I", 0xFFFFFFFF), np.uint8))
    plane = np.ascontiguousarray(pixels[:, :, 3].T).reshape(-1)
    plane[120:152] = plane[120:152] & 0xFE | bits
    pixels[:, :, 3] = plane.reshape(pixels.shape[1], pixels.shape[0]).T
    outcome = READER.read_pixels(Image.fromarray(pixels, "RGBA"))
    assert warnings(outcome) == ("its hidden text is longer than the picture, or than is read",)


@given(st.binary(max_size=300), st.sampled_from(["RGBA", "RGB"]))
@settings(max_examples=100, deadline=None)
def test_broken_texts_have_an_outcome(noise, mode):
    picture = stealth(noise.decode("latin-1"), mode=mode, compressed=False)
    pixels = np.array(picture)
    magic = np.unpackbits(np.frombuffer(b"comp", np.uint8))
    count = 1 if mode == "RGBA" else 3
    plane = np.ascontiguousarray((pixels[:, :, 3:] if count == 1 else pixels).swapaxes(0, 1)).reshape(-1)
    plane[88:120] = plane[88:120] & 0xFE | magic
    pixels[:, :, -count:] = plane.reshape(pixels.shape[1], pixels.shape[0], count).swapaxes(0, 1)
    assert READER.read_pixels(Image.fromarray(pixels, mode))


def test_looking_costs_next_to_nothing():
    picture = Image.new("RGBA", (4000, 3000))
    start = time.process_time()
    for _ in range(10):
        READER.read_pixels(picture)
    assert (time.process_time() - start) / 10 < 0.01
