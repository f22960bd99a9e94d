"""What a rule may see: one asset, what surrounds it, and for delivery rules the delivery as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from scanner.model.approvals import AppliedApproval, Approval, Category
from scanner.model.credentials import Credentials, TrustList
from scanner.model.decisions import AppliedDecision, Decision
from scanner.model.formats import Format, MediaKind
from scanner.model.judging import Zone, ZoneChoice
from scanner.model.marks import Mark, Provenance
from scanner.model.matching import Match, NearCopy
from scanner.model.people import NOBODY, People
from scanner.model.quick import quickly_made
from scanner.model.readings import ReadingSummary
from scanner.model.sealed_told import AssetSealed, SealedBy
from scanner.model.stretches import Stretch

AssetKey = tuple[int, str]
"""An asset's root and path."""

DELIVERABLE_ZONES = frozenset({Zone.FINAL, Zone.ARCHIVAL, Zone.GRAPHICS, Zone.UNASSIGNED})
"""Zones whose content may reach a viewer; an unassigned folder may, as nobody said otherwise."""


@quickly_made
@dataclass(frozen=True, slots=True)
class Subject:
    """One asset, as rules see it. Built by the pipeline once everything was read and matched."""

    root: int
    """Index into the scan's roots."""
    path: str
    """As in `assets.Asset`, surrogate escapes included."""
    zone: ZoneChoice
    format: Format
    size_bytes: int
    provenance: Provenance
    credentials: Credentials
    credential_problems: tuple[str, ...] = ()
    trusted_by: tuple[TrustList, ...] = ()
    """The loaded lists that make its signer trusted, as in `ManifestStore.trusted_by`."""
    readings: tuple[ReadingSummary, ...] = ()
    marks: tuple[Mark, ...] = ()
    """Of the asset and its sidecars."""
    matches: tuple[Match, ...] = ()
    sha256: str | None = None
    """Of a single file's bytes; None where it was not hashed, and for sequences."""
    frame_sha256s: tuple[str, ...] = ()
    """Of a sequence's frames, as far as they were hashed."""
    frame_count: int = 0
    """Frames of a sequence; 0 for a single file."""
    missing_frames: str = ""
    """Missing frames of a sequence as ranges."""
    lying_extension: str | None = None
    """The extension, without its dot, where the bytes belong to another known format."""
    camera: str = ""
    fingerprinted: bool = False
    """Whether its picture could be compared; a picture too plain to compare counts as looked at."""
    picture_note: str = ""
    """Why its picture could not be compared."""
    sidecar_doubt: str = ""
    """For a sidecar that fits two files: why it stands alone."""
    remote_url: str | None = None
    changed: bool = False
    """Its size or time changed while it was read."""
    reached: bool = True
    """False where the scan was stopped before any of it was read: there is nothing to judge."""
    people: People = NOBODY
    exposure: str = ""
    """Exposure facts of a still camera, as in `Examination.exposure`; for a sequence, of its first frame."""
    hidden_credentials: str = ""
    """As in `Examination.hidden_credentials`."""
    other_thumbnail: str = ""
    """As in `Examination.other_thumbnail`."""
    content_digest: str = ""
    """What an approval of it is bound to; empty where it was not hashed whole."""
    sealed: AssetSealed | None = None
    """How it stands to sealed hashes; None where no list speaks of it."""
    approvals: tuple[AppliedApproval, ...] = ()
    """Approvals of its content, and of content it comes from."""
    superseded_by: Approval | None = None
    """A standing approval of other content that says it replaces this one."""
    namesake: Approval | None = None
    """A standing approval of other content that had this file name."""
    needs: tuple[Category, ...] = ()
    """Approval categories that its other findings still ask for. Filled once these are weighed, for the rules on approvals."""
    decisions: tuple[AppliedDecision, ...] = ()
    """Other decisions about its content, and about content it comes from."""
    decided_namesake: Decision | None = None
    """Another standing decision about other content that had this file name."""
    still_said: tuple[str, ...] = ()
    """What keeps a standing decision that it is no AI from lifting findings. Filled as `needs`."""
    undecided: tuple[Stretch, ...] = ()
    """Parts of a film that findings are about which decisions on other parts leave open. Filled as `needs`."""

    @property
    def has_decisions(self) -> bool:
        """Whether the log says anything of it, or of other content under its name."""
        told = self.approvals or self.decisions
        return bool(told) or self.namesake is not None or self.decided_namesake is not None

    @property
    def key(self) -> AssetKey:
        """What names it in a scan."""
        return self.root, self.path

    @property
    def is_sequence(self) -> bool:
        """Whether this asset is a numbered image sequence."""
        return self.frame_count > 0

    @property
    def digests(self) -> tuple[str, ...]:
        """SHA-256 of each of its files that was hashed."""
        return ((self.sha256,) if self.sha256 else ()) + self.frame_sha256s

    @property
    def is_judged(self) -> bool:
        """Whether rules about media look at it: anything but the kinds known not to be media."""
        return self.format.kind is not MediaKind.NOT_MEDIA


@dataclass(frozen=True, slots=True)
class Copy:
    """One place in the delivery where certain bytes stand."""

    root: int
    path: str
    zone: Zone
    provenance: Provenance
    """Of that asset, its own sidecars' marks included."""


DEFAULT_READINGS: Mapping[MediaKind, tuple[str, ...]] = {
    kind: ("exiftool", "c2pa", "residue") for kind in MediaKind if kind.is_media
}
"""Kind of media → readers that must have read it, where the policy asks for nothing else."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule may know beside the asset itself; the same for every asset of a scan."""

    copies: Mapping[str, tuple[Copy, ...]] = field(default_factory=dict)
    """SHA-256 of content → every place it stands, the asked asset itself included. Single places may be left out."""
    near_copies: Mapping[AssetKey, tuple[NearCopy, ...]] = field(default_factory=dict)
    """Root and path of a deliverable asset without generative marks → assets of the delivery with such marks that look like
    it, nearest first. Flat pictures have none."""
    library_given: bool = False
    library_size: int = 0
    """References in the library; 0 for an empty one and for none."""
    trust_lists: tuple[TrustList, ...] = ()
    """Trust lists that were loaded for content credentials."""
    approved_tools: tuple[str, ...] | None = None
    """Names of generators that the production may use (`tool_names.is_approved`); None where the policy has no such list."""
    required_readings: Mapping[MediaKind, tuple[str, ...]] = field(default_factory=lambda: DEFAULT_READINGS)
    """Kind of media → readers that must have read it, by the policy."""


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """The delivery as a whole, for the rules that speak of it."""

    uncompared: Mapping[str, int] = field(default_factory=dict)
    """Why pictures were not compared with a library (`pictures_not_compared.uncompared_reason`) → how many."""
    unreadable_folders: tuple[tuple[int, str, str], ...] = ()
    """Root, path, reason, as in `Scan.unreadable_folders`."""
    interrupted: bool = False
    approvals: int = 0
    """Standing approvals in the log that was read."""
    unused_approvals: int = 0
    """Those among them that were applied to no asset."""
    sealed_by: tuple[SealedBy, ...] = ()
    """The lists of sealed hashes under the roots."""
