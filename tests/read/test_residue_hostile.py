"""Mutants of every sample, cut, overwritten and lengthened: always an outcome, never an exception, in bounded time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.model.readings import Failed
from scanner.probe.formats import by_name
from scanner.read.residue import ResidueReader
from tests.read.residue_samples import FIXTURES, GRAPH, OUTCOMES, generative, jpeg, layers, png, psd, samsung, segment, tagged
from tests.read.test_residue_containers import packed

READER = ResidueReader()
SAMPLES = {
    "apng": (FIXTURES / "stills/generators/comfy.apng").read_bytes(),
    "avif": (FIXTURES / "stills/generators/comfy.avif").read_bytes(),
    "svg": (FIXTURES / "stills/generators/comfy.svg").read_bytes(),
    "avi": (FIXTURES / "video/tc260.avi").read_bytes(),
    "wav": (FIXTURES / "audio/tc260.wav").read_bytes(),
    "mp4": (FIXTURES / "video/kling.mp4").read_bytes(),
    "png": png(packed(GRAPH.encode())),
    "jpeg": jpeg(segment(0xE4, b"AIGC{}"), behind=samsung((0x0BA1, b"PhotoEditor_Re_Edit_Data", b"{}"))),
    "psd": psd(layers(generative(1)), tagged(b"Lr16", layers(generative(1, "x"))) + generative(1)),
}
EDITS = st.lists(st.tuples(st.integers(0, 1 << 20), st.binary(min_size=1, max_size=8)), max_size=6)


@pytest.fixture(scope="module")
def path(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("mutants") / "mutant"


def has_failed(outcome) -> bool:
    """Broken texts and broken XML are told as failures; nothing else in hostile bytes is one."""
    return isinstance(outcome, Failed) and not outcome.why.startswith(("a compressed text is broken", "the XML is broken"))


def read(path: Path, content: bytes, name: str):
    path.write_bytes(content)
    start = time.monotonic()
    outcome = READER.read(str(path), by_name(name), len(content))
    assert time.monotonic() - start < 5
    return outcome


@pytest.mark.parametrize("name", SAMPLES)
@given(edits=EDITS, end=st.integers(0, 1 << 20), doubled=st.booleans())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mutants_have_an_outcome(name, path, edits, end, doubled):
    content = bytearray(SAMPLES[name])
    for at, patch in edits:
        start = at % len(content)
        content[start : start + len(patch)] = patch
    content = content[: end % len(content) + 1 if end % 3 else len(content)] * (2 if doubled else 1)
    outcome = read(path, bytes(content), name)
    assert isinstance(outcome, OUTCOMES)
    assert not has_failed(outcome)


@pytest.mark.parametrize("name", SAMPLES)
def test_cut_anywhere(name, path):
    content = SAMPLES[name]
    for end in range(0, len(content), max(1, len(content) // 100)):
        assert not has_failed(read(path, content[:end], name))


@pytest.mark.parametrize("name", SAMPLES)
def test_bytes_of_another_format(name, path):
    for other in SAMPLES.values():
        assert not has_failed(read(path, other, name))
    assert not has_failed(read(path, os.urandom(100_000), name))


def test_lengths_of_nothing_and_of_everything(path):
    for length in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff"):
        read(path, b"\x89PNG\r\n\x1a\n" + (length + b"comf") * 50_000, "png")
        read(path, b"RIFF\xff\xff\xff\xffAVI " + (b"LIST" + length + b"INFO") * 50_000, "avi")
        read(path, (length + b"uuidcomfyui_workflow") * 50_000, "avif")
        read(path, b"\xff\xd8" + (b"\xff\xe4" + length[:2] + b"AIGC") * 50_000, "jpeg")
        read(path, psd(behind=(b"8BIMGenI" + length) * 50_000), "psd")
