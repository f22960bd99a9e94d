from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.tools import hardened_xml
from scanner.tools.hardened_xml import DEPTH_LIMIT, XmlError, parse_xml

LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;">]><lolz>&lol2;</lolz>"""
FILE = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>"""
PARAMETER = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY % b SYSTEM "http://127.0.0.1/x.dtd"> %b;]><a/>"""


def test_elements_attributes_texts_and_lines():
    root = parse_xml(
        b'<?xml version="1.0"?>\n<a xmlns="urn:x" xmlns:b="urn:y" c="1" b:d="2">\n one\n<b:e>two</b:e><e>three</e> four</a>'
    )

    assert (root.name, root.namespace, root.line) == ("a", "urn:x", 2)
    assert root.attributes == {"c": "1", "d": "2"}
    assert [(one.name, one.namespace, one.text, one.line) for one in root.children] == [
        ("e", "urn:y", "two", 4),
        ("e", "urn:x", "three", 4),
    ]
    assert root.text == "one\n four"
    assert len(root.all("e")) == 2
    assert root.text_of("e") == "two"
    assert root.text_of("e", "f") == ""
    assert root.first("f") is None


@pytest.mark.parametrize("document", [LAUGHS, FILE, PARAMETER])
def test_entities_are_refused(document):
    with pytest.raises(XmlError, match="declares entities"):
        parse_xml(document)


def test_a_bare_document_type_is_harmless():
    assert parse_xml(b'<!DOCTYPE fcpxml SYSTEM "nowhere.dtd"><fcpxml/>').name == "fcpxml"


def test_depth_is_bounded():
    assert parse_xml(b"<a>" * DEPTH_LIMIT + b"</a>" * DEPTH_LIMIT).name == "a"
    with pytest.raises(XmlError, match="nested deeper"):
        parse_xml(b"<a>" * 100_000)


def test_the_number_of_elements_is_bounded(monkeypatch):
    monkeypatch.setattr(hardened_xml, "ELEMENTS_LIMIT", 10)

    with pytest.raises(XmlError, match="more than 10 elements"):
        parse_xml(b"<a>" + b"<b/>" * 10 + b"</a>")


@pytest.mark.parametrize(
    "document", [b"", b"<a>", b"<a></b>", b"<a/><b/>", b"\x00", b'<?xml version="1.0" encoding="klingon"?><a/>', b"&a;"]
)
def test_broken_documents_are_told(document):
    with pytest.raises(XmlError) as caught:
        parse_xml(document)

    assert "\n" not in str(caught.value)


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(document):
    try:
        parse_xml(b"<a>" + document)
    except XmlError as error:
        assert "\n" not in str(error)
