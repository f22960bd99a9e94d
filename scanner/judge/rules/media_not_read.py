"""Media on which a required reading failed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, count, noun
from scanner.judge.examples import EXR, PHOTO, SEQUENCE, SUBTITLES, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.formats import UNKNOWN_FORMAT, MediaKind
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

CASES: Cases = {
    "no-reader": "a reading that the policy requires cannot be done on a file of this format",
    "not-required": "a reading failed that the policy does not require",
}

_WORDS = {
    "probe": "structure",
    "exiftool": "metadata",
    "c2pa": "content credentials",
    "residue": "what metadata readers leave",
    "picture": "picture",
    "watermark": "watermarks",
}
"""Readers → what they read."""
_USUAL = ("exiftool", "c2pa", "residue")
"""Readers whose failure is told even where the policy does not require them. Pictures and watermarks are extra looks."""
_NOBODY = "no reader looked at it"

Loss = tuple[str, str]
"""A reader, and why it has nothing to say."""


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See as one observation what required readers could not do, marks or not."""
    required = _required(subject, surroundings)
    losses = tuple(_losses(subject, required))
    others = tuple(_failures(subject, frozenset(_USUAL) - required))
    if losses or (subject.provenance is Provenance.UNREADABLE and not others):
        yield _observation("", f"{noun(subject)} could not be read whole", losses)
    elif others:
        yield _observation("not-required", f"{noun(subject)} could not be read whole, and the policy does not require it", others)
    elif missing := tuple(_not_possible(subject, required)):
        yield _observation("no-reader", f"{noun(subject)} is of a format in which a required reading is not possible", missing)


def _observation(case: str, what: str, losses: Sequence[Loss]) -> Observation:
    reasons = dict.fromkeys(f"{_WORDS[reader]}: {shown(reason, PATH_LIMIT)}" for reader, reason in losses)
    first = f" ({next(iter(reasons))})" if reasons else ""
    more = f" and {count(len(reasons) - 1, 'more failure' if case != 'no-reader' else 'more')}" if len(reasons) > 1 else ""
    return Observation(CARD.id, Confidence.DEFINITIVE, f"{what}{first}{more}", case, case)


def _required(subject: Subject, surroundings: Surroundings) -> frozenset[str]:
    # What is of no known type has no row in a policy; what failed on it counts as ever.
    return frozenset(surroundings.required_readings.get(subject.format.kind, _USUAL))


def _losses(subject: Subject, required: frozenset[str]) -> Iterator[Loss]:
    """Yield each required reader that failed, or that never came, and why."""
    yield from _failures(subject, required | {"probe"})
    # Metadata nobody looked for: a dead worker, a missing program. "Not tried" must not pass either.
    owed = "exiftool" in required and subject.format.kind.is_media and subject.format.metadata
    if owed and not _was_tried(subject, "exiftool"):
        yield "exiftool", _why_not(subject, "exiftool")


def _failures(subject: Subject, readers: Collection[str]) -> Iterator[Loss]:
    if not subject.format.kind.is_media and subject.provenance is not Provenance.UNREADABLE:
        return
    for reading in subject.readings:
        if reading.state == "failed" and reading.reader in readers:
            yield reading.reader, reading.reason or "no reason given"


def _not_possible(subject: Subject, required: frozenset[str]) -> Iterator[Loss]:
    """Yield each required reader that the format gives nothing to read.

    Of `residue` that is no loss: it reads what ExifTool leaves, and of this format nothing is known to be left.
    """
    if not subject.format.kind.is_media:
        return
    for reader in _WORDS:
        if reader not in required or reader == "residue" or _was_tried(subject, reader):
            continue
        if reader != "picture" or not subject.fingerprinted:
            yield reader, _why_not(subject, reader)


def _was_tried(subject: Subject, reader: str) -> bool:
    return any(reading.reader == reader and reading.state != "not-tried" for reading in subject.readings)


def _why_not(subject: Subject, reader: str) -> str:
    return next((reading.reason for reading in subject.readings if reading.reader == reader and reading.reason), _NOBODY)


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
_METADATA_ONLY = Surroundings(required_readings={MediaKind.STILL: ("exiftool",)})

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
    Example(
        "a format without content credentials",
        SEQUENCE,
        "the sequence is of a format in which a required reading is not possible (content credentials: no reader for OpenEXR)",
        "no-reader",
    ),
    Example("the same where the policy requires metadata only", SEQUENCE, surroundings=_METADATA_ONLY),
    Example(
        "a reading failed that the policy does not require",
        replace(PHOTO, readings=_HALF_READ),
        "the file could not be read whole, and the policy does not require it (content credentials: time-out after 60 s)",
        "not-required",
        _METADATA_ONLY,
    ),
    Example(
        "the policy requires a watermark reading",
        replace(PHOTO, readings=(*PHOTO.readings, ReadingSummary("watermark", "not-tried", "smaller than 256 pixels"))),
        "the file is of a format in which a required reading is not possible (watermarks: smaller than 256 pixels)",
        "no-reader",
        Surroundings(required_readings={MediaKind.STILL: ("exiftool", "watermark")}),
    ),
    Example(
        "only its picture could not be decoded", replace(PHOTO, readings=(*PHOTO.readings, ReadingSummary("picture", "failed")))
    ),
    Example(
        "a format whose metadata no reader knows",
        replace(PHOTO, format=replace(EXR, metadata=False), readings=()),
        "the file is of a format in which a required reading is not possible (metadata: no reader looked at it) and 1 more",
        "no-reader",
    ),
    Example(
        "subtitles are no media", replace(PHOTO, format=SUBTITLES, provenance=Provenance.NOT_CHECKABLE, readings=_LOST.readings)
    ),
    Example("read whole", PHOTO),
)
