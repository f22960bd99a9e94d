"""A name that says another format than the bytes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import NAME_LIMIT
from scanner.judge.examples import PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="wrong-extension",
    title="The extension belongs to another format",
    why="Tools that trust names read such a file wrongly or not at all. This scan read it by its bytes.",
    cannot_show="Why it was named so; browsers and chat programs do it by themselves.",
    next_step="Rename the file if the delivery's specification asks for it.",
    who="assistant editor",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See an extension that lies."""
    if subject.lying_extension is not None:
        extension = shown(subject.lying_extension, NAME_LIMIT)
        yield Observation(CARD.id, Confidence.DEFINITIVE, f"the name ends in .{extension}, the bytes are {subject.format.title}")


EXAMPLES = (
    Example("a JPEG named .png", replace(PHOTO, lying_extension="png"), "the name ends in .png, the bytes are JPEG"),
    Example("a JPEG named .jpg", PHOTO),
)
