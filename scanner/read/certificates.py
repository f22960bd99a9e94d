"""Certificates in PEM form, as far as a list of them must be checked before it is kept: armour, base64, and the outermost DER.

Whether a certificate is any good is for the C2PA library to say; a list cut short or an HTML page saved in its place is
found here, before it silently makes every signer unlisted.
"""

from __future__ import annotations

import base64
import binascii
import re

from scanner.model.errors import CatalogueError
from scanner.model.trust_lists import ListKind

_BEGIN, _END = "-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----"
_SEQUENCE = 0x30
_AUTHORITY = re.compile(rb"\x06\x03\x55\x1d\x13(?:\x01\x01\xff)?\x04.\x30.\x01\x01\xff", re.DOTALL)
"""basicConstraints (OID 2.5.29.19, RFC 5280 section 4.2.1.9) with cA TRUE, in DER."""
_OID = re.compile(r"[0-2](?:\.\d+){2,}")


def read_certificates(text: str, where: str) -> tuple[bytes, ...]:
    """Return the certificates of a PEM list, each as DER.

    Raises:
        CatalogueError: there is none, or one is cut or garbled; the message counts it.
    """
    blocks = text.split(_BEGIN)[1:]
    if not blocks:
        raise CatalogueError("no certificate in PEM form in this list", where=where)
    return tuple(_certificate(block, number, where) for number, block in enumerate(blocks, 1))


def _certificate(block: str, number: int, where: str) -> bytes:
    body, end, _ = block.partition(_END)
    if not end:
        raise CatalogueError(f"certificate {number} has no end: the list is cut", where=where, next_step="Get it again.")
    try:
        der = base64.b64decode("".join(body.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise CatalogueError(f"certificate {number} is no base64", where=where, next_step="Get the list again.") from error
    if not _is_one_sequence(der):
        raise CatalogueError(f"certificate {number} is no certificate (no DER)", where=where, next_step="Get the list again.")
    return der


def _is_one_sequence(der: bytes) -> bool:
    """Whether the bytes are one DER SEQUENCE with nothing missing and nothing behind it (X.690, 8.1.3)."""
    if len(der) < 2 or der[0] != _SEQUENCE:
        return False
    if der[1] < 0x80:
        return len(der) == 2 + der[1]
    digits = der[1] & 0x7F
    return 0 < digits <= 4 and len(der) == 2 + digits + int.from_bytes(der[2 : 2 + digits], "big")


def guess_kind(text: str, where: str) -> ListKind:
    """Tell by its content what a list is for: authorities, single signers or key usages.

    Raises:
        CatalogueError: it is none of them.
    """
    if _BEGIN not in text and key_usages(text):
        return ListKind.EKUS
    certificates = read_certificates(text, where)
    return ListKind.ANCHORS if any(_AUTHORITY.search(one) for one in certificates) else ListKind.ALLOWED


def key_usages(text: str) -> tuple[str, ...]:
    """Return the OIDs of a list of key usages; empty where a line is neither an OID, a comment nor blank."""
    lines = [line.partition("//")[0].strip() for line in text.splitlines()]
    oids = tuple(line for line in lines if line)
    return oids if all(_OID.fullmatch(oid) for oid in oids) else ()


def check_list(kind: ListKind, text: str, where: str) -> int:
    """Check that `text` is a list of that kind and return its number of entries.

    Raises:
        CatalogueError: it is not.
    """
    if kind is not ListKind.EKUS:
        return len(read_certificates(text, where))
    usages = key_usages(text)
    if not usages:
        raise CatalogueError("no list of key usages: one OID a line is needed", where=where)
    return len(usages)
