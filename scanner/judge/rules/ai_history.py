"""AI in a component or an earlier state, not in the asset as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import best_first, cite
from scanner.judge.examples import PHOTO, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Meaning

CARD = RuleCard(
    id="ai-history",
    title="AI in a component or an earlier state",
    why="The recorded history names generative AI in a component, an input or an earlier state of the asset.",
    cannot_show="Whether anything of that component is still to be seen.",
    next_step="Follow the history to the component, and name it in the GenAI cue sheet if it is still in the picture.",
    who="VFX producer",
    source="C2PA 2.x, ingredients; XMP media management history",
)

CASES: Cases = {}


def observe(subject: Subject, surroundings: Surroundings) -> Iterator[Observation]:
    """See history marks as one observation; silent where the asset itself declares generative AI."""
    marks = best_first(one for one in subject.marks if one.meaning is Meaning.HISTORY)
    if not marks or subject.provenance.is_generative:
        return
    message = f"the recorded history names AI in a component or an earlier state{cite(subject, marks, surroundings)}"
    yield Observation(CARD.id, marks[0].confidence, message, marks[0].id)


_COMPONENT = mark(
    Meaning.HISTORY, id="c2pa-component", reader="c2pa", where="manifest urn:c2pa:2, C2PA:DigitalSourceType", generator="DALL·E"
)

EXAMPLES = (
    Example(
        "an AI component in a signed edit",
        declared(PHOTO, _COMPONENT),
        "the recorded history names AI in a component or an earlier state "
        "(in content credentials, not verified, C2PA:DigitalSourceType; DALL·E)",
    ),
    Example("the file declares AI itself", declared(PHOTO, mark(Meaning.GENERATED), _COMPONENT)),
    Example("a photograph without marks", PHOTO),
)
