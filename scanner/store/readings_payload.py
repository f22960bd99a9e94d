"""Outcomes as bytes: pickled, compressed, and read again without trust in who wrote them."""

from __future__ import annotations

import hashlib
import io
import pickle
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import cast, get_args, get_origin, get_type_hints

from scanner.model.work import Examination
from scanner.tools.plain_pickle import read_plain

LIMIT_BYTES = 64 << 20
"""Of an outcome, uncompressed. A worker's message may be four times as long; such a file is read again each time."""
_NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Payload:
    """An outcome as bytes, equal bytes for equal outcomes."""

    number: int
    """The first 64 bits of the digest, as a signed number: equal outcomes have one number in every store."""
    digest: bytes
    """SHA-256 of the body."""
    body: bytes

    def packed(self) -> bytes:
        """Return the body compressed."""
        return zlib.compress(self.body, 1)


class BrokenPayloadError(Exception):
    """What was kept is no outcome, or not the one that was kept."""


def payload_of(outcome: Examination) -> Payload | None:
    """Return an outcome as bytes; None for one that is too long to be kept."""
    stream = io.BytesIO()
    pickler = pickle.Pickler(stream, protocol=5)
    # Without a memo: with one, the bytes would tell which equal strings were one object. Compressed they are no longer for it.
    pickler.fast = True
    pickler.dump(outcome)
    body = stream.getvalue()
    if len(body) > LIMIT_BYTES:
        return None
    digest = hashlib.sha256(body).digest()
    return Payload(number_of(digest), digest, body)


def number_of(digest: bytes) -> int:
    """Return the number of the outcome with this digest."""
    return int.from_bytes(digest[:_NUMBER_BYTES], "big", signed=True)


def outcome_of(number: int, digest: bytes, packed: bytes) -> Examination:
    """Return the outcome that was kept.

    Raises:
        BrokenPayloadError: it is none, or another one.
    """
    inflater = zlib.decompressobj()
    try:
        body = inflater.decompress(packed, LIMIT_BYTES)
        if not inflater.eof or hashlib.sha256(body).digest() != digest or number_of(digest) != number:
            raise BrokenPayloadError("its digest differs")
        outcome = read_plain(body)
    except (zlib.error, pickle.UnpicklingError, TypeError) as error:
        raise BrokenPayloadError(str(error)) from error
    if not isinstance(outcome, Examination) or not all(isinstance(getattr(outcome, name), kinds) for name, kinds in _kinds()):
        raise BrokenPayloadError("it is no outcome")
    return outcome


@cache
def _kinds() -> tuple[tuple[str, tuple[type, ...]], ...]:
    """What each field of an examination may be, as it is annotated."""
    return tuple((name, tuple(_types(hint))) for name, hint in get_type_hints(Examination).items())


def _types(hint: object) -> Iterator[type]:
    if isinstance(hint, UnionType):
        for part in get_args(hint):
            yield from _types(part)
    else:
        yield cast(type, get_origin(hint) or hint)
