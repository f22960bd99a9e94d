"""Shorthand of these tests: a source over bytes, and the damage the walks see in them."""

import io

from scanner.probe.detect import find_format
from scanner.probe.structure import find_damage
from scanner.tools.containers.source import Source


def source(content: bytes) -> Source:
    return Source(io.BytesIO(content), len(content))


def name_of(content: bytes) -> str | None:
    found = find_format(source(content))
    return found.name if found else None


def damage_of(content: bytes, name: str | None = None) -> str | None:
    return find_damage(source(content), name or name_of(content) or "")
