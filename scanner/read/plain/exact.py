"""Texts that a walk tells in ExifTool's own words: a mark in one of them can be told without ExifTool.

Few fields, and of their values those that ExifTool gives as they stand in the file in every version: printable ASCII without
space around it. The rest (dates, lists, languages, other charsets, JSON's own words) ExifTool may write in another way.
"""

from __future__ import annotations

import re

from scanner.model.readings import Statement

FIELDS = frozenset(
    {
        "IFD0:Make",
        "IFD0:Model",
        "IFD0:Software",
        "IFD0:ImageDescription",
        "ExifIFD:UserComment",
        "File:Comment",
        "XMP-exif:UserComment",
        "XMP-iptcExt:DigitalImageGUID",
        "XMP-iptcExt:DigitalSourceType",
        "XMP-photoshop:Credit",
        "XMP-xmp:CreatorTool",
    }
)
"""Fields that ExifTool gives as they stand in the file; beside them what a PNG keeps under a single word."""
ALWAYS_TOLD = frozenset(("*:prompt", "png:prompt", "png:comment", "png:source", "xmp-iptcext:digitalsourcetype", "ifd0:model"))
"""Folded fields that no walk passes over unread: where a walk tells none, the file has none."""
_VALUE = re.compile(r"[!-~](?:[ -~]*[!-~])?")
_LINES = re.compile(r"[!-~](?:[ -~\n]*[!-~])?")
_PNG_WORD = re.compile(r"PNG:[A-Za-z][a-z]{1,30}")
_JSON_WORDS = frozenset({"true", "false"})


def as_exiftool_tells(statement: Statement) -> Statement | None:
    """Return a statement under ExifTool's name for its field; None where ExifTool might tell it otherwise."""
    field, value = statement.field, statement.value
    is_word = _PNG_WORD.fullmatch(field)
    if not is_word and field not in FIELDS:
        return None
    if not (_LINES if is_word else _VALUE).fullmatch(value) or value.lower() in _JSON_WORDS:
        return None
    return Statement(f"PNG:{field[4].upper()}{field[5:]}", value) if is_word else statement
