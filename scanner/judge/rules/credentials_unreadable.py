"""Content credentials that are there and cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.examples import PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="credentials-unreadable",
    title="Content credentials that cannot be read",
    why="A manifest stands in the file, but its structure is broken or unknown. This scan does not know what it says.",
    cannot_show="What the manifest declares.",
    next_step="Ask for the file as it was signed, or try a newer version of the scanner.",
    who="assistant editor",
    source="C2PA 2.x, validation",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See credentials in the state `unreadable`."""
    if subject.credentials is Credentials.UNREADABLE:
        yield Observation(CARD.id, Confidence.DEFINITIVE, "the file carries content credentials that cannot be read")


EXAMPLES = (
    Example(
        "a manifest cut short",
        replace(PHOTO, credentials=Credentials.UNREADABLE),
        "the file carries content credentials that cannot be read",
    ),
    Example("no credentials", PHOTO),
)
