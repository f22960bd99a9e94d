"""Messages between the scan and its workers, with their length in front: the model's own values, and nothing else.

Examinations are written as JSON, all others are pickled.

A worker handles hostile files; should one take it over, its messages still cannot make the scan build any other object.
"""

from __future__ import annotations

import enum
import io
import pickle
import pickletools
import struct
from collections.abc import Iterator
from fractions import Fraction

from scanner.model.work import Examination
from scanner.tools.sparse_values import SparseForm
from scanner.tools.value_pickles import dump_value

HEADER = struct.Struct(">Q")
MESSAGE_LIMIT_BYTES = 256 << 20

_PLAIN_TYPES = frozenset({("builtins", name) for name in ("tuple", "list", "dict", "set", "frozenset", "str", "bytes", "int")})
_OWN_MODULES = ("scanner.model.", "scanner.pipeline.settings", "scanner.read.trust")
_EXAMINATION = b"E"
"""How the message of an examination begins; a pickle begins with another byte."""
_FORM = SparseForm(
    Examination,
    own=(
        *("key", "hash", "width", "height", "captured", "exposure", "timecode", "identity"),
        *("fingerprint", "prints", "sealed_digests"),
    ),
)
_PLACING = frozenset(ord(code.code) for code in pickletools.opcodes if code.name in ("PUT", "BINPUT", "LONG_BINPUT"))
_LARGEST_PART = 1 << 128
"""Of a fraction; exact times have a few dozen bits."""
_COUNTS = {
    pickletools.TAKEN_FROM_ARGUMENT1: struct.Struct("<B"),
    pickletools.TAKEN_FROM_ARGUMENT4: struct.Struct("<i"),
    pickletools.TAKEN_FROM_ARGUMENT4U: struct.Struct("<I"),
    pickletools.TAKEN_FROM_ARGUMENT8U: struct.Struct("<Q"),
}


class _NoMessageError(pickle.UnpicklingError):
    """What was sent is none of the model's values. Its text goes on after "the worker process"."""


class _ModelUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        if (module, name) in _PLAIN_TYPES:
            return super().find_class(module, name)
        if (module, name) == ("fractions", "Fraction"):
            return _fraction
        if (module, name) == ("builtins", "getattr"):
            return _enum_member
        # A dotted name would walk from one of our modules into what it imports: "scanner.pipeline.settings", "os.system".
        if module.startswith(_OWN_MODULES) and "." not in name:
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module:
                return found
        raise _NoMessageError(f"sent {module}.{name}, which is no message")


def _fraction(numerator: object, denominator: object) -> Fraction:
    """What stands in for the class, which would take the text ``1e999999999`` for a number and never be done with it."""
    if isinstance(numerator, int) and isinstance(denominator, int) and 0 < denominator < _LARGEST_PART > abs(numerator):
        return Fraction(numerator, denominator)
    raise _NoMessageError("sent a fraction that is none")


def _enum_member(kind: object, name: str) -> enum.Enum:
    """What stands in for ``getattr``, by which Python 3.11.0 to 3.11.3 pickle enumerations."""
    if isinstance(kind, enum.EnumType) and isinstance(name, str) and name in kind.__members__:
        member: enum.Enum = kind[name]
        return member
    raise _NoMessageError("sent getattr of something that is no enumeration")


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
            raise _NoMessageError(f"sent the opcode {code}, which is in no message")
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


def encode(message: object) -> bytes:
    """Return `message` with its length in front."""
    if type(message) is Examination:
        # One a file, from the process that handled it: read by its annotations it needs no walk over a pickle.
        body = _EXAMINATION + _FORM.write(message)
        return HEADER.pack(len(body)) + body
    # Written behind the room for its length: joining the two would copy what may be hundreds of megabytes.
    stream = io.BytesIO(bytes(HEADER.size))
    stream.seek(HEADER.size)
    dump_value(message, stream)
    size = stream.tell() - HEADER.size
    stream.seek(0)
    stream.write(HEADER.pack(size))
    return stream.getvalue()


def decode(body: bytes) -> object:
    """Return the message in `body`.

    Raises:
        pickle.UnpicklingError: it is anything but the model's values.
    """
    try:
        if body.startswith(_EXAMINATION):
            return _FORM.read(body[1:])
        _refuse_places(body)
        return _ModelUnpickler(io.BytesIO(body)).load()
    except _NoMessageError:
        raise
    except Exception as error:
        # Broken pickles raise whatever their bytes lead to: AttributeError, IndexError, UnicodeDecodeError, ValueError …
        raise _NoMessageError(f"sent no message ({type(error).__name__})") from error
