"""Other content under the name of content that was decided on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import PARTICIPLES, stated
from scanner.judge.examples import PHOTO, decided, decision
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.decisions import DecisionKind
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="changed-since-decision",
    title="Other content under the name of decided content",
    why="Content of this file name was rejected, asked about or said not to be AI. A decision binds content, not a name: what "
    "stands here now is judged as if there were no decision.",
    cannot_show="Whether this is a later version of that content, or something else that has the same name.",
    next_step="If this is a new version, look at it and decide anew.",
    who="post producer",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the last decision about other content of this name, where the log says nothing of this content."""
    other = subject.decided_namesake
    if other is not None and not subject.decisions and not subject.approvals:
        message = f"the content of this name was {PARTICIPLES[other.kind]} {stated(other)}; other content stands here"
        yield Observation(CARD.id, Confidence.DEFINITIVE, message, f"name {other.id}")


_OTHER = decision(DecisionKind.REJECTION, "the logo is too large")

EXAMPLES = (
    Example(
        "exported again after it was rejected",
        replace(PHOTO, decided_namesake=_OTHER),
        "the content of this name was rejected by Vera Okafor, legal, on 2026-02-03: the logo is too large; other content "
        "stands here",
    ),
    Example(
        "the rejected content itself",
        replace(PHOTO, decided_namesake=_OTHER, decisions=(decided(DecisionKind.REJECTION, "the logo is too large"),)),
    ),
    Example("nobody decided", PHOTO),
)
