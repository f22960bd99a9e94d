"""SVG metadata: CDATA and text, in any encoding, and documents that try to grow."""

from __future__ import annotations

import gzip
import time

import pytest

from scanner.model.readings import Failed, NotFound
from tests.read.residue_samples import GRAPH, read_bytes, said, warnings

OPEN = '<svg xmlns="http://www.w3.org/2000/svg">'


def svg(inside: str) -> bytes:
    return f'<?xml version="1.0"?>{OPEN}{inside}<path d="M0 0"/></svg>'.encode()


@pytest.mark.parametrize(
    "inside",
    [
        f"<metadata><![CDATA[{GRAPH}]]></metadata>",
        f"<metadata>\n  {GRAPH.replace('&', '&amp;')}\n</metadata>",
        f"<metadata><b><![CDATA[{GRAPH[:20]}]]></b>{GRAPH[20:]}</metadata>",
        f"<g><svg><metadata>{GRAPH}</metadata></svg></g><metadata>{GRAPH}</metadata>",
    ],
    ids=["cdata", "text", "parts", "repeated"],
)
def test_texts_of_metadata(inside, tmp_path):
    assert said(read_bytes(tmp_path, svg(inside), "svg")) == [("SVG-metadata:Text", GRAPH)]


def test_other_encodings_and_a_prefix(tmp_path):
    wide = f'<?xml version="1.0" encoding="UTF-16"?><s:svg xmlns:s="http://www.w3.org/2000/svg"><s:metadata>{GRAPH}</s:metadata></s:svg>'
    assert said(read_bytes(tmp_path, wide.encode("utf-16"), "svg")) == [("SVG-metadata:Text", GRAPH)]


def test_a_compressed_picture(tmp_path):
    assert said(read_bytes(tmp_path, gzip.compress(svg(f"<metadata>{GRAPH}</metadata>")), "svgz")) == [
        ("SVG-metadata:Text", GRAPH)
    ]
    assert isinstance(read_bytes(tmp_path, b"\x1f\x8bnonsense", "svgz"), Failed)


@pytest.mark.parametrize(
    "inside", ["<metadata>drawn with a pencil</metadata>", f"<desc>{GRAPH}</desc>", f"<!-- <metadata>{GRAPH}</metadata> -->", ""]
)
def test_other_words_are_left(inside, tmp_path):
    assert isinstance(read_bytes(tmp_path, svg(inside), "svg"), NotFound)


def test_what_stands_before_a_break_is_kept(tmp_path):
    content = svg(f"<metadata>{GRAPH}</metadata>")
    outcome = read_bytes(tmp_path, content[:-20], "svg")
    assert said(outcome) == [("SVG-metadata:Text", GRAPH)]
    assert isinstance(outcome, Failed)
    assert outcome.why.startswith("the XML is broken")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE svg [<!ENTITY a "' + b"x" * 1000 + b'"><!ENTITY b "&a;&a;&a;">]><svg><metadata>{&b;}</metadata></svg>',
        b'<!DOCTYPE svg [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><svg><metadata>{}</metadata></svg>',
        b"<a>" * 400_000,
        b"<svg>" + b"<a/>" * 1_500_000,
        b"<svg a='" + b"x" * (9 << 20),
        b"<svg><metadata>{" + b"&lt;" * 1_500_000,
        b'<?xml version="1.0" encoding="no-such-charset"?><svg/>',
        b"\xff\xfe<\0",
    ],
    ids=["entities", "external", "deep", "many", "attribute", "references", "charset", "stump"],
)
def test_documents_that_ask_for_too_much_are_left(content, tmp_path):
    start = time.monotonic()
    outcome = read_bytes(tmp_path, content, "svg")
    assert time.monotonic() - start < 5
    assert isinstance(outcome, Failed) or warnings(outcome)
    assert said(outcome) == []
