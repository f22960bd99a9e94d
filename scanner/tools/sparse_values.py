"""Frozen values as JSON without what is as it is by default, and with what many have in common written apart.

For values that come by the hundred thousand and differ in a few fields: the common part is a text, of equal ones one is read.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import MISSING, fields
from functools import lru_cache
from operator import attrgetter
from typing import Any, get_type_hints

from scanner.tools.plain_values import NoValueError, ways_of

_COMMON_LIMIT_CHARACTERS = 4096
"""A longer common part is hardly anyone else's, and is not remembered."""
_REMEMBERED = 2048
_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

_Parts = tuple[tuple[int, Any], ...]


class SparseForm:
    """How the values of one dataclass are written and read."""

    def __init__(self, kind: type, own: Collection[str]) -> None:
        """`own` names the fields that tell values apart. All fields are taken by the class in their order."""
        hints, known = get_type_hints(kind), fields(kind)
        self._kind = kind
        self._parts = attrgetter(*(one.name for one in known))
        self._ways = [ways_of(hints[one.name]) for one in known]
        self._defaults: list[Any] = [one.default for one in known]
        self._own = [one.name in own for one in known]
        self._remembered = lru_cache(_REMEMBERED)(self._common)

    def write(self, value: object) -> bytes:
        """Return a value as UTF-8; half characters (surrogates) are written as they are."""
        own: list[tuple[int, Any]] = []
        common: list[tuple[int, Any]] = []
        for at, part in enumerate(self._parts(value)):
            if part is not self._defaults[at] and part != self._defaults[at]:
                (own if self._own[at] else common).append((at, self._ways[at].write(part)))
        return _text((own, _text(common))).encode("utf-8", "surrogatepass")

    def read(self, body: bytes) -> Any:  # noqa: ANN401 - of the class
        """Return a value. Parts that many have in common are the very same objects.

        Raises:
            NoValueError: the bytes are none.
        """
        try:
            own, text = json.loads(body.decode("utf-8", "surrogatepass"))
            common = self._remembered(text) if len(text) <= _COMMON_LIMIT_CHARACTERS else self._common(text)
            values = list(self._defaults)
            for at, part in (*common, *self._read(own)):
                values[at] = part
            if MISSING in values:
                raise NoValueError(f"no {self._kind.__name__}: fields are missing")
            return self._kind(*values)
        except NoValueError:
            raise
        except (ValueError, TypeError, RecursionError) as error:
            raise NoValueError(f"no {self._kind.__name__} ({type(error).__name__})") from error

    def _common(self, text: str) -> _Parts:
        return self._read(json.loads(text))

    def _read(self, written: Any) -> _Parts:  # noqa: ANN401 - JSON
        read = []
        for at, part in written:
            if type(at) is not int or not 0 <= at < len(self._ways):
                raise NoValueError("no such field")
            read.append((at, self._ways[at].read(part)))
        return tuple(read)
