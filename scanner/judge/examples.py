"""Subjects, marks and references that the rules' examples are made of."""

from __future__ import annotations

from dataclasses import replace

from scanner.judge.subject import Subject
from scanner.model.approvals import AppliedApproval, Approval, ApprovalState, Category, ContentKind, Lineage
from scanner.model.credentials import Credentials, TrustList
from scanner.model.decisions import AppliedDecision, Decision, DecisionKind, DecisionState
from scanner.model.formats import Format, MediaKind
from scanner.model.judging import Zone, ZoneChoice
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.matching import Alignment, Alteration, Box, Match, Overlay, Reference, Relation, Rights, Role
from scanner.model.readings import ReadingSummary

JPEG = Format("jpeg", "JPEG", MediaKind.STILL, "image/jpeg", ("jpg", "jpeg"), picture=True)
EXR = Format("exr", "OpenEXR", MediaKind.STILL, None, ("exr",))
SOUND_FILE = Format("mp3", "MP3 sound", MediaKind.AUDIO, "audio/mpeg", ("mp3",))
MOVIE = Format("mov", "QuickTime movie", MediaKind.VIDEO, "video/quicktime", ("mov",))
SUBTITLES = Format("srt", "SubRip subtitles", MediaKind.NOT_MEDIA, None, ("srt",))
XMP_SIDECAR = Format("xmp", "XMP sidecar", MediaKind.NOT_MEDIA, None, ("xmp",))

TRUST_LIST = TrustList("C2PA trust list", "2026-08-13", "0" * 64)

PHOTO = Subject(
    root=0,
    path="final/ep1/st_014.jpg",
    zone=ZoneChoice(Zone.FINAL, "final/**"),
    format=JPEG,
    size_bytes=240_000,
    provenance=Provenance.NO_MARKS,
    credentials=Credentials.NONE,
    readings=(ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "not-found")),
    sha256="a" * 64,
    fingerprinted=True,
)
"""A photograph in a final folder, read whole, bearing no mark."""

SEQUENCE = replace(
    PHOTO,
    path="final/shots/a.1001-1096#.exr",
    format=EXR,
    readings=(ReadingSummary("exiftool", "found"), ReadingSummary("c2pa", "not-tried", "no reader for OpenEXR")),
    sha256=None,
    frame_count=96,
)
"""Ninety-six frames in a final folder, bearing no mark."""


SOUND = replace(PHOTO, path="final/ep1/vo_014.mp3", format=SOUND_FILE, fingerprinted=False)
"""A sound in a final folder, bearing no mark."""


def moved(subject: Subject, zone: Zone) -> Subject:
    """Return the subject as it would stand in a folder of this zone."""
    name = subject.path.rpartition("/")[2]
    return replace(subject, path=f"{zone}/{name}", zone=ZoneChoice(zone, f"{zone}/**"))


def mark(
    meaning: Meaning,
    confidence: Confidence = Confidence.DEFINITIVE,
    *,
    id: str = "iptc-source-type",
    generator: str = "",
    where: str = "file, XMP-iptcExt:DigitalSourceType",
    value: str = "",
    reader: str = "exiftool",
    frames: str = "",
) -> Mark:
    """Make a mark as the catalogue would."""
    return Mark(id, meaning, confidence, generator, where, value, reader, "13.58", frames=frames)


def declared(subject: Subject, *marks: Mark) -> Subject:
    """Return the subject with these marks; the first firm one sets its provenance, as interpret does."""
    setting = [one for one in marks if one.confidence is not Confidence.WEAK and one.meaning.value in _CLASSES]
    provenance = Provenance(setting[0].meaning.value) if setting else subject.provenance
    return replace(subject, marks=marks, provenance=provenance)


def matched(role: Role, relation: Relation, distance_bits: int | None = None, name: str = "") -> Match:
    """Make a match with a reference of this role."""
    reference = Reference(f"{role}-1", role, name or f"library/{role}_014.png", "b" * 64)
    basis = "bytes" if relation is Relation.SAME else "phash64/imagehash-4.3"
    return Match(reference, relation, basis, distance_bits)


def aligned(
    role: Role,
    relation: Relation,
    inliers: int = 120,
    *,
    asset_share: float = 1.0,
    reference_share: float = 1.0,
    mirrored: bool = False,
    alteration: Alteration | None = None,
) -> Match:
    """Make a match by points that agree; a reference that fills a part of the asset lies in its upper left."""
    side = asset_share**0.5
    matrix = (side, 0.0, 0.0, 0.0, side, 0.0, 0.0, 0.0, 1.0)
    alignment = Alignment(matrix, mirrored, inliers, 2 * inliers, asset_share, reference_share, 1.0)
    return replace(matched(role, relation), basis="local/1", alignment=alignment, alteration=alteration)


def differing(share: float, *boxes: Box, overlays: tuple[str, ...] = ()) -> Alteration:
    """Make what differs between two pictures; overlays lie along the lower edge."""
    return Alteration(share, boxes, tuple(Overlay(kind, (0.1, 0.85, 0.5, 0.95)) for kind in overlays))


def bound(match: Match) -> Match:
    """Return the match, the reference's terms forbidding AI alteration."""
    return replace(match, reference=replace(match.reference, rights=Rights(no_ai_alteration=True)))


def approval(category: Category = Category.CREATIVE_OUTPUT, **more: str) -> Approval:
    """Make an approval as a log would hold it."""
    told = {"approver": "Dana Reyes, Netflix", "recorder": "ines", "reference": "NFLX-2231", "use": "background plate", **more}
    plain = Approval("c" * 16, "a" * 64, ContentKind.FILE, "", "", "", category, "", "2026-01-05")
    return replace(plain, **told)  # type: ignore[arg-type]


def applied(
    state: ApprovalState, why: str = "", *, category: Category = Category.CREATIVE_OUTPUT, lineage: Lineage | None = None
) -> AppliedApproval:
    """Make what an approval does for an asset."""
    return AppliedApproval(approval(category), state, why, lineage)


def decision(kind: DecisionKind, statement: str, **more: str) -> Decision:
    """Make another decision as a log would hold it."""
    told = {"decider": "Vera Okafor, legal", "recorder": "ines", "date": "2026-02-03", **more}
    plain = Decision("d" * 16, kind, "a" * 64, ContentKind.FILE, "", "", statement, "")
    return replace(plain, **told)  # type: ignore[arg-type]


def decided(
    kind: DecisionKind,
    statement: str,
    state: DecisionState = DecisionState.STANDING,
    why: str = "",
    *,
    lineage: Lineage | None = None,
    **more: str,
) -> AppliedDecision:
    """Make what another decision does for an asset."""
    return AppliedDecision(decision(kind, statement, **more), state, why, lineage)


_CLASSES = {provenance.value for provenance in Provenance}
