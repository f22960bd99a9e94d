"""Marks: statements that the catalogue gives a meaning to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Provenance(StrEnum):
    """An asset's class from its marks; one per asset."""

    GENERATED = "generated"
    COMPOSITE = "composite"
    EDITED = "edited"
    ENHANCED = "enhanced"
    DECLARED_OTHER = "declared-other"
    NO_MARKS = "no-marks"
    NOT_CHECKABLE = "not-checkable"
    UNREADABLE = "unreadable"

    @property
    def is_generative(self) -> bool:
        """Whether generative AI made the asset, an element of it, or an edit to it."""
        return self in (Provenance.GENERATED, Provenance.COMPOSITE, Provenance.EDITED)


class Meaning(StrEnum):
    """What a mark says."""

    GENERATED = "generated"
    COMPOSITE = "composite"
    EDITED = "edited"
    ENHANCED = "enhanced"
    DECLARED_OTHER = "declared-other"
    MAY_CONTAIN = "may-contain"
    """The writer's own term leaves it open (IPTC ``composite``): people must look; never an accusation."""
    HISTORY = "history"
    """Generative AI in a component or an earlier state, not in this asset as a whole."""
    PERMISSION = "permission"
    """What others may do with the asset (training, mining): no provenance."""
    TRAP = "trap"
    """A known look-alike. Kept in the catalogue so that tests show it staying silent."""

    @property
    def is_generative(self) -> bool:
        """Whether it is one of the three meanings that a final zone refuses."""
        return self in (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)


class Confidence(StrEnum):
    """How sure a mark or finding is of what it says."""

    DEFINITIVE = "definitive"
    STRONG = "strong"
    WEAK = "weak"


@dataclass(frozen=True, slots=True)
class Mark:
    """A statement with a meaning, and where it was found."""

    id: str
    meaning: Meaning
    confidence: Confidence
    generator: str
    """The product that the mark names, or an empty string."""
    where: str
    """Place and field, for people: ``file, XMP-iptcExt:DigitalSourceType``."""
    value: str
    """The raw text, cut to readings.VALUE_LIMIT."""
    reader: str
    reader_version: str
    regions: tuple[str, ...] = ()
    """C2PA regions of interest: shapes, frame and time ranges."""
    frames: str = ""
    """Sequences only: the frames that carry it, as ranges (``1001-1045``); empty means all."""
    value_is_public: bool = False
    """Whether the value is of a fixed kind (a term, a product, a number) that holds no prompt and no person's name. Reports
    withhold every other value unless asked."""


@dataclass(frozen=True, slots=True)
class MarkCard:
    """One row of the catalogue, as people read it in ``scanner explain``, the docs and reports."""

    id: str
    title: str
    family: str
    meaning: Meaning
    confidence: Confidence
    generator: str
    fields: tuple[str, ...]
    """The named fields it looks at."""
    pattern: str
    """How the value is matched, as text."""
    why: str
    cannot_show: str
    source: str
    value_is_public: bool = False
    """As `Mark.value_is_public`, of all marks of this row."""
