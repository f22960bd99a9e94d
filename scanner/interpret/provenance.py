"""An asset's provenance class from its marks."""

from __future__ import annotations

from collections.abc import Sequence

from scanner.model.formats import Format, MediaKind
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.readings import ReadingSummary

_BY_STRENGTH = (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
_CONFIDENCE = (Confidence.DEFINITIVE, Confidence.STRONG)
_CLASS = {
    Meaning.GENERATED: Provenance.GENERATED,
    Meaning.COMPOSITE: Provenance.COMPOSITE,
    Meaning.EDITED: Provenance.EDITED,
}

REQUIRED_READERS = frozenset({"probe", "exiftool", "c2pa", "residue"})
"""Readers whose failure leaves a recognised file unread. Fingerprints and watermarks are extra looks."""


def classify(marks: Sequence[Mark], file_format: Format, readings: Sequence[ReadingSummary]) -> Provenance:
    """Return the class that the strongest definitive or strong mark sets; without one, what the readings allow to say.

    Generative marks come before enhancement, enhancement before a declaration of capture; among generative ones confidence
    decides, then the wider claim. A mark outranks a failed reading.
    """
    if not marks:
        return _without_marks(file_format, readings)
    telling = [mark for mark in marks if mark.confidence in _CONFIDENCE]
    generative = [mark for mark in telling if mark.meaning in _BY_STRENGTH]
    if generative:
        strongest = min(generative, key=lambda mark: (_CONFIDENCE.index(mark.confidence), _BY_STRENGTH.index(mark.meaning)))
        return _CLASS[strongest.meaning]
    meanings = {mark.meaning for mark in telling}
    if Meaning.ENHANCED in meanings:
        return Provenance.ENHANCED
    if Meaning.DECLARED_OTHER in meanings:
        return Provenance.DECLARED_OTHER
    return _without_marks(file_format, readings)


def _without_marks(file_format: Format, readings: Sequence[ReadingSummary]) -> Provenance:
    looked = False
    for reading in readings:
        if reading.state == "failed" and reading.reader in REQUIRED_READERS:
            return Provenance.UNREADABLE
        looked = looked or reading.state in ("found", "not-found")
    if file_format.kind in (MediaKind.UNKNOWN, MediaKind.NOT_MEDIA) or not looked:
        return Provenance.NOT_CHECKABLE
    return Provenance.NO_MARKS
