from __future__ import annotations

import base64
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from scanner.model.belongings import FEATURES_LIMIT_BYTES
from scanner.model.errors import UsageError
from scanner.model.matching import Rights
from scanner.store.exchange import export_lines, import_into
from scanner.store.kept_pictures import fitted, kept_picture
from scanner.store.library import open_library
from tests.store.references import made_references, with_belongings
from tests.store.test_kept_pictures import jpeg

THUMBNAIL = fitted(jpeg())
PICTURE = kept_picture(Image.open(io.BytesIO(jpeg(640, 400))))
LARGE = base64.b64encode(b"x" * (FEATURES_LIMIT_BYTES + 1)).decode()
MARK = {"algorithm": "a", "bits": "0" * 16, "width": 1, "height": 1, "flat": False, "inner": [], "quality": 0}
OF_SCHEMA_1 = b"""\
{"schema":"media-provenance-scanner/library/1","references":2,"sha256":"15c5261b47197bde49a518bc6d2d1ceefb2d5077202d262739d22dc7806df49b"}
{"role":"ai","sha256":"5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9","name":"stills/0.jpg","fingerprint":null,"pixel_digest":"","rights":{"source":"a","owner":"b","licence":"c","no_ai_alteration":true},"thumbnail":null}
{"role":"ai","sha256":"6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b","name":"stills/1.jpg","fingerprint":{"algorithm":"phash64/imagehash-4.3","bits":"6b86b273ff34fce1","width":640,"height":480,"flat":false},"pixel_digest":"pixels1/pillow-13.0.0:b4b5787bdd25e10c94d1f22aae4ada7475f3a5ffe408b6d91ecf43ff372b68b6","rights":{"source":"a","owner":"b","licence":"c","no_ai_alteration":true},"thumbnail":null}
"""
"""An export as the scanner with schema 2 of its library wrote it."""


@pytest.fixture
def stores(tmp_path):
    made = [open_library(str(tmp_path / name), create=True) for name in ("one.sqlite", "two.sqlite")]
    yield made
    for store in made:
        store.close()


@pytest.fixture
def lines(stores):
    """An export of 30 references, as one object a line."""
    references = [replace(one, rights=Rights("a\n|b", "Ø", "", True)) for one in made_references(30)]
    belongings = with_belongings(references, ("Season 1", "Ø|"))
    for one in belongings:
        belongings[one] = replace(belongings[one], thumbnail=b"", picture=b"")
    belongings[references[3].id] = replace(belongings[references[3].id], thumbnail=THUMBNAIL, picture=PICTURE)
    stores[0].add(references, belongings)
    return [json.loads(line) for line in export_lines(stores[0])]


def stream(lines):
    return io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def test_all_comes_over(stores, lines):
    assert import_into(stores[1], stream(lines), "x") == (30, 0)
    assert import_into(stores[1], stream(lines), "x") == (0, 30)
    assert list(stores[1].references()) == list(stores[0].references())
    ids = [one.id for one in stores[1].references()]
    assert list(stores[1].thumbnails(ids).values()) == [THUMBNAIL]
    assert stores[1].belongings(ids) == stores[0].belongings(ids)
    assert stores[1].digest() == stores[0].digest()


def test_known_references_are_given_what_they_lack(stores, lines):
    stores[1].add(list(stores[0].references())[:10])
    assert import_into(stores[1], stream(lines), "x") == (20, 10)
    assert stores[1].digest() == stores[0].digest()


def test_an_export_of_an_older_scanner(stores):
    assert import_into(stores[1], io.BytesIO(OF_SCHEMA_1), "x") == (2, 0)
    assert [one.rights for one in stores[1].references()] == [Rights("a", "b", "c", True)] * 2
    assert json.loads(OF_SCHEMA_1.splitlines()[0])["sha256"] == stores[1].digest()


def test_an_export_of_a_newer_scanner(stores):
    newer = OF_SCHEMA_1.replace(b"library/1", b"library/3")
    with pytest.raises(UsageError, match=r"line 1: the schema is .*library/3, this scanner reads .*library/2 and older"):
        import_into(stores[1], io.BytesIO(newer), "x")


def test_the_header_names_schema_and_digest(stores, lines):
    assert lines[0] == {"schema": "media-provenance-scanner/library/2", "references": 30, "sha256": stores[0].digest()}


def test_an_empty_library(stores):
    assert import_into(stores[1], io.BytesIO(b"".join(export_lines(stores[0]))), "x") == (0, 0)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"role": "mine"}, "line 3: unknown role mine"),
        ({"sha256": "AB" * 32}, "line 3: sha256 is no"),
        ({"name": "a\0b"}, "line 3: name is too long or no"),
        ({"name": "\udcff"}, "line 3: name is too long or no"),
        ({"name": "x" * 10_000}, "line 3: name is too long"),
        ({"name": 7}, "line 3: name is of the wrong type"),
        ({"rights": {}}, "line 3: does not have exactly the keys source"),
        (
            {"rights": {"source": "", "owner": "", "licence": "", "no_ai_alteration": 1}},
            "line 3: no_ai_alteration is of the wrong",
        ),
        ({"fingerprint": {**MARK, "bits": "zz"}}, "line 3: bits"),
        ({"fingerprint": {**MARK, "width": True}}, "line 3: width"),
        ({"fingerprint": {**MARK, "width": 2**70}}, "line 3: width"),
        ({"fingerprint": {"algorithm": "a"}}, "line 3: does not have exactly the keys algorithm, bits, width"),
        ({"thumbnail": "§"}, "line 3: the thumbnail is no base64"),
        ({"thumbnail": base64.b64encode(b"GIF89a").decode()}, "line 3: the thumbnail is no small JPEG"),
        ({"extra": 1}, "line 3: does not have exactly the keys"),
        ({"name": "x" * 1_100_000}, "line 3: is too long"),
        ({"pixel_digest": "other"}, "not those that were exported"),
        ({"picture": "§"}, "line 3: the picture is no base64"),
        ({"picture": base64.b64encode(b"RIFF").decode()}, "line 3: the picture is no small WebP"),
        ({"picture": base64.b64encode(jpeg(1000, 700)).decode()}, "line 3: the picture is no small WebP"),
        ({"hashes": {}}, "line 3: hashes is of the wrong type"),
        ({"hashes": ["ab"]}, "line 3: does not have exactly the keys algorithm"),
        ({"hashes": [{"algorithm": "a", "variant": "b", "bits": "abc"}]}, "line 3: bits of a hash"),
        ({"hashes": [{"algorithm": "a", "variant": "", "bits": "ab"}]}, "line 3: the hashes of one algorithm"),
        (
            {"hashes": [{"algorithm": "a", "variant": name, "bits": "ab" * 4000} for name in "bc"]},
            "line 3: the hashes are too long",
        ),
        ({"hashes": [{"algorithm": "a", "variant": "b", "bits": "ab"}] * 2}, "line 3: hashes has one twice"),
        ({"hashes": [{"algorithm": "a", "variant": "b", "bits": "ab"}] * 101}, "line 3: hashes has more than 100"),
        (
            {"hashes": [{"algorithm": "a", "variant": "b", "bits": "ab"}], "plain_for": ["a"]},
            "line 3: hashes and plain_for has one",
        ),
        ({"plain_for": [7]}, "line 3: plain_for has something else than names"),
        ({"fingerprint": {**MARK, "inner": [0, 1, 2, 3]}}, "line 3: inner is no box"),
        ({"fingerprint": {**MARK, "inner": [0.5]}}, "line 3: inner is no box"),
        ({"fingerprint": {**MARK, "inner": ["a"] * 4}}, "line 3: inner is no box"),
        ({"fingerprint": {**MARK, "quality": 101}}, "line 3: quality is not 0 to 100"),
        ({"features": [{"algorithm": "a", "count": True, "payload": ""}]}, "line 3: count is of the wrong type"),
        ({"features": [{"algorithm": "a", "count": -1, "payload": ""}]}, "line 3: the features are too large, or"),
        ({"features": [{"algorithm": "a", "count": 9, "payload": "eA=="}]}, "line 3: the features are too large, or"),
        ({"features": [{"algorithm": "a", "count": 1, "payload": LARGE}]}, "line 3: the features are too large, or"),
        ({"features": [{"algorithm": "a", "count": 1, "payload": "eA=="}] * 2}, "line 3: features has one twice"),
        ({"collections": [""]}, "line 3: collections has something else than names"),
        ({"collections": [7]}, "line 3: collections has something else than names"),
        ({"collections": ["a\0"]}, "line 3: collections is too long or no"),
        ({"collections": ["a", "a"]}, "line 3: collections has one twice"),
        ({"collections": ["another"]}, "not those that were exported"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_added(stores, lines, change, why):
    lines[2] |= change
    with pytest.raises(UsageError) as caught:
        import_into(stores[1], stream(lines), "x")
    assert why in caught.value.what
    assert stores[1].count() == 0


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"{}\n",
        b"[" * 100_000 + b"\n",
        b"\xff\xfe\n",
        b"SQLite format 3\0",
        b'{"schema": "other/2", "references": 0, "sha256": ""}\n',
    ],
)
def test_what_is_no_export(stores, content):
    with pytest.raises(UsageError, match="line 1"):
        import_into(stores[1], io.BytesIO(content), "x")


def test_a_file_cut_short_adds_nothing(stores, lines):
    with pytest.raises(UsageError, match="ends after 29 of 30"):
        import_into(stores[1], stream(lines[:-1]), "x")
    assert stores[1].count() == 0


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_any_json_is_refused_in_our_words(value):
    header = {"schema": "media-provenance-scanner/library/2", "references": 1, "sha256": ""}
    with pytest.raises(UsageError, match="line 2"):
        import_into(None, stream([header, value]), "x")
