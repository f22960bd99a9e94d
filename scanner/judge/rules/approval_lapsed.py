"""Approved content whose approval does not hold any more, or not yet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import named
from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO, applied
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.approvals import ApprovalState, Category
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="approval-lapsed",
    title="An approval that does not hold any more",
    why="The content was approved in writing, but the approval has expired, was withdrawn, or is dated after this scan. It "
    "allows nothing now.",
    cannot_show="Whether the client would approve it again, and whether a newer approval exists that nobody recorded.",
    next_step="Ask the client to renew the approval and record it (scanner approve), or replace the content.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: written approval before proceeding",
)

CASES: Cases = {
    "expired": "its last day has passed",
    "revoked": "it was withdrawn",
    "early": "its day has not come yet",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See each lapsed approval of the content in whose category no other one stands; of each category the last one."""
    standing = {one.approval.category for one in subject.approvals if one.state is ApprovalState.VALID}
    lapsed = {one.approval.category: one for one in subject.approvals if one.state is ApprovalState.LAPSED}
    for category, one in lapsed.items():
        if category not in standing:
            verb = {"expired": "", "revoked": "was ", "early": "is "}[_case(one.why)]
            message = f"{noun(subject)} has approved content, but the approval {named(one.approval)} {verb}{one.why}"
            yield Observation(CARD.id, Confidence.DEFINITIVE, message, one.approval.id, _case(one.why))


def _case(why: str) -> str:
    return "expired" if why.startswith("expired") else "revoked" if why.startswith("withdrawn") else "early"


_EXPIRED = applied(ApprovalState.LAPSED, "expired on 2026-01-31")
_STANDING = applied(ApprovalState.VALID)

EXAMPLES = (
    Example(
        "an approval for one season",
        replace(PHOTO, approvals=(_EXPIRED,)),
        "the file has approved content, but the approval for creative-output by Dana Reyes, Netflix (NFLX-2231) "
        "expired on 2026-01-31",
        "expired",
    ),
    Example(
        "one that the client took back",
        replace(PHOTO, approvals=(applied(ApprovalState.LAPSED, "withdrawn on 2026-02-03"),)),
        "the file has approved content, but the approval for creative-output by Dana Reyes, Netflix (NFLX-2231) "
        "was withdrawn on 2026-02-03",
        "revoked",
    ),
    Example(
        "one for next year",
        replace(PHOTO, approvals=(applied(ApprovalState.LAPSED, "dated 2027-01-01, after this scan"),)),
        "the file has approved content, but the approval for creative-output by Dana Reyes, Netflix (NFLX-2231) "
        "is dated 2027-01-01, after this scan",
        "early",
    ),
    Example("it was renewed", replace(PHOTO, approvals=(_EXPIRED, _STANDING))),
    Example(
        "another category was renewed, this one was not",
        replace(PHOTO, approvals=(_EXPIRED, applied(ApprovalState.VALID, category=Category.ETHICS))),
        "the file has approved content, but the approval for creative-output by Dana Reyes, Netflix (NFLX-2231) "
        "expired on 2026-01-31",
        "expired",
    ),
    Example("it stands", replace(PHOTO, approvals=(_STANDING,))),
    Example("no approval", PHOTO),
)
