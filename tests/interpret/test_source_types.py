"""DigitalSourceType spellings: which are the term, how sure, and which only look like it."""

from __future__ import annotations

import pytest

from scanner.interpret.document import Document
from scanner.interpret.source_types import match_terms, read_term
from scanner.model.marks import Confidence, Meaning


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("http://cv.iptc.org/newscodes/digitalsourcetype/print", ("print", True)),
        ("HTTPS://CV.IPTC.ORG/newscodes/digitalsourcetype/print/", ("print", True)),
        ("https://c2pa.org/digitalsourcetype/empty", ("empty", True)),
        ("digsrctype:humanEdits", ("humanedits", True)),
        ("https://schema.org/MultiFrameComputationalCaptureDigitalSource", ("computationalcapture", True)),
        ("schema:PrintDigitalSource", ("print", True)),
        ("Trained Algorithmic Media", ("trainedalgorithmicmedia", False)),
        ("trained_algorithmic_media", ("trainedalgorithmicmedia", False)),
        ("TrainedAlgorithmicMediaDigitalSource", ("trainedalgorithmicmedia", False)),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/", None),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/a/print", None),
        ("https://evil.example/cv.iptc.org/newscodes/digitalsourcetype/print", None),
        ("https://evil.example/print", None),
        ("http://cv.iptc.org/newscodes/digitalsourcetype/print?x=1", None),
        ("print\nhttp://cv.iptc.org", None),
        ("", None),
    ],
)
def test_read_term(text, named):
    assert read_term(text) == named


def test_a_bare_term_is_one_step_less_sure():
    meanings = {"print": Meaning.DECLARED_OTHER}
    bare, full = (match_terms(Document(text), meanings) for text in ("print", "digsrctype:print"))
    assert bare is not None
    assert bare.confidence is Confidence.STRONG
    assert full is not None
    assert full.confidence is None
    assert match_terms(Document("fingerprint"), meanings) is None
