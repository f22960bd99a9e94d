"""One asset as JSON: the part of the contract that repeats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from scanner.model.approvals import AppliedApproval
from scanner.model.credentials import Action, Ingredient, Manifest, ManifestStore, TrustList, ValidationCode
from scanner.model.decisions import AppliedDecision
from scanner.model.generation import GenerationNote
from scanner.model.judging import Finding
from scanner.model.marks import Mark
from scanner.model.matching import Match, NearCopy
from scanner.model.readings import VALUE_LIMIT
from scanner.model.scan import AssetRecord
from scanner.model.text import bounded
from scanner.report.json_cut import in_cut_json
from scanner.report.json_laid_over import laid_over_json, stretch_json
from scanner.report.json_paths import file_json, path_json
from scanner.report.json_sealed import sealed_json
from scanner.report.tally import is_judged

Json = dict[str, object]


def asset_json(record: AssetRecord) -> Json:
    """Return an asset with the contract's keys first, this version's additions after them."""
    return {
        "root": record.root,
        **path_json(record.path),
        "kind": record.kind,
        "members": FOUND["members"](record),
        "sidecars": FOUND["sidecars"](record),
        "zone": record.zone.zone,
        "zone_reason": record.zone.reason,
        "format": record.format.name,
        "size_bytes": record.size_bytes,
        "hash": {"algorithm": record.hash.algorithm, "value": record.hash.value, "origin": record.hash.origin},
        "provenance": record.provenance,
        "credentials": record.credentials,
        "credential_problems": FOUND["credential_problems"](record),
        "verdict": record.verdict if is_judged(record) else None,
        "readings": [{"reader": r.reader, "state": r.state, "reason": r.reason} for r in record.readings],
        "marks": FOUND["marks"](record),
        "matches": FOUND["matches"](record),
        "near_copies": FOUND["near_copies"](record),
        "approvals": FOUND["approvals"](record),
        "decisions": FOUND["decisions"](record),
        "findings": FOUND["findings"](record),
        "in_cut": FOUND["in_cut"](record),
        "sealed": FOUND["sealed"](record),
        "fingerprinted": record.fingerprinted,
        "picture_note": record.picture_note,
        "camera": record.camera,
        "missing_frames": record.missing_frames,
        "content_digest": record.content_digest,
        "generation": FOUND["generation"](record),
        "people": FOUND["people"](record),
        "remote_url": record.remote_url,
        "manifests": FOUND["manifests"](record),
    }


def finding_json(finding: Finding) -> Json:
    """Return a finding."""
    return {
        "id": finding.id,
        "rule": finding.rule,
        "severity": finding.severity,
        "confidence": finding.confidence,
        "message": finding.message,
        "next_step": finding.next_step,
        "who": finding.who,
        "coverage": finding.coverage,
        "allowed_by": finding.allowed_by,
        "categories": list(finding.categories),
        "principle": finding.principle,
        "route": finding.route,
        "known": finding.known,
        "stretches": [stretch_json(one) for one in finding.stretches],
    }


def trust_list_json(trust_list: TrustList) -> Json:
    """Return a loaded list of trust anchors."""
    return {"name": trust_list.name, "date": trust_list.date, "sha256": trust_list.sha256}


def _approval(applied: AppliedApproval) -> Json:
    approval = applied.approval
    return {
        "id": approval.id,
        "state": applied.state,
        "why": applied.why,
        "content": approval.content,
        "content_kind": approval.content_kind,
        "approver": approval.approver,
        "recorder": approval.recorder,
        "reference": approval.reference,
        "category": approval.category,
        "use": approval.use,
        "date": approval.date,
        "expires": approval.expires,
        "supersedes": approval.supersedes,
        "path": approval.path,
        "recorded": approval.recorded,
        "revoked": approval.revoked,
        "segment": stretch_json(approval.segment) if approval.segment else None,
    }


def _decision(applied: AppliedDecision) -> Json:
    decision = applied.decision
    return {
        "id": decision.id,
        "kind": decision.kind,
        "state": applied.state,
        "why": applied.why,
        "content": decision.content,
        "content_kind": decision.content_kind,
        "decider": decision.decider,
        "recorder": decision.recorder,
        "statement": decision.statement,
        "date": decision.date,
        "addressee": decision.addressee,
        "reference": decision.reference,
        "path": decision.path,
        "segment": stretch_json(decision.segment) if decision.segment else None,
        "recorded": decision.recorded,
        "withdrawn": decision.withdrawn,
    }


def _generation(note: GenerationNote) -> Json:
    return {
        "tool": note.tool,
        "tool_version": note.tool_version,
        "prompt": note.prompt,
        "prompt_writer": note.prompt_writer,
        "made": note.made,
        "where": note.where,
    }


def _mark(mark: Mark) -> Json:
    return {
        "id": mark.id,
        "meaning": mark.meaning,
        "confidence": mark.confidence,
        "generator": mark.generator,
        "where": mark.where,
        "value": mark.value,
        "reader": mark.reader,
        "reader_version": mark.reader_version,
        "regions": list(mark.regions),
        "frames": mark.frames,
    }


def _match(match: Match) -> Json:
    rights = match.reference.rights
    return {
        "reference": match.reference.id,
        "role": match.reference.role,
        "relation": match.relation,
        "distance_bits": match.distance_bits,
        **laid_over_json(match),
        "reference_name": match.reference.name,
        "reference_sha256": match.reference.sha256,
        "basis": match.basis,
        "frames": match.frames,
        "reference_rights": {
            "source": rights.source,
            "owner": rights.owner,
            "licence": rights.licence,
            "no_ai_alteration": rights.no_ai_alteration,
        },
    }


def _near_copy(copy: NearCopy) -> Json:
    return {
        "root": copy.root,
        **path_json(copy.path),
        "zone": copy.zone,
        "provenance": copy.provenance,
        "relation": copy.relation,
        "distance_bits": copy.distance_bits,
        **laid_over_json(copy),
    }


def _store(store: ManifestStore) -> Json:
    return {
        "active": store.active,
        "origin": store.origin,
        "verified": store.verified,
        "trusted_by": [trust_list_json(each) for each in store.trusted_by],
        "chain": [_manifest(manifest) for manifest in store.manifests],
        "codes": [_code(code) for code in store.codes],
    }


def _manifest(manifest: Manifest) -> Json:
    signer = manifest.signer
    return {
        "label": manifest.label,
        "claim_generator": _cut(manifest.claim_generator),
        "title": _cut(manifest.title),
        "signer": {"issuer": _cut(signer.issuer), "common_name": _cut(signer.common_name), "time": signer.time},
        "actions": [_action(action) for action in manifest.actions],
        "ingredients": [_ingredient(ingredient) for ingredient in manifest.ingredients],
        "assertions": [assertion.label for assertion in manifest.assertions],
    }


def _action(action: Action) -> Json:
    return {
        "name": _cut(action.name),
        "source_type": _cut(action.source_type),
        "software_agent": _cut(action.software_agent),
        "description": _cut(action.description),
        "when": action.when,
        "regions": [_cut(region) for region in action.regions],
        "gathered": action.gathered,
    }


def _ingredient(ingredient: Ingredient) -> Json:
    return {
        "title": _cut(ingredient.title),
        "relationship": ingredient.relationship,
        "manifest": ingredient.manifest,
        "source_type": _cut(ingredient.source_type),
    }


def _code(code: ValidationCode) -> Json:
    return {"code": code.code, "level": code.level, "explanation": _cut(code.explanation), "ingredient": code.ingredient}


def _cut(text: str) -> str:
    return bounded(text, VALUE_LIMIT)


FOUND: Mapping[str, Callable[[AssetRecord], object]] = MappingProxyType(
    {
        "members": lambda record: [file_json(path) for path in record.members],
        "sidecars": lambda record: [file_json(path) for path in record.sidecars],
        "credential_problems": lambda record: list(record.credential_problems),
        "marks": lambda record: [_mark(mark) for mark in record.marks],
        "matches": lambda record: [_match(match) for match in record.matches],
        "near_copies": lambda record: [_near_copy(copy) for copy in record.near_copies],
        "approvals": lambda record: [_approval(applied) for applied in record.approvals],
        "decisions": lambda record: [_decision(applied) for applied in record.decisions],
        "findings": lambda record: [finding_json(finding) for finding in record.findings],
        "in_cut": lambda record: [in_cut_json(one) for one in record.in_cut],
        "sealed": lambda record: sealed_json(record.sealed),
        "generation": lambda record: _generation(record.generation),
        "people": lambda record: {"names": list(record.people.names), "face_regions": record.people.face_regions},
        "manifests": lambda record: None if record.manifests is None else _store(record.manifests),
    }
)
"""Keys whose values are of one asset rather than of thousands, and what makes them."""
