"""Movie tags that ExifTool 12.57 and 13.59 pass over without a word; each was found by a mutant."""

from __future__ import annotations

import struct

import pytest

from scanner.model.readings import Failed, NotFound
from tests.probe.samples import box
from tests.read.residue_samples import GRAPH, LABEL, read_bytes, said

FTYP = box(b"ftyp", b"isom\0\0\0\0isom")
MEAN = box(b"mean", bytes(4) + b"com.apple.iTunes")
NAME, VALUE = box(b"name", bytes(4) + b"AIGC"), box(b"data", bytes(8) + LABEL.encode())


def movie(*parts: bytes, holder: bytes = b"udta") -> bytes:
    meta = box(b"meta", bytes(4) + b"".join(parts))
    return FTYP + box(b"moov", meta if holder == b"moov" else box(holder, meta))


def free_form(*children: bytes) -> bytes:
    return movie(box(b"ilst", box(b"----", b"".join(children))))


def keys(*names: bytes) -> bytes:
    entries = b"".join(struct.pack(">I", len(name) + 8) + b"mdta" + name for name in names)
    return box(b"keys", bytes(4) + struct.pack(">I", len(names)) + entries)


def values(*texts: str) -> bytes:
    return box(
        b"ilst", b"".join(box(struct.pack(">I", n), box(b"data", bytes(8) + text.encode())) for n, text in enumerate(texts, 1))
    )


@pytest.mark.parametrize("name", ["m4a", "mp4", "mov"])
def test_a_free_form_tag_without_its_namespace_is_read(name, tmp_path):
    assert said(read_bytes(tmp_path, free_form(NAME, VALUE), name)) == [("iTunes:AIGC", LABEL)]


def test_a_whole_free_form_tag_is_left_to_exiftool(tmp_path):
    assert isinstance(read_bytes(tmp_path, free_form(MEAN, NAME, VALUE), "m4a"), NotFound)


@pytest.mark.parametrize("children", [(MEAN, NAME), (MEAN, VALUE), (MEAN, NAME, VALUE[:-4]), (b"\xff" * 40,), ()])
def test_half_a_free_form_tag_is_a_loss(children, tmp_path):
    outcome = read_bytes(tmp_path, free_form(*children), "m4a")
    assert isinstance(outcome, Failed)
    assert outcome.why == "a free-form tag lacks its name or its value"


@pytest.mark.parametrize("holder", [b"udta", b"moov"])
def test_values_before_their_keys_are_read(holder, tmp_path):
    content = movie(values(GRAPH, "{}"), keys(b"prompt", b"workflow"), holder=holder)
    assert said(read_bytes(tmp_path, content, "mp4")) == [("Keys:prompt", GRAPH), ("Keys:workflow", "{}")]


def test_a_quicktime_meta_box_has_no_version(tmp_path):
    handler = box(b"hdlr", bytes(8) + b"mdta" + bytes(13))
    content = FTYP + box(b"moov", box(b"meta", handler + values(GRAPH) + keys(b"prompt")))
    assert said(read_bytes(tmp_path, content, "mov")) == [("Keys:prompt", GRAPH)]


def test_values_behind_their_keys_are_left_to_exiftool(tmp_path):
    assert isinstance(read_bytes(tmp_path, movie(keys(b"prompt"), values(GRAPH)), "mp4"), NotFound)


@pytest.mark.parametrize("count", [0, 2, 0xFFFFFFFF])
def test_hostile_counts_end(count, tmp_path):
    lying = box(b"keys", bytes(4) + struct.pack(">I", count) + struct.pack(">I", 14) + b"mdta" + b"prompt")
    outcome = read_bytes(tmp_path, movie(values(GRAPH, GRAPH), lying), "mp4")
    assert said(outcome) == ([("Keys:prompt", GRAPH)] if count else [])
