"""Detached Ed25519 signatures (RFC 8032) with the user's own key; the library behind them is an extra."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import TYPE_CHECKING

from scanner.model.errors import UsageError
from scanner.model.text import shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_BYTES = 64
KEY_LIMIT_BYTES = 64 << 10
_INSTALL = "Install it with: pip install 'media-provenance-scanner[sign]'"


class SigningKey:
    """A private key, opened."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        """Wrap the library's key."""
        self._key = key

    def sign(self, content: bytes) -> str:
        """Return the signature of `content` as a signature file has it: base64, one line, with its line break."""
        return base64.b64encode(self._key.sign(content)).decode("ascii") + "\n"


def load_signing_key(pem: bytes, name: str, password: Callable[[], bytes]) -> SigningKey:
    """Open a private key.

    Args:
        pem: PKCS#8 in PEM, encrypted or not.
        name: what errors call it.
        password: asked for the password, and only where the key is encrypted.

    Raises:
        UsageError: the library is not installed, it is no Ed25519 key, or the password is wrong.
    """
    _require_library()
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    secret = password() if b"ENCRYPTED" in pem else None
    try:
        key = load_pem_private_key(pem, secret)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        why = "is no private key in PEM (PKCS#8)" if secret is None else "cannot be opened: the password is wrong"
        raise UsageError(why, where=shown(name), next_step="docs/seal.md says how to make one.") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise UsageError(
            "is a key of another kind than Ed25519", where=shown(name), next_step="docs/seal.md says how to make one."
        )
    return SigningKey(key)


def signature_holds(content: bytes, signature: bytes, public_pem: bytes, signature_name: str, key_name: str) -> bool:
    """Tell whether a signature file is over exactly these bytes, by the owner of this key.

    Raises:
        UsageError: the library is not installed, or one of the two files is not what it should be.
    """
    _require_library()
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    raw = _decoded(signature, signature_name)
    try:
        key = load_pem_public_key(public_pem)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise UsageError(
            "is no public Ed25519 key in PEM", where=shown(key_name), next_step="Name the public key that goes with the signer's."
        )
    try:
        key.verify(raw, content)
    except InvalidSignature:
        return False
    return True


def _decoded(signature: bytes, name: str) -> bytes:
    try:
        raw = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != SIGNATURE_BYTES:
        raise UsageError(
            f"is no signature: it must hold {SIGNATURE_BYTES} bytes in base64",
            where=shown(name),
            next_step="Name the .sig file that was written with the report.",
        )
    return raw


def _require_library() -> None:
    try:
        import cryptography  # noqa: F401 - only whether it is there
    except ImportError:
        raise UsageError("signing needs the library `cryptography`, which is not installed", next_step=_INSTALL) from None
