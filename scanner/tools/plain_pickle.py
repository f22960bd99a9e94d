"""Pickles of the model's own values, read without letting them build anything else.

What comes from a worker that handles hostile files, or from a store on a server that others write to, is not trusted: nothing
but frozen values of the model and plain types can come out of it, and reading it takes no more memory than it is long.
"""

from __future__ import annotations

import enum
import io
import pickle
import pickletools
import struct
from collections.abc import Iterator
from fractions import Fraction

_PLAIN_TYPES = frozenset({("builtins", name) for name in ("tuple", "list", "dict", "set", "frozenset", "str", "bytes", "int")})
_MODEL = "scanner.model."
_PLACING = frozenset(ord(code.code) for code in pickletools.opcodes if code.name in ("PUT", "BINPUT", "LONG_BINPUT"))
_LARGEST_PART = 1 << 128
"""Of a fraction; exact times have a few dozen bits."""
_COUNTS = {
    pickletools.TAKEN_FROM_ARGUMENT1: struct.Struct("<B"),
    pickletools.TAKEN_FROM_ARGUMENT4: struct.Struct("<i"),
    pickletools.TAKEN_FROM_ARGUMENT4U: struct.Struct("<I"),
    pickletools.TAKEN_FROM_ARGUMENT8U: struct.Struct("<Q"),
}


class NoModelValueError(pickle.UnpicklingError):
    """The bytes are none of the model's values. Its text goes on after what sent or kept them: "sent os.system, …"."""


class _ModelUnpickler(pickle.Unpickler):
    def __init__(self, body: bytes, modules: tuple[str, ...]) -> None:
        super().__init__(io.BytesIO(body))
        self._modules = (_MODEL, *modules)

    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _PLAIN_TYPES:
            return super().find_class(module, name)
        if (module, name) == ("fractions", "Fraction"):
            return _fraction
        if (module, name) == ("builtins", "getattr"):
            return _enum_member
        # A dotted name would walk from one of our modules into what it imports: "scanner.pipeline.settings", "os.system".
        if module.startswith(self._modules) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise NoModelValueError(f"sent {module}.{name}, which is no message")


def _fraction(numerator: object, denominator: object) -> Fraction:
    """What stands in for the class, which would take the text ``1e999999999`` for a number and never be done with it."""
    if isinstance(numerator, int) and isinstance(denominator, int) and 0 < denominator < _LARGEST_PART > abs(numerator):
        return Fraction(numerator, denominator)
    raise NoModelValueError("sent a fraction that is none")


def _enum_member(kind: object, name: str) -> enum.Enum:
    """What stands in for ``getattr``, by which Python 3.11.0 to 3.11.3 pickle enumerations."""
    if isinstance(kind, enum.EnumType) and isinstance(name, str) and name in kind.__members__:
        member: enum.Enum = kind[name]
        return member
    raise NoModelValueError("sent getattr of something that is no enumeration")


def read_plain(body: bytes, modules: tuple[str, ...] = ()) -> object:
    """Return the value that is pickled in `body`; classes may be the model's, or of modules that begin like one of `modules`.

    Raises:
        pickle.UnpicklingError: it is anything else.
    """
    try:
        _refuse_places(body)
        return _ModelUnpickler(body, modules).load()
    except NoModelValueError:
        raise
    except Exception as error:
        # Broken pickles raise whatever their bytes lead to: AttributeError, IndexError, UnicodeDecodeError, ValueError …
        raise NoModelValueError(f"sent no message ({type(error).__name__})") from error


def _argument_sizes() -> Iterator[tuple[int, int | struct.Struct | None]]:
    for code in pickletools.opcodes:
        size = code.arg.n if code.arg else 0
        if size == pickletools.UP_TO_NEWLINE:
            yield ord(code.code), None
        else:
            yield ord(code.code), size if size >= 0 else _COUNTS[size]


_SIZES = dict(_argument_sizes())
"""Opcode → bytes of its argument, how its length in front of it is written, or None for one that ends with a line."""
_STOP = ord(".")


def _refuse_places(body: bytes) -> None:
    """Refuse what names a place to remember a value at: the unpickler makes room up to it, gigabytes for eleven bytes.

    Our own pickles (protocol 4 and later) count their places. Walked here, and not by `pickletools.genops`, which makes a
    value of each argument and takes twice as long.
    """
    at, end = 0, len(body)
    while at < end:
        code = body[at]
        if code == _STOP:
            return
        if code in _PLACING:
            raise NoModelValueError(f"sent the opcode {code}, which is in no message")
        size = _SIZES[code]
        at += 1
        if size is None:
            at = _line_end(body, at, lines=2 if code in _TWO_LINES else 1)
        elif isinstance(size, int):
            at += size
        else:
            count = size.unpack_from(body, at)[0]
            at += size.size + count
            if count < 0 or at > end:
                raise ValueError("longer than there are bytes")
    raise ValueError("no end")


_TWO_LINES = frozenset(b"ci")
"""GLOBAL and INST: a module, then a name."""


def _line_end(body: bytes, at: int, lines: int) -> int:
    for _ in range(lines):
        at = body.index(b"\n", at) + 1
    return at
