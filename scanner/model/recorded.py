"""A report read back: what ``scan.json`` says, for whoever compares with it or builds on it. Never edited."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.approvals import AppliedApproval
from scanner.model.credentials import Credentials, Signer, TrustList
from scanner.model.decisions import AppliedDecision
from scanner.model.generation import NO_NOTE, GenerationNote
from scanner.model.in_cut import CutStamp, InCut
from scanner.model.judging import Finding, Verdict, Zone
from scanner.model.marks import Mark, Provenance
from scanner.model.matching import Match, NearCopy
from scanner.model.people import NOBODY, People
from scanner.model.scan import FileRecord

UNSIGNED = Signer()
"""Who signed what bears no manifest."""


@dataclass(frozen=True, slots=True)
class RecordedAsset:
    """One asset as a report has it; texts are what the report says, paths are what the system says (surrogate escapes)."""

    root: int
    path: str
    kind: str
    """``file`` or ``sequence``."""
    members: tuple[str, ...]
    sidecars: tuple[str, ...]
    zone: Zone
    format: str
    """Short name of the format."""
    size_bytes: int
    sha256: str
    """Of a single file; empty where there is none."""
    content_digest: str
    provenance: Provenance
    credentials: Credentials
    verdict: Verdict | None
    """None for what is not judged."""
    marks: tuple[Mark, ...] = ()
    matches: tuple[Match, ...] = ()
    near_copies: tuple[NearCopy, ...] = ()
    approvals: tuple[AppliedApproval, ...] = ()
    decisions: tuple[AppliedDecision, ...] = ()
    findings: tuple[Finding, ...] = ()
    generation: GenerationNote = NO_NOTE
    people: People = NOBODY
    signer: Signer = UNSIGNED
    """Who signed the active manifest."""
    trusted_by: tuple[TrustList, ...] = ()
    in_cut: tuple[InCut, ...] = ()

    @property
    def first_file(self) -> str:
        """Path of its file, for a sequence of its first frame."""
        return self.members[0] if self.members else self.path


@dataclass(frozen=True, slots=True)
class RecordedScan:
    """One report."""

    scanner_version: str
    name: str
    """Of the delivery."""
    roots: tuple[str, ...]
    started: str
    finished: str
    complete: bool
    policy: str
    """Name of the policy that judged."""
    verdict: Verdict
    confidentiality: str
    statement: str
    assets: tuple[RecordedAsset, ...]
    findings: tuple[Finding, ...]
    """About the delivery as a whole."""
    inventory: tuple[FileRecord, ...]
    specials: tuple[tuple[int, str, str], ...]
    """Root, path, kind."""
    unreadable_folders: tuple[tuple[int, str], ...]
    """Root and path."""
    seal: str
    """The digest that the report says it has."""
    seal_holds: bool
    """Whether the report has it."""
    cuts: tuple[CutStamp, ...] = ()
    policy_sha256: str = ""
    document: str = ""
    """The document that the policy reads."""
    document_date: str = ""
