"""The probe: what a file is by its bytes, whether its name lies, whether its container is whole."""

from __future__ import annotations

from collections.abc import Callable

from scanner.model.formats import UNKNOWN_FORMAT, Format, Probe
from scanner.probe import bmff, jpeg, magic, matroska, mpeg, mxf, ole, pdf, photoshop, png, riff, text, tiff
from scanner.probe.formats import by_name, find_by_extension, find_extension, is_lie
from scanner.probe.structure import find_damage
from scanner.tools.bounded import open_regular
from scanner.tools.containers.source import Source

Recogniser = Callable[[Source], str | None]

RECOGNISERS: tuple[Recogniser, ...] = (
    jpeg.recognise,
    png.recognise,
    magic.recognise,
    riff.recognise,
    tiff.recognise,
    photoshop.recognise,
    matroska.recognise,
    ole.recognise,
    magic.recognise_ogg,
    magic.recognise_aiff,
    magic.recognise_jumbf,
    magic.recognise_dv,
    magic.recognise_gzip,
    magic.recognise_font,
    magic.recognise_bitmap,
    magic.recognise_icon,
    magic.recognise_program,
    bmff.recognise,
    mpeg.recognise_stream,
    mpeg.recognise_audio,
    # The weak ones last: a key anywhere in the first 64 KiB, two bytes, and whatever is text.
    pdf.recognise,
    mxf.recognise,
    magic.recognise_targa,
    magic.recognise_codestream,
    text.recognise,
)
"""In order; the first that answers names the format."""


def probe(path: str, name: str, size_bytes: int) -> Probe:
    """Tell what the file at `path` is.

    Args:
        path: where the file is.
        name: its name, for the extension only.
        size_bytes: its size as the crawl saw it.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with open_regular(path) as stream:
        return probe_source(Source(stream, size_bytes), name)


def probe_source(source: Source, name: str) -> Probe:
    """Tell what an opened file is; see `probe`."""
    extension = find_extension(name)
    if source.size_bytes == 0:
        return Probe(_find_media(extension) or UNKNOWN_FORMAT, damage="zero bytes")
    found = find_format(source)
    if found is None or (found.name in text.SIGNATURELESS and _is_media_only(extension)):
        return Probe(UNKNOWN_FORMAT, damage=_unknown_damage(extension))
    lying = extension if is_lie(extension, found) else None
    return Probe(found, lying, find_damage(source, found.name))


def find_format(source: Source) -> Format | None:
    """Return the format of the bytes, or None."""
    for recognise in RECOGNISERS:
        if name := recognise(source):
            return by_name(name)
    return None


def _find_media(extension: str) -> Format | None:
    return next((row for row in find_by_extension(extension) if row.kind.is_media), None)


def _is_media_only(extension: str) -> bool:
    owners = find_by_extension(extension)
    return bool(owners) and all(row.kind.is_media for row in owners)


def _unknown_damage(extension: str) -> str | None:
    return f"named .{extension}, but its bytes are no known format" if _is_media_only(extension) else None
