"""What reports keep to themselves: prompts and names of persons, which a delivery carries without anybody having meant to.

A report travels further than the files: into tickets, mails, build logs. Evidence stays whole where it is of a fixed kind (a
term, a product, a number, a digest); of free text only the place is told, and that something stands there. What was judged does
not change. File names, signers, rights owners and approvers are what a report is about, and stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import TypeVar, overload

from scanner.model.credentials import Action, Assertion, Ingredient, Manifest, ManifestStore
from scanner.model.generation import GenerationNote
from scanner.model.judging import Finding
from scanner.model.marks import Mark
from scanner.model.people import People
from scanner.model.scan import AssetRecord, Scan
from scanner.report.ordered import share
from scanner.tools.alike import ByIdentity

T = TypeVar("T")

WITHHELD = "withheld"
"""Stands for a text that is there and is not told."""
OPTION = "prompts"
"""Name in `Scan.options`; its value is `WITHHELD` or `INCLUDED`."""
INCLUDED = "included"

_PUBLIC_LIMIT = 200
"""Characters of a value that is public by its kind; a longer one holds something else as well."""
_TERM = re.compile(r"[\w.:/@#%+?=&~-]{0,200}")
"""A label, a date, a URI: no spaces, so no sentence."""
_FILE_NAME = re.compile(r"[^\n]{1,120}\.[A-Za-z0-9]{2,5}")
_CAMERA = re.compile(r"[\w .,()/+*&'-]{1,80}")
_CAMERA_WORDS = 8
_QUOTED = re.compile(r'((?:string|map|sequence|value|variant|field|character)[^"`\n]{0,20})(?:"(?:[^"\\]|\\.)*"?|`[^`]*`?)')
"""A library's error that quotes what it could not understand: ``invalid type: string "…", expected u8``."""
_REGION_WORDS = frozenset({"type", "unit", "role", "start", "end"})
"""Keys of a C2PA region of interest whose text is a term; names and descriptions are free text."""


def withhold(scan: Scan) -> Scan:
    """Return the scan as a report may tell it to anybody who may know of the delivery; verdicts and findings are the same."""
    in_memory = isinstance(scan.assets, tuple)
    told = replace(
        scan,
        assets=tuple(map(_record, scan.assets)) if in_memory else _Withheld(scan.assets),
        coverage=replace(
            scan.coverage, readings_lost=tuple((_unquoted(reason), count) for reason, count in scan.coverage.readings_lost)
        ),
        options=(*(option for option in scan.options if option[0] != OPTION), (OPTION, WITHHELD)),
    )
    share(scan, told, _unquoted)
    return told


class _Withheld(Sequence[AssetRecord]):
    """Assets as reports may tell them, each on its way out."""

    def __init__(self, assets: Sequence[AssetRecord]) -> None:
        self._assets = assets
        self._open: ByIdentity[bool] = ByIdentity()
        """What assets say of which nothing is withheld."""

    def __len__(self) -> int:
        return len(self._assets)

    @overload
    def __getitem__(self, index: int) -> AssetRecord: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[AssetRecord]: ...
    def __getitem__(self, index: int | slice) -> AssetRecord | Sequence[AssetRecord]:
        return _Withheld(self._assets[index]) if isinstance(index, slice) else self._told(self._assets[index])

    def __iter__(self) -> Iterator[AssetRecord]:
        return map(self._told, self._assets)

    def _told(self, record: AssetRecord) -> AssetRecord:
        said = _SAID(record)
        if self._open.get(said):
            return record
        if not _has_no_secret(record):
            return _record(record)
        self._open.put(said, value=True)
        return record


def _record(record: AssetRecord) -> AssetRecord:
    if _has_no_secret(record):
        return record
    secrets = [mark.value for mark in record.marks if not _is_public(mark)]
    kept = frozenset(mark.value for mark in record.marks if _is_public(mark))
    return _with(
        record,
        credential_problems=tuple(_unquoted(problem) for problem in record.credential_problems),
        readings=tuple(
            _with(reading, reason=reading.reason and _unquoted(reading.reason)) if reading.reason else reading
            for reading in record.readings
        ),
        marks=tuple(_mark(mark) for mark in record.marks),
        manifests=_store(record.manifests, kept) if record.manifests else None,
        camera=_camera(record.camera, secrets),
        findings=tuple(_finding(finding, record) for finding in record.findings),
        generation=_note(record.generation),
        people=_people(record.people),
    )


def _with(thing: T, **fields: object) -> T:
    """Return it with other fields; itself where they are the same already, as of most they are."""
    same = all(getattr(thing, name) == value for name, value in fields.items())
    return thing if same else replace(thing, **fields)  # type: ignore[type-var]


_SAID = attrgetter("marks", "manifests", "findings", "credential_problems", "people", "generation", "readings", "camera")
"""All that `_has_no_secret` looks at."""


def _has_no_secret(record: AssetRecord) -> bool:
    """Tell quickly, of most assets of a delivery, that nothing of them is withheld."""
    if record.marks or record.manifests or record.findings or record.credential_problems or record.people.names:
        return False
    if record.generation.prompt or record.generation.prompt_writer:
        return False
    reasons = (reading.reason for reading in record.readings if reading.reason)
    return _is_camera(record.camera) and all(_unquoted(reason) == reason for reason in reasons)


def _finding(finding: Finding, record: AssetRecord) -> Finding:
    # Rules cite places, names of tools and reasons, no values; only a library's error may quote one.
    message = finding.message
    for reason in (reading.reason for reading in record.readings if reading.reason):
        message = message.replace(reason, _unquoted(reason))
    return _with(finding, message=message)


def _is_public(mark: Mark) -> bool:
    return mark.value_is_public and len(mark.value) <= _PUBLIC_LIMIT


def _mark(mark: Mark) -> Mark:
    place, separator, title = mark.where.partition(", ingredient ")
    title, comma, field = title.rpartition(", ")
    return _with(
        mark,
        value=mark.value if _is_public(mark) else _gone(mark.value),
        where=f"{place}{separator}{_title(title)}{comma}{field}" if separator else mark.where,
        regions=tuple(_region(region) for region in mark.regions),
    )


def _note(note: GenerationNote) -> GenerationNote:
    return _with(note, prompt=_gone(note.prompt), prompt_writer=_gone(note.prompt_writer))


def _people(people: People) -> People:
    return _with(people, names=(WITHHELD,) * len(people.names))


def _camera(camera: str, secrets: Collection[str]) -> str:
    # Generators keep whole graphs in Make and Model; the camera's name is those two.
    return camera if _is_camera(camera) and not any(secret and secret in camera for secret in secrets) else WITHHELD


@lru_cache(maxsize=1024)
def _is_camera(camera: str) -> bool:
    return not camera or (bool(_CAMERA.fullmatch(camera)) and len(camera.split()) <= _CAMERA_WORDS)


def _store(store: ManifestStore, kept: Collection[str]) -> ManifestStore:
    return _with(
        store,
        manifests=tuple(_manifest(manifest, kept) for manifest in store.manifests),
        codes=tuple(_with(code, explanation=_unquoted(code.explanation)) for code in store.codes),
    )


def _manifest(manifest: Manifest, kept: Collection[str]) -> Manifest:
    return _with(
        manifest,
        title=_title(manifest.title),
        actions=tuple(_action(action, kept) for action in manifest.actions),
        ingredients=tuple(_ingredient(ingredient) for ingredient in manifest.ingredients),
        assertions=tuple(_assertion(assertion, kept) for assertion in manifest.assertions),
    )


def _action(action: Action, kept: Collection[str]) -> Action:
    return _with(
        action,
        name=_term(action.name),
        source_type=_term(action.source_type),
        description=action.description if action.description in kept else _gone(action.description),
        parameters=tuple((key, value if value in kept else _gone(value)) for key, value in action.parameters),
        when=_term(action.when),
        regions=tuple(_region(region) for region in action.regions),
    )


def _ingredient(ingredient: Ingredient) -> Ingredient:
    return _with(ingredient, title=_title(ingredient.title), source_type=_term(ingredient.source_type))


def _assertion(assertion: Assertion, kept: Collection[str]) -> Assertion:
    # ``alg`` of a soft binding names an algorithm: reports tell it.
    told = ((key, value if value in kept or key == "alg" else _gone(value)) for key, value in assertion.fields)
    return _with(assertion, fields=tuple(told))


def _region(region: str) -> str:
    try:
        return json.dumps(_told(json.loads(region)), ensure_ascii=False, sort_keys=True)
    except (ValueError, RecursionError):
        return _gone(region)


def _told(value: object, key: str = "") -> object:
    if isinstance(value, dict):
        return {name: _told(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_told(inner, key) for inner in value]
    if isinstance(value, str):
        return _term(value) if key in _REGION_WORDS else _gone(value)
    return value


@lru_cache(maxsize=1024)
def _title(title: str) -> str:
    """A title that is a file's name stays, as file names do; any other is free text."""
    return title if _FILE_NAME.fullmatch(title) else _gone(title)


@lru_cache(maxsize=1024)
def _term(text: str) -> str:
    return text if _TERM.fullmatch(text) else WITHHELD


def _gone(text: str) -> str:
    return WITHHELD if text else ""


@lru_cache(maxsize=1024)
def _unquoted(reason: str) -> str:
    return _QUOTED.sub(rf"\1{WITHHELD}", reason)
