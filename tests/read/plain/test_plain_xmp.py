"""XMP packets: names and values as ExifTool flattens them; unknown vocabularies and odd XML are left to it."""

from __future__ import annotations

import pytest

from scanner.read.plain.collected import OddError
from scanner.read.plain.xmp import read_xmp
from tests.read.plain.samples import collected, told

SPACES = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"'
    ' xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#" xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"'
    ' xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"'
    ' xmlns:iptcExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:dcterms="http://purl.org/dc/terms/"'
)


def packet(attributes: str = "", inside: str = "") -> bytes:
    description = f'<rdf:Description rdf:about="" {attributes}>{inside}</rdf:Description>'
    return (
        '<?xpacket begin="\ufeff"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core">'
        f'<rdf:RDF {SPACES}>{description}</rdf:RDF></x:xmpmeta>\n<?xpacket end="w"?>\0'
    ).encode()


def read(content: bytes, **needs: object) -> dict[str, str]:
    into = collected(**needs)  # type: ignore[arg-type]
    read_xmp(content, into)
    return told(into)


def test_values_lists_and_languages() -> None:
    inside = (
        "<dc:description><rdf:Alt><rdf:li xml:lang='x-default'>a &lt;pier&gt; &#x41;</rdf:li></rdf:Alt></dc:description>"
        "<dc:subject><rdf:Bag><rdf:li>sea</rdf:li></rdf:Bag></dc:subject><tiff:ImageLength>21</tiff:ImageLength>"
    )
    assert read(packet('xmp:CreatorTool="Lightroom" xmpMM:DocumentID="xmp.did:1"', inside)) == {
        "XMP-xmp:CreatorTool": "Lightroom",
        "XMP-xmpMM:DocumentID": "xmp.did:1",
        "XMP-dc:Description": "a <pier> A",
        "XMP-dc:Subject": "sea",
        "XMP-tiff:ImageHeight": "21",
    }


def test_known_structures_are_flattened() -> None:
    history = "<xmpMM:History><rdf:Seq><rdf:li stEvt:action='saved' stEvt:parameters='as JPEG'/></rdf:Seq></xmpMM:History>"
    nested = "<crs:Look rdf:parseType='Resource'><crs:Parameters><rdf:Description crs:Version='11'/></crs:Parameters></crs:Look>"
    derived = "<xmpMM:DerivedFrom><rdf:Description><stRef:documentID>1</stRef:documentID></rdf:Description></xmpMM:DerivedFrom>"
    assert read(packet(inside=history + nested + derived)) == {
        "XMP-xmpMM:HistoryAction": "saved",
        "XMP-xmpMM:HistoryParameters": "as JPEG",
        "XMP-crs:LookParametersVersion": "11",
        "XMP-xmpMM:DerivedFromDocumentID": "1",
    }


@pytest.mark.parametrize(
    "content",
    [
        packet('iptcExt:PersonInImage="x"'),
        packet('iptcExt:DigitalSourceType="x"', "<iptcExt:PersonInImage>x</iptcExt:PersonInImage>"),
        packet('dcterms:provenance="https://example.com"'),
        packet('xmp:CreatorTool="one\ntwo"'),
        packet('plain="x"'),
        packet(inside="<dc:description><!-- hidden -->x</dc:description>"),
        packet(inside="<dc:description><![CDATA[x]]></dc:description>"),
        packet(inside="<dc:description rdf:parseType='Literal'>x</dc:description>"),
        packet(inside="<dc:description rdf:resource='x'/>"),
        packet(inside="<dc:description><dc:title>x</dc:title></dc:description>"),
        packet(inside="<dc:description>mixed<rdf:Alt/></dc:description>"),
        packet(inside="<xmpMM:History><rdf:Seq><rdf:item/></rdf:Seq></xmpMM:History>"),
        packet(inside="<xmpMM:Pantry><rdf:Bag><rdf:li><rdf:Description/></rdf:li></rdf:Bag></xmpMM:Pantry>"),
        packet('xmpMM:DocumentID="1"', "<xmpMM:DocumentID>2</xmpMM:DocumentID>"),
        packet('xmpMM:DocumentID="a b"'),
        packet().decode().encode("utf-16-le"),
        packet()[:-40],
        b"<x/>",
        b"",
    ],
)
def test_odd_packets_are_left(content: bytes) -> None:
    with pytest.raises(OddError):
        read(content)


def test_a_vocabulary_that_the_users_rows_look_at_is_odd() -> None:
    with pytest.raises(OddError):
        read(packet('crs:Version="11"'), own=("xmp-crs",))


def test_a_source_type_is_read_though_its_vocabulary_is_odd() -> None:
    assert read(packet('iptcExt:DigitalSourceType="x"')) == {"XMP-iptcExt:DigitalSourceType": "x"}
    with pytest.raises(OddError):
        read(packet('iptcExt:DigitalSourceType="x"'), own=("xmp-iptcext",))


@pytest.mark.parametrize(
    ("value", "exact"),
    [
        ("x", True),
        ("<rdf:Alt><rdf:li xml:lang='x-default'>x</rdf:li></rdf:Alt>", True),
        ("<rdf:Alt><rdf:li xml:lang='de'>x</rdf:li></rdf:Alt>", False),
        ("<rdf:Alt><rdf:li xml:lang='x-default'>x</rdf:li><rdf:li xml:lang='de'>y</rdf:li></rdf:Alt>", False),
        ("<rdf:Bag><rdf:li>x</rdf:li></rdf:Bag>", False),
    ],
)
def test_lists_and_languages_may_be_told_in_another_form(value: str, exact: bool) -> None:
    into = collected()
    read_xmp(packet(inside=f"<dc:description>{value}</dc:description>"), into)
    assert ("XMP-dc:Description" not in into.inexact) is exact
