"""What is done to a file: cuts, flips, overwritten ranges, insertions, and parts of its container moved about."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from benchmarks.mutation.units import Unit, units

Change = Callable[[bytes, random.Random], bytes]

_LONGEST_RANGE = 4096
_ODD_LENGTHS = (0, 1, 2, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def mutate(content: bytes, rng: random.Random) -> tuple[str, bytes]:
    """Return the name of a change drawn by `rng`, and the changed bytes; never the bytes as they were."""
    for _ in range(20):
        name = rng.choice(_NAMES)
        changed = CHANGES[name](content, rng)
        if changed != content:
            return name, changed
    return "truncate", content[: len(content) // 2]


def _place(size: int, rng: random.Random) -> int:
    """Return an offset; every other one lies near the start, where most structure stands."""
    share = rng.random() if rng.random() < 0.5 else rng.random() ** 4
    return min(int(size * share), max(size - 1, 0))


def _range(content: bytes, rng: random.Random) -> tuple[int, int]:
    start = _place(len(content), rng)
    return start, min(len(content), start + 1 + int(_LONGEST_RANGE * rng.random() ** 3))


def _truncate(content: bytes, rng: random.Random) -> bytes:
    return content[: _place(len(content), rng)]


def _flip(content: bytes, rng: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(rng.choice((1, 1, 2, 8))):
        changed[_place(len(changed), rng)] ^= rng.randrange(1, 256)
    return bytes(changed)


def _zero(content: bytes, rng: random.Random) -> bytes:
    start, end = _range(content, rng)
    return content[:start] + bytes(end - start) + content[end:]


def _scramble(content: bytes, rng: random.Random) -> bytes:
    start, end = _range(content, rng)
    return content[:start] + rng.randbytes(end - start) + content[end:]


def _remove(content: bytes, rng: random.Random) -> bytes:
    start, end = _range(content, rng)
    return content[:start] + content[end:]


def _insert(content: bytes, rng: random.Random) -> bytes:
    at = _place(len(content), rng)
    return content[:at] + rng.randbytes(rng.choice((1, 2, 4, 64, 1000))) + content[at:]


def _pick(content: bytes, rng: random.Random) -> Unit | None:
    found = units(content)
    return rng.choice(found) if found else None


def _drop_unit(content: bytes, rng: random.Random) -> bytes:
    unit = _pick(content, rng)
    return content[: unit.start] + content[unit.end :] if unit else content


def _double_unit(content: bytes, rng: random.Random) -> bytes:
    unit = _pick(content, rng)
    return content[: unit.end] + content[unit.start :] if unit else content


def _swap_units(content: bytes, rng: random.Random) -> bytes:
    first, second = sorted((_pick(content, rng) or _WHOLE, _pick(content, rng) or _WHOLE), key=lambda unit: unit.start)
    if first.end > second.start:
        return content
    between = content[first.end : second.start]
    return content[: first.start] + second.of(content) + between + first.of(content) + content[second.end :]


def _change_length(content: bytes, rng: random.Random) -> bytes:
    unit = _pick(content, rng)
    if unit is None:
        return content
    (length,) = struct.unpack_from(unit.length_code, content, unit.length_at)
    width = struct.calcsize(unit.length_code)
    wanted = rng.choice((*_ODD_LENGTHS, length + rng.choice((-8, -2, -1, 1, 2, 8)), length // 2, rng.getrandbits(8 * width)))
    changed = bytearray(content)
    struct.pack_into(unit.length_code, changed, unit.length_at, wanted % (1 << 8 * width))
    return bytes(changed)


def _hurt_unit(content: bytes, rng: random.Random) -> bytes:
    unit = _pick(content, rng)
    if unit is None:
        return content
    at = rng.randrange(unit.start, min(unit.end, unit.start + 64))
    return content[:at] + bytes([content[at] ^ rng.randrange(1, 256)]) + content[at + 1 :]


_WHOLE = Unit("", 0, 0, 0, ">I")
CHANGES: dict[str, Change] = {
    "truncate": _truncate,
    "flip bytes": _flip,
    "zero a range": _zero,
    "random range": _scramble,
    "remove a range": _remove,
    "insert bytes": _insert,
    "drop a unit": _drop_unit,
    "double a unit": _double_unit,
    "swap units": _swap_units,
    "change a length": _change_length,
    "hurt a unit": _hurt_unit,
}
"""Every change, by the name that the table shows."""
_NAMES = tuple(CHANGES)
