"""IPTC DigitalSourceType values: which term a text names, however it is spelt, and how sure that is.

The vocabulary is ``http://cv.iptc.org/newscodes/digitalsourcetype/`` with C2PA's additions; schema.org repeats it as
``…DigitalSource``. Terms are compared whole: ``algorithmicMedia`` is a part of ``trainedAlgorithmicMedia``, and a URL of
somebody else that ends in the same word says nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from scanner.interpret.document import Document, Hit
from scanner.model.marks import Confidence, Meaning

_AUTHORITIES = re.compile(
    r"""(?x)
    (?: https?://(?:www\.)?cv\.iptc\.org/newscodes/digitalsourcetype/
      | https?://(?:www\.)?c2pa\.org/digitalsourcetype/
      | (?:cv\.iptc\.org/newscodes/)?digsrctype:
    ) (?P<term>[A-Za-z]{3,60}) /?
    """,
    re.IGNORECASE,
)
_SCHEMA_ORG = re.compile(r"(?:https?://(?:www\.)?schema\.org/|schema:)(?P<term>[A-Za-z]{3,60})DigitalSource/?")
_BARE = re.compile(r"(?P<term>[A-Za-z][A-Za-z _-]{2,60}?)(?:DigitalSource)?")
_SYNONYMS = {"multiframecomputationalcapture": "computationalcapture"}
"""schema.org's own name for one term, https://schema.org/IPTCDigitalSourceEnumeration."""


def fold_term(term: str) -> str:
    """Return a term without case, spaces, hyphens and underscores: ``Trained Algorithmic Media`` is the same term."""
    folded = re.sub(r"[ _-]", "", term).lower()
    return _SYNONYMS.get(folded, folded)


def read_term(text: str) -> tuple[str, bool] | None:
    """Return (folded term, from a known authority) for a DigitalSourceType value, or None where it names no term."""
    for pattern in (_AUTHORITIES, _SCHEMA_ORG):
        if named := pattern.fullmatch(text):
            return fold_term(named["term"]), True
    bare = _BARE.fullmatch(text)
    return (fold_term(bare["term"]), False) if bare else None


def match_terms(document: Document, meanings: Mapping[str, Meaning]) -> Hit | None:
    """Match a value against folded terms; a bare word instead of the URI is one step less sure than the row."""
    named = read_term(document.text)
    if named is None or named[0] not in meanings:
        return None
    term, from_authority = named
    return Hit(meaning=meanings[term], confidence=None if from_authority else Confidence.STRONG)
