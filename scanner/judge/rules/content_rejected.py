"""Content that somebody rejected, and what comes from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import stated
from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO, decided
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.approvals import Lineage
from scanner.model.decisions import AppliedDecision, DecisionKind, DecisionState
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="content-rejected",
    title="Content that was rejected",
    why="A person looked at this content and decided that it must not be delivered. It is known by its bytes, under any name. "
    "The same pixels in other bytes are the same picture; what is derived from it or looks like it is put before a person.",
    cannot_show="Whether what was wrong has been mended in a version that only resembles the rejected one.",
    next_step="Deliver something else. If the decision was changed, record that: scanner approve PATH, with the written "
    "permission, or withdraw the rejection: scanner approvals revoke ID.",
    who="post producer",
    source="The production's own decision",
)

CASES: Cases = {
    "same": "other bytes, the same pixels",
    "derived": "a crop, grade, resize or frame of it",
    "version": "an entry of the log says that it replaces the rejected content, and no approval of it stands",
    "similar": "alike by fingerprint, no more is known",
}

_VERBS = {
    "": "is content",
    "same": "has the pixels of content",
    "derived": "is derived from content",
    "version": "was recorded as a later version of content",
    "similar": "looks like content",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the rejection of the content itself, else the closest one of content that it is related to."""
    rejections = [one for one in subject.decisions if one.decision.kind is DecisionKind.REJECTION]
    own = [one for one in rejections if one.state is DecisionState.STANDING]
    related = [one for one in rejections if one.state is DecisionState.CARRIED_OVER]
    if own or related:
        yield _observation(subject, own[-1] if own else related[0])


def _observation(subject: Subject, one: AppliedDecision) -> Observation:
    case = one.lineage.value if one.lineage else ""
    sureness = Confidence.STRONG if one.lineage in (Lineage.DERIVED, Lineage.SIMILAR) else Confidence.DEFINITIVE
    message = f"{noun(subject)} {_VERBS[case]} that was rejected {stated(one.decision)}"
    return Observation(CARD.id, sureness, message, one.decision.id, case)


_REJECTED = decided(DecisionKind.REJECTION, "the mural is by an artist who refused")
_CARRIED = replace(_REJECTED, state=DecisionState.CARRIED_OVER)
_BY = "that was rejected by Vera Okafor, legal, on 2026-02-03: the mural is by an artist who refused"

EXAMPLES = (
    Example("the rejected still, under another name", replace(PHOTO, decisions=(_REJECTED,)), f"the file is content {_BY}"),
    Example(
        "the rejected still, saved again",
        replace(PHOTO, decisions=(replace(_CARRIED, lineage=Lineage.SAME, why="same pixels as rejected content"),)),
        f"the file has the pixels of content {_BY}",
        "same",
    ),
    Example(
        "a crop of it",
        replace(PHOTO, decisions=(replace(_CARRIED, lineage=Lineage.DERIVED, why="derived from rejected content"),)),
        f"the file is derived from content {_BY}",
        "derived",
    ),
    Example(
        "version 4, whose approval has expired",
        replace(PHOTO, decisions=(replace(_CARRIED, lineage=Lineage.VERSION),)),
        f"the file was recorded as a later version of content {_BY}",
        "version",
    ),
    Example(
        "a smaller JPEG of it",
        replace(PHOTO, decisions=(replace(_CARRIED, lineage=Lineage.SIMILAR, why="looks like rejected content (4 bits apart)"),)),
        f"the file looks like content {_BY}",
        "similar",
    ),
    Example("it was approved after all", replace(PHOTO, decisions=(replace(_REJECTED, state=DecisionState.OVERTAKEN),))),
    Example("the rejection was withdrawn", replace(PHOTO, decisions=(replace(_REJECTED, state=DecisionState.WITHDRAWN),))),
    Example("nobody decided", PHOTO),
)
