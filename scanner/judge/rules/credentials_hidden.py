"""Content credentials where readers of credentials do not look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, noun
from scanner.judge.examples import PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="credentials-hidden",
    title="Content credentials out of the readers' sight",
    why="Bytes of content credentials stand behind the start or the end of the picture, where readers of credentials do not "
    "look. A tool put them in the wrong place, or moved them there.",
    cannot_show="What they declare, and whether they belong to this picture: they were found, not read. They are looked for in "
    "JPEG only, in the 64 MB behind the start of the picture.",
    next_step="Ask for the file as it was signed, and scan that.",
    who="assistant editor",
    source="C2PA 2.x, embedding manifests into JPEG",
)

CASES: Cases = {"beside-others": "the file also holds content credentials in their place"}

_IN_PLACE = (Credentials.TRUSTED, Credentials.VALID, Credentials.INVALID, Credentials.NOT_VERIFIED)


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See credentials that stand where the reader of credentials does not look."""
    if not subject.hidden_credentials:
        return
    beside = subject.credentials in _IN_PLACE
    others = ", beside others that were read" if beside else ""
    place = shown(subject.hidden_credentials, PATH_LIMIT)
    message = f"{noun(subject)} holds content credentials {place}, where they were not read{others}"
    yield Observation(CARD.id, Confidence.STRONG, message, case="beside-others" if beside else "")


_HIDDEN = replace(PHOTO, hidden_credentials="behind the end marker, at byte 180224")

EXAMPLES = (
    Example(
        "credentials glued to the end of a JPEG",
        _HIDDEN,
        "the file holds content credentials behind the end marker, at byte 180224, where they were not read",
    ),
    Example(
        "a second set behind the picture",
        replace(_HIDDEN, credentials=Credentials.VALID),
        "the file holds content credentials behind the end marker, at byte 180224, where they were not read, "
        "beside others that were read",
        "beside-others",
    ),
    Example("credentials in their place", replace(PHOTO, credentials=Credentials.VALID)),
    Example("no credentials", PHOTO),
)
