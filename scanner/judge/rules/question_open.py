"""Content about which somebody asked, and nobody has decided since."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import stated
from scanner.judge.evidence import NAME_LIMIT, noun
from scanner.judge.examples import PHOTO, decided
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.decisions import DecisionKind, DecisionState
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="question-open",
    title="A question that is open",
    why="A person who looked at this content could not decide without knowing more, and asked. Nothing was decided about it "
    "since.",
    cannot_show="Whether it was answered where the log does not tell.",
    next_step="Answer it, and record what follows: scanner approve PATH, or scanner decide reject or not-ai PATH.",
    who="whom the question names",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See each open question."""
    for one in subject.decisions:
        if one.decision.kind is DecisionKind.QUESTION and one.state is DecisionState.STANDING:
            to = f" to {shown(one.decision.addressee, NAME_LIMIT)}" if one.decision.addressee else ""
            message = f"a question{to} about {noun(subject)} is open, asked {stated(one.decision)}"
            yield Observation(CARD.id, Confidence.DEFINITIVE, message, one.decision.id)


_ASKED = decided(DecisionKind.QUESTION, "which tool made the sky?", addressee="Joel Brandt, VFX")

EXAMPLES = (
    Example(
        "asked in the review",
        replace(PHOTO, decisions=(_ASKED,)),
        "a question to Joel Brandt, VFX about the file is open, asked by Vera Okafor, legal, on 2026-02-03: which tool made the "
        "sky?",
    ),
    Example(
        "asked of nobody in particular",
        replace(PHOTO, decisions=(decided(DecisionKind.QUESTION, "is this the final grade?"),)),
        "a question about the file is open, asked by Vera Okafor, legal, on 2026-02-03: is this the final grade?",
    ),
    Example("it was approved since", replace(PHOTO, decisions=(replace(_ASKED, state=DecisionState.OVERTAKEN),))),
    Example("nobody asked", PHOTO),
)
