from __future__ import annotations

import base64
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.model.errors import UsageError
from scanner.model.matching import Rights
from scanner.store.exchange import export_lines, import_into
from scanner.store.library import open_library
from scanner.store.thumbnails import fitted
from tests.store.references import made_references
from tests.store.test_thumbnails import jpeg

THUMBNAIL = fitted(jpeg())


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
    stores[0].add(references, {references[3].id: THUMBNAIL})
    return [json.loads(line) for line in export_lines(stores[0])]


def stream(lines):
    return io.BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))


def test_all_comes_over(stores, lines):
    assert import_into(stores[1], stream(lines), "x") == (30, 0)
    assert import_into(stores[1], stream(lines), "x") == (0, 30)
    assert list(stores[1].references()) == list(stores[0].references())
    assert list(stores[1].thumbnails(one.id for one in stores[1].references()).values()) == [THUMBNAIL]


def test_the_header_names_schema_and_digest(stores, lines):
    assert lines[0] == {"schema": "media-provenance-scanner/library/1", "references": 30, "sha256": stores[0].digest()}


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
        ({"fingerprint": {"algorithm": "a", "bits": "zz", "width": 1, "height": 1, "flat": False}}, "line 3: bits"),
        ({"fingerprint": {"algorithm": "a", "bits": "0" * 16, "width": True, "height": 1, "flat": False}}, "line 3: width"),
        ({"fingerprint": {"algorithm": "a", "bits": "0" * 16, "width": 2**70, "height": 1, "flat": False}}, "line 3: width"),
        ({"thumbnail": "§"}, "line 3: the thumbnail is no base64"),
        ({"thumbnail": base64.b64encode(b"GIF89a").decode()}, "line 3: the thumbnail is no small JPEG"),
        ({"extra": 1}, "line 3: does not have exactly the keys"),
        ({"name": "x" * 200_000}, "line 3: is too long"),
        ({"pixel_digest": "other"}, "not those that were exported"),
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
    header = {"schema": "media-provenance-scanner/library/1", "references": 1, "sha256": ""}
    with pytest.raises(UsageError, match="line 2"):
        import_into(None, stream([header, value]), "x")
