"""XMP packets of cameras, Lightroom and Photoshop: simple values, lists and known structures of known vocabularies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from scanner.read.plain.collected import Collected, OddError
from scanner.tools.hardened_xml import Element, XmlError, parse_xml

VOCABULARIES: Mapping[str, str] = MappingProxyType(
    {
        "http://ns.adobe.com/xap/1.0/": "xmp",
        "http://ns.adobe.com/xap/1.0/mm/": "xmpMM",
        "http://ns.adobe.com/xap/1.0/rights/": "xmpRights",
        "http://ns.adobe.com/photoshop/1.0/": "photoshop",
        "http://ns.adobe.com/camera-raw-settings/1.0/": "crs",
        "http://ns.adobe.com/tiff/1.0/": "tiff",
        "http://ns.adobe.com/exif/1.0/": "exif",
        "http://ns.adobe.com/exif/1.0/aux/": "aux",
        "http://cipa.jp/exif/1.0/": "exifEX",
        "http://purl.org/dc/elements/1.1/": "dc",
        "http://ns.adobe.com/lightroom/1.0/": "lr",
        "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/": "iptcCore",
        "http://ns.microsoft.com/photo/1.0": "microsoft",
        "http://ns.microsoft.com/photo/1.0/": "microsoft",
        "http://www.dji.com/drone-dji/1.0/": "drone-dji",
    }
)
"""Namespace → the last part of ExifTool's group."""

RENAMED: Mapping[str, str] = MappingProxyType(
    {
        "tiff:ImageLength": "ImageHeight",
        "exif:ExposureBiasValue": "ExposureCompensation",
        "exif:FocalLengthIn35mmFilm": "FocalLengthIn35mmFormat",
        "exif:GPSTimeStamp": "GPSDateTime",
        "exif:ISOSpeedRatings": "ISO",
        "exif:OECF": "Opto-ElectricConvFactor",
        "exif:PixelXDimension": "ExifImageWidth",
        "exif:PixelYDimension": "ExifImageHeight",
        "exifEX:BodySerialNumber": "SerialNumber",
        "exifEX:CameraOwnerName": "OwnerName",
        "exifEX:InteroperabilityIndex": "InteropIndex",
        "exifEX:LensSpecification": "LensInfo",
        "exifEX:Temperature": "AmbientTemperature",
        "photoshop:ICCProfile": "ICCProfileName",
        "microsoft:CreatorAppId": "CreatorAppID",
        "microsoft:Rating": "RatingPercent",
        "drone-dji:GpsLatitude": "GPSLatitude",
        "drone-dji:GpsLongitude": "GPSLongitude",
        "drone-dji:GpsLongtitude": "GPSLongtitude",
    }
)
"""Properties that ExifTool shows under another name (held to its own list by tests)."""

SINGLE: Mapping[tuple[str, str], str] = MappingProxyType(
    {
        ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalSourceType"): "iptcExt",
        ("http://iptc.org/std/Iptc4xmpExt/2008-02-29/", "DigitalImageGUID"): "iptcExt",
    }
)
"""Plain properties of vocabularies that are odd otherwise: IPTC's extension names persons and holds structures."""

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_META = "adobe:ns:meta/"
_ABOUT, _PARSE_TYPE = f"{_RDF}\nabout", f"{_RDF}\nparseType"
_LANGUAGE = "http://www.w3.org/XML/1998/namespace\nlang"
_LISTS = frozenset({"Bag", "Seq", "Alt"})
_STRUCTURES = frozenset(
    (
        *(f"xmpMM:{name}" for name in ("History", "DerivedFrom", "ManagedFrom", "RenditionOf")),
        *(f"exif:{name}" for name in ("Flash", "CFAPattern", "OECF", "SpatialFrequencyResponse", "DeviceSettingDescription")),
    )
)
"""Properties beside Camera Raw's that hold structures, whose fields ExifTool names after both."""
_FIELD_VOCABULARIES = frozenset(
    (*VOCABULARIES, "http://ns.adobe.com/xap/1.0/sType/ResourceRef#", "http://ns.adobe.com/xap/1.0/sType/ResourceEvent#")
)
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_ODD_MARKUP = (b"<!", b"\0")
"""Comments, CDATA and document types, which ExifTool reads in its own way; UTF-16."""
_BROKEN_VALUE = re.compile(rb"""=\s*(?:"[^"<]*[\n\r\t][^"<]*"|'[^'<]*[\n\r\t][^'<]*')""")
"""An attribute with a line break, of which XML makes a space and ExifTool does not."""
_KEPT_AS_WRITTEN = frozenset({"InstanceID", "DocumentID"})
_DEPTH_LIMIT = 12


def read_xmp(packet: bytes, into: Collected) -> None:
    """Read a whole packet.

    Raises:
        OddError: something is not plain.
    """
    packet = packet.rstrip(b"\0 \r\n\t")
    if any(odd in packet for odd in _ODD_MARKUP) or _BROKEN_VALUE.search(packet):
        raise OddError("XMP")
    try:
        packet.decode("utf-8")
        root = parse_xml(packet.lstrip())
    except (XmlError, UnicodeDecodeError):
        raise OddError("XMP") from None
    if root.namespace == _META and root.name == "xmpmeta" and len(root.children) == 1:
        root = root.children[0]
    if root.namespace != _RDF or root.name != "RDF":
        raise OddError("XMP root")
    into.pass_group("xmp-x", "xmp-rdf")
    for description in root.children:
        _read_description(description, into)


def _read_description(description: Element, into: Collected) -> None:
    if description.namespace != _RDF or description.name != "Description":
        raise OddError("XMP")
    for qualified, value in description.qualified.items():
        if qualified != _ABOUT:
            namespace, _, name = qualified.rpartition("\n")
            _tell(*_names(namespace, name, into), value, into)
    for child in description.children:
        group, name = _names(child.namespace, child.name, into)
        exact = _is_simple(child)
        for path, value in _leaves(child, (name,), _holds_structures(group, child.name), 0):
            _tell(group, path, value, into, exact=exact)


def _names(namespace: str, local: str, into: Collected) -> tuple[str, str]:
    """Return the group's last part and the tag's name."""
    group = VOCABULARIES.get(namespace) or SINGLE.get((namespace, local))
    if group is None or not _NAME.fullmatch(local):
        raise OddError("XMP vocabulary")
    into.pass_group(f"xmp-{group.lower()}")
    return group, RENAMED.get(f"{group}:{local}", local[:1].upper() + local[1:])


def _holds_structures(group: str, local: str) -> bool:
    return group == "crs" or f"{group}:{local}" in _STRUCTURES


def _is_simple(element: Element) -> bool:
    """Whether an element is a text by itself, or one of a single language, the default."""
    if element.qualified or not element.children:
        return not element.qualified and not element.children
    only = element.children[0]
    items = only.children
    return (
        (len(element.children), only.namespace, only.name, len(items)) == (1, _RDF, "Alt", 1)
        and not items[0].children
        and items[0].qualified == {_LANGUAGE: "x-default"}
    )


def _leaves(element: Element, path: tuple[str, ...], structured: bool, depth: int) -> Iterator[tuple[str, str]]:
    """Yield the flattened name and the value of each text in an element."""
    if depth > _DEPTH_LIMIT:
        raise OddError("XMP depth")
    fields = [key for key in element.qualified if key not in (_ABOUT, _PARSE_TYPE, _LANGUAGE)]
    if element.qualified.get(_PARSE_TYPE, "Resource") != "Resource" or (element.text and (element.children or fields)):
        raise OddError("XMP")
    if fields and not structured:
        raise OddError("XMP structure")
    for key in fields:
        yield "".join((*path, _field_name(*key.rpartition("\n")[::2]))), element.qualified[key]
    for child in element.children:
        if child.namespace == _RDF:
            yield from _rdf_leaves(child, path, structured, depth)
        elif structured:
            yield from _leaves(child, (*path, _field_name(child.namespace, child.name)), structured, depth + 1)
        else:
            raise OddError("XMP structure")
    if not element.children and not fields:
        yield "".join(path), element.text


def _rdf_leaves(element: Element, path: tuple[str, ...], structured: bool, depth: int) -> Iterator[tuple[str, str]]:
    if element.name in _LISTS and not element.qualified and not element.text:
        if any(item.namespace != _RDF or item.name != "li" for item in element.children):
            raise OddError("XMP list")
        for item in element.children:
            yield from _leaves(item, path, structured, depth + 1)
    elif element.name == "Description" and structured:
        yield from _leaves(element, path, structured, depth + 1)
    else:
        raise OddError("XMP")


def _field_name(namespace: str, local: str) -> str:
    if namespace not in _FIELD_VOCABULARIES or not _NAME.fullmatch(local):
        raise OddError("XMP field")
    return local[:1].upper() + local[1:]


def _tell(group: str, name: str, value: str, into: Collected, *, exact: bool = True) -> None:
    if name in _KEPT_AS_WRITTEN and (value.split() != [value] or not value.isascii()):
        raise OddError(name)
    into.tell(f"XMP-{group}:{name}", value, exact=exact)
