"""The thumbnail inside the file shows another picture than the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, noun
from scanner.judge.examples import PHOTO, moved
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="thumbnail-differs",
    title="The embedded thumbnail shows another picture",
    why="Cameras put a small copy of the picture into its EXIF block. Here that copy shows something else: the picture was "
    "exchanged, cropped or changed much after the camera made it, by a tool that left the thumbnail as it was.",
    cannot_show="Which change it was, who made it, and whether it matters: a cropped photograph whose thumbnail was left looks "
    "like this too. Retouching of a part is too small to be seen at this size. A thumbnail that was made anew, padded with bars, "
    "turned, too plain or broken says nothing. Looked at is the JPEG in the EXIF block only, not previews in maker notes.",
    next_step="Look at the thumbnail (exiftool -b -ThumbnailImage FILE) beside the picture, and ask for the camera original.",
    who="archive producer",
    source="EXIF 2.32, section 4.5.5; docs/decisions/0018",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See an EXIF thumbnail that agrees with its picture in no way to lay, cut or pad it."""
    if not subject.other_thumbnail:
        return
    told = shown(subject.other_thumbnail, PATH_LIMIT)
    message = f"the thumbnail in the EXIF block of {noun(subject)} shows another picture, or another crop of it ({told})"
    yield Observation(CARD.id, Confidence.STRONG, message)


_OTHER = replace(PHOTO, other_thumbnail="160 × 120 pixels, 118 of 256 bits differ")

EXAMPLES = (
    Example(
        "an archive photograph whose thumbnail shows another picture",
        moved(_OTHER, Zone.ARCHIVAL),
        "the thumbnail in the EXIF block of the file shows another picture, or another crop of it "
        "(160 × 120 pixels, 118 of 256 bits differ)",
    ),
    Example("a photograph whose thumbnail shows it", PHOTO),
)
