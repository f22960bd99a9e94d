"""Photoshop's descriptors: named, typed values in a tree (Adobe Photoshop File Formats Specification, descriptor structure)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator

from scanner.model.text import bounded

Value = None | bool | int | float | str | list["Value"] | dict[str, "Value"]

_DEPTH_LIMIT = 16
_VALUES_LIMIT = 4096
_TEXT_LIMIT = 4096


class DescriptorBrokenError(Exception):
    """The bytes are no descriptor, or one that is not read: a reference, too deep, too many values."""


def read_pairs(content: bytes) -> Iterator[tuple[str, Value]]:
    """Yield the key and value of each member of the descriptor at the start of `content`, as far as it can be read.

    Raises:
        DescriptorBrokenError: it breaks off or holds what is not read; what came before has been yielded.
    """
    return _Reader(content).pairs()


class _Reader:
    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0
        self._depth = 0
        self._values = 0

    def pairs(self) -> Iterator[tuple[str, Value]]:
        self._unicode()
        self._key()
        for _ in range(self._length(12)):
            yield self._key(), self._value()

    def _value(self) -> Value:
        self._values += 1
        kind = self._take(4)
        if self._values > _VALUES_LIMIT or self._depth >= _DEPTH_LIMIT or kind not in _READERS:
            raise DescriptorBrokenError(f"a value of the type {kind!r} is not read here")
        self._depth += 1
        value = _READERS[kind](self)
        self._depth -= 1
        return value

    def _members(self) -> Value:
        return dict(self.pairs())

    def _list(self) -> Value:
        return [self._value() for _ in range(self._length(4))]

    def _class(self) -> Value:
        self._unicode()
        return self._key()

    def _enumerated(self) -> Value:
        self._key()
        return self._key()

    def _unit_float(self) -> Value:
        self._take(4)
        return self._number(">d")

    def _raw(self) -> Value:
        self._take(self._length(1))
        return None

    def _unicode(self) -> str:
        text = self._take(2 * self._length(2)).decode("utf-16-be", "replace").rstrip("\0")
        return bounded(text, _TEXT_LIMIT)

    def _key(self) -> str:
        return self._take(self._length(1) or 4).decode("latin-1")

    def _number(self, form: str) -> int | float:
        number: int | float = struct.unpack(form, self._take(struct.calcsize(form)))[0]
        return number

    def _length(self, each_bytes: int) -> int:
        """A count of things that take at least `each_bytes`; a lying one is refused before anything is made of it."""
        length = int.from_bytes(self._take(4), "big")
        if length * each_bytes > len(self._content) - self._at:
            raise DescriptorBrokenError("a length is longer than the block")
        return length

    def _take(self, size: int) -> bytes:
        part = self._content[self._at : self._at + size]
        if len(part) < size:
            raise DescriptorBrokenError("the block ends inside a value")
        self._at += size
        return part


_READERS: dict[bytes, Callable[[_Reader], Value]] = {
    b"Objc": _Reader._members,
    b"GlbO": _Reader._members,
    b"VlLs": _Reader._list,
    b"long": lambda reader: reader._number(">i"),
    b"comp": lambda reader: reader._number(">q"),
    b"doub": lambda reader: reader._number(">d"),
    b"bool": lambda reader: reader._take(1) != b"\0",
    b"UntF": _Reader._unit_float,
    b"TEXT": _Reader._unicode,
    b"enum": _Reader._enumerated,
    b"type": _Reader._class,
    b"GlbC": _Reader._class,
    b"tdta": _Reader._raw,
    b"alis": _Reader._raw,
}
