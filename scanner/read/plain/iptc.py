"""IPTC IIM records (IIM 4.2), by the names that ExifTool gives their data sets (held to its own list by tests)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from scanner.read.plain.collected import Collected, OddError

RECORD_NAMES: Mapping[int, str] = MappingProxyType(
    {
        0: "ApplicationRecordVersion",
        3: "ObjectTypeReference",
        4: "ObjectAttributeReference",
        5: "ObjectName",
        7: "EditStatus",
        8: "EditorialUpdate",
        10: "Urgency",
        12: "SubjectReference",
        15: "Category",
        20: "SupplementalCategories",
        22: "FixtureIdentifier",
        25: "Keywords",
        26: "ContentLocationCode",
        27: "ContentLocationName",
        30: "ReleaseDate",
        35: "ReleaseTime",
        37: "ExpirationDate",
        38: "ExpirationTime",
        40: "SpecialInstructions",
        42: "ActionAdvised",
        45: "ReferenceService",
        47: "ReferenceDate",
        50: "ReferenceNumber",
        55: "DateCreated",
        60: "TimeCreated",
        62: "DigitalCreationDate",
        63: "DigitalCreationTime",
        65: "OriginatingProgram",
        70: "ProgramVersion",
        75: "ObjectCycle",
        80: "By-line",
        85: "By-lineTitle",
        90: "City",
        92: "Sub-location",
        95: "Province-State",
        100: "Country-PrimaryLocationCode",
        101: "Country-PrimaryLocationName",
        103: "OriginalTransmissionReference",
        105: "Headline",
        110: "Credit",
        115: "Source",
        116: "CopyrightNotice",
        118: "Contact",
        120: "Caption-Abstract",
        121: "LocalCaption",
        122: "Writer-Editor",
        130: "ImageType",
        131: "ImageOrientation",
        135: "LanguageIdentifier",
    }
)
"""Data set of the application record → name."""

_HEAD, _ENVELOPE, _APPLICATION = 0x1C, 1, 2
_CHARSET, _UTF8 = 90, b"\x1b%G"


def read_iptc(block: bytes, into: Collected) -> None:
    """Read the data sets of one block.

    Raises:
        OddError: something is not plain.
    """
    at, utf8 = 0, False
    while at < len(block):
        head = block[at : at + 5]
        size = int.from_bytes(head[3:], "big")
        value = block[at + 5 : at + 5 + size]
        if len(head) < 5 or head[0] != _HEAD or size & 0x8000 or len(value) != size:
            raise OddError("IPTC")
        at += 5 + size
        if head[1] == _ENVELOPE and head[2] in (0, _CHARSET):
            utf8 = utf8 or (head[2] == _CHARSET and value == _UTF8)
        elif head[1] == _APPLICATION and head[2] in RECORD_NAMES:
            _tell(RECORD_NAMES[head[2]], value, utf8, into)
        else:
            raise OddError("IPTC record")


def _tell(name: str, value: bytes, utf8: bool, into: Collected) -> None:
    if not value.isascii() and not utf8:
        raise OddError("IPTC charset")
    try:
        into.tell(f"IPTC:{name}", value.decode("utf-8"))
    except UnicodeDecodeError:
        raise OddError("IPTC charset") from None
