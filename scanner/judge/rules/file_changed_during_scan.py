"""A file that changed while it was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="file-changed-during-scan",
    title="The file changed while it was read",
    why="A copy is still running or someone is working on the delivery, so the report may speak of bytes that are gone.",
    cannot_show="What changed.",
    next_step="Wait until copying has ended, and scan again.",
    who="post supervisor",
    coverage=True,
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See that size or time changed between the beginning and the end of reading."""
    if subject.changed:
        yield Observation(CARD.id, Confidence.DEFINITIVE, f"{noun(subject)} changed while it was read")


EXAMPLES = (
    Example("a copy still running", replace(PHOTO, changed=True), "the file changed while it was read"),
    Example("a file at rest", PHOTO),
)
