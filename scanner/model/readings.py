"""Readings: what one reader got from one file. Absence is not failure, and not trying is neither."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.credentials import ManifestStore

VALUE_LIMIT = 4096
"""Characters of raw text kept of one value; a prompt graph can be megabytes, evidence needs its beginning."""

BARE_NOTE = "nothing but the picture or sound in its container, so no reader was asked"
PLAIN_NOTE = "all its metadata is plain and none of it is a mark, so no reader was asked"
MARKED_NOTE = "all its metadata is plain, so no reader was asked"
UNSIGNED_NOTE = "nothing in its bytes can be credentials, so the C2PA library was not asked"
WALKED_NOTES = frozenset({BARE_NOTE, PLAIN_NOTE, MARKED_NOTE})
"""Reasons of readings that a walk of the scanner's own answered instead of the reader's tool."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing a file says about itself: a tag, a chunk, a claim."""

    field: str
    """Group and name, ``XMP-iptcExt:DigitalSourceType`` or ``C2PA:SoftwareAgent``; no copy numbers."""
    value: str
    """The value as text, whole: matching needs it; what is kept for reports is cut to VALUE_LIMIT."""
    where: str = "file"
    """``file``, ``sidecar NAME`` or ``manifest LABEL``."""


@dataclass(frozen=True, slots=True)
class Found:
    """The reader looked and got something."""

    statements: tuple[Statement, ...] = ()
    manifests: ManifestStore | None = None
    warnings: tuple[str, ...] = ()
    """What the reader itself complained of without failing."""
    remote_url: str | None = None
    """Where the file says its manifest is kept; never fetched."""
    note: str = ""
    """As in `NotFound`."""


@dataclass(frozen=True, slots=True)
class NotFound:
    """The reader looked, all the way, and there is nothing that says anything of provenance."""

    warnings: tuple[str, ...] = ()
    statements: tuple[Statement, ...] = ()
    """Structural facts all the same: type, picture size."""
    note: str = ""
    """How it is known, where that is not by the reader's own tool."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The reader tried and could not: an error, a time-out, a broken file."""

    why: str
    statements: tuple[Statement, ...] = ()
    """What it got before it failed: a mark in a truncated file is still a mark."""
    transient: bool = False
    """Whether the cause may lie outside the file (time-out, memory, disk, a missing module): another try may go well."""


@dataclass(frozen=True, slots=True)
class NotTried:
    """The reader cannot look into this format, or was told not to."""

    why: str
    transient: bool = False
    """As `Failed.transient`: it did not get to look, for want of memory."""


Outcome = Found | NotFound | Failed | NotTried


@dataclass(frozen=True, slots=True)
class Reading:
    """One reader's outcome on one file."""

    reader: str
    version: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReadingSummary:
    """What a report keeps of a reading."""

    reader: str
    state: str
    """``found``, ``not-found``, ``failed`` or ``not-tried``."""
    reason: str | None = None
