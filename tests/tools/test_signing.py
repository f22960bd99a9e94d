from __future__ import annotations

import base64
import builtins
import shutil
import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from scanner.model.errors import UsageError
from scanner.tools.signing import load_signing_key, signature_holds

KEY = ed25519.Ed25519PrivateKey.from_private_bytes(b"k" * 32)
PRIVATE = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
ENCRYPTED = KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
PUBLIC = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
OTHER = ed25519.Ed25519PrivateKey.from_private_bytes(b"o" * 32).public_key()
OTHER_PUBLIC = OTHER.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
CURVE = ec.generate_private_key(ec.SECP256R1())


def never() -> bytes:
    raise AssertionError("no password is needed")


def holds(content: bytes, signature: str | bytes, public: bytes = PUBLIC) -> bool:
    raw = signature if isinstance(signature, bytes) else signature.encode()
    return signature_holds(content, raw, public, "scan.json.sig", "pub.pem")


def test_a_signature_is_one_line_of_base64_over_the_bytes() -> None:
    signature = load_signing_key(PRIVATE, "key.pem", never).sign(b"report")

    assert signature == base64.b64encode(KEY.sign(b"report")).decode() + "\n"
    assert holds(b"report", signature)
    assert not holds(b"report ", signature)
    assert not holds(b"report", signature, OTHER_PUBLIC)


def test_openssl_reads_it(tmp_path: Path) -> None:
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    (tmp_path / "pub.pem").write_bytes(PUBLIC)
    (tmp_path / "report").write_bytes(b"report")
    (tmp_path / "raw").write_bytes(base64.b64decode(load_signing_key(PRIVATE, "key.pem", never).sign(b"report")))
    command = ["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", "pub.pem", "-rawin", "-in", "report", "-sigfile", "raw"]

    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0


def test_an_encrypted_key_asks_for_its_password() -> None:
    assert holds(b"report", load_signing_key(ENCRYPTED, "key.pem", lambda: b"secret").sign(b"report"))
    with pytest.raises(UsageError, match="the password is wrong"):
        load_signing_key(ENCRYPTED, "key.pem", lambda: b"guess")
    with pytest.raises(UsageError, match="the password is wrong"):
        load_signing_key(ENCRYPTED, "key.pem", lambda: b"")


@pytest.mark.parametrize("pem", [b"", b"hello", PUBLIC, PRIVATE[:-40], b"\xff" * 100])
def test_what_is_no_private_key_is_told(pem: bytes) -> None:
    with pytest.raises(UsageError, match=r"key\.pem: is no private key in PEM"):
        load_signing_key(pem, "key.pem", never)


def test_a_key_of_another_kind_is_told() -> None:
    pem = CURVE.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(UsageError, match="another kind than Ed25519"):
        load_signing_key(pem, "key.pem", never)
    public = CURVE.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    for wrong in (public, PRIVATE, b""):
        with pytest.raises(UsageError, match=r"pub\.pem: is no public Ed25519 key"):
            holds(b"report", base64.b64encode(bytes(64)), wrong)


@pytest.mark.parametrize("signature", [b"", b"hello", base64.b64encode(bytes(63)), base64.b64encode(bytes(65)), b"\xff" * 88])
def test_what_is_no_signature_is_told(signature: bytes) -> None:
    with pytest.raises(UsageError, match=r"scan\.json\.sig: is no signature"):
        holds(b"report", signature)


def test_without_the_library_the_way_to_install_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *more: object, **named: object) -> object:
        if name.startswith("cryptography"):
            raise ImportError(name)
        return real(name, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(UsageError, match=r"pip install 'media-provenance-scanner\[sign\]'"):
        load_signing_key(PRIVATE, "key.pem", never)
    with pytest.raises(UsageError, match="not installed"):
        holds(b"report", b"")
