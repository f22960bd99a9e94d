"""What a list of certificates must be before it is kept."""

from __future__ import annotations

import base64
import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from scanner.model.errors import CatalogueError
from scanner.model.trust_lists import ListKind
from scanner.read.certificates import check_list, guess_kind, key_usages, read_certificates


def pem(der: bytes) -> str:
    return f"-----BEGIN CERTIFICATE-----\n{base64.b64encode(der).decode()}\n-----END CERTIFICATE-----\n"


def certificate(authority: bool | None) -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    start = datetime.datetime(2026, 1, 1)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + datetime.timedelta(days=1))
    if authority is not None:
        builder = builder.add_extension(x509.BasicConstraints(authority, None), critical=authority)
    return builder.sign(key, SHA256()).public_bytes(Encoding.PEM).decode()


def test_real_certificates_are_counted_and_comments_between_them_are_left():
    text = f"# one\n{certificate(True)}Subject\tCN=two\r\n{certificate(False)}"
    assert check_list(ListKind.ANCHORS, text, "x") == 2


@pytest.mark.parametrize(
    ("flags", "kind"),
    [((True,), "anchors"), ((False,), "allowed"), ((None,), "allowed"), ((True, False), "anchors"), ((False, None), "allowed")],
)
def test_a_list_with_an_authority_is_one_of_anchors(flags, kind):
    assert guess_kind("".join(certificate(flag) for flag in flags), "x").value == kind


def test_key_usages_are_oids_and_comments_only():
    assert key_usages("//mail\n1.3.6.1.5.5.7.3.4 \n\n1.2.840.1 // ours\n") == ("1.3.6.1.5.5.7.3.4", "1.2.840.1")
    assert guess_kind("1.3.6.1.5.5.7.3.4\n", "x") is ListKind.EKUS
    assert key_usages("1.3.6.1.5.5.7.3.4\nwords\n") == ()


@pytest.mark.parametrize("der", [b"\x30\x00", b"\x30\x81\x01\x00", b"\x30\x82\x00\x01\x00"])
def test_one_sequence_in_any_form_of_length(der):
    assert read_certificates(pem(der), "x") == (der,)


@pytest.mark.parametrize(
    "der",
    [
        b"",
        b"\x30",
        b"\x31\x00",
        b"\x30\x01",
        b"\x30\x00\x00",
        b"\x30\x80\x00\x00",
        b"\x30\x85\x00\x00\x00\x00\x00",
        b"\x30\x82\x00",
    ],
)
def test_what_is_cut_longer_or_no_sequence_is_refused(der):
    with pytest.raises(CatalogueError, match="certificate 2 is no certificate"):
        read_certificates(pem(b"\x30\x00") + pem(der), "x")
