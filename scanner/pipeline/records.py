"""From what was read and matched to subjects, judgements, records and coverage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from scanner.judge.approving import ApprovalBook, Kin
from scanner.judge.decide import Judgement
from scanner.judge.subject import Subject
from scanner.model.assets import sequence_digest
from scanner.model.formats import MediaKind
from scanner.model.matching import Match, NearCopy
from scanner.model.scan import AssetRecord
from scanner.model.sealed_told import AssetSealed
from scanner.pipeline.gather import Gathered

_NOT_LOOKED_THROUGH = "moving pictures, not looked through"
_UNDECODED_NOTE = "{} is not decoded"
_OFF_NOTE = "switched off (--no-fingerprints)"


def subject_of(one: Gathered, matches: tuple[Match, ...], sealed: AssetSealed | None, *, fingerprints: bool) -> Subject:
    """Return what rules see of an asset."""
    asset = one.asset
    return Subject(
        root=asset.root,
        path=asset.path,
        zone=asset.zone,
        format=one.first.format,
        size_bytes=asset.size_bytes,
        provenance=one.provenance,
        credentials=one.credentials,
        credential_problems=one.credential_problems,
        trusted_by=one.first.manifests.trusted_by if one.first.manifests else (),
        readings=one.readings,
        marks=one.marks,
        matches=matches,
        sha256=one.hash.value,
        frame_sha256s=frame_digests(one),
        frame_count=len(asset.frames),
        missing_frames=asset.missing,
        lying_extension=one.first.lying_extension,
        camera=one.first.camera,
        fingerprinted=is_fingerprinted(one),
        picture_note=picture_note(one, fingerprints=fingerprints),
        sidecar_doubt=asset.sidecar_doubt,
        remote_url=one.first.remote_url,
        changed=one.changed,
        reached=one.reached,
        people=one.people,
        exposure=one.first.exposure,
        hidden_credentials=one.hidden_credentials,
        other_thumbnail=one.other_thumbnail,
        content_digest=content_digest(one),
        sealed=sealed,
    )


def with_approvals(subject: Subject, book: ApprovalBook, kin: Sequence[Kin]) -> Subject:
    """Return the subject with what a log says of its content, and of approved content that it is related to."""
    content = subject.content_digest
    return replace(
        subject,
        approvals=book.apply(content, kin),
        decisions=book.decisions(content, kin),
        superseded_by=book.successor(content),
        namesake=book.namesake(subject.path),
        decided_namesake=book.decided_namesake(subject.path),
    )


def record_of(
    one: Gathered,
    subject: Subject,
    near_copies: tuple[NearCopy, ...],
    judgement: Judgement,
) -> AssetRecord:
    """Return an asset as reports show it; `subject` is what it was judged by."""
    asset = one.asset
    return AssetRecord(
        root=asset.root,
        path=asset.path,
        kind="sequence" if asset.is_sequence else "file",
        members=tuple(file.path for file in asset.files) if asset.is_sequence else (),
        sidecars=tuple(file.path for file in asset.sidecars),
        zone=asset.zone,
        format=one.first.format,
        size_bytes=subject.size_bytes,
        hash=one.hash,
        provenance=one.provenance,
        credentials=one.credentials,
        credential_problems=one.credential_problems,
        verdict=judgement.verdict,
        readings=one.readings,
        marks=one.marks,
        matches=subject.matches,
        near_copies=near_copies,
        findings=judgement.findings,
        manifests=one.first.manifests,
        remote_url=one.first.remote_url,
        camera=one.first.camera,
        picture_note=subject.picture_note,
        missing_frames=asset.missing,
        fingerprinted=subject.fingerprinted,
        generation=one.generation,
        people=one.people,
        approvals=subject.approvals,
        decisions=subject.decisions,
        content_digest=subject.content_digest,
        sealed=subject.sealed,
        film=one.film,
    )


def content_digest(one: Gathered) -> str:
    """Return what an approval of the asset is bound to; empty unless every byte of it was hashed by this scan, at rest."""
    if one.changed:
        return ""
    if not one.asset.is_sequence:
        return one.hash.value or ""
    digests = [examination.hash.value for _, examination in one.frames]
    return sequence_digest([digest for digest in digests if digest]) if all(digests) else ""


def picture_note(one: Gathered, *, fingerprints: bool) -> str:
    """Say why an asset's picture could not be compared; empty where it could, or where it has none."""
    kind = one.first.format.kind
    if kind not in (MediaKind.STILL, MediaKind.VIDEO) or is_fingerprinted(one):
        return ""
    if not fingerprints:
        return _OFF_NOTE
    if one.film is not None:
        return one.film.why
    if kind is MediaKind.VIDEO:
        return _NOT_LOOKED_THROUGH
    return one.first.picture_note or _undecoded(one.first.format.title)


@cache
def _undecoded(title: str) -> str:
    """The very same text for all assets of a format: they are known by what they share."""
    return _UNDECODED_NOTE.format(title)


def is_fingerprinted(one: Gathered) -> bool:
    """Whether its picture could be compared, or was looked through."""
    if one.film is not None:
        return one.film.frames > 0 and not one.film.why
    if len(one.frames) == 1:
        return one.first.fingerprint is not None
    return any(examination.fingerprint is not None for _, examination in one.frames)


def frame_digests(one: Gathered) -> tuple[str, ...]:
    """Return the digests of a sequence's frames, as far as they were hashed; none for a file."""
    if not one.asset.is_sequence:
        return ()
    return tuple(examination.hash.value for _, examination in one.frames if examination.hash.value)
