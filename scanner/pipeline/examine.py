"""The work on one file, done in a worker process: probe, read, interpret, hash, fingerprint.

The order overlaps the slow outside with our own work: ExifTool starts first and is asked for its answer last.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from scanner.fingerprint.embedded import find_other_thumbnail
from scanner.fingerprint.failures import PictureBroken, PictureRefused
from scanner.fingerprint.picture import open_picture
from scanner.fingerprint.prints import prints_of
from scanner.fingerprint.small import made_small
from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.content_credentials import find_credential_marks
from scanner.interpret.credentials import problems_of, state_of
from scanner.interpret.generation_note import find_generation_note
from scanner.interpret.joining import join_marks
from scanner.interpret.people import find_people
from scanner.model.assets import ContentHash
from scanner.model.credentials import Credentials, ManifestStore
from scanner.model.cut_work import ReadCutTask
from scanner.model.formats import UNKNOWN_FORMAT, Format, MediaKind, Probe
from scanner.model.marks import Mark
from scanner.model.matching import Fingerprint, GlobalHash
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, Reading, ReadingSummary, Statement
from scanner.model.work import (
    CompareTask,
    DigestTask,
    EdgeTask,
    Examination,
    ExamineTask,
    FilmTask,
    KeptPicturesTask,
    OpenFilmTask,
    PixelsTask,
    PointsTask,
    Result,
    SealedListTask,
    Task,
    ThumbnailTask,
)
from scanner.pipeline.belongings import found_points, kept_pictures
from scanner.pipeline.cut_reading import read_cut_file
from scanner.pipeline.facts import FileFacts, identify, pairs_of, statements_of
from scanner.pipeline.film_frames import find_edge, look_at_film, open_film
from scanner.pipeline.laying_over import compare
from scanner.pipeline.settings import WorkerSettings
from scanner.pipeline.short_tasks import digest_file, digest_pixels, make_thumbnail
from scanner.pipeline.watermarks import read_watermarks
from scanner.probe.detect import probe
from scanner.probe.formats import LITTER, find_by_extension
from scanner.read.bare import read_bare
from scanner.read.c2pa import C2paReader
from scanner.read.exiftool import ExifToolReader
from scanner.read.residue import PIXELS_UNSEEN, STEALTH_FORMATS, ResidueReader, join_outcomes
from scanner.read.watermark import WatermarkReader
from scanner.timeline.sealed_lists import read_sealed_list
from scanner.tools.bounded import partly_fetched
from scanner.tools.digests import digests_of

_MEDIA_GROUPS = {"image": MediaKind.STILL, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}
_TOLD_WARNINGS = ("c2pa", "residue")
"""Readers whose first warning is told with what they did not find; ExifTool's warnings are mostly of maker notes."""


class Examiner:
    """Everything that a worker keeps between files."""

    def __init__(self, settings: WorkerSettings) -> None:
        """Load the catalogue and prepare the readers; ExifTool starts with the first file."""
        self._settings = settings
        self._catalogue = MarkCatalogue.load([Path(path) for path in settings.extra_marks])
        self._exiftool = ExifToolReader(settings.exiftool, timeout_seconds=settings.exiftool_timeout_seconds)
        self._c2pa = C2paReader(settings.trust, verify_below_bytes=settings.hash_below_bytes)
        self._residue = ResidueReader()
        self._watermark = WatermarkReader()

    def perform(self, task: Task) -> Result:
        """Do one task of any kind."""
        result: Result
        match task:
            case ExamineTask():
                result = self.examine(task)
            case PixelsTask():
                result = digest_pixels(task)
            case ThumbnailTask():
                result = make_thumbnail(task)
            case DigestTask():
                result = digest_file(task)
            case SealedListTask():
                result = read_sealed_list(task)
            case KeptPicturesTask():
                result = kept_pictures(task)
            case PointsTask():
                result = found_points(task)
            case CompareTask():
                result = compare(task)
            case OpenFilmTask():
                result = open_film(task)
            case FilmTask():
                result = look_at_film(task)
            case EdgeTask():
                result = find_edge(task)
            case ReadCutTask():
                result = read_cut_file(task)
        return result

    def close(self) -> None:
        """Stop what the readers keep running."""
        self._exiftool.close()
        self._c2pa.close()
        self._residue.close()

    def examine(self, task: ExamineTask) -> Examination:
        """Read one file whole. Whatever the file does, an examination comes back."""
        with partly_fetched(task.path, task.parts) as unfetched:
            examination = self._read(task)
        return replace(examination, unfetched=tuple(unfetched)) if unfetched else examination

    def _read(self, task: ExamineTask) -> Examination:
        try:
            before = os.stat(task.path, follow_symlinks=False)
            probed = _doubted(probe(task.path, os.path.basename(task.path), task.size_bytes))
        except OSError as error:
            return _unreadable(task, f"cannot be read: {error.strerror or error}")
        if probed.format.name in LITTER:
            return Examination(task.key, probed.format, _hash(task, self._settings.hash_below_bytes)[0], (), litter=True)
        examination = self._examine(task, probed)
        return replace(examination, changed=_changed(task.path, before))

    def _examine(self, task: ExamineTask, probed: Probe) -> Examination:
        # A detached manifest is read with the file it belongs to; ExifTool before 13 takes it for a broken file.
        wanted = probed.format.name != "c2pa" and (task.sidecar or _holds_metadata(probed.format))
        bare = self._bare(task, probed) if wanted else None
        wanted = wanted and bare is None
        if wanted:
            self._exiftool.begin(task.path)
        credentials = (
            NotFound(note=bare.note) if bare and task.manifest_sidecar is None else self._credentials(task, probed.format)
        )
        content, sealed_digests = _hash(task, self._settings.hash_below_bytes)
        picture = self._picture(task, probed.format) if task.fingerprint and not task.parts else _Picture()
        residue = self._leftover(task, probed.format, picture)
        watermark = self._watermarks(task, probed.format)
        metadata = self._exiftool.finish(probed.format) if wanted else bare or NotTried(f"{probed.format.title} is not media")
        examination = self._interpreted(task, probed, _Outcomes(metadata, credentials, residue, watermark), content, picture)
        return replace(examination, sealed_digests=sealed_digests)

    def _interpreted(
        self, task: ExamineTask, probed: Probe, read: _Outcomes, content: ContentHash, picture: _Picture
    ) -> Examination:
        metadata, credentials = read.metadata, read.credentials
        file_format = _refined(probed.format, metadata)
        state = state_of(credentials)
        store = credentials.manifests if isinstance(credentials, Found) else None
        remote = _remote_url(credentials, metadata)
        facts = FileFacts.of(metadata)
        if remote and state in (Credentials.NONE, Credentials.NOT_CHECKABLE):
            state = Credentials.REMOTE
        marks = (*self._statement_marks(task, read), *self._credential_marks(store, state))
        return Examination(
            key=task.key,
            format=file_format,
            hash=content,
            readings=tuple(_summaries(probed, read, picture)),
            marks=marks,
            credentials=state,
            credential_problems=_problems(credentials, store, lists_loaded=bool(self._settings.trust.anchors)),
            remote_url=remote,
            manifests=store,
            lying_extension=probed.lying_extension,
            fingerprint=picture.fingerprint,
            prints=picture.prints,
            other_thumbnail=picture.other_thumbnail,
            picture_note=picture.note,
            camera=facts.camera,
            width=facts.width,
            height=facts.height,
            captured=facts.captured,
            exposure=facts.exposure,
            frame_rate=facts.frame_rate,
            timecode=facts.timecode,
            hidden_credentials=dict(pairs_of(read.residue)).get("C2PA-hidden:Place", ""),
            generation=find_generation_note(_told(read, task), marks, store),
            people=find_people(statements_of(metadata)),
            identity=identify(task, probed.format, facts),
        )

    def _bare(self, task: ExamineTask, probed: Probe) -> NotFound | None:
        if self._settings.thorough or probed.damage or task.sidecar:
            return None
        try:
            return read_bare(task.path, probed.format.name, task.size_bytes)
        except OSError:
            return None

    def _credentials(self, task: ExamineTask, file_format: Format) -> Outcome:
        whole = not task.parts
        embedded = self._c2pa.read(task.path, file_format, task.size_bytes, whole=whole)
        if task.manifest_sidecar is None or isinstance(embedded, (Found, Failed)):
            return embedded
        return self._c2pa.read_sidecar(task.path, file_format, task.size_bytes, task.manifest_sidecar, whole=whole)

    def _picture(self, task: ExamineTask, file_format: Format) -> _Picture:
        """Decode the picture once, for its hashes, for the text that its pixels may hide, and against its EXIF thumbnail."""
        if not file_format.picture:
            return _Picture()
        hidden = None
        try:
            opened = open_picture(task.path, file_format.name, small=True)
            hidden = self._residue.read_pixels(opened.image) if file_format.name in STEALTH_FORMATS else None
            small = made_small(opened)
            return _Picture(*prints_of(small), other_thumbnail=find_other_thumbnail(small), hidden=hidden)
        except PictureRefused as refused:
            return _Picture(note=refused.why, hidden=hidden)
        except PictureBroken as broken:
            return _Picture(note=broken.why, broken=broken.why, hidden=hidden)

    def _leftover(self, task: ExamineTask, file_format: Format, picture: _Picture) -> Outcome:
        container = self._residue.read(task.path, file_format, task.size_bytes)
        if file_format.name not in STEALTH_FORMATS:
            return container
        why = picture.note or "its picture was not decoded"
        return join_outcomes(container, picture.hidden or NotTried(f"{PIXELS_UNSEEN}: {why}"))

    def _statement_marks(self, task: ExamineTask, read: _Outcomes) -> tuple[Mark, ...]:
        readings = (
            Reading(self._exiftool.name, self._exiftool.version, _placed(read.metadata, task)),
            Reading(self._residue.name, self._residue.version, _placed(read.residue, task)),
        )
        metadata, residue = (self._catalogue.find_marks(reading) for reading in readings)
        return join_marks(metadata, (*residue, *self._watermark_marks(read.watermark)))

    def _watermarks(self, task: ExamineTask, file_format: Format) -> Outcome | None:
        wanted = self._settings.watermarks and file_format.kind.is_media and not task.sidecar
        return read_watermarks(self._watermark, task.path, file_format) if wanted else None

    def _watermark_marks(self, outcome: Outcome | None) -> tuple[Mark, ...]:
        if outcome is None:
            return ()
        return self._catalogue.find_marks(Reading(self._watermark.name, self._watermark.version, outcome))

    def _credential_marks(self, store: ManifestStore | None, state: Credentials) -> tuple[Mark, ...]:
        if store is None:
            return ()
        return find_credential_marks(store, state, self._catalogue, self._c2pa.name, self._c2pa.version)


@dataclass(frozen=True, slots=True)
class _Outcomes:
    """What the readers brought."""

    metadata: Outcome
    credentials: Outcome
    residue: Outcome
    watermark: Outcome | None
    """None where watermarks are not asked for."""


@dataclass(frozen=True, slots=True)
class _Picture:
    """What decoding the picture gave."""

    fingerprint: Fingerprint | None = None
    prints: tuple[GlobalHash, ...] = ()
    other_thumbnail: str = ""
    note: str = ""
    broken: str = ""
    hidden: Outcome | None = None
    """What its pixels hide, where they were looked at."""


def _told(read: _Outcomes, task: ExamineTask) -> Iterator[Statement]:
    """All statements of a file, placed as its marks are."""
    for outcome in (read.metadata, read.residue):
        yield from statements_of(_placed(outcome, task))


def _unreadable(task: ExamineTask, why: str) -> Examination:
    readings = (ReadingSummary("probe", "failed", why),)
    return Examination(task.key, UNKNOWN_FORMAT, ContentHash(), readings)


def _holds_metadata(file_format: Format) -> bool:
    return file_format.kind is not MediaKind.NOT_MEDIA or file_format.name == "xmp"


def _doubted(probed: Probe) -> Probe:
    """A web page or archive under a picture's name is no file beside the media: it is media that cannot be read."""
    extension = probed.lying_extension
    if extension is None or probed.format.kind is not MediaKind.NOT_MEDIA:
        return probed
    if not any(owner.kind.is_media for owner in find_by_extension(extension)):
        return probed
    return Probe(UNKNOWN_FORMAT, damage=f"named .{extension}, but its bytes are {probed.format.title}")


def _changed(path: str, before: os.stat_result) -> bool:
    try:
        after = os.stat(path, follow_symlinks=False)
    except OSError:
        return True
    return (before.st_size, before.st_mtime_ns, before.st_ino) != (after.st_size, after.st_mtime_ns, after.st_ino)


def _hash(task: ExamineTask, below_bytes: int) -> tuple[ContentHash, tuple[tuple[str, str], ...]]:
    """Hash the bytes in one pass, by SHA-256 and by the algorithms that they are sealed with."""
    if task.parts or (task.size_bytes >= below_bytes and not task.hash_always and not task.sealed_algorithms):
        return ContentHash(), ()
    try:
        digests = digests_of(task.path, ("sha256", *task.sealed_algorithms))
    except OSError:
        return ContentHash(), ()
    sealed = tuple((name, digests[name]) for name in task.sealed_algorithms if name in digests)
    return ContentHash(value=digests["sha256"], origin="computed"), sealed


def _placed(outcome: Outcome, task: ExamineTask) -> Outcome:
    """Statements of a sidecar say that they stand in a sidecar."""
    if not task.sidecar or not isinstance(outcome, (Found, Failed)):
        return outcome
    where = f"sidecar {os.path.basename(task.path)}"
    return replace(outcome, statements=tuple(replace(statement, where=where) for statement in outcome.statements))


def _refined(file_format: Format, metadata: Outcome) -> Format:
    """What ExifTool recognises though the probe does not: its name and media type serve."""
    if file_format is not UNKNOWN_FORMAT or not isinstance(metadata, (Found, NotFound)):
        return file_format
    told = dict(pairs_of(metadata))
    kind = _MEDIA_GROUPS.get(told.get("File:MIMEType", "").partition("/")[0])
    name = told.get("File:FileType", "")
    return Format(name.lower(), name, kind, None, ()) if kind and name else file_format


def _summaries(probed: Probe, read: _Outcomes, picture: _Picture) -> Iterator[ReadingSummary]:
    # What the decoder finds broken is damage of the file too, though its container is whole.
    if damage := probed.damage or picture.broken:
        yield ReadingSummary("probe", "failed", damage)
    yield _summary("exiftool", read.metadata)
    yield _summary("c2pa", read.credentials)
    yield _summary("residue", read.residue)
    if read.watermark is not None:
        yield _summary("watermark", read.watermark)
    if picture.broken:
        yield ReadingSummary("picture", "failed", picture.broken)
    elif picture.fingerprint:
        yield ReadingSummary("picture", "found")
    elif picture.note:
        yield ReadingSummary("picture", "not-tried", picture.note)


def _summary(reader: str, outcome: Outcome) -> ReadingSummary:
    match outcome:
        case Found():
            return ReadingSummary(reader, "found")
        case NotFound(warnings=warnings, note=note):
            told = warnings[0] if reader in _TOLD_WARNINGS and warnings else None
            return ReadingSummary(reader, "not-found", note or told)
        case Failed(why=why):
            return ReadingSummary(reader, "failed", why)
        case NotTried(why=why):
            return ReadingSummary(reader, "not-tried", why)


def _problems(outcome: Outcome, store: ManifestStore | None, *, lists_loaded: bool) -> tuple[str, ...]:
    if store is not None:
        return problems_of(store, lists_loaded=lists_loaded)
    return (outcome.why,) if isinstance(outcome, Failed) else ()


def _remote_url(credentials: Outcome, metadata: Outcome) -> str | None:
    if isinstance(credentials, Found) and credentials.remote_url:
        return credentials.remote_url
    pointer = dict(pairs_of(metadata)).get("XMP-dcterms:Provenance", "")
    return pointer[:2000] if pointer.startswith(("http://", "https://")) else None
