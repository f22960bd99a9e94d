"""Work that is sent to worker processes, and what comes back.

Everything here crosses a process boundary: plain frozen values only.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from scanner.model.assets import ContentHash, Spans
from scanner.model.credentials import Credentials, ManifestStore
from scanner.model.cut_work import CutsRead, ReadCutTask
from scanner.model.formats import Format
from scanner.model.generation import NO_NOTE, GenerationNote
from scanner.model.marks import Mark
from scanner.model.matching import Alignment, Alteration, Fingerprint, GlobalHash, LaidOver, LocalFeatures, LocalQuery
from scanner.model.moving import MovingPicture
from scanner.model.people import NOBODY, People
from scanner.model.placement import UNKNOWN_MEDIA, MediaIdentity
from scanner.model.quick import quickly_made
from scanner.model.readings import ReadingSummary
from scanner.model.sealed import Generation, SealedFile, SealKind
from scanner.model.statements_work import StatementsRead, StatementsTask


@quickly_made
@dataclass(frozen=True, slots=True)
class ExamineTask:
    """Read one file whole: probe, readers, marks, hash, fingerprint."""

    key: int
    """Number of the task; its result bears the same."""
    path: str
    """Absolute path, surrogate-escaped where it is no UTF-8."""
    size_bytes: int
    sidecar: bool = False
    """An XMP sidecar: only its metadata is read."""
    manifest_sidecar: str | None = None
    """Absolute path of a detached ``.c2pa`` manifest to try against this file."""
    fingerprint: bool = True
    hash_always: bool = False
    """Hash it though it is larger than what is hashed unasked: its size is that of an approved file."""
    sealed_algorithms: tuple[str, ...] = ()
    """Algorithms of sealed hashes to compare it with: it is hashed by these too, and by SHA-256 whatever its size."""
    parts: Spans = ()
    """Of an object that was fetched in part: what stands in its file; all else there is a hole. Empty for a whole file."""


@dataclass(frozen=True, slots=True)
class PixelsTask:
    """Digest of the decoded pixels, for a picture whose hash came near a reference."""

    key: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class ThumbnailTask:
    """A small picture for the report, decoded and encoded again by us."""

    key: int
    path: str
    size_bytes: int
    at: Fraction | None = None
    """Of a film: seconds of the frame that is wanted, on the film's clock; None for one of its first that shows something."""
    longest_px: int = 320
    """Of its longer side, at most; a smaller picture is not enlarged."""


@dataclass(frozen=True, slots=True)
class DigestTask:
    """SHA-256 of a file's bytes, to know whether it must be read at all."""

    key: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class SealedListTask:
    """What a list of sealed hashes says; the sealed files are not opened."""

    key: int
    path: str
    """The folder that holds ``ascmhl/``, or an asset map."""
    size_bytes: int
    """Of its files, about."""
    kind: SealKind


@dataclass(frozen=True, slots=True)
class KeptPicturesTask:
    """What a library keeps to find a reference by its parts, to compare with it, and to show it."""

    key: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class PointsTask:
    """Local features of a picture, to look for among references."""

    key: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class CompareTask:
    """Lay a reference over the picture that it lies in, and see where the two differ."""

    key: int
    path: str
    size_bytes: int
    alignment: Alignment
    reference_picture: bytes = b""
    """As the library keeps it; empty for a reference that stands in the scanned tree."""
    reference_path: str = ""
    """Absolute path of such a reference."""
    reference_size_bytes: int = 0
    shown: bool = False
    """Whether pictures for the report are wanted too."""


@dataclass(frozen=True, slots=True)
class FrameFiles:
    """Files of a numbered sequence that follow each other, in frame order; a frame's time is its number by the rate."""

    rate: Fraction
    """Frames a second of the sequence's clock."""
    folder: str
    """Absolute path."""
    names: tuple[str, ...]
    numbers: tuple[int, ...]
    """Frames since the first one of the whole sequence, which is 0; missing ones count."""
    sizes_bytes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OpenFilmTask:
    """What a film's container says of its pictures."""

    key: int
    path: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class FilmTask:
    """Frames of a stretch of a film or sequence, to look for among references."""

    key: int
    path: str
    """Of a sequence, its first file here."""
    size_bytes: int
    """Of the stretch, about: a worker's patience follows from it."""
    begin: Fraction | None = None
    """Seconds on the film's clock; None for its start."""
    end: Fraction | None = None
    interval: Fraction = Fraction(1)
    """Seconds between looked-at frames, at most."""
    closely: bool = False
    """Look at each frame as at a still: others will be looked for in them."""
    files: FrameFiles | None = None
    """Of a sequence: the files of the stretch, with the first one after it; None for a film."""


@dataclass(frozen=True, slots=True)
class EdgeTask:
    """The frame at which a reference comes on screen, or leaves it, between two frames of which one shows it."""

    key: int
    path: str
    size_bytes: int
    shows: Fraction
    """Seconds: a frame that shows it."""
    lacks: Fraction
    """Seconds: one that does not, before or after."""
    references: tuple[LocalFeatures, ...]
    """A still's one; of a clip, those of its frames that may be on screen then."""
    mirrored: bool = False
    files: FrameFiles | None = None
    """Of a sequence: the files from one of these frames to the other; None for a film."""


Task = (
    ExamineTask
    | PixelsTask
    | ThumbnailTask
    | DigestTask
    | SealedListTask
    | KeptPicturesTask
    | PointsTask
    | CompareTask
    | OpenFilmTask
    | FilmTask
    | EdgeTask
    | ReadCutTask
    | StatementsTask
)


@quickly_made
@dataclass(frozen=True, slots=True)
class Examination:
    """All that one file yielded."""

    key: int
    format: Format
    hash: ContentHash
    readings: tuple[ReadingSummary, ...]
    marks: tuple[Mark, ...] = ()
    credentials: Credentials = Credentials.NOT_CHECKABLE
    credential_problems: tuple[str, ...] = ()
    remote_url: str | None = None
    manifests: ManifestStore | None = None
    lying_extension: str | None = None
    fingerprint: Fingerprint | None = None
    picture_note: str = ""
    """Why there is no fingerprint, for a picture format; empty otherwise."""
    camera: str = ""
    """Camera make and model as the metadata names them; a fact for people, not a mark."""
    changed: bool = False
    """The file's size or time changed while it was read."""
    transient: bool = False
    """Something was not read for a cause that may lie outside the file, as `readings.Failed.transient`."""
    reached: bool = True
    """False for what stands for a file that the scan was stopped before."""
    litter: bool = False
    """Operating-system litter known by its content."""
    width: int = 0
    """Picture size in pixels as the file is stored; 0 where not known."""
    height: int = 0
    captured: str = ""
    """Capture date as the camera wrote it; tells camera pictures with numbered names from the frames of a sequence."""
    exposure: str = ""
    """Exposure facts that a still camera wrote into EXIF, ``1/250 s, f/5.6, ISO 400``; empty where there are fewer than two."""
    hidden_credentials: str = ""
    """Where content credentials stand that readers of credentials pass over, ``behind the end marker, at byte 9``; else empty."""
    generation: GenerationNote = NO_NOTE
    people: People = NOBODY
    prints: tuple[GlobalHash, ...] = ()
    """Further hashes of its picture: of all of it, and of what bars leave. Empty where that is too plain."""
    identity: MediaIdentity = UNKNOWN_MEDIA
    frame_rate: Fraction | None = None
    """Frames a second, as the header of a film frame (OpenEXR, DPX) says; None where it says none."""
    timecode: str = ""
    """Timecode of such a frame, ``01:00:00:00`` or ``01:00:00;00``; empty where its header has none."""
    sealed_digests: tuple[tuple[str, str], ...] = ()
    """By each of the task's sealed algorithms that can be computed here: algorithm and digest of the file's bytes."""
    other_thumbnail: str = ""
    """Where its embedded EXIF thumbnail shows another picture: its size and how far it is off, as a clause; else empty."""
    unfetched: Spans = ()
    """What readers asked for of an object that was fetched in part, and was not there: small parts, in the order of asking."""


@dataclass(frozen=True, slots=True)
class PixelDigest:
    """Result of a `PixelsTask`; the digest is empty where the picture could not be decoded whole."""

    key: int
    digest: str


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """Result of a `ThumbnailTask`: JPEG bytes, empty where no picture could be made."""

    key: int
    jpeg: bytes
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class FileDigest:
    """Result of a `DigestTask`; the digest is empty where the file could not be read."""

    key: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SealedList:
    """Result of a `SealedListTask`."""

    key: int
    files: tuple[SealedFile, ...] = ()
    """Of each file's hashes at most one, none that failed: that to compare with, or the last where none can be computed."""
    generations: tuple[Generation, ...] = ()
    holds: bool = True
    """As `History.holds`."""
    notes: tuple[str, ...] = ()
    why: str = ""
    """Why it cannot be read, as a clause; empty where it was."""


@dataclass(frozen=True, slots=True)
class KeptPictures:
    """Result of a `KeptPicturesTask`; what could not be made is empty."""

    key: int
    picture: bytes
    """JPEG or WebP, as `model.belongings.Belongings` has it."""
    thumbnail: bytes
    """JPEG."""
    features: LocalFeatures | None = None
    """Without points where it is too plain to be told from others by its parts."""


@dataclass(frozen=True, slots=True)
class PointsFound:
    """Result of a `PointsTask`; None where the picture could not be decoded."""

    key: int
    query: LocalQuery | None


@dataclass(frozen=True, slots=True)
class Compared:
    """Result of a `CompareTask`; what could not be made is None."""

    key: int
    alteration: Alteration | None
    laid_over: LaidOver | None = None


@dataclass(frozen=True, slots=True)
class FilmOpened:
    """Result of an `OpenFilmTask`."""

    key: int
    description: MovingPicture | None
    """None where it cannot be decoded."""
    why: str = ""
    """Why not, as a clause."""


@dataclass(frozen=True, slots=True)
class FilmFrame:
    """One looked-at frame of a film."""

    time: Fraction
    """Seconds on the film's clock."""
    prints: tuple[GlobalHash, ...] = ()
    query: LocalQuery | None = None
    """None where the frame is too plain to be told from others."""


@dataclass(frozen=True, slots=True)
class FilmFrames:
    """Result of a `FilmTask`."""

    key: int
    frames: tuple[FilmFrame, ...]
    damaged: int = 0
    """Packets and frames that did not decode."""
    why: str = ""
    """Why the stretch was not looked at to its end, as a clause; empty where it was."""
    reached: Fraction | None = None
    """Seconds on the film's clock up to which the last packet that was read reaches; None where none was."""
    lost: tuple[Fraction, ...] = ()
    """Of a sequence: seconds of the frames that were to be looked at and do not decode."""


@dataclass(frozen=True, slots=True)
class EdgeFound:
    """Result of an `EdgeTask`: seconds of the frame nearest to `lacks` that shows the reference; None where none was decoded."""

    key: int
    shows: Fraction | None
    lacks: Fraction | None = None
    """Seconds of the frame beside it that does not."""


@dataclass(frozen=True, slots=True)
class WorkFailed:
    """A task whose worker died or ran out of time, twice."""

    key: int
    why: str


Result = (
    Examination
    | PixelDigest
    | Thumbnail
    | FileDigest
    | SealedList
    | KeptPictures
    | PointsFound
    | Compared
    | FilmOpened
    | FilmFrames
    | EdgeFound
    | CutsRead
    | StatementsRead
    | WorkFailed
)
