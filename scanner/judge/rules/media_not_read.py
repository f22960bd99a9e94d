"""Media on which a required reading failed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, count, noun
from scanner.judge.examples import EXR, PHOTO, SEQUENCE, SUBTITLES, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.readings import ReadingSummary
from scanner.model.text import shown

CARD = RuleCard(
    id="media-not-read",
    title="Media that could not be read",
    why="What could not be read cannot pass: a mark may stand where no reader came. Damage, a time-out and zero bytes end here.",
    cannot_show="Whether the part that was not read bears marks.",
    next_step="Open the file in its application; replace it if it is damaged, and scan again.",
    who="post supervisor",
    coverage=True,
)

CASES: Cases = {}

_WORDS = {"probe": "structure", "exiftool": "metadata", "c2pa": "content credentials", "residue": "what metadata readers leave"}
"""Readers whose failure leaves a file unread → what they read. Pictures and watermarks are extra looks."""


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See as one observation what required readers could not do, marks or not."""
    losses = tuple(_losses(subject))
    if not losses and subject.provenance is not Provenance.UNREADABLE:
        return
    reasons = dict.fromkeys(f"{_WORDS[reader]}: {shown(reason, PATH_LIMIT)}" for reader, reason in losses)
    told = f" ({next(iter(reasons))})" if reasons else ""
    more = f" and {count(len(reasons) - 1, 'more failure')}" if len(reasons) > 1 else ""
    yield Observation(CARD.id, Confidence.DEFINITIVE, f"{noun(subject)} could not be read whole{told}{more}")


def _losses(subject: Subject) -> Iterator[tuple[str, str]]:
    """Yield each required reader that has nothing to say, and why."""
    if not subject.format.kind.is_media and subject.provenance is not Provenance.UNREADABLE:
        return
    for reading in subject.readings:
        if reading.state == "failed" and reading.reader in _WORDS:
            yield reading.reader, reading.reason or "no reason given"
    # Metadata nobody looked for: a dead worker, a missing program. "Not tried" must not pass either.
    own = [reading for reading in subject.readings if reading.reader == "exiftool"]
    if subject.format.kind.is_media and subject.format.metadata and all(one.state == "not-tried" for one in own):
        yield "exiftool", next((one.reason for one in own if one.reason), "no reader looked at it")


_DAMAGED = replace(
    PHOTO,
    provenance=Provenance.UNREADABLE,
    readings=(
        ReadingSummary("probe", "failed", "ends before its last chunk"),
        ReadingSummary("exiftool", "failed", "ExifTool: Truncated PNG image"),
        ReadingSummary("c2pa", "not-found"),
    ),
)
_HALF_READ = (ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "failed", "time-out after 60 s"))
_LOST = replace(
    PHOTO,
    format=UNKNOWN_FORMAT,
    provenance=Provenance.UNREADABLE,
    readings=(ReadingSummary("probe", "failed", "permission denied"),),
)

EXAMPLES = (
    Example(
        "a truncated file",
        _DAMAGED,
        "the file could not be read whole (structure: ends before its last chunk) and 1 more failure",
    ),
    Example(
        "credentials that took too long",
        replace(PHOTO, readings=_HALF_READ),
        "the file could not be read whole (content credentials: time-out after 60 s)",
    ),
    Example(
        "a marked file read in part: both are told",
        replace(declared(PHOTO, mark(Meaning.GENERATED)), readings=_HALF_READ),
        "the file could not be read whole (content credentials: time-out after 60 s)",
    ),
    Example(
        "a file nobody may open, so that its type is not known either",
        _LOST,
        "the file could not be read whole (structure: permission denied)",
    ),
    Example(
        "a file no reader came to",
        replace(PHOTO, readings=()),
        "the file could not be read whole (metadata: no reader looked at it)",
    ),
    Example(
        "one frame of a sequence",
        replace(SEQUENCE, readings=(*SEQUENCE.readings, ReadingSummary("exiftool", "failed", "frames 1003: zero bytes"))),
        "the sequence could not be read whole (metadata: frames 1003: zero bytes)",
    ),
    Example("a format without content credentials", SEQUENCE),
    Example(
        "only its picture could not be decoded", replace(PHOTO, readings=(*PHOTO.readings, ReadingSummary("picture", "failed")))
    ),
    Example("a format whose metadata no reader knows", replace(PHOTO, format=replace(EXR, metadata=False), readings=())),
    Example(
        "subtitles are no media", replace(PHOTO, format=SUBTITLES, provenance=Provenance.NOT_CHECKABLE, readings=_LOST.readings)
    ),
    Example("read whole", PHOTO),
)
