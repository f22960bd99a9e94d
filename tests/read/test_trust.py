"""Trust files: what they name is read whole, and mistakes are said with the file's name."""

from __future__ import annotations

import hashlib

import pytest

from scanner.model.errors import CatalogueError
from scanner.read.trust import load_trust

PEM = "-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"


@pytest.fixture
def trust_file(tmp_path):
    """Write a trust file beside a list `ca.pem` and a usage list `use.cfg`."""
    (tmp_path / "ca.pem").write_text(PEM)
    (tmp_path / "use.cfg").write_text("1.2.3\n")
    (tmp_path / "words.pem").write_text("no certificate")
    (tmp_path / "bytes.pem").write_bytes(b"\xff\xfe")

    def write(text: str):
        path = tmp_path / "trust.toml"
        path.write_text(text)
        return path

    return write


def test_lists_are_found_beside_the_file_and_stamped(trust_file):
    trust = load_trust(
        trust_file('anchors = ["ca.pem"]\nallowed = ["ca.pem"]\nekus = ["use.cfg"]\ndates = {"ca.pem" = "2026-08-13"}')
    )
    (stamp,) = trust.stamps
    assert (stamp.name, stamp.date, stamp.sha256) == ("ca.pem", "2026-08-13", hashlib.sha256(PEM.encode()).hexdigest())
    assert trust.ekus == "1.2.3\n"
    assert [entry.pem for entry in trust.allowed] == [PEM]


def test_a_list_without_a_date_bears_that_of_its_file(trust_file):
    (stamp,) = load_trust(trust_file('anchors = ["ca.pem"]')).stamps
    assert stamp.date[:2] == "20"


def test_an_empty_file_trusts_nobody(trust_file):
    assert load_trust(trust_file("")).anchors == ()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("anchor = []", "unknown key 'anchor'"),
        ('anchors = "ca.pem"', "anchors must be a list"),
        ("anchors = [1]", "anchors must be a list"),
        ('anchors = ["none.pem"]', "cannot be read"),
        ('anchors = ["words.pem"]', "no certificate"),
        ('anchors = ["bytes.pem"]', "no text"),
        ("dates = 1", "dates must be a table"),
        ("anchors = [", "no TOML"),
    ],
)
def test_mistakes_are_said_with_the_file(text, says, trust_file):
    path = trust_file(text)
    with pytest.raises(CatalogueError, match=says) as caught:
        load_trust(path)
    assert str(path.parent) in caught.value.where


def test_a_missing_trust_file_is_said(tmp_path):
    with pytest.raises(CatalogueError, match="cannot be read"):
        load_trust(tmp_path / "none.toml")
