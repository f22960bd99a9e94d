"""An approval that says something else than where or as what its content stands here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import by, named
from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.examples import PHOTO, applied, approval, declared, mark
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.approvals import AppliedApproval, ApprovalState, Category
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence, Meaning
from scanner.model.text import shown

CARD = RuleCard(
    id="approval-contradicted",
    title="An approval that says something else",
    why="The content is approved, but for another category than what was found in it needs, or in a version that another "
    "approval replaced; or other content stands here under the name of approved content. An approval binds content, not a name.",
    cannot_show="What the client meant: the use that was described is told beside the approval, for people to read.",
    next_step="Read the written approval. Have the right category approved and record it (scanner approve), or deliver the "
    "version that replaced it.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: categories of written approval",
)

CASES: Cases = {
    "category": "no approval of the content is in a category that what was found in it needs",
    "name": "content of this name is approved, and other content stands here",
    "superseded": "another approved version says that it replaces this content",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See what the standing approvals of the content do not fit."""
    if subject.namesake is not None and subject.needs and not subject.approvals:
        message = f"the content of this name is approved {named(subject.namesake)}, and other content stands here"
        yield Observation(CARD.id, Confidence.DEFINITIVE, message, f"name {subject.namesake.id}", "name")
    standing = [one for one in subject.approvals if one.state is ApprovalState.VALID]
    if not standing:
        return
    lead = standing[-1]
    held = {one.approval.category for one in standing}
    if subject.needs and not held & set(subject.needs):
        needed = " or ".join(category.value for category in subject.needs)
        yield _observation(lead, "category", f"{_told(lead)}, and what was found in it needs {needed}")
    if subject.superseded_by is not None:
        later = subject.superseded_by
        path = f" {shown(later.path, PATH_LIMIT)}" if later.path else ""
        yield _observation(lead, "superseded", f"{_told(lead)}, and was replaced by the version{path} approved {by(later)}")


def _told(one: AppliedApproval) -> str:
    return f"the content is approved {named(one.approval)}"


def _observation(lead: AppliedApproval, case: str, message: str) -> Observation:
    return Observation(CARD.id, Confidence.DEFINITIVE, message, f"{case} {lead.approval.id}", case)


_AI = declared(PHOTO, mark(Meaning.GENERATED))
_VALID = applied(ApprovalState.VALID)
_BY = "the content is approved for creative-output by Dana Reyes, Netflix (NFLX-2231)"

EXAMPLES = (
    Example(
        "approved as a picture, and it replaces a performance",
        replace(_AI, approvals=(_VALID,), needs=(Category.TALENT,)),
        f"{_BY}, and what was found in it needs talent-and-performance",
        "category",
    ),
    Example(
        "version 3, though version 4 was approved in its place",
        replace(_AI, approvals=(_VALID,), superseded_by=approval(path="final/st_014_v4.png")),
        f"{_BY}, and was replaced by the version final/st_014_v4.png approved by Dana Reyes, Netflix (NFLX-2231)",
        "superseded",
    ),
    Example(
        "exported again after it was approved",
        replace(_AI, namesake=approval(), needs=(Category.CREATIVE_OUTPUT,)),
        "the content of this name is approved for creative-output by Dana Reyes, Netflix (NFLX-2231), "
        "and other content stands here",
        "name",
    ),
    Example("a name like that of approved content, and nothing in it to approve", replace(PHOTO, namesake=approval())),
    Example("one of its approvals is in the category", replace(_AI, approvals=(_VALID,), needs=(Category.CREATIVE_OUTPUT,))),
    Example("not approved at all", replace(_AI, needs=(Category.TALENT,))),
)
