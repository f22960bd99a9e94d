"""The writer's own term leaves open whether generative AI is in the asset."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import best_first, cite, declares
from scanner.judge.examples import PHOTO, SEQUENCE, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Meaning

CARD = RuleCard(
    id="ai-possible",
    title="The declared source may include AI elements",
    why="Some source terms (IPTC composite, virtualRecording) cover work with and without generative elements. Only the maker "
    "can say which it is.",
    cannot_show="That AI was used. The term fits hand-made composites as well.",
    next_step="Ask the maker what the composite was made of, and note the answer.",
    who="post producer",
    source="IPTC DigitalSourceType: composite, virtualRecording",
)

CASES: Cases = {}


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See may-contain marks as one observation; silent where the asset declares generative AI anyway."""
    marks = best_first(one for one in subject.marks if one.meaning is Meaning.MAY_CONTAIN)
    if not marks or subject.provenance.is_generative:
        return
    message = declares(subject, marks, "a source that leaves open whether AI was used") + cite(subject, marks, surroundings)
    yield Observation(CARD.id, marks[0].confidence, message, marks[0].id)


_COMPOSITE = mark(Meaning.MAY_CONTAIN, value="http://cv.iptc.org/newscodes/digitalsourcetype/composite")

EXAMPLES = (
    Example(
        "IPTC composite",
        declared(PHOTO, _COMPOSITE),
        "the file declares a source that leaves open whether AI was used (unsigned, XMP-iptcExt:DigitalSourceType)",
    ),
    Example(
        "a sequence of composites",
        declared(SEQUENCE, _COMPOSITE),
        "all 96 frames declare a source that leaves open whether AI was used (unsigned, XMP-iptcExt:DigitalSourceType)",
    ),
    Example("the file declares AI itself", declared(PHOTO, mark(Meaning.GENERATED), _COMPOSITE)),
    Example("a photograph without marks", PHOTO),
)
