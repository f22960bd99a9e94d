"""Outcomes as bytes: as JSON, compressed, and read again without trust in who wrote them."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

from scanner.model.work import Examination
from scanner.tools.plain_values import NoValueError, read_value, write_value

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
    body = write_value(outcome, Examination)
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
        outcome: Examination = read_value(body, Examination)
    except (zlib.error, NoValueError) as error:
        raise BrokenPayloadError(str(error)) from error
    return outcome
