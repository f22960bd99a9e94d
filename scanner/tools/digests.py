"""Digests of files by the algorithms that post production seals with.

XXH64, XXH3 and XXH128 come from the `xxhash` package, an extra: they are what cards are offloaded with, and too slow in
Python. C4 is SHA-512 in base 58 (SMPTE ST 2114).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Protocol

from scanner.tools.bounded import CHUNK_BYTES, open_regular

XXH_HINT = "pip install 'media-provenance-scanner[timeline]'"
"""What installs the algorithms that may be missing."""

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_C4_DIGITS = 88
_BUILT_IN = ("md5", "sha1", "sha256", "sha384", "sha512")
_XXH = {"xxh64": "xxh64", "xxh3": "xxh3_64", "xxh128": "xxh3_128"}


class Digest(Protocol):
    """Takes bytes in pieces."""

    def update(self, piece: bytes, /) -> None:
        """Take in the next bytes."""
        ...

    def hexdigest(self) -> str:
        """The digest as it is written down: hexadecimal in lower case, or a C4 ID."""
        ...


class _C4:
    def __init__(self) -> None:
        self._sha512 = hashlib.sha512()

    def update(self, piece: bytes, /) -> None:
        self._sha512.update(piece)

    def hexdigest(self) -> str:
        number, digits = int.from_bytes(self._sha512.digest(), "big"), ""
        for _ in range(_C4_DIGITS):
            number, digit = divmod(number, 58)
            digits = _BASE58[digit] + digits
        return f"c4{digits}"


def new_digest(algorithm: str) -> Digest | None:
    """A digest by one of the algorithms in `scanner.model.sealed`; None where it is not known, or not installed."""
    if algorithm == "c4":
        return _C4()
    if algorithm in _BUILT_IN:
        return hashlib.new(algorithm, usedforsecurity=False)
    if algorithm not in _XXH:
        return None
    try:
        import xxhash
    except ImportError:
        return None
    made: Digest = getattr(xxhash, _XXH[algorithm])()
    return made


def can_digest(algorithm: str) -> bool:
    """Whether a digest by this algorithm can be made here."""
    return new_digest(algorithm) is not None


def digests_of(path: str, algorithms: Iterable[str]) -> dict[str, str]:
    """Digests of a file's bytes by each of these algorithms that can be made here; all bytes are read, once.

    Raises:
        OSError: the file cannot be read, or is no regular one.
    """
    with open_regular(path) as stream:
        return digests_of_pieces(iter(lambda: stream.read(CHUNK_BYTES), b""), algorithms)


def digests_of_pieces(pieces: Iterable[bytes], algorithms: Iterable[str]) -> dict[str, str]:
    """Digests of bytes that come in pieces; see `digests_of`."""
    digests = {name: digest for name in algorithms if (digest := new_digest(name))}
    for piece in pieces:
        for digest in digests.values():
            digest.update(piece)
    return {name: digest.hexdigest() for name, digest in digests.items()}
