"""The one way into this stage: a path, whatever it is a cut of."""

from __future__ import annotations

import os
from fractions import Fraction

from scanner.model.cut import Cut, CutError
from scanner.model.event_table import TableError
from scanner.model.timecode import Rate, TimecodeError
from scanner.timeline.ale import read_ale
from scanner.timeline.content import parse_xml_file, read_head
from scanner.timeline.edl import read_edl
from scanner.timeline.fcp7 import read_fcp7
from scanner.timeline.fcpxml import read_fcpxml
from scanner.timeline.imf import find_asset_map, read_imf
from scanner.timeline.imf_composition import read_composition
from scanner.timeline.otio_cut import read_aaf, read_otio

FORMATS = "EDL (CMX 3600), ALE, OTIO, FCPXML, FCP7 XML, AAF or an IMF package"

_COMPOUND_FILE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BUNDLED = "Info.fcpxml"
"""In the folder ``.fcpxmld`` that Final Cut Pro writes since 10.6."""
_HEAD_BYTES = 4096


def read_cut(path: str, frames_per_second: Fraction | None = None, title: str | None = None) -> Cut:
    """Read the one timeline of a cut file, or the one of this title.

    Raises:
        CutError: as of `read_cuts`; also where there are several and none was named.
    """
    cuts = read_cuts(path, frames_per_second)
    named = [cut for cut in cuts if title in (None, cut.title)]
    if len(named) == 1:
        return named[0]
    titles = ", ".join(repr(cut.title[:60]) for cut in cuts[:8]) + (" and more" if len(cuts) > 8 else "")
    if not named:
        raise CutError(f"holds no timeline called {title!r}", where=path, next_step=f"It holds {titles}")
    raise CutError(f"holds {len(named)} timelines: {titles}", where=path, next_step="Export one of them alone, or name one")


def read_cuts(path: str, frames_per_second: Fraction | None = None) -> tuple[Cut, ...]:
    """Read all timelines of a cut file, or of an IMF package's folder; what it is, is told by its content.

    `frames_per_second` is needed where the file does not say it (EDL); where it says another one, it is refused.

    Raises:
        CutError: it is no cut that can be read, not with this rate, or an optional library for it is not installed.
    """
    try:
        cuts = _read(path, frames_per_second)
    except (TimecodeError, TableError) as error:
        raise CutError(error.what, where=error.where or path, next_step=error.next_step) from None
    for cut in cuts:
        if frames_per_second not in (None, cut.rate.frames_per_second):
            given = Rate(frames_per_second) if frames_per_second else ""
            what = f"counts {cut.rate} frames a second, not the {given} that were given"
            raise CutError(what, where=path, next_step="Leave --rate out")
    return cuts


def _read(path: str, frames_per_second: Fraction | None) -> tuple[Cut, ...]:
    if os.path.isdir(path):
        return _read_folder(path)
    head = read_head(path, _HEAD_BYTES)
    if head.startswith(_COMPOUND_FILE):
        return read_aaf(path, frames_per_second)
    start = _text_start(head)
    if start.startswith(b"{"):
        return read_otio(path, frames_per_second)
    if start.startswith(b"<"):
        return _read_xml(path)
    if start.startswith(b"Heading") or path.lower().endswith(".ale"):
        return (read_ale(path, frames_per_second),)
    return (read_edl(path, frames_per_second),)


def _read_folder(path: str) -> tuple[Cut, ...]:
    bundled = os.path.join(path, _BUNDLED)
    if os.path.isfile(bundled):
        return _read_xml(bundled)
    if find_asset_map(path) is None:
        raise CutError("is a folder without an IMF asset map", where=path, next_step=f"Give {FORMATS}")
    return read_imf(path)


def _text_start(head: bytes) -> bytes:
    """The first characters of a text as UTF-8, without byte order mark and blanks."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _read_xml(path: str) -> tuple[Cut, ...]:
    root = parse_xml_file(path)
    if root.name == "xmeml":
        return read_fcp7(root, path)
    if root.name == "fcpxml":
        return read_fcpxml(root, path)
    if root.name == "CompositionPlaylist":
        return (read_composition(root, path),)
    if root.name == "AssetMap":
        return read_imf(path)
    raise CutError(f"is XML of another kind: {root.name[:40]!r}", where=path, next_step=f"Give {FORMATS}")
