"""The columns of the cue sheet: what each means, who fills it, which are seen at once.

They unite what the Archival Producers Alliance, IPTC 2025.1, C2PA and clients' approvals ask for: see docs/cue-sheet.md.
"""

from __future__ import annotations

from enum import Enum


class By(Enum):
    """Who fills a column."""

    SCAN = "the scan"
    """Written anew each time; what a person typed there moves to the note."""
    BOTH = "the scan proposes, you decide"
    """What a person wrote stays."""
    YOU = "you"


class Column(Enum):
    """One column; the value is its heading, by which a sheet is read back."""

    ID = "ID"
    DESCRIPTION = "Description"
    THUMBNAIL = "Thumbnail"
    TC_IN = "TC in"
    TC_OUT = "TC out"
    INVOLVEMENT = "AI involvement"
    TOOL = "Tool"
    PROMPT = "Prompt"
    SOURCE = "Source and archive ID"
    RIGHTS = "Rights"
    APPROVAL = "Approval"
    DISCLOSURE = "On-screen disclosure"
    NOTE = "Note"
    PROJECT = "Project"
    EPISODE = "Episode"
    FILE = "File"
    CONTENT_HASH = "Content hash"
    MEDIA_TYPE = "Media type"
    SOURCE_TC = "Source TC"
    DURATION = "Duration"
    TOOL_VERSION = "Tool version"
    PROMPT_WRITER = "Prompt writer"
    MADE = "Date made"
    EVIDENCE = "Evidence"
    SIGNER = "Signer and trust"
    OWNER = "Source owner"
    COPYRIGHT = "Copyright status"
    TALENT = "Talent and consent"
    CATEGORY = "Approval category"
    USE = "Temporary or final"
    APPROVER = "Approver"
    REVIEWER = "Reviewer"
    STATUS = "Status"
    AS_SCANNED = "As scanned"

    @property
    def by(self) -> By:
        """Who fills it."""
        return _BY.get(self, By.YOU)

    @property
    def is_visible(self) -> bool:
        """Whether it is among the twelve that are seen at once; the others are grouped and folded away."""
        return self in VISIBLE


COLUMNS = tuple(Column)
VISIBLE = COLUMNS[:12]
_BY = {
    **dict.fromkeys(
        (
            Column.ID,
            Column.THUMBNAIL,
            Column.FILE,
            Column.CONTENT_HASH,
            Column.MEDIA_TYPE,
            Column.EVIDENCE,
            Column.SIGNER,
            Column.AS_SCANNED,
        ),
        By.SCAN,
    ),
    **dict.fromkeys(
        (
            Column.TC_IN,
            Column.TC_OUT,
            Column.INVOLVEMENT,
            Column.TOOL,
            Column.PROMPT,
            Column.SOURCE,
            Column.RIGHTS,
            Column.APPROVAL,
            Column.NOTE,
            Column.DURATION,
            Column.TOOL_VERSION,
            Column.PROMPT_WRITER,
            Column.MADE,
            Column.OWNER,
            Column.TALENT,
            Column.CATEGORY,
            Column.USE,
            Column.APPROVER,
        ),
        By.BOTH,
    ),
}
REQUIRED = (
    Column.DESCRIPTION,
    Column.TC_IN,
    Column.TC_OUT,
    Column.INVOLVEMENT,
    Column.TOOL,
    Column.PROMPT,
    Column.SOURCE,
    Column.RIGHTS,
    Column.APPROVAL,
    Column.DISCLOSURE,
)
"""Cells that a finished sheet has filled in, for everything that may be in the programme."""
NOT_LOCATED = "not located in cut"
"""What a blank timecode reads."""
NOT_AVAILABLE = "not available"
"""What a thumbnail's cell reads where no picture can be made."""
GONE = "no longer in the delivery"
