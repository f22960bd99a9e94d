"""Gaps in a numbered sequence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.examples import PHOTO, SEQUENCE
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="frames-missing",
    title="Frames missing from a sequence",
    why="The numbers of the sequence have gaps. What is not there was not read.",
    cannot_show="Whether the gap is meant.",
    next_step="Render or copy the missing frames, or confirm the gap.",
    who="VFX producer",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the gaps of a sequence."""
    if subject.missing_frames:
        ranges = shown(subject.missing_frames, PATH_LIMIT)
        noun, verb = ("frame", "is") if ranges.isdecimal() else ("frames", "are")
        yield Observation(CARD.id, Confidence.DEFINITIVE, f"{noun} {ranges} of the sequence {verb} missing")


EXAMPLES = (
    Example(
        "two gaps",
        replace(SEQUENCE, missing_frames="1010,1020-1022"),
        "frames 1010,1020-1022 of the sequence are missing",
    ),
    Example("one frame", replace(SEQUENCE, missing_frames="1010"), "frame 1010 of the sequence is missing"),
    Example("a whole sequence", SEQUENCE),
    Example("a single file", PHOTO),
)
