from __future__ import annotations

import hashlib

import pytest

from scanner.tools.digests import can_digest, digests_of, new_digest


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"")
    return path


def test_c4_of_nothing_is_what_its_specification_says(file):
    # SMPTE ST 2114 and the published implementations: the ID of no bytes.
    assert digests_of(str(file), ["c4"]) == {
        "c4": "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"
    }


def test_built_in_digests_in_one_pass(file):
    file.write_bytes(b"x" * 3_000_000)
    names = ["md5", "sha1", "sha256", "sha512"]

    assert digests_of(str(file), names) == {name: hashlib.new(name, b"x" * 3_000_000).hexdigest() for name in names}


@pytest.mark.parametrize(
    ("algorithm", "value"),
    # The values of xxHash's own documentation of no bytes with seed 0.
    [("xxh64", "ef46db3751d8e999"), ("xxh3", "2d06800538d394c2"), ("xxh128", "99aa06d3014798d86001c324468d497f")],
)
def test_xxhash(file, algorithm, value):
    pytest.importorskip("xxhash")

    assert digests_of(str(file), [algorithm]) == {algorithm: value}


def test_an_unknown_algorithm_is_none(file):
    assert new_digest("md6") is None
    assert not can_digest("md6")
    assert digests_of(str(file), ["md6"]) == {}
