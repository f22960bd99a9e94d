"""One asset of ``scan.json``, read back: the reverse of `json_asset`, as far as later work needs it."""

from __future__ import annotations

from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, ContentKind
from scanner.model.credentials import Credentials, Signer
from scanner.model.decisions import AppliedDecision, Decision, DecisionKind, DecisionState
from scanner.model.generation import GenerationNote
from scanner.model.judging import Finding, Route, Severity, Verdict, Zone
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.matching import Match, NearCopy, Reference, Relation, Rights, Role
from scanner.model.people import People
from scanner.model.recorded import RecordedAsset
from scanner.model.stretches import Stretch
from scanner.report.json_cut import read_in_cuts
from scanner.report.json_laid_over import read_alignment, read_alteration, read_segments, read_stretch
from scanner.report.json_manifests_reading import read_trust_list
from scanner.report.json_nodes import Node


def read_asset(node: Node) -> RecordedAsset:
    """Read one entry of ``assets``."""
    manifests = node.optional_node("manifests")
    return RecordedAsset(
        root=node.count("root"),
        path=node.path_below(),
        kind=node.text("kind"),
        members=node.paths_below("members"),
        sidecars=node.paths_below("sidecars"),
        zone=node.word("zone", Zone),
        format=node.text("format"),
        size_bytes=node.count("size_bytes"),
        sha256=node.node("hash").optional_text("value"),
        content_digest=node.text("content_digest"),
        provenance=node.word("provenance", Provenance),
        credentials=node.word("credentials", Credentials),
        verdict=None if node.fields.get("verdict") is None else node.word("verdict", Verdict),
        marks=node.nodes("marks", _mark),
        matches=node.nodes("matches", _match),
        near_copies=node.nodes("near_copies", _near_copy),
        approvals=node.nodes("approvals", read_approval),
        decisions=node.nodes("decisions", read_decision) if "decisions" in node.fields else (),
        findings=node.nodes("findings", read_finding),
        generation=_generation(node.node("generation")),
        people=People(node.node("people").texts("names"), node.node("people").count("face_regions")),
        signer=_signer(manifests) if manifests else Signer(),
        trusted_by=manifests.nodes("trusted_by", read_trust_list) if manifests else (),
        in_cut=read_in_cuts(node),
    )


def read_finding(node: Node) -> Finding:
    """Read a finding."""
    return Finding(
        id=node.text("id"),
        rule=node.text("rule"),
        severity=node.word("severity", Severity),
        confidence=node.word("confidence", Confidence),
        message=node.text("message"),
        next_step=node.text("next_step"),
        who=node.text("who"),
        coverage=node.flag("coverage"),
        allowed_by=node.text("allowed_by"),
        categories=tuple(_category(node, text) for text in node.texts("categories")),
        principle=node.text("principle"),
        route=None if node.fields.get("route") is None else node.word("route", Route),
        known=node.flag("known"),
        stretches=node.nodes("stretches", read_stretch) if "stretches" in node.fields else (),
    )


def _category(node: Node, text: str) -> Category:
    try:
        return Category(text)
    except ValueError:
        raise node.wrong("categories", "holds a word that this version does not know") from None


def _mark(node: Node) -> Mark:
    return Mark(
        id=node.text("id"),
        meaning=node.word("meaning", Meaning),
        confidence=node.word("confidence", Confidence),
        generator=node.text("generator"),
        where=node.text("where"),
        value=node.text("value"),
        reader=node.text("reader"),
        reader_version=node.text("reader_version"),
        regions=node.texts("regions"),
        frames=node.text("frames"),
    )


def _match(node: Node) -> Match:
    rights = node.node("reference_rights")
    reference = Reference(
        id=node.text("reference"),
        role=node.word("role", Role),
        name=node.text("reference_name"),
        sha256=node.text("reference_sha256"),
        rights=Rights(rights.text("source"), rights.text("owner"), rights.text("licence"), rights.flag("no_ai_alteration")),
    )
    relation = node.word("relation", Relation)
    return Match(
        reference,
        relation,
        node.text("basis"),
        node.optional_count("distance_bits"),
        node.text("frames"),
        read_alignment(node),
        read_alteration(node),
        read_segments(node),
    )


def _near_copy(node: Node) -> NearCopy:
    return NearCopy(
        root=node.count("root"),
        path=node.path(),
        zone=node.word("zone", Zone),
        provenance=node.word("provenance", Provenance),
        distance_bits=node.optional_count("distance_bits"),
        relation=node.word("relation", Relation),
        alignment=read_alignment(node),
        alteration=read_alteration(node),
        segments=read_segments(node),
    )


def read_approval(node: Node) -> AppliedApproval:
    """Read an approval and what it did for the asset."""
    approval = Approval(
        id=node.text("id"),
        content=node.text("content"),
        content_kind=node.word("content_kind", ContentKind),
        approver=node.text("approver"),
        recorder=node.text("recorder"),
        reference=node.text("reference"),
        category=node.word("category", Category),
        use=node.text("use"),
        date=node.text("date"),
        expires=node.text("expires"),
        supersedes=node.text("supersedes"),
        path=node.path(),
        recorded=node.text("recorded"),
        revoked=node.text("revoked"),
        segment=_segment(node),
    )
    return AppliedApproval(approval, node.word("state", ApprovalState), node.text("why"))


def read_decision(node: Node) -> AppliedDecision:
    """Read a decision that is no approval, and what it did."""
    decision = Decision(
        id=node.text("id"),
        kind=node.word("kind", DecisionKind),
        content=node.text("content"),
        content_kind=node.word("content_kind", ContentKind),
        decider=node.text("decider"),
        recorder=node.text("recorder"),
        statement=node.text("statement"),
        date=node.text("date"),
        addressee=node.text("addressee"),
        reference=node.text("reference"),
        path=node.text("path"),
        segment=_segment(node),
        recorded=node.text("recorded"),
        withdrawn=node.text("withdrawn"),
    )
    return AppliedDecision(decision, node.word("state", DecisionState), node.text("why"))


def _segment(node: Node) -> Stretch | None:
    # Not there in reports of before parts of films were decided on.
    told = node.optional_node("segment") if "segment" in node.fields else None
    return read_stretch(told) if told else None


def _generation(node: Node) -> GenerationNote:
    return GenerationNote(
        tool=node.text("tool"),
        tool_version=node.text("tool_version"),
        prompt=node.text("prompt"),
        prompt_writer=node.text("prompt_writer"),
        made=node.text("made"),
        where=node.text("where"),
    )


def _signer(manifests: Node) -> Signer:
    active = manifests.text("active")
    signers = dict(manifests.nodes("chain", lambda each: (each.text("label"), each.node("signer"))))
    found = signers.get(active)
    return Signer(found.text("issuer"), found.text("common_name"), found.text("time")) if found else Signer()
