from __future__ import annotations

import hashlib

import pytest

from scanner.tools.digests import can_digest, digest_of, new_digest


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"")
    return path


def test_c4_of_nothing_is_what_its_specification_says(file):
    # SMPTE ST 2114 and the published implementations: the ID of no bytes.
    assert (
        digest_of(str(file), "c4") == "c459dsjfscH38cYeXXYogktxf4Cd9ibshE3BHUo6a58hBXmRQdZrAkZzsWcbWtDg5oQstpDuni4Hirj75GEmTc1sFT"
    )


@pytest.mark.parametrize("algorithm", ["md5", "sha1", "sha256", "sha512"])
def test_built_in_digests(file, algorithm):
    file.write_bytes(b"x" * 3_000_000)
    told: list[int] = []

    assert digest_of(str(file), algorithm, told.append) == hashlib.new(algorithm, b"x" * 3_000_000).hexdigest()
    assert sum(told) == 3_000_000


@pytest.mark.parametrize(
    ("algorithm", "value"),
    # The values of xxHash's own documentation of no bytes with seed 0.
    [("xxh64", "ef46db3751d8e999"), ("xxh3", "2d06800538d394c2"), ("xxh128", "99aa06d3014798d86001c324468d497f")],
)
def test_xxhash(file, algorithm, value):
    pytest.importorskip("xxhash")

    assert digest_of(str(file), algorithm) == value


def test_an_unknown_algorithm_is_none(file):
    assert new_digest("md6") is None
    assert not can_digest("md6")
    with pytest.raises(ValueError, match="cannot be computed"):
        digest_of(str(file), "md6")
