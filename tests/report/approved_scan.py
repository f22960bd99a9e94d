"""A delivery with approvals, people, prompts and a confidentiality line: what the other scans of these tests have nothing of."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.approvals import AppliedApproval, Approval, ApprovalLogStamp, ApprovalState, Category, ContentKind
from scanner.model.credentials import Credentials
from scanner.model.generation import GenerationNote
from scanner.model.judging import DeclaredRule, Route, RuleCard, Severity, Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.people import People
from scanner.model.scan import Coverage, Scan
from tests.report.parts import asset, chain, finding, mark

PERMISSION = Approval(
    id="5e1f00dd15ea5e00",
    content="ab" * 32,
    content_kind=ContentKind.FILE,
    approver="Dana Reyes, client",
    recorder="post1",
    reference="TICKET-1138, mail of 2026-10-02",
    category=Category.CREATIVE_OUTPUT,
    use="background poster in scene 12",
    date="2026-10-02",
    expires="2027-03-31",
)
RULES = (
    DeclaredRule(
        RuleCard(
            id="ai-declared",
            title="The file declares generative AI",
            why="Generated material is temporary and stays out of final deliverables.",
            cannot_show="Whether the declaration is true; [marks] {can} be copied.",
            next_step="Replace it, or ask for written approval.",
            who="post producer",
            source="DOMAIN",
        ),
        Severity.HIGH,
    ),
    DeclaredRule(
        RuleCard("media-not-read", "Media was not read", "Unread is no pass.", "What it holds.", "Export it.", "editor", True),
        Severity.HIGH,
    ),
    DeclaredRule(RuleCard("ai-hint", "A hint", "Names hint.", "Much.", "Look.", "editor"), Severity.INFO),
    DeclaredRule(RuleCard("frames-missing", "Frames missing", "Gaps.", "Why.", "Render.", "editor"), None),
)


def approved(base: Scan) -> Scan:
    """Return a delivery in which one still is allowed in writing and another is new, on the stamps of `base`."""
    declared = finding("ai-declared", "the file declares AI generation (unsigned, XMP; Midjourney)")
    declared = replace(declared, categories=(Category.CREATIVE_OUTPUT,), principle="P4", route=Route.ESCALATE)
    allowed = replace(declared, id="ai-declared-a110ed", allowed_by=PERMISSION.id)
    poster = asset(
        "final/ep1/poster.png",
        provenance=Provenance.GENERATED,
        credentials=Credentials.VALID,
        marks=(
            mark(value_is_public=True),
            mark(id="a1111-png", where="file, PNG:Parameters", value="a poster of Ada Vale, Steps: 20", generator="Midjourney"),
        ),
        findings=(allowed,),
        manifests=chain("a poster of Ada Vale"),
        generation=GenerationNote("Midjourney", "7", "a poster of Ada Vale", "Kim Osei", "2026-09-30", "file, PNG:Parameters"),
        people=People(("Ada Vale",), 1),
        approvals=(AppliedApproval(PERMISSION, ApprovalState.VALID),),
        content_digest=PERMISSION.content,
    )
    other = asset("final/ep1/wall.png", verdict=Verdict.BLOCKED, provenance=Provenance.GENERATED, findings=(declared,))
    lost = finding("media-not-read", "the file ends early", coverage=True, who="editor", next_step="Export it.")
    return replace(
        base,
        name="EP1",
        roots=("/Volumes/EP 1",),
        verdict=Verdict.BLOCKED,
        assets=(other, poster, asset("ref/a.png", Zone.REFERENCE, findings=(replace(lost, severity=Severity.INFO),))),
        coverage=Coverage(files=3, assets=3, by_format=(("jpeg", 3),), by_zone=(("final", 2), ("reference", 1)), pictures=3),
        specials=(),
        litter=(),
        thumbnails={},
        confidentiality="CONFIDENTIAL, Production EP",
        approval_log=ApprovalLogStamp("approvals.db", "66" * 32, 4),
        options=(("prompts", "included"),),
        rules=RULES,
    )
