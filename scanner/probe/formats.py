"""The table of file formats: what a file can be, which extensions it rightly bears, which formats are near relatives."""

from __future__ import annotations

from scanner.model.formats import Format
from scanner.probe.other_formats import BINARIES, DOCUMENTS, TEXTS
from scanner.probe.still_formats import STILLS
from scanner.probe.timed_formats import TIMED

ALL: tuple[Format, ...] = (*STILLS, *TIMED, *DOCUMENTS, *TEXTS, *BINARIES)
"""Every format the probe can answer."""

LITTER: frozenset[str] = frozenset({"apple-double", "ds-store", "thumbs-db"})
"""Names of formats that operating systems leave behind; known by content, never by a file's name."""

_RELATIVES: tuple[frozenset[str], ...] = (
    frozenset({"png", "apng"}),
    frozenset({"heic", "heif"}),
    frozenset({"jxl", "jxl-codestream"}),
    frozenset({"jp2", "j2k"}),
    frozenset({"psd", "psb"}),
    frozenset({"svg", "svgz"}),
    # Camera raws are TIFF at heart, and makers reuse one another's extensions.
    frozenset({"tiff", "bigtiff", "dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2", "pef", "x3f", "srw", "3fr", "iiq"}),
    frozenset({"mp4", "mov", "m4v", "m4a", "3gp"}),
    frozenset({"mkv", "webm"}),
    frozenset({"mpeg-ts", "mpeg-ps", "mpeg-video"}),
    frozenset({"wav", "bwf", "rf64"}),
    frozenset({"ogg", "opus", "ogv"}),
    frozenset({"pdf", "postscript"}),
    # Spruce STL is text under the extension of EBU STL.
    frozenset({*(row.name for row in TEXTS), "stl"}),
    # An encrypted docx is an OLE document; project files are zip or gzip by version.
    frozenset({"zip", "gzip", "tar", "7z", "rar", "ole"}),
    frozenset({"ttf", "otf", "ttc", "woff", "woff2", "type1"}),
)

_BY_NAME = {row.name: row for row in ALL}


def _owners() -> dict[str, tuple[Format, ...]]:
    owners: dict[str, tuple[Format, ...]] = {}
    for row in ALL:
        for extension in row.extensions:
            owners[extension] = (*owners.get(extension, ()), row)
    return owners


_BY_EXTENSION = _owners()


def by_name(name: str) -> Format:
    """Return the row called `name`.

    Raises:
        KeyError: the table has no such row.
    """
    return _BY_NAME[name]


def find_by_extension(extension: str) -> tuple[Format, ...]:
    """Return the formats that rightly bear a lower-case `extension`, in table order; empty where none does."""
    return _BY_EXTENSION.get(extension, ())


def find_extension(name: str) -> str:
    """Return the lower-case extension of a file name without its dot; empty where it has none."""
    stem, dot, extension = name.rpartition(".")
    return extension.lower() if dot and stem.strip(".") else ""


def is_lie(extension: str, content: Format) -> bool:
    """Tell whether `extension` belongs to known formats of which none is `content` or near to it.

    Litter never lies: AppleDouble files bear the whole name of the file they accompany.
    """
    owners = find_by_extension(extension)
    if not owners or content.name in LITTER or content in owners:
        return False
    return not any(content.name in family and owner.name in family for owner in owners for family in _RELATIVES)
