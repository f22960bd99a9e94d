"""A file whose bytes fit no known format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.examples import PHOTO, SUBTITLES, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.formats import UNKNOWN_FORMAT, MediaKind
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning, Provenance

CARD = RuleCard(
    id="unknown-type",
    title="A file of a type no reader knows",
    why="The bytes fit no format this scanner knows, so nobody looked inside. In a final folder a person should say what it is.",
    cannot_show="Whether it is media at all.",
    next_step="Say what the file is; if it is media, deliver it in a known format.",
    who="post supervisor",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See a file of unknown type; silent where a reader got marks out of it, or it could not be read at all."""
    if subject.format.kind is not MediaKind.UNKNOWN or subject.marks or subject.provenance is Provenance.UNREADABLE:
        return
    yield Observation(CARD.id, Confidence.DEFINITIVE, "the type of the file is not known, and no reader could look into it")


_STRANGE = replace(PHOTO, path="final/blob.bin", format=UNKNOWN_FORMAT, provenance=Provenance.NOT_CHECKABLE, readings=())

EXAMPLES = (
    Example("bytes of no known format", _STRANGE, "the type of the file is not known, and no reader could look into it"),
    Example("a reader found marks in it all the same", declared(_STRANGE, mark(Meaning.GENERATED))),
    Example("subtitles are known, and no media", replace(PHOTO, format=SUBTITLES)),
    Example("a photograph", PHOTO),
)
