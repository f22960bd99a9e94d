"""What the readers of one file brought, and what of it does not depend on any mark."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace

from scanner.interpret.credentials import problems_of
from scanner.model.credentials import ManifestStore
from scanner.model.formats import UNKNOWN_FORMAT, Format, MediaKind
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome, Statement
from scanner.model.work import ExamineTask
from scanner.pipeline.facts import pairs_of, statements_of

_MEDIA_GROUPS = {"image": MediaKind.STILL, "video": MediaKind.VIDEO, "audio": MediaKind.AUDIO}


@dataclass(frozen=True, slots=True)
class Outcomes:
    """What the readers of one file brought."""

    metadata: Outcome
    credentials: Outcome
    residue: Outcome
    watermark: Outcome | None
    """None where watermarks are not asked for."""

    @property
    def transient(self) -> bool:
        """Whether any of them may be had at another try."""
        outcomes = (self.metadata, self.credentials, self.residue, self.watermark)
        return any(isinstance(one, Failed | NotTried) and one.transient for one in outcomes)


def all_statements(read: Outcomes, task: ExamineTask) -> Iterator[Statement]:
    """All statements of a file, placed as its marks are."""
    for outcome in (read.metadata, read.residue):
        yield from statements_of(placed(outcome, task))


def placed(outcome: Outcome, task: ExamineTask) -> Outcome:
    """Statements of a sidecar say that they stand in a sidecar."""
    if not task.sidecar or not isinstance(outcome, (Found, Failed)):
        return outcome
    where = f"sidecar {os.path.basename(task.path)}"
    return replace(outcome, statements=tuple(replace(statement, where=where) for statement in outcome.statements))


def refined_format(file_format: Format, metadata: Outcome) -> Format:
    """What ExifTool recognises though the probe does not: its name and media type serve."""
    if file_format is not UNKNOWN_FORMAT or not isinstance(metadata, (Found, NotFound)):
        return file_format
    told = dict(pairs_of(metadata))
    kind = _MEDIA_GROUPS.get(told.get("File:MIMEType", "").partition("/")[0])
    name = told.get("File:FileType", "")
    return Format(name.lower(), name, kind, None, ()) if kind and name else file_format


def credential_problems(outcome: Outcome, store: ManifestStore | None, *, lists_loaded: bool) -> tuple[str, ...]:
    """What keeps the credentials from holding; a reader that failed says why."""
    if store is not None:
        return problems_of(store, lists_loaded=lists_loaded)
    return (outcome.why,) if isinstance(outcome, Failed) else ()


def find_remote_url(credentials: Outcome, metadata: Outcome) -> str | None:
    """Return where a manifest that is not in the file is said to lie: by its credentials, or else by XMP."""
    if isinstance(credentials, Found) and credentials.remote_url:
        return credentials.remote_url
    pointer = dict(pairs_of(metadata)).get("XMP-dcterms:Provenance", "")
    return pointer[:2000] if pointer.startswith(("http://", "https://")) else None
