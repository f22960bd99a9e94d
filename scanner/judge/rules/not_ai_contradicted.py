"""Content of which a person said that it is not AI, and which says itself that it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import stated
from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO, decided
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.decisions import DecisionKind, DecisionState
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="not-ai-contradicted",
    title="Said not to be AI, and it says that it is",
    why="A person said that what was found is a false alarm. Some of it rests on a statement that leaves nothing to interpret: a "
    "definitive mark, content credentials that hold, equality with a known AI picture. No person's word lifts that; it is put "
    "before somebody instead of blocking.",
    cannot_show="Which of the two is right: a mark may have been written by mistake, and a person may be.",
    next_step="Find out how the content was made. If AI made it, ask for the client's written approval and record it: scanner "
    "approve PATH. If the statement in the file is a mistake, have its maker export it again from the source.",
    who="post producer",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the standing decision that does not lift what was found, and why it does not."""
    said = [one for one in subject.decisions if one.decision.kind is DecisionKind.NOT_AI and one.state is DecisionState.STANDING]
    if said and subject.still_said:
        decision = said[-1].decision
        message = f"{noun(subject)} was said not to be AI {stated(decision)}; it is not lifted: {subject.still_said[0]}"
        yield Observation(CARD.id, Confidence.DEFINITIVE, message, decision.id)


_SAID = decided(DecisionKind.NOT_AI, "painted by hand")

EXAMPLES = (
    Example(
        "a signed claim of AI, called a false alarm",
        replace(
            PHOTO, decisions=(_SAID,), still_said=("its content credentials hold and say so outright (C2PA:DigitalSourceType)",)
        ),
        "the file was said not to be AI by Vera Okafor, legal, on 2026-02-03: painted by hand; "
        "it is not lifted: its content credentials hold and say so outright (C2PA:DigitalSourceType)",
    ),
    Example("all that was found was lifted", replace(PHOTO, decisions=(_SAID,))),
    Example("nobody decided", PHOTO),
)
