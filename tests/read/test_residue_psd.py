"""Photoshop's GenI block: behind the layers, in a layer, in 16-bit documents, and descriptors that lie."""

from __future__ import annotations

import contextlib
import json
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.interpret.catalogue import MarkCatalogue
from scanner.model.readings import NotFound, Reading
from scanner.read.residue_descriptor import DescriptorBrokenError, read_pairs
from tests.read.residue_samples import descriptor, generative, key, layers, psd, read_bytes, said, tagged, text, warnings

CATALOGUE = MarkCatalogue.load()
USED = ("PSD:GenI.isUsingGenTech", "1")


def marks(outcome) -> set[str]:
    return {mark.id for mark in CATALOGUE.find_marks(Reading("residue", "1", outcome))}


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize(
    "build",
    [
        lambda large: psd(behind=tagged(b"Patt", b"") + generative(1), large=large),
        lambda large: psd(layers(tagged(b"luni", text("Layer")), generative(1), large=large), large=large),
        lambda large: psd(behind=tagged(b"Lr16", layers(generative(1), large=large), long=large), large=large),
        lambda large: psd(layers(large=large), tagged(b"FMsk", bytes(12), long=large) + generative(1), large=large),
    ],
    ids=["document", "layer", "layer-16", "behind-masks"],
)
def test_places(build, large, tmp_path):
    outcome = read_bytes(tmp_path, build(large), "psb" if large else "psd")
    assert said(outcome) == [USED]
    assert marks(outcome) == {"psd-geni"}
    assert warnings(outcome) == ()


def test_models_are_named(tmp_path):
    outcome = read_bytes(tmp_path, psd(behind=generative(1, "Gemini 2.5", "FLUX.1")), "psd")
    assert json.loads(dict(said(outcome))["PSD:GenI.externalModelList"]) == [{"name": "Gemini 2.5"}, {"name": "FLUX.1"}]
    assert marks(outcome) == {"psd-geni", "psd-externalmodel"}


def test_a_zero_says_nothing(tmp_path):
    outcome = read_bytes(tmp_path, psd(behind=generative(0)), "psd")
    assert said(outcome) == [("PSD:GenI.isUsingGenTech", "0")]
    assert marks(outcome) == set()


@pytest.mark.parametrize("content", [psd(), psd(layers()), psd(behind=tagged(b"GenI", b"")), psd(behind=b"8BIMCAI "), b"8BPS"])
def test_documents_without_it(content, tmp_path):
    assert isinstance(read_bytes(tmp_path, content, "psd"), NotFound)


def test_a_cut_document_keeps_what_it_had(tmp_path):
    whole = psd(behind=generative(1, "Gemini"))
    outcome = read_bytes(tmp_path, whole[:-40], "psd")
    assert said(outcome)[0] == USED
    assert warnings(outcome)


def test_every_kind_of_value():
    members = (
        (b"a", b"bool\x01"),
        (b"bbbb", b"doub" + struct.pack(">d", 0.5)),
        (b"c", b"comp" + struct.pack(">q", -5)),
        (b"d", b"UntF#Pnt" + struct.pack(">d", 2.0)),
        (b"e", b"enum" + key(b"Engn") + key(b"compCoreGPU")),
        (b"f", b"type" + text("") + key(b"null")),
        (b"g", b"tdta" + struct.pack(">I", 3) + b"abc"),
        (b"h", b"Objc" + descriptor(b"null", (b"x", b"TEXT" + text("y")))),
    )
    assert dict(read_pairs(descriptor(b"null", *members))) == {
        "a": True,
        "bbbb": 0.5,
        "c": -5,
        "d": 2.0,
        "e": "compCoreGPU",
        "f": "null",
        "g": None,
        "h": {"x": "y"},
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        descriptor(b"null", (b"a", b"obj \0\0\0\1")),
        descriptor(b"null", (b"a", b"VlLs" + struct.pack(">I", 0xFFFFFFFF))),
        descriptor(b"null", (b"a", b"VlLs\0\0\0\1" * 50)),
        descriptor(b"null", (b"a", b"TEXT" + struct.pack(">I", 0x7FFFFFFF))),
    ],
)
def test_descriptors_that_lie(content):
    with pytest.raises(DescriptorBrokenError):
        list(read_pairs(content))


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_noise_is_a_descriptor_or_none(noise):
    with contextlib.suppress(DescriptorBrokenError):
        list(read_pairs(descriptor(b"null", (b"a", b"VlLs\0\0\0\2" + noise), (b"b", noise))))
