"""The residue reader: provenance text that ExifTool does not decode.

Private chunks and boxes, bare segments, trailers, blocks and streams, each read by a bounded walk of its container, never by
searching raw bytes for words; and stealth text in pixels that were decoded for the fingerprint anyway. A container that
breaks off yields what stands before the break: whether it is damaged is for the probe to say, and `Failed` means that
the file could not be read, or that a text stands in it and is broken: compressed text, an SVG's XML.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PIL import Image

from scanner.model.formats import Format
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome
from scanner.model.version import VERSION
from scanner.read.residue_bmff import harvest_bmff, harvest_movie
from scanner.read.residue_harvest import Harvest
from scanner.read.residue_jpeg import harvest_jpeg
from scanner.read.residue_png import harvest_png
from scanner.read.residue_psd import harvest_psd
from scanner.read.residue_riff import harvest_riff
from scanner.read.residue_stealth import harvest_pixels
from scanner.read.residue_svg import harvest_svg, harvest_svgz
from scanner.tools.bounded import open_regular
from scanner.tools.containers.source import Source

Walk = Callable[[Source, Harvest], None]

_WALKS: tuple[tuple[Walk, tuple[str, ...]], ...] = (
    (harvest_jpeg, ("jpeg",)),
    (harvest_png, ("png", "apng")),
    (harvest_riff, ("webp", "wav", "bwf", "rf64", "avi")),
    (harvest_bmff, ("avif", "heic", "heif", "m4a")),
    (harvest_movie, ("mp4", "mov", "m4v", "3gp")),
    (harvest_svg, ("svg",)),
    (harvest_svgz, ("svgz",)),
    (harvest_psd, ("psd", "psb")),
)
_BY_NAME = {name: walk for walk, names in _WALKS for name in names}

STEALTH_FORMATS = frozenset({"png", "apng", "webp"})
"""Names of the formats in which stealth text is written."""

PIXELS_UNSEEN = "hidden text in its pixels was not looked for"


class ResidueReader:
    """Reads what ExifTool leaves. Implements `model.protocols.Reader`."""

    name = "residue"
    version = VERSION

    def read(self, path: str, file_format: Format, size_bytes: int) -> Outcome:
        """Walk the container of one file; see `model.protocols.Reader`."""
        try:
            with open_regular(path) as stream:
                return self.read_source(Source(stream, size_bytes), file_format)
        except OSError as error:
            return Failed(f"cannot be read: {error.strerror or error}", transient=True)

    def read_source(self, source: Source, file_format: Format) -> Outcome:
        """Walk the container of one opened file."""
        walk = _BY_NAME.get(file_format.name)
        if walk is None:
            return NotTried(f"nothing that ExifTool leaves is known in {file_format.title}")
        harvest = Harvest()
        try:
            walk(source, harvest)
        except OSError as error:
            return Failed(f"cannot be read: {error.strerror or error}", tuple(harvest.statements), transient=True)
        except MemoryError:
            return Failed("reading it needs more memory than there is", tuple(harvest.statements), transient=True)
        return harvest.outcome()

    def read_pixels(self, image: Image.Image) -> Outcome:
        """Look for stealth text in a decoded picture of one of the `STEALTH_FORMATS`."""
        harvest = Harvest()
        try:
            harvest_pixels(image, harvest)
        except (OSError, ValueError, MemoryError) as error:
            return NotTried(f"{PIXELS_UNSEEN} ({error or 'out of memory'})", transient=not isinstance(error, ValueError))
        return harvest.outcome()

    def close(self) -> None:
        """Nothing is kept open."""


def join_outcomes(container: Outcome, pixels: Outcome) -> Outcome:
    """Put what the container and what the pixels of one file yielded into one outcome.

    Pixels that were not looked at are told as a warning: the container was read all the same.
    """
    told = (pixels.why,) if isinstance(pixels, Failed | NotTried) else pixels.warnings
    statements = () if isinstance(pixels, NotTried) else pixels.statements
    match container:
        case Found() | NotFound():
            joined = Found((*container.statements, *statements), warnings=(*container.warnings, *told))
            return joined if joined.statements else NotFound(joined.warnings)
        case Failed():
            return replace(container, statements=(*container.statements, *statements))
        case NotTried():
            return pixels
