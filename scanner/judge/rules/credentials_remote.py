"""Content credentials that stand elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.examples import PHOTO
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="credentials-remote",
    title="Content credentials stand elsewhere",
    why="The file only names an address where its manifest is kept. This scan opens no network connection, so it was not read.",
    cannot_show="What the manifest declares, and whether it is still there.",
    next_step="Fetch the manifest yourself, lay it beside the file as a .c2pa sidecar, and scan again.",
    who="assistant editor",
    source="C2PA 2.x, remote manifests",
)

CASES: Cases = {}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the address of a manifest that was not fetched."""
    if subject.credentials is Credentials.REMOTE:
        address = f": {shown(subject.remote_url, PATH_LIMIT)}" if subject.remote_url else ""
        yield Observation(
            CARD.id, Confidence.DEFINITIVE, f"the content credentials stand elsewhere and were not fetched{address}"
        )


EXAMPLES = (
    Example(
        "a link to a manifest",
        replace(PHOTO, credentials=Credentials.REMOTE, remote_url="https://manifests.example/1.c2pa"),
        "the content credentials stand elsewhere and were not fetched: https://manifests.example/1.c2pa",
    ),
    Example("no credentials", PHOTO),
)
