"""Content credentials that no longer fit the content."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.examples import PHOTO, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning

CARD = RuleCard(
    id="credentials-changed",
    title="Changed after signing",
    why="The signature or a hash of the content credentials does not hold: a tool changed the file and did not renew them. "
    "Most often that is an honest resave.",
    cannot_show="What was changed, by whom, and whether it matters.",
    next_step="Ask for the file as it was signed if its history matters.",
    who="assistant editor",
    source="C2PA 2.x, validation",
)

CASES: Cases = {"ai-claim": "the file also declares generative AI"}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See credentials whose signature or hashes do not hold."""
    if subject.credentials is not Credentials.INVALID:
        return
    is_claim = subject.provenance.is_generative
    claim = ", and the file declares generative AI" if is_claim else ""
    message = f"the content credentials do not fit the content: changed after signing{claim}"
    yield Observation(CARD.id, Confidence.DEFINITIVE, message, case="ai-claim" if is_claim else "")


_BROKEN = replace(PHOTO, credentials=Credentials.INVALID)

EXAMPLES = (
    Example("a signed photograph, saved again", _BROKEN, "the content credentials do not fit the content: changed after signing"),
    Example(
        "a signed AI still, saved again",
        declared(_BROKEN, mark(Meaning.GENERATED)),
        "the content credentials do not fit the content: changed after signing, and the file declares generative AI",
        "ai-claim",
    ),
    Example("a signer nobody listed is no change", replace(PHOTO, credentials=Credentials.VALID)),
    Example("no credentials", PHOTO),
)
