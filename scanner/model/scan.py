"""The scan: what a report is made of. Built once, at the end; nothing in it is edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from scanner.model.approvals import AppliedApproval, ApprovalLogStamp
from scanner.model.assets import ContentHash, SpecialEntry
from scanner.model.credentials import Credentials, ManifestStore, TrustList
from scanner.model.decisions import AppliedDecision
from scanner.model.formats import Format
from scanner.model.generation import NO_NOTE, GenerationNote
from scanner.model.in_cut import CutStamp, InCut
from scanner.model.judging import DeclaredRule, Finding, Verdict, ZoneChoice
from scanner.model.marks import Mark, Provenance
from scanner.model.matching import LaidOver, Match, NearCopy
from scanner.model.moving import FilmLook
from scanner.model.people import NOBODY, People
from scanner.model.quick import quickly_made
from scanner.model.readings import ReadingSummary
from scanner.model.sealed_told import AssetSealed, SealedBy
from scanner.model.shards import ShardPart


@quickly_made
@dataclass(frozen=True, slots=True)
class AssetRecord:
    """One asset with all that was read, matched and judged."""

    root: int
    path: str
    """As in `assets.Asset`; reports escape it."""
    kind: str
    """``file`` or ``sequence``."""
    members: tuple[str, ...]
    """Paths of a sequence's frames, in frame order; empty for a file."""
    sidecars: tuple[str, ...]
    zone: ZoneChoice
    format: Format
    size_bytes: int
    hash: ContentHash
    provenance: Provenance
    credentials: Credentials
    credential_problems: tuple[str, ...]
    verdict: Verdict
    readings: tuple[ReadingSummary, ...] = ()
    marks: tuple[Mark, ...] = ()
    matches: tuple[Match, ...] = ()
    near_copies: tuple[NearCopy, ...] = ()
    """Assets of this delivery that bear generative marks this one lacks and look like it, as `Surroundings.near_copies`."""
    findings: tuple[Finding, ...] = ()
    manifests: ManifestStore | None = None
    remote_url: str | None = None
    camera: str = ""
    picture_note: str = ""
    missing_frames: str = ""
    fingerprinted: bool = False
    generation: GenerationNote = NO_NOTE
    people: People = NOBODY
    approvals: tuple[AppliedApproval, ...] = ()
    decisions: tuple[AppliedDecision, ...] = ()
    content_digest: str = ""
    """What an approval of this asset is bound to: a file's SHA-256, a sequence's digest; empty where it was not hashed."""
    in_cut: tuple[InCut, ...] = ()
    """Where it stands in the scan's cuts."""
    sealed: AssetSealed | None = None
    """How it stands to sealed hashes; None where no list speaks of it."""
    film: FilmLook | None = None
    """How a moving picture was looked through; None for what is none, and where nothing was looked for in it."""

    @property
    def is_media(self) -> bool:
        """Whether this asset is judged."""
        return self.format.kind.is_media


@quickly_made
@dataclass(frozen=True, slots=True)
class FileRecord:
    """One regular file as the scan met it: what a later look at the delivery is compared with."""

    root: int
    path: str
    """As in `assets.FileEntry`; reports escape it."""
    size_bytes: int
    mtime_ns: int
    """Modification time, nanoseconds since 1970 UTC."""
    sha256: str = ""
    """Of its bytes, 64 hexadecimal digits; empty where the scan did not hash it (over 2 GiB, unreadable, not reached)."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at, in numbers. Every regular file is in `files` exactly once."""

    files: int = 0
    assets: int = 0
    not_media: int = 0
    not_checkable: int = 0
    unreadable: int = 0
    special: int = 0
    litter: int = 0
    by_format: tuple[tuple[str, int], ...] = ()
    by_zone: tuple[tuple[str, int], ...] = ()
    pictures: int = 0
    """Stills that could have been compared."""
    pictures_compared: int = 0
    not_compared: tuple[tuple[str, int], ...] = ()
    """Reason → media assets whose picture was not compared."""
    readings_lost: tuple[tuple[str, int], ...] = ()
    """Reason → assets on which a reader failed."""
    fetched_bytes: int | None = None
    """Bytes of objects that were received from buckets, asked for twice counted twice; None where no root lies in one."""


@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """Which policy judged."""

    name: str
    sha256: str
    document: str = ""
    """The document that the policy reads."""
    date: str = ""
    """Of that document."""


@dataclass(frozen=True, slots=True)
class LibraryStamp:
    """Which reference library was compared with."""

    name: str
    sha256: str
    references: int


@dataclass(frozen=True, slots=True)
class BaselineStamp:
    """Which earlier report the findings were compared with."""

    file: str
    """Its file name."""
    delivery: str
    """Name of the delivery it is of."""
    finished: str
    """When that scan ended, ISO 8601, UTC."""
    seal: str
    gone: int = 0
    """Its findings that asked for a verdict and are not found any more."""


@dataclass(frozen=True, slots=True)
class ToolVersions:
    """Versions of everything that could change a result."""

    scanner: str
    tools: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, weakref_slot=True)
class Scan:
    """One scan of one delivery."""

    name: str
    """Of the delivery: the first root's last component."""
    versions: ToolVersions
    roots: tuple[str, ...]
    started: str
    """ISO 8601, UTC."""
    finished: str
    complete: bool
    """False where the scan was interrupted or a folder could not be listed."""
    policy: PolicyStamp
    catalogue_sha256: str
    library: LibraryStamp | None
    trust_lists: tuple[TrustList, ...]
    verdict: Verdict
    coverage: Coverage
    assets: Sequence[AssetRecord]
    """Sorted by root and path, a file before a sequence; those of a large delivery lie on disk."""
    findings: tuple[Finding, ...] = ()
    """About the delivery as a whole."""
    specials: tuple[tuple[int, SpecialEntry], ...] = ()
    unreadable_folders: tuple[tuple[int, str, str], ...] = ()
    """Root, path, reason."""
    litter: tuple[tuple[int, str], ...] = ()
    inventory: Sequence[FileRecord] = ()
    """Every regular file under the roots once, sorted by root and path: assets, frames, sidecars and litter."""
    notes: tuple[str, ...] = ()
    """Sentences about the run itself: missing Perl modules, a lowered gate."""
    interrupted: bool = False
    approval_log: ApprovalLogStamp | None = None
    """None where no log was read."""
    baseline: BaselineStamp | None = None
    """None for a scan that was compared with no earlier report; else findings say whether they are known."""
    confidentiality: str = ""
    """A line that the user wants on every report: ``CONFIDENTIAL, Production X``."""
    options: tuple[tuple[str, str], ...] = ()
    """Options that change what a verdict or exit code means (``--fail-on`` …)."""
    cuts: tuple[CutStamp, ...] = ()
    """The cuts that the assets were looked for in."""
    sealed_by: tuple[SealedBy, ...] = ()
    """The lists of sealed hashes under the roots: ASC MHL histories and packing lists."""
    rules: tuple[DeclaredRule, ...] = ()
    """Every rule that judged, whether it found anything or not."""
    shard: ShardPart | None = None
    """What a scan of a part carries for the report of the whole; None for a scan of everything."""
    recalled: int = field(default=0, compare=False)
    """Files that an earlier scan had read and that have not changed since. In no report: equal deliveries have equal reports."""
    thumbnails: dict[int, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Index into `assets` → JPEG bytes made by us; filled for the assets the HTML shows."""
    reference_thumbnails: dict[str, bytes] = field(default_factory=dict, compare=False, repr=False)
    """Id of a matched reference → JPEG bytes kept in the library, for the HTML's side by side view."""
    laid_over: dict[tuple[int, str], LaidOver] = field(default_factory=dict, compare=False, repr=False)
    """Index into `assets` and id of a matched reference → their pictures laid over each other, for the HTML's comparison."""
    film_frames: dict[tuple[int, Fraction], bytes] = field(default_factory=dict, compare=False, repr=False)
    """Index into `assets` and seconds on a film's clock → JPEG bytes of the frame shown then, for the HTML."""
