"""File formats: what a file is by its bytes, and which readers can look into it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """What sort of thing a format holds; decides which readings a file owes."""

    STILL = "still"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"
    """PDF: may hold pictures and carries metadata."""
    NOT_MEDIA = "not-media"
    """Subtitles, projects, XML, LUTs, fonts, archives: counted, never judged."""
    UNKNOWN = "unknown"

    @property
    def is_media(self) -> bool:
        """Whether files of this kind are judged."""
        return self in (MediaKind.STILL, MediaKind.VIDEO, MediaKind.AUDIO, MediaKind.DOCUMENT)


@dataclass(frozen=True, slots=True)
class Format:
    """One file format and what this scanner can do with it."""

    name: str
    """Short lower-case name used in reports: ``jpeg``, ``mov``."""
    title: str
    """The name people use: ``JPEG``, ``QuickTime movie``."""
    kind: MediaKind
    mime: str | None
    """The media type handed to the C2PA library, or None where it cannot read the format."""
    extensions: tuple[str, ...]
    """Lower-case extensions, without the dot, that this format rightly bears."""
    metadata: bool = True
    """Whether ExifTool can look into it."""
    picture: bool = False
    """Whether Pillow can decode a picture of it."""
    limits: str = ""
    """What cannot be read in this format, as a sentence for the report; empty where nothing is known to be lost."""

    @property
    def credentials(self) -> bool:
        """Whether the C2PA library can look into it."""
        return self.mime is not None


UNKNOWN_FORMAT = Format("unknown", "unrecognised", MediaKind.UNKNOWN, None, ())
"""What a file is whose bytes fit no known format. ExifTool still tries it."""


@dataclass(frozen=True, slots=True)
class Probe:
    """What the probe says of one file."""

    format: Format
    lying_extension: str | None = None
    """The file's extension where it belongs to another known format, else None. ``photo.png`` holding JPEG: ``png``."""
    damage: str | None = None
    """What the container's own structure shows to be missing or broken (``ends before its last chunk``), else None."""
