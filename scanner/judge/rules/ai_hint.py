"""A weak sign of AI in a name or in free text."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import best_first, cite
from scanner.judge.examples import PHOTO, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning

CARD = RuleCard(
    id="ai-hint",
    title="A weak sign of AI",
    why="A name, keyword or free text mentions a generator. That is no declaration, yet worth knowing beside other findings.",
    cannot_show="That AI was used: a photograph of a robot may be described as AI, a template may bear a generator's name.",
    next_step="Nothing by itself; look at it together with matches and other findings.",
    who="post producer",
)

CASES: Cases = {}

_MEANINGS = (Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED, Meaning.ENHANCED)


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See weak AI marks as one observation; silent where a firm mark already says more."""
    marks = best_first(one for one in subject.marks if one.confidence is Confidence.WEAK and one.meaning in _MEANINGS)
    if not marks or subject.provenance.is_generative:
        return
    message = f"a name or free text mentions AI, which is no declaration{cite(subject, marks, surroundings)}"
    yield Observation(CARD.id, Confidence.WEAK, message, marks[0].id)


_WORD = mark(Meaning.GENERATED, Confidence.WEAK, id="name-midjourney", where="file, name", generator="Midjourney")

EXAMPLES = (
    Example(
        "a generator's name in the file's name",
        declared(PHOTO, _WORD),
        "a name or free text mentions AI, which is no declaration (unsigned, name; Midjourney)",
    ),
    Example("the file declares AI itself", declared(PHOTO, mark(Meaning.GENERATED), _WORD)),
    Example("a photograph without marks", PHOTO),
)
