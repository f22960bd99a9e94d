"""Frozen values of the model as JSON, and back: lists of fields in their order, read by what each field is annotated to be.

Not pickles: reading one can build nothing but what the annotations name, checks every part of it, and takes a third of the time
that a guarded unpickler takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from fractions import Fraction
from functools import cache
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, NamedTuple, get_args, get_origin, get_type_hints

from scanner.model.errors import ScannerError

_Turn = Callable[[Any], Any]
_PLAIN = (str, int, bool, NoneType, float)
_SMALLEST, _LARGEST = -(1 << 128), 1 << 128
"""Of the parts of a fraction; exact times have a few dozen bits."""


class NoValueError(ValueError):
    """The bytes are no value of the class."""


class Ways(NamedTuple):
    """How values of one annotation are written and read."""

    write: _Turn
    read: _Turn


def write_value(value: object, kind: type) -> bytes:
    """Return a value of the dataclass `kind` as UTF-8, equal bytes for equal values.

    Half characters (surrogates), of which names hold some, are written as they are.
    """
    written = ways_of(kind).write(value)
    return json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def read_value(body: bytes, kind: type) -> Any:  # noqa: ANN401 - of the kind that is asked for
    """Return a value of the dataclass `kind`.

    Raises:
        NoValueError: the bytes are none.
    """
    try:
        return ways_of(kind).read(json.loads(body.decode("utf-8", "surrogatepass")))
    except NoValueError:
        raise
    except (ValueError, TypeError, RecursionError, ScannerError) as error:
        raise NoValueError(f"no {kind.__name__} ({type(error).__name__})") from error


@cache
def ways_of(hint: Any) -> Ways:  # noqa: ANN401 - any annotation
    """Return how values of an annotation are written and read.

    Raises:
        TypeError: it is none of those that can be.
    """
    if isinstance(hint, UnionType):
        return _optional(hint)
    if get_origin(hint) is tuple:
        return _sequence(get_args(hint))
    if hint is Fraction:
        return Ways(lambda value: (value.numerator, value.denominator), _fraction)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return _member(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint)
    if hint in _PLAIN:
        return _plain(hint)
    raise TypeError(f"{hint} cannot be kept")


def _plain(kind: type) -> Ways:
    def read(written: Any) -> Any:  # noqa: ANN401
        if type(written) is kind:
            return written
        raise NoValueError(f"no {kind.__name__}")

    return Ways(_as_it_is, read)


def _as_it_is(value: Any) -> Any:  # noqa: ANN401
    return value


def _optional(hint: UnionType) -> Ways:
    kinds = [one for one in get_args(hint) if one is not NoneType]
    if len(kinds) != 1:
        raise TypeError(f"{hint} cannot be kept")
    write, read = ways_of(kinds[0])
    return Ways(
        lambda value: None if value is None else write(value),
        lambda written: None if written is None else read(written),
    )


def _sequence(kinds: tuple[Any, ...]) -> Ways:
    if len(kinds) != 2 or kinds[1] is not Ellipsis:
        row = _row(kinds)
        return Ways(row.write, lambda written: tuple(row.read(written)))
    write, read = ways_of(kinds[0])

    def read_all(written: Any) -> tuple[Any, ...]:  # noqa: ANN401
        if type(written) is not list:
            raise NoValueError("no list")
        return tuple([read(one) for one in written])

    return Ways(lambda value: [write(one) for one in value], read_all)


def _row(kinds: tuple[Any, ...]) -> Ways:
    """Of parts that each have an annotation. The plain ones are looked at all at once: most are, and a call each costs more."""
    types = [kind if kind in _PLAIN else None for kind in kinds]
    others = [(at, ways_of(kind)) for at, kind in enumerate(kinds) if types[at] is None]

    def write(value: Any) -> list[Any]:  # noqa: ANN401
        parts = list(value)
        for at, ways in others:
            parts[at] = ways.write(parts[at])
        return parts

    def read(written: Any) -> list[Any]:  # noqa: ANN401
        if type(written) is not list or len(written) != len(types):
            raise NoValueError("no row")
        found: list[Any] = list(map(type, written))
        for at, ways in others:
            written[at] = ways.read(written[at])
            found[at] = None
        if found != types:
            raise NoValueError("no row")
        return written

    return Ways(write, read)


def _record(kind: type) -> Ways:
    hints = get_type_hints(kind)
    # The others follow from these.
    names = [one.name for one in fields(kind) if one.init]
    row = _row(tuple(hints[name] for name in names))
    parts = attrgetter(*names) if len(names) > 1 else lambda value: (getattr(value, names[0]),)
    return Ways(
        lambda value: row.write(parts(value)),
        lambda written: kind(*row.read(written)),
    )


def _member(kind: type[Enum]) -> Ways:
    members = {one.value: one for one in kind}

    def read(written: Any) -> Enum:  # noqa: ANN401
        found = members.get(written) if isinstance(written, str | int) else None
        if found is None:
            raise NoValueError(f"no {kind.__name__}")
        return found

    return Ways(lambda value: value.value, read)


def _fraction(written: Any) -> Fraction:  # noqa: ANN401
    if type(written) is list and len(written) == 2 and all(type(one) is int for one in written):
        numerator, denominator = written
        if 0 < denominator < _LARGEST and _SMALLEST < numerator < _LARGEST:
            return Fraction(numerator, denominator)
    raise NoValueError("no fraction")
