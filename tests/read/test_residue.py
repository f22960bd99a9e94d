"""The residue reader as a whole: every fixture that needs it, formats it leaves, errors, and what is joined."""

from __future__ import annotations

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.readings import Failed, Found, NotFound, NotTried, Reading, Statement
from scanner.probe.formats import ALL, by_name
from scanner.read.residue import ResidueReader, join_outcomes
from tests.read.residue_samples import FIXTURES, GRAPH, LABEL, SUPERBOX, jpeg, png, png_chunk, read, read_bytes, said, segment

CATALOGUE = MarkCatalogue.load()


@pytest.mark.parametrize(
    ("path", "name", "field", "mark"),
    [
        ("stills/generators/comfy.apng", "apng", "PNG-comf:prompt", "comfy-apng"),
        ("stills/generators/comfy.avif", "avif", "BMFF-uuid:comfyui_workflow", "comfy-avif"),
        ("stills/generators/comfy.svg", "svg", "SVG-metadata:Text", "comfy-svg"),
        ("stills/generators/a1111-compressed.png", "png", "PNG:parameters", "a1111-png"),
        ("stills/generators/samsung-edit.jpg", "jpeg", "Samsung:ReEditData", "samsung-genai"),
        ("stills/declared/tc260-segment.jpg", "jpeg", "JPEG-APP:AIGC", "tc260-jpeg-app"),
        ("audio/tc260.wav", "wav", "RIFF:AIGC", "tc260-wav"),
        ("video/tc260.avi", "avi", "RIFF-INFO:AIGC", "tc260-avi"),
        ("video/kling.mp4", "mp4", "H264-SEI:91ca6061-4aee-3854-8614-2d5f73f4ae2e", "kling-sei"),
    ],
)
def test_fixtures(path, name, field, mark):
    outcome = read(FIXTURES / path, name)
    assert field in [one for one, _ in said(outcome)]
    assert [one.id for one in CATALOGUE.find_marks(Reading("residue", "1", outcome))] == [mark]


def test_an_ordinary_edit_says_nothing():
    outcome = read(FIXTURES / "stills/generators/samsung-crop.jpg", "jpeg")
    assert said(outcome)
    assert CATALOGUE.find_marks(Reading("residue", "1", outcome)) == ()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (png(png_chunk(b"tEXt", b"Comment\0comf AIGC" + LABEL.encode())), "png"),
        (png().replace(b"IEND", b"IEND") + png_chunk(b"comf", b"prompt\0" + GRAPH.encode()), "png"),
        (png(png_chunk(b"IDAT", b"comfprompt\0" + GRAPH.encode() + b"AIGC" + LABEL.encode())), "png"),
        (jpeg(segment(0xFE, b"AIGC" + LABEL.encode())), "jpeg"),
        (jpeg(behind=b"\xff\xe4\x00\xffAIGC" + LABEL.encode()), "jpeg"),
        (b"RIFF\x00\x01\0\0WAVEdata\xf0\0\0\0AIGC\x08\0\0\0" + LABEL.encode() + bytes(200), "wav"),
        (b"\0\0\0\x10ftypavif\0\0\0\0\0\0\1\0mdat\0\0\0\x80uuidcomfyui_workflow" + GRAPH.encode() + bytes(200), "avif"),
    ],
    ids=["text", "behind-end", "idat", "comment", "trailer", "samples", "mdat"],
)
def test_the_same_bytes_elsewhere_say_nothing(content, name, tmp_path):
    """trap-png-rawbytes: containers are walked, not searched."""
    assert isinstance(read_bytes(tmp_path, content, name), NotFound)


def test_formats_without_residue_are_not_tried(tmp_path):
    for one in ALL:
        (tmp_path / "sample").write_bytes(bytes(64))
        outcome = ResidueReader().read(str(tmp_path / "sample"), one, 64)
        assert isinstance(outcome, NotTried | NotFound) or one.name in ("svg", "svgz"), one.name
    assert isinstance(read(FIXTURES / "audio/tc260.mp3", "mp3"), NotTried)


def test_what_cannot_be_read_is_a_failure(tmp_path):
    gone = ResidueReader().read(str(tmp_path / "gone.png"), by_name("png"), 100)
    assert isinstance(gone, Failed)
    assert "No such file" in gone.why


def test_a_file_that_shrank_is_read_as_far_as_it_goes(tmp_path):
    path = tmp_path / "sample"
    path.write_bytes(png(png_chunk(b"comf", b"prompt\0" + GRAPH.encode())))
    assert said(ResidueReader().read(str(path), by_name("png"), 10**12)) == [("PNG-comf:prompt", GRAPH)]


A, B = Statement("PNG-comf:prompt", GRAPH), Statement("Stealth:Parameters", "x")


@pytest.mark.parametrize(
    ("container", "pixels", "joined"),
    [
        (Found((A,)), Found((B,)), Found((A, B))),
        (NotFound(), Found((B,)), Found((B,))),
        (Found((A,), warnings=("cut",)), NotFound(("odd",)), Found((A,), warnings=("cut", "odd"))),
        (NotFound(), NotFound(), NotFound()),
        (NotFound(), NotTried("not looked"), NotFound(("not looked",))),
        (Failed("gone", (A,)), Found((B,)), Failed("gone", (A, B))),
        (NotTried("no"), NotFound(), NotFound()),
    ],
)
def test_joining_container_and_pixels(container, pixels, joined):
    assert join_outcomes(container, pixels) == joined


def test_hidden_credentials_are_told_with_their_place(tmp_path):
    jumbf = bytes(8) + b"jumd" + SUPERBOX + b"c2pa\0"
    before = jpeg(segment(0xEB, jumbf))
    behind = jpeg(behind=segment(0xEB, jumbf))
    whole = jpeg()
    within = whole[:-2] + segment(0xEB, jumbf) + whole[-2:]
    assert isinstance(read_bytes(tmp_path, before, "jpeg"), NotFound)
    assert said(read_bytes(tmp_path, behind, "jpeg")) == [
        ("C2PA-hidden:Place", f"behind the end marker, at byte {behind.index(SUPERBOX)}")
    ]
    assert said(read_bytes(tmp_path, within, "jpeg")) == [
        ("C2PA-hidden:Place", f"behind the start of the picture, at byte {within.index(SUPERBOX)}")
    ]
    outcome = read_bytes(tmp_path, behind, "jpeg")
    assert CATALOGUE.find_marks(Reading("residue", "1", outcome)) == ()
