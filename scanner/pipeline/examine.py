"""The work on one file, done in a worker process: probe, read, interpret, hash, fingerprint.

The order overlaps the slow outside with our own work: ExifTool starts first and is asked for its answer last.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.content_credentials import find_credential_marks
from scanner.interpret.credentials import state_of
from scanner.interpret.generation_note import find_generation_note
from scanner.interpret.joining import join_marks
from scanner.interpret.people import find_people
from scanner.model.assets import ContentHash
from scanner.model.credentials import Credentials, ManifestStore
from scanner.model.formats import UNKNOWN_FORMAT, Format, MediaKind, Probe
from scanner.model.marks import Mark
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, Reading, ReadingSummary
from scanner.model.statements_work import StatementsRead, StatementsTask
from scanner.model.work import Examination, ExamineTask, Result, Task
from scanner.pipeline.decoding import DecodedPicture, decode_picture
from scanner.pipeline.facts import FileFacts, identify, pairs_of, statements_of
from scanner.pipeline.hashing import Hashed, hash_file
from scanner.pipeline.outcomes import (
    Outcomes,
    all_statements,
    credential_problems,
    find_remote_url,
    placed,
    refined_format,
)
from scanner.pipeline.saying import said
from scanner.pipeline.settings import WorkerSettings
from scanner.pipeline.summaries import summaries_of
from scanner.pipeline.tasks import perform
from scanner.pipeline.triage import Triage
from scanner.pipeline.watermarks import read_watermarks
from scanner.probe.detect import probe_source
from scanner.probe.formats import LITTER, find_by_extension
from scanner.read.c2pa import C2paReader
from scanner.read.exiftool import ExifToolReader
from scanner.read.residue import PIXELS_UNSEEN, STEALTH_FORMATS, ResidueReader, join_outcomes
from scanner.read.watermark import WatermarkReader
from scanner.tools.bounded import open_regular, partly_fetched
from scanner.tools.containers.source import Source

_WHOLE_BELOW_BYTES = 2 << 20
"""Smaller files are read from the disk once, for all that look through them."""


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
        self._triage = Triage(self._catalogue, thorough=settings.thorough)

    def perform(self, task: Task) -> Result:
        """Do one task of any kind."""
        return perform(task, self._told)

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

    def _told(self, task: ExamineTask | StatementsTask) -> Result:
        return self.examine(task) if isinstance(task, ExamineTask) else self.tell(task)

    def tell(self, task: StatementsTask) -> StatementsRead:
        """Read all that one file says about itself. Whatever the file does, an answer comes back."""
        try:
            with open_regular(task.path) as stream:
                source = Source(stream, task.size_bytes, whole_below_bytes=_WHOLE_BELOW_BYTES)
                file_format = _doubted(probe_source(source, os.path.basename(task.path))).format
                self._exiftool.begin(task.path)
                residue = self._residue.read_source(source, file_format)
                metadata = self._exiftool.finish(file_format)
        except OSError as error:
            return StatementsRead(task.key, (), f"cannot be read: {error.strerror or error}")
        readers = ((self._exiftool.name, self._exiftool.version, metadata), (self._residue.name, self._residue.version, residue))
        return StatementsRead(task.key, tuple(said(*each) for each in readers))

    def _read(self, task: ExamineTask) -> Examination:
        try:
            before = os.stat(task.path, follow_symlinks=False)
            with open_regular(task.path) as stream:
                source = Source(stream, task.size_bytes, whole_below_bytes=0 if task.parts else _WHOLE_BELOW_BYTES)
                probed = _doubted(probe_source(source, os.path.basename(task.path)))
                examination = self._examine(task, probed, source)
        except OSError as error:
            return _unreadable(task, f"cannot be read: {error.strerror or error}")
        # It was looked through as long as the crawl said it is: one that has grown since was not read whole.
        changed = before.st_size != task.size_bytes or _changed(task.path, before)
        return replace(examination, changed=True) if changed else examination

    def _examine(self, task: ExamineTask, probed: Probe, source: Source) -> Examination:
        if probed.format.name in LITTER:
            hashed = hash_file(task, source, self._settings.hash_below_bytes)
            return Examination(task.key, probed.format, hashed.content, (), litter=True, transient=hashed.failed)
        # A detached manifest is read with the file it belongs to; ExifTool before 13 takes it for a broken file.
        wanted = probed.format.name != "c2pa" and (task.sidecar or _holds_metadata(probed.format))
        told = self._triage.read(source, task, probed) if wanted else None
        if wanted and told is None:
            self._exiftool.begin(task.path)
        if told and task.manifest_sidecar is None:
            credentials: Outcome = NotFound(note=told.note)
        else:
            credentials = self._credentials(task, probed, source)
        hashed = hash_file(task, source, self._settings.hash_below_bytes)
        wants_picture = task.fingerprint and not task.parts
        picture = decode_picture(task.path, probed.format, self._residue) if wants_picture else DecodedPicture()
        residue = self._leftover(source, probed.format, picture)
        watermark = self._watermarks(task, probed.format)
        if isinstance(told, Found) and (statements_of(residue) or isinstance(watermark, Found)):
            # Beside a mark all that the metadata says can count, so that the tools are asked after all.
            told, credentials = None, self._credentials(task, probed, source)
            self._exiftool.begin(task.path)
        metadata = told or (self._exiftool.finish(probed.format) if wanted else NotTried(f"{probed.format.title} is not media"))
        outcomes = Outcomes(metadata, credentials, residue, watermark)
        return self._interpreted(task, probed, outcomes, hashed, picture)

    def _interpreted(
        self, task: ExamineTask, probed: Probe, read: Outcomes, hashed: Hashed, picture: DecodedPicture
    ) -> Examination:
        metadata, credentials = read.metadata, read.credentials
        file_format = refined_format(probed.format, metadata)
        state = state_of(credentials)
        store = credentials.manifests if isinstance(credentials, Found) else None
        remote = find_remote_url(credentials, metadata)
        facts = FileFacts.of(metadata)
        if remote and state in (Credentials.NONE, Credentials.NOT_CHECKABLE):
            state = Credentials.REMOTE
        marks = (*self._statement_marks(task, read), *self._credential_marks(store, state))
        return Examination(
            key=task.key,
            format=file_format,
            hash=hashed.content,
            readings=tuple(summaries_of(probed, read, picture)),
            marks=marks,
            credentials=state,
            credential_problems=credential_problems(credentials, store, lists_loaded=bool(self._settings.trust.anchors)),
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
            generation=find_generation_note(all_statements(read, task), marks, store),
            people=find_people(statements_of(metadata)),
            identity=identify(task, probed.format, facts),
            sealed_digests=hashed.sealed,
            transient=hashed.failed or picture.transient or read.transient,
        )

    def _credentials(self, task: ExamineTask, probed: Probe, source: Source) -> Outcome:
        whole, file_format = not task.parts, probed.format
        embedded = self._triage.read_unsigned(source, task, probed) or self._c2pa.read(
            task.path, file_format, task.size_bytes, whole=whole
        )
        if task.manifest_sidecar is None or isinstance(embedded, (Found, Failed)):
            return embedded
        return self._c2pa.read_sidecar(task.path, file_format, task.size_bytes, task.manifest_sidecar, whole=whole)

    def _leftover(self, source: Source, file_format: Format, picture: DecodedPicture) -> Outcome:
        container = self._residue.read_source(source, file_format)
        if file_format.name not in STEALTH_FORMATS:
            return container
        why = picture.note or "its picture was not decoded"
        return join_outcomes(container, picture.hidden or NotTried(f"{PIXELS_UNSEEN}: {why}"))

    def _statement_marks(self, task: ExamineTask, read: Outcomes) -> tuple[Mark, ...]:
        readings = (
            Reading(self._exiftool.name, self._exiftool.version, placed(read.metadata, task)),
            Reading(self._residue.name, self._residue.version, placed(read.residue, task)),
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


def _unreadable(task: ExamineTask, why: str) -> Examination:
    readings = (ReadingSummary("probe", "failed", why),)
    return Examination(task.key, UNKNOWN_FORMAT, ContentHash(), readings, transient=True)


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
