"""Content that comes from content of which a person said that it is not AI."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import stated
from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO, decided
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.approvals import Lineage
from scanner.model.decisions import DecisionKind, DecisionState
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="not-ai-carried-over",
    title="A new version of content that was said not to be AI",
    why="A person said of other content that what was found in it is a false alarm. This asset comes from that content or looks "
    "like it, so the same may hold here; somebody has to say so. What would be lifted is put before a person instead of "
    "blocking.",
    cannot_show="Whether AI came in after that decision. A match by hash alone says that two pictures look alike to the hash.",
    next_step="Compare it with the content that was decided on. If it is a false alarm too, record that: scanner decide not-ai "
    "PATH.",
    who="post producer",
)

CASES: Cases = {
    "same": "other bytes, the same pixels",
    "derived": "a crop, grade, resize or frame of it",
    "version": "an entry of the log says that it replaces that content",
    "similar": "alike by fingerprint, no more is known",
}

_VERBS = {
    "same": "has the pixels of that content",
    "derived": "is derived from that content",
    "version": "was recorded as a later version of that content",
    "similar": "looks like that content",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the closest decision that is carried over."""
    carried = [
        one for one in subject.decisions if one.decision.kind is DecisionKind.NOT_AI and one.state is DecisionState.CARRIED_OVER
    ]
    if carried and carried[0].lineage:
        lead, case = carried[0], carried[0].lineage.value
        sureness = Confidence.STRONG if case in (Lineage.DERIVED, Lineage.SIMILAR) else Confidence.DEFINITIVE
        message = f"the decision that it is no AI is carried over, confirm: {noun(subject)} {_VERBS[case]}, decided "
        yield Observation(CARD.id, sureness, message + stated(lead.decision), lead.decision.id, case)


_SAME = decided(
    DecisionKind.NOT_AI, "our own photograph, 12 May", DecisionState.CARRIED_OVER, "same pixels", lineage=Lineage.SAME
)
_BY = "decided by Vera Okafor, legal, on 2026-02-03: our own photograph, 12 May"
_LEAD = "the decision that it is no AI is carried over, confirm: the file"

EXAMPLES = (
    Example("saved again", replace(PHOTO, decisions=(_SAME,)), f"{_LEAD} has the pixels of that content, {_BY}", "same"),
    Example(
        "a crop",
        replace(PHOTO, decisions=(replace(_SAME, lineage=Lineage.DERIVED),)),
        f"{_LEAD} is derived from that content, {_BY}",
        "derived",
    ),
    Example(
        "version 4",
        replace(PHOTO, decisions=(replace(_SAME, lineage=Lineage.VERSION),)),
        f"{_LEAD} was recorded as a later version of that content, {_BY}",
        "version",
    ),
    Example(
        "a smaller JPEG",
        replace(PHOTO, decisions=(replace(_SAME, lineage=Lineage.SIMILAR),)),
        f"{_LEAD} looks like that content, {_BY}",
        "similar",
    ),
    Example("the content itself", replace(PHOTO, decisions=(decided(DecisionKind.NOT_AI, "our own photograph"),))),
    Example("nobody decided", PHOTO),
)
