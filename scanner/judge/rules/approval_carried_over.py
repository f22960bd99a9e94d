"""Content that comes from approved content and is not it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.approval_words import named
from scanner.judge.evidence import noun
from scanner.judge.examples import PHOTO, applied, declared, mark, matched, moved
from scanner.judge.nearness import SOURCE_ROLES, near
from scanner.judge.rule import Cases, Example
from scanner.judge.subject import Subject, Surroundings
from scanner.model.approvals import AppliedApproval, ApprovalState, Category, Lineage
from scanner.model.judging import Observation, RuleCard, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import Relation, Role

CARD = RuleCard(
    id="approval-carried-over",
    title="A new version of approved content",
    why="An approval is bound to content. This asset comes from approved content or looks like it, so the approval may hold for "
    "it too; somebody has to say so. What the approval would allow is put before a person instead of blocking.",
    cannot_show="Whether what changed since is covered by the permission, and changes too small to be seen as one. A match by "
    "hash alone says that two pictures look alike to the hash, no more.",
    next_step="Compare it with the approved version. If the permission holds for this one, record that: "
    "scanner approve PATH --supersedes APPROVED_FILE. If not, ask the client, or deliver the approved version.",
    who="post producer",
    source="Netflix, Using Generative AI in Content Production: written approval before proceeding",
)

CASES: Cases = {
    "same": "other bytes, the same pixels",
    "derived": "a crop, grade, resize or frame of it; never what differs in a region, contains it or is a small part of it",
    "version": "its own entry in the log says that it replaces approved content",
    "similar": "alike by fingerprint, no more is known",
    "original": "alike or derived, and perhaps the original that the approved content was made from",
}


def observe(subject: Subject, _: Surroundings) -> Iterator[Observation]:
    """See the closest approval that is carried over to content without an approval of its own that serves."""
    carried = [one for one in subject.approvals if one.state is ApprovalState.CARRIED_OVER and one.lineage]
    if any(one.state is ApprovalState.VALID for one in subject.approvals):
        # Once the version was approved itself, only what is still asked for is worth telling.
        carried = [one for one in carried if one.approval.category in subject.needs]
    if not carried:
        return
    lead = min(carried, key=lambda one: one.approval.category not in subject.needs)
    message = f"the approval {named(lead.approval)} is carried over, confirm: {noun(subject)} {_verb(lead)}"
    by_evidence = lead.lineage in (Lineage.DERIVED, Lineage.SIMILAR)
    sureness = Confidence.STRONG if by_evidence else Confidence.DEFINITIVE
    yield Observation(CARD.id, sureness, message, lead.approval.id, _case(subject, lead))


def _verb(one: AppliedApproval) -> str:
    match one.lineage:
        case Lineage.SAME:
            return "has the pixels of the approved content"
        case Lineage.DERIVED:
            return "is derived from the approved content"
        case Lineage.VERSION:
            return "was recorded as a later version of the approved content"
        case _:
            measured = one.why.partition("(")[2]
            return "is similar to the approved content" + (f" ({measured}" if measured else "")


def _case(subject: Subject, one: AppliedApproval) -> str:
    if one.lineage in (Lineage.SIMILAR, Lineage.DERIVED) and _may_be_original(subject, one.lineage):
        return "original"
    return one.lineage.value if one.lineage else ""


def _may_be_original(subject: Subject, lineage: Lineage) -> bool:
    if subject.provenance.is_generative:
        return False
    if any(match.relation is Relation.SAME for match in near(subject.matches, *SOURCE_ROLES)):
        return True
    # Points that agree say more than a folder's name: an unmarked crop of approved AI may stand in an archival folder too.
    by_place = subject.zone.zone is Zone.ARCHIVAL or subject.provenance is Provenance.DECLARED_OTHER
    return by_place and lineage is Lineage.SIMILAR


_SIMILAR = applied(ApprovalState.CARRIED_OVER, "looks like approved content (6 bits apart)", lineage=Lineage.SIMILAR)
_SAME = applied(ApprovalState.CARRIED_OVER, "same pixels as approved content", lineage=Lineage.SAME)
_AI = declared(PHOTO, mark(Meaning.GENERATED))
_BY = "the approval for creative-output by Dana Reyes, Netflix (NFLX-2231) is carried over, confirm"

EXAMPLES = (
    Example(
        "the approved still, saved again",
        replace(_AI, approvals=(_SAME,), needs=(Category.CREATIVE_OUTPUT,)),
        f"{_BY}: the file has the pixels of the approved content",
        "same",
    ),
    Example(
        "a frame of approved content",
        replace(PHOTO, approvals=(replace(_SAME, lineage=Lineage.DERIVED, why="derived from approved content"),)),
        f"{_BY}: the file is derived from the approved content",
        "derived",
    ),
    Example(
        "version 4, whose own approval is for something else",
        replace(
            _AI,
            approvals=(
                applied(ApprovalState.VALID, category=Category.DATA_USE),
                replace(_SAME, lineage=Lineage.VERSION, why="recorded as a later version of approved content"),
            ),
            needs=(Category.CREATIVE_OUTPUT,),
        ),
        f"{_BY}: the file was recorded as a later version of the approved content",
        "version",
    ),
    Example(
        "the approved still as a smaller JPEG without marks",
        replace(PHOTO, approvals=(_SIMILAR,)),
        f"{_BY}: the file is similar to the approved content (6 bits apart)",
        "similar",
    ),
    Example(
        "the photograph that the approved edit was made from",
        moved(replace(PHOTO, approvals=(_SIMILAR,), matches=(matched(Role.OWNED, Relation.SAME),)), Zone.ARCHIVAL),
        f"{_BY}: the file is similar to the approved content (6 bits apart)",
        "original",
    ),
    Example(
        "the photograph itself, of which the approved edit keeps so much that it seems derived",
        replace(
            PHOTO,
            approvals=(replace(_SAME, lineage=Lineage.DERIVED, why="derived from approved content"),),
            matches=(matched(Role.OWNED, Relation.SAME),),
        ),
        f"{_BY}: the file is derived from the approved content",
        "original",
    ),
    Example("the version was approved itself", replace(_AI, approvals=(applied(ApprovalState.VALID), _SAME))),
    Example("the approved content", replace(_AI, approvals=(applied(ApprovalState.VALID),))),
)
