"""Metadata as it is read from a file now, by reader and group; free text is told only where the scan's report tells it.

A report withholds prompts and names of persons unless the scan was asked for them (`report.withholding`). This page keeps to what
the scan decided: of a value that is of no fixed kind only the place and the length are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.model.readings import Statement
from scanner.model.statements_work import Said
from scanner.report.json_nodes import Node
from scanner.report.withholding import INCLUDED, OPTION, WITHHELD

_TECHNICAL = frozenset(("JFIF", "JFXX", "ICC-header", "ICC-view", "ICC-meas", "APP14", "MPF0", "InteropIFD", "PNG-pHYs"))
"""Groups that have room for numbers and codes only. Not ``File`` and ``RIFF``: comments and artists stand there."""
_TECHNICAL_FIELDS = frozenset(
    (
        *("Make", "Model", "LensModel", "LensMake", "Software", "CreatorTool", "ProcessingSoftware", "Format", "Orientation"),
        *("FileType", "FileTypeExtension", "MIMEType", "EncodingProcess", "YCbCrSubSampling", "ExifByteOrder", "MajorBrand"),
        *("ColorSpace", "ColorMode", "ColorType", "Compression", "Interlace", "Filter", "YCbCrPositioning", "ResolutionUnit"),
        *("ExposureProgram", "MeteringMode", "LightSource", "Flash", "SensingMethod", "WhiteBalance", "SceneCaptureType"),
        *("CompatibleBrands", "HandlerType", "CompressorName", "VideoCodec", "AudioFormat", "ComponentsConfiguration"),
        *("SceneType", "FileSource", "CustomRendered", "ExposureMode", "DigitalSourceType"),
    )
)
"""Fields that name a product or one of a few terms. Generators put prompts into some of them, which are longer than names are."""
_PRODUCT = re.compile(r"[\w .,()/+*&':-]{1,80}")
_PRODUCT_WORDS = 8
_NUMBERS = re.compile(r"[-+0-9.,:/TZ x%°'\"()]{1,80}(?: ?(?:s|mm|m|ms|kHz|Hz|kB|MB|bytes|kbps|fps|dpi|inches|px|bits?))?")
_IDENTIFIER = re.compile(r"(?:(?:xmp\.[did]id|uuid|urn:uuid|adobe:docid:\w+):)?[0-9A-Fa-f-]{16,64}")


@dataclass(frozen=True, slots=True)
class Row:
    """One field."""

    name: str
    value: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Fields of one group of one reader."""

    name: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class ReaderSaid:
    """What one reader got."""

    said: Said
    groups: tuple[Group, ...]


def tells_prompts(head: Node) -> bool:
    """Whether a report was written with prompts and names of persons."""
    options = dict(head.nodes("options", lambda each: (each.text("name"), each.text("value"))))
    return options.get(OPTION) == INCLUDED


def grouped(readers: Iterable[Said], *, told: bool) -> tuple[ReaderSaid, ...]:
    """Return what readers got, by group in the order of reading; with `told` also values that are free text."""
    return tuple(ReaderSaid(one, _groups(one.statements, told=told)) for one in readers)


def is_of_a_fixed_kind(statement: Statement) -> bool:
    """Whether a value is a number, a code, a product or a term, so that it holds no prompt and no person's name."""
    group, _, name = statement.field.rpartition(":")
    value = statement.value
    if _NUMBERS.fullmatch(value) or _IDENTIFIER.fullmatch(value):
        return True
    if name not in _TECHNICAL_FIELDS and group not in _TECHNICAL:
        return False
    return _PRODUCT.fullmatch(value) is not None and len(value.split()) <= _PRODUCT_WORDS


def _groups(statements: Iterable[Statement], *, told: bool) -> tuple[Group, ...]:
    rows: dict[str, list[Row]] = {}
    for statement in statements:
        group, _, name = statement.field.rpartition(":")
        rows.setdefault(group or "other", []).append(_row(name, statement, told=told))
    return tuple(Group(name, tuple(fields)) for name, fields in rows.items())


def _row(name: str, statement: Statement, *, told: bool) -> Row:
    if told or is_of_a_fixed_kind(statement):
        return Row(name, statement.value, withheld=False)
    return Row(name, WITHHELD, withheld=True)
