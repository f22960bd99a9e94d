"""Which bytes of an original carry its marks, and whether they stand intact in a mutant: the check beside the scanner."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.mutation.units import Unit, units
from scanner.model.marks import Confidence, Mark, Meaning

_C2PA_SUPERBOX = bytes.fromhex("6332706100110010800000aa00389b71")
_NEEDLE_CHARACTERS = 40
_TOKEN = re.compile(r"[A-Za-z0-9_.:/-]{6,}")
_CHARSETS = ("utf-8", "utf-16-le", "utf-16-be")
_INFLATED_LIMIT = 1 << 20
_MAPS = ("ftyp", "keys", "hdlr", "iinf", "iloc", "pitm", "iref")
"""BMFF boxes that say what another box or a range of the file means."""
_COUNTED = (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED, Meaning.ENHANCED)


@dataclass(frozen=True, slots=True)
class Carrier:
    """The bytes that carry one mark."""

    mark: str
    needles: tuple[bytes, ...]
    pieces: tuple[tuple[str, bytes], ...]
    """Kind and bytes of every unit that it takes; empty where the container is not walked here."""
    placed: bool
    """The bytes count only at their old offset: another box points at them."""
    end: int
    """Offset behind which a change cannot concern the mark."""


def is_telling(mark: Mark) -> bool:
    """Whether a final zone does not let a file with this mark pass."""
    return mark.meaning in _COUNTED and mark.confidence is not Confidence.WEAK


def find_carriers(content: bytes, marks: Sequence[Mark]) -> tuple[Carrier, ...]:
    """Return the carriers of the telling marks, as far as their bytes can be located."""
    walked = units(content)
    found = (_carrier(content, walked, mark) for mark in marks if is_telling(mark))
    return tuple(carrier for carrier in found if carrier is not None)


def find_intact(carriers: Sequence[Carrier], content: bytes, mutant: bytes) -> str | None:
    """Name a mark that stands intact where its container leads; None where there is none."""
    reached: set[tuple[str, bytes]] | None = None
    for carrier in carriers:
        if carrier.end and len(mutant) >= carrier.end and mutant[: carrier.end] == content[: carrier.end] and not carrier.pieces:
            return carrier.mark
        if not carrier.pieces or (carrier.placed and mutant[: carrier.end] != content[: carrier.end]):
            continue
        if reached is None:
            reached = {(unit.kind, unit.of(mutant)) for unit in units(mutant)}
        if reached.issuperset(carrier.pieces):
            return carrier.mark
    return None


def stands_anywhere(carriers: Sequence[Carrier], mutant: bytes) -> bool:
    """Whether the bytes of a mark occur at all, be it where nothing leads to them."""
    return any(
        all(piece in mutant for _, piece in carrier.pieces)
        if carrier.pieces
        else any(needle in mutant for needle in carrier.needles)
        for carrier in carriers
    )


def _carrier(content: bytes, walked: Sequence[Unit], mark: Mark) -> Carrier | None:
    needles = (_C2PA_SUPERBOX,) if mark.reader == "c2pa" else tuple(_needles(mark.value))
    holders = [unit for unit in walked if _holds(unit, content, needles)]
    deepest = [unit for unit in holders if not any(_within(other, unit) for other in holders)]
    at, needle = min(((content.find(needle), needle) for needle in needles if needle in content), default=(-1, b""))
    if not deepest:
        # The needle is the value's beginning: a change further on in it is a change of the mark.
        end = at + max(len(needle), len(mark.value.encode("utf-16-le" if needle[1:2] == b"\0" else "utf-8", "replace")))
        return Carrier(mark.id, needles, (), False, end) if at >= 0 and not walked else None
    pieces = [*deepest[:1], *_companions(deepest[0], walked, mark)]
    placed = deepest[0].kind.endswith(("mdat", "idat"))
    return Carrier(mark.id, needles, tuple((unit.kind, unit.of(content)) for unit in pieces), placed, deepest[0].end)


def _companions(unit: Unit, walked: Sequence[Unit], mark: Mark) -> Iterator[Unit]:
    """Yield the other units that the mark takes: a manifest's further segments, a tag's key."""
    for other in walked:
        if other is unit:
            continue
        kind = other.kind.rpartition("/")[2]
        if (mark.reader == "c2pa" and unit.kind == "eb" == other.kind) or (len(kind) == 4 and kind in _MAPS):
            yield other


def _within(inner: Unit, outer: Unit) -> bool:
    return inner is not outer and outer.start <= inner.start and inner.end <= outer.end


def _holds(unit: Unit, content: bytes, needles: Sequence[bytes]) -> bool:
    raw = unit.of(content)
    if unit.kind in ("zTXt", "iTXt"):
        raw += _inflated(raw)
    return any(needle in raw for needle in needles)


def _inflated(raw: bytes) -> bytes:
    """Inflate the first zlib stream in a chunk, wherever in it it starts."""
    for at in range(8, min(len(raw), 200)):
        if raw[at] & 0x0F == 8 and int.from_bytes(raw[at : at + 2], "big") % 31 == 0:
            try:
                return zlib.decompressobj().decompress(raw[at:-4], _INFLATED_LIMIT)
            except zlib.error:
                continue
    return b""


def _needles(value: str) -> Iterator[bytes]:
    tokens = sorted(_TOKEN.findall(value), key=len, reverse=True)[:1]
    for text in (value[:_NEEDLE_CHARACTERS] if len(value) >= 4 else "", *tokens):
        for charset in _CHARSETS if text else ():
            yield text.encode(charset, "surrogatepass" if charset != "utf-8" else "replace")
