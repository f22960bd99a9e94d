"""A sidecar that fits two files."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.examples import PHOTO, XMP_SIDECAR, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning
from scanner.model.text import shown

CARD = RuleCard(
    id="sidecar-doubt",
    title="A sidecar that fits more than one file",
    why="Its name fits several files, so what it says was given to none of them.",
    cannot_show="Which file it speaks of.",
    next_step="Rename it to the full name of its file (st_014.tif.xmp), and scan again.",
    who="assistant editor",
)

CASES: Cases = {"ai-claim": "the sidecar declares generative AI for one of them"}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See a sidecar that stands alone because its name leaves its file open."""
    if not subject.sidecar_doubt:
        return
    is_claim = any(one.meaning.is_generative and one.confidence is not Confidence.WEAK for one in subject.marks)
    claim = "declares generative AI and " if is_claim else ""
    message = f"the sidecar {claim}was given to no file: {shown(subject.sidecar_doubt, PATH_LIMIT)}"
    yield Observation(CARD.id, Confidence.DEFINITIVE, message, case="ai-claim" if is_claim else "")


_ALONE = replace(PHOTO, path="final/ep1/st_014.xmp", format=XMP_SIDECAR, sidecar_doubt="fits st_014.jpg and st_014.tif")

EXAMPLES = (
    Example("one stem, two pictures", _ALONE, "the sidecar was given to no file: fits st_014.jpg and st_014.tif"),
    Example(
        "and it declares AI",
        declared(_ALONE, mark(Meaning.GENERATED)),
        "the sidecar declares generative AI and was given to no file: fits st_014.jpg and st_014.tif",
        "ai-claim",
    ),
    Example("any other file", PHOTO),
)
