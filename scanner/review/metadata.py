"""Metadata as it is read from a file now, by reader and group; free text is told only where the scan's report tells it.

A report withholds prompts and names of persons unless the scan was asked for them (`report.withholding`). This page keeps to what
the scan decided: of a value that is of no fixed kind only the place is told.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from scanner.model.readings import Statement
from scanner.model.statements_work import Said
from scanner.report.json_nodes import Node
from scanner.report.withholding import INCLUDED, OPTION

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
class Group:
    """Fields of one group of one reader."""

    name: str
    rows: tuple[tuple[str, str], ...]
    """Field and value, in the order of reading."""
    withheld: tuple[tuple[str, int], ...]
    """Fields that are there and not told, each with how often."""

    @property
    def count(self) -> int:
        """Fields in all."""
        return len(self.rows) + sum(count for _, count in self.withheld)


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
    groups: dict[str, list[Statement]] = {}
    for statement in statements:
        groups.setdefault(statement.field.rpartition(":")[0] or "other", []).append(statement)
    return tuple(_group(name, fields, told=told) for name, fields in groups.items())


def _group(name: str, fields: Iterable[Statement], *, told: bool) -> Group:
    rows: list[tuple[str, str]] = []
    withheld: Counter[str] = Counter()
    for statement in fields:
        field = statement.field.rpartition(":")[2]
        if told or is_of_a_fixed_kind(statement):
            rows.append((field, statement.value))
        else:
            withheld[field] += 1
    return Group(name, tuple(rows), tuple(withheld.items()))
