"""Names that the plain walks take for granted are ExifTool's, and no row of the catalogue looks into what they pass over."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache

import pytest

from scanner.interpret.catalogue import MarkCatalogue
from scanner.read.plain.exif_tags import MAKERS, NUMBERS, SIZES, TEXTS, WIDE_TEXTS
from scanner.read.plain.iptc import RECORD_NAMES
from scanner.read.plain.sounds import INFO_NAMES
from scanner.read.plain.xmp import RENAMED, VOCABULARIES

OPAQUE = ("ICC_Profile", "Photoshop", "GPS", "MPF", *sorted({group for _, *groups in MAKERS for group in groups}))
ELSEWHERE = frozenset({"Canon::CMP1", "Sony::PMP", "Olympus::DSS", "Photoshop::Header", "Minolta::MMA", "Casio::AVI"})
"""Tables of other files than the walks read: a raw video's, a sound recorder's, a PSD's own header."""
_TABLE = re.compile(r"<table name='([^']*)' g0='[^']*' g1='([^']*)'")
_TAG = re.compile(r"<tag id='([^']*)' name='([^']*)'")


@cache
def all_tags() -> tuple[tuple[str, str, str, str], ...]:
    """Table, group, id and name of every tag that ExifTool knows."""
    if shutil.which("exiftool") is None:
        pytest.skip("no ExifTool is installed")
    listed = subprocess.run(["exiftool", "-listx", "-lang", "en"], capture_output=True, text=True, check=True)
    found, table, family = [], "", ""
    for line in listed.stdout.splitlines():
        if named := _TABLE.search(line):
            table, family = named.groups()
        elif tag := _TAG.search(line):
            found.append((table, family, *tag.groups()))
    return tuple(found)  # type: ignore[arg-type]


def tags(group: str) -> list[tuple[str, str, str, str]]:
    """Those of one group, or of a family of groups such as ICC's."""
    return [tag for tag in all_tags() if re.split(r"[-_]", tag[1])[0].lower() == re.split(r"[-_]", group)[0].lower()]


def test_exif_tags_have_exiftools_names() -> None:
    known: dict[int, set[str]] = {}
    for table, _, number, name in all_tags():
        if table == "Exif::Main" and number.isdigit():
            known.setdefault(int(number), set()).add(name)
    for table_of_ours in (TEXTS, WIDE_TEXTS, NUMBERS, SIZES):
        for number, name in table_of_ours.items():
            assert known[number] == {name}


def test_iptc_data_sets_have_exiftools_names() -> None:
    known = {int(number): name for table, _, number, name in tags("IPTC") if table == "IPTC::ApplicationRecord"}
    assert all(known[number] == name for number, name in RECORD_NAMES.items())


def test_info_chunks_have_exiftools_names_and_no_row_looks_into_the_broadcast_extension() -> None:
    known = {tag: name for table, _, tag, name in all_tags() if table == "RIFF::Info"}
    assert all(known[kind.decode()] == name for kind, name in INFO_NAMES.items())
    broadcast = [name for table, _, _, name in all_tags() if table == "RIFF::BroadcastExt"]
    assert broadcast
    assert not any(map(MarkCatalogue.load().looks_at, (f"RIFF:{name}" for name in broadcast)))


def test_xmp_properties_have_exiftools_names_or_no_row_looks_at_them() -> None:
    catalogue, families = MarkCatalogue.load(), {f"XMP-{group}" for group in VOCABULARIES.values()}
    assert set(RENAMED) <= {f"{family[4:]}:{tag}" for _, family, tag, _ in tags("XMP") if family in families}
    for _, family, tag, name in tags("XMP"):
        shown = RENAMED.get(f"{family[4:]}:{tag}", tag[:1].upper() + tag[1:])
        if family in families and shown != name:
            assert not catalogue.looks_at(f"{family}:{name}"), (family, tag, name)


@pytest.mark.parametrize("group", OPAQUE)
def test_no_row_looks_into_what_is_passed_over(group: str) -> None:
    catalogue = MarkCatalogue.load()
    known = tags("MPF0" if group == "MPF" else group)
    assert known or group in ("canoncustom", "nikoncustom", "nikonscan", "google")
    for table, family, _, name in known:
        if table not in ELSEWHERE:
            assert not catalogue.looks_at(f"{family}:{name}"), (table, name)


def test_no_row_looks_into_googles_packed_notes() -> None:
    # ExifTool's own list has them from 13.40 on, Debian's is older: Google.pm of 13.59, versions 2 and 3 of the notes.
    fixed = """InitParamsText LoggingMetadataText MergedImage FinishedImage PayloadFrame PayloadMetadataText ShotLogDataText
        ShotParamsText StaticMetadataText SummaryText TimeLogText UnusedLoggingMetadata RectifaceText GoudaRequestText
        ProcessingNotes ImageName ImageData FrameCount CreateDate DeviceMake DeviceModel DeviceCodename HDRPSoftware"""
    assert not any(map(MarkCatalogue.load().looks_at, (f"Google:{name}" for name in fixed.split())))
