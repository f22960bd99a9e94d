from __future__ import annotations

import pytest

from scanner.crawl.sidecars import Pairing, is_sidecar, pair_sidecars
from scanner.model.assets import FileEntry


def pair(*paths: str) -> Pairing:
    return pair_sidecars([FileEntry(path, 1) for path in paths])


def attached(*paths: str) -> dict[str, list[str]]:
    return {partner: [sidecar.path for sidecar in sidecars] for partner, sidecars in pair(*paths).attached.items()}


@pytest.mark.parametrize(
    ("sidecar", "partner"),
    [
        ("a.xmp", "a.jpg"),
        ("a.jpg.xmp", "a.jpg"),
        ("a.c2pa", "a.mov"),
        ("a.mov.c2pa", "a.mov"),
        ("a.XMP", "a.jpg"),
        ("a.JPG.Xmp", "a.jpg"),
        ("a.jpg.xmp", "a.JPG"),
        ("d/e/a.xmp", "d/e/a.jpg"),
        ("a.b.xmp", "a.b.jpg"),
        ("noext.xmp", "noext"),
        (".hidden.xmp", ".hidden"),
        ("bad\udcff.xmp", "bad\udcff.jpg"),
        ("line\nbreak.xmp", "line\nbreak.jpg"),
        ("-x.xmp", "-x.jpg"),
    ],
)
def test_a_sidecar_goes_to_its_partner(sidecar: str, partner: str) -> None:
    assert attached(sidecar, partner) == {partner: [sidecar]}
    assert pair(sidecar, partner).alone == {}


@pytest.mark.parametrize(
    ("sidecar", "other"),
    [
        ("a.xmp", "b.jpg"),
        ("a.xmp", "A.jpg"),
        ("a.xmp", "d/a.jpg"),
        ("d/a.xmp", "a.jpg"),
        ("a.xmp", "a.c2pa"),
        ("a.xmp.c2pa", "a.xmp"),
        ("a.xmp", "._a.jpg"),
    ],
)
def test_a_sidecar_without_partner_stands_alone_without_doubt(sidecar: str, other: str) -> None:
    found = pair(sidecar, other)
    assert found.attached == {}
    assert found.alone[sidecar] == ""


def test_the_full_name_beats_the_stem() -> None:
    assert attached("a.jpg", "a.png", "a.jpg.xmp") == {"a.jpg": ["a.jpg.xmp"]}
    assert attached("a.jpg", "a.jpg.png", "a.jpg.xmp") == {"a.jpg": ["a.jpg.xmp"]}
    assert attached("a.jpg", "a.JPG", "a.JPG.xmp") == {"a.JPG": ["a.JPG.xmp"]}


def test_a_stem_that_fits_two_files_is_a_doubt() -> None:
    found = pair("a.jpg", "a.png", "a.xmp")
    assert found.attached == {}
    assert found.alone == {"a.xmp": "its name fits 2 files (a.jpg, a.png), so it cannot be told which one it speaks about"}
    assert pair("a.jpg", "a.JPG", "a.Jpg.xmp").alone["a.Jpg.xmp"].startswith("its name fits 2 files")


def test_the_doubt_is_one_short_line_whatever_the_names() -> None:
    doubt = pair("a\n.xmp", *(f"a\n.{ending * 120}" for ending in "bcdef")).alone["a\n.xmp"]
    assert "fits 5 files" in doubt
    assert "and 2 more" in doubt
    assert "\n" not in doubt
    assert len(doubt) < 400


def test_one_file_may_have_several_sidecars_in_order_of_their_names() -> None:
    assert attached("a.xmp", "a.jpg.xmp", "a.jpg", "a.c2pa") == {"a.jpg": ["a.c2pa", "a.jpg.xmp", "a.xmp"]}


def test_what_only_looks_like_a_sidecar() -> None:
    assert not is_sidecar(".xmp")
    assert not is_sidecar("d.xmp/a.jpg")
    assert not is_sidecar("._a.xmp")
    assert not is_sidecar("xmp")
    assert not is_sidecar("a.xmp\r")
    assert is_sidecar("d/.a.XMP")
