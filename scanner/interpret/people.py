"""The people that metadata points at: named persons, and regions marked as a face.

Fields are as ExifTool flattens them, alike in 12.57 and 13.59. What a camera's own face detection leaves in maker notes points
at nobody and is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from scanner.model.people import NOBODY, People
from scanner.model.readings import Statement

NAMES_LIMIT = 50
NAME_LIMIT = 120
"""Names kept of one file, and characters of one: a crowd needs no more, a hostile file gets no more."""

_PERSONS = ("XMP-iptcExt:PersonInImage", "XMP-iptcExt:PersonInImageName")
"""IPTC Photo Metadata: person shown, and the name of a person shown with details."""
_REGION_TYPES, _REGION_NAMES = "XMP-mwg-rs:RegionType", "XMP-mwg-rs:RegionName"
"""Metadata Working Group, Guidelines for Handling Image Metadata 2.0, section 5.9; a region's name is optional."""
_TAGGED, _TAGGED_NAMES = "XMP-MP:RegionRectangle", "XMP-MP:RegionPersonDisplayName"
"""Microsoft's people tags: each rectangle is a person."""
_FIELDS = frozenset((*_PERSONS, _REGION_TYPES, _REGION_NAMES, _TAGGED, _TAGGED_NAMES))
_FACE = "face"


def find_people(statements: Iterable[Statement]) -> People:
    """Return who the statements of one file say is shown, in one pass over them."""
    said: dict[str, list[str]] = {}
    for statement in statements:
        if statement.field in _FIELDS:
            said.setdefault(statement.field, []).append(statement.value)
    if not said:
        return NOBODY
    types = [kind.strip().lower() for kind in said.get(_REGION_TYPES, ())]
    names = [name for field in _PERSONS for name in said.get(field, ())]
    names += _face_names(types, said.get(_REGION_NAMES, ()))
    names += said.get(_TAGGED_NAMES, ())
    tagged = max(len(said.get(_TAGGED, ())), len(said.get(_TAGGED_NAMES, ())))
    # Programs write both kinds of region for the same face (digiKam), so they are not added up.
    return People(_kept(names), max(types.count(_FACE), tagged))


def join_people(people: Sequence[People]) -> People:
    """Return whom the files of one asset point at together; the same faces are marked in each, so their numbers do not add up."""
    if not any(people):
        return NOBODY
    return People(_kept(name for one in people for name in one.names), max(one.face_regions for one in people))


def _face_names(types: Sequence[str], names: Sequence[str]) -> list[str]:
    """Names of face regions. ExifTool lists names and types apart: where some region has no name, they no longer pair."""
    if all(kind == _FACE for kind in types):
        return list(names) if types else []
    return [name for kind, name in zip(types, names, strict=True) if kind == _FACE] if len(types) == len(names) else []


def _kept(names: Iterable[str]) -> tuple[str, ...]:
    unique = dict.fromkeys(name.strip()[:NAME_LIMIT] for name in names if name.strip())
    return tuple(unique)[:NAMES_LIMIT]
