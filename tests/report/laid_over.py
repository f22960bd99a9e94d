"""Matches and near copies that local features aligned, for the reports' tests."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.judging import Zone
from scanner.model.marks import Provenance
from scanner.model.matching import Alignment, Alteration, Match, NearCopy, Overlay, Relation, Role
from tests.report.parts import match

CROP = Alignment((1.6, 0.0, -0.25, 0.0, 1.6, -0.125, 0.0, 0.000001, 1.0), True, 41, 97, 1.0, 0.3906, 0.75)
INSET = Alignment((0.2, 0.0, 0.1, 0.0, 0.2, 0.1, 0.0, 0.0, 1.0), False, 34, 60, 0.04, 1.0, 0.9)
OVERLAID = Alteration(0.0, (), (Overlay("lower third", (0.1, 0.8, 0.6, 0.95)),))
ALTERED = Alteration(0.0642, ((0.6, 0.1, 0.8, 0.42),), (Overlay("timecode", (0.4, 0.9, 0.6, 0.96)),))


def derived(role: Role = Role.AI, name: str = "temp/board.png") -> Match:
    """A flopped crop under a lower third."""
    return replace(match(role, Relation.DERIVED, name), basis="local/1", alignment=CROP, alteration=OVERLAID)


def altered(role: Role = Role.OWNED, name: str = "street.tif") -> Match:
    """The whole picture, a region differing."""
    alignment = replace(CROP, mirrored=False, reference_share=1.0)
    return replace(match(role, Relation.ALTERED, name, 8), basis="local/1", alignment=alignment, alteration=ALTERED)


def inset_copy() -> NearCopy:
    """A generated temporary that stands in the asset."""
    return NearCopy(0, "temp/board.png", Zone.TEMPORARY, Provenance.GENERATED, None, Relation.CONTAINS, INSET)
