"""A scan in which people allowed things: what stands, what has lapsed, what must be confirmed, and what still asks."""

from __future__ import annotations

from dataclasses import replace

from scanner.model.approvals import AppliedApproval, Approval, ApprovalLogStamp, ApprovalState, Category, ContentKind
from scanner.model.generation import GenerationNote
from scanner.model.judging import Finding, Route, Severity, Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.people import People
from scanner.model.scan import AssetRecord, Coverage, Scan
from tests.report.parts import asset, finding, jpeg_bytes, mark
from tests.report.scans import blocked

APPROVAL = Approval(
    id="5f0c2a9be1d04437",
    content="ab" * 32,
    content_kind=ContentKind.FILE,
    approver="Dana Reyes, Netflix",
    recorder="ines",
    reference="GENAI-0412",
    category=Category.CREATIVE_OUTPUT,
    use="Background poster, out of focus",
    date="2026-09-01",
    expires="2027-08-31",
)


def approved() -> Scan:
    """Return a delivery of four AI stills: allowed, lapsed, carried over, and not asked for."""
    assets = (
        _still("final/allowed.png", Verdict.PASS, (_asked(allowed_by=APPROVAL.id),), (_applied(ApprovalState.VALID),)),
        _still(
            "final/carried.png",
            Verdict.REVIEW,
            (_asked(Severity.MEDIUM, "an earlier version was approved; confirm that this one is meant"),),
            (_applied(ApprovalState.CARRIED_OVER, "same pixels as the approved file"),),
        ),
        _still(
            "final/lapsed.png",
            Verdict.BLOCKED,
            (_asked(),),
            (_applied(ApprovalState.LAPSED, revoked="2026-10-01T08:00:00Z"),),
        ),
        _still("final/open.png", Verdict.BLOCKED, (_asked(), _asked(allowed_by="0123456789abcdef")), ()),
    )
    return replace(
        blocked(),
        name="APPROVED",
        assets=assets,
        coverage=Coverage(files=4, assets=4, by_format=(("jpeg", 4),)),
        specials=(),
        litter=(),
        thumbnails={0: jpeg_bytes("#8a6a4f"), 2: jpeg_bytes("#35506b")},
        approval_log=ApprovalLogStamp("approvals.sqlite", "7e" * 32, 12),
        confidentiality="CONFIDENTIAL · Salt Road · not for distribution",
    )


def _asked(severity: Severity = Severity.HIGH, message: str = "the file declares AI generation", **changes: object) -> Finding:
    asked = finding("ai-declared", message, severity, **changes)
    return replace(asked, principle="P4", route=Route.ESCALATE, categories=(Category.CREATIVE_OUTPUT,))


def _applied(state: ApprovalState, why: str = "", **changes: str) -> AppliedApproval:
    return AppliedApproval(replace(APPROVAL, **changes), state, why)


def _still(path: str, verdict: Verdict, findings: tuple[Finding, ...], approvals: tuple[AppliedApproval, ...]) -> AssetRecord:
    return asset(
        path,
        Zone.FINAL,
        verdict,
        provenance=Provenance.GENERATED,
        marks=(mark(generator="Midjourney"),),
        findings=findings,
        approvals=approvals,
        content_digest="ab" * 32,
        generation=GenerationNote(
            "Midjourney", "7", "withheld", "withheld", "2026-05-02", "file, XMP-iptcExt:AIPromptInformation"
        ),
        people=People(("withheld",), 2),
    )
