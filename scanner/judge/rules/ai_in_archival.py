"""Archival material that generative AI made or changed: a question of ethics beside the one of approval for delivery."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import firm, noun
from scanner.judge.examples import PHOTO, SEQUENCE, declared, mark, moved
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Meaning, Provenance

CARD = RuleCard(
    id="ai-in-archival",
    title="Archival material made or altered with AI",
    why="Viewers take archival material for a record of real events, people and statements. What could be mistaken for them "
    "needs written approval as a matter of ethics and representation, whatever else was approved.",
    cannot_show="Whether the change alters what the picture says, whether viewers will be told, and what the original shows.",
    next_step="Use the original. Where AI is meant to be there, agree on the on-screen disclosure, ask for written approval in "
    "the ethics category and record it in the GenAI cue sheet.",
    who="archive producer",
    source="Netflix, Using Generative AI in Content Production: ethics and representation; Archival Producers Alliance, best "
    "practices",
)

CASES: Cases = {
    "generated": "the whole asset was generated: ingested material, for the Archival Producers Alliance",
    "altered": "a real original bears a generative edit or element",
}

_WORDS = {
    "generated": "{} stands among archival material and declares AI generation: viewers may take it for a record of real events",
    "altered": "{} stands among archival material and declares a generative edit or element: viewers may take it for an "
    "unaltered record of real events",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See an archival asset that declares generative AI; what declares it is told by `ai-declared`."""
    if subject.zone.zone is not Zone.ARCHIVAL or not subject.provenance.is_generative:
        return
    case = "generated" if subject.provenance is Provenance.GENERATED else "altered"
    marks = firm(subject.marks, Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED)
    yield Observation(CARD.id, marks[0].confidence if marks else Confidence.STRONG, _WORDS[case].format(noun(subject)), case=case)


EXAMPLES = (
    Example(
        "an archive still with a generative edit",
        moved(declared(PHOTO, mark(Meaning.EDITED)), Zone.ARCHIVAL),
        "the file stands among archival material and declares a generative edit or element: viewers may take it for an "
        "unaltered record of real events",
        "altered",
    ),
    Example(
        "a generated sequence in an archive folder",
        moved(declared(SEQUENCE, mark(Meaning.GENERATED)), Zone.ARCHIVAL),
        "the sequence stands among archival material and declares AI generation: viewers may take it for a record of real events",
        "generated",
    ),
    Example("the same in a final folder", declared(PHOTO, mark(Meaning.EDITED))),
    Example("an archive still, enlarged", moved(declared(PHOTO, mark(Meaning.ENHANCED)), Zone.ARCHIVAL)),
    Example("an archive still without marks", moved(PHOTO, Zone.ARCHIVAL)),
)
