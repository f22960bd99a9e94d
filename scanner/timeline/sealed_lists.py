"""Lists of sealed hashes as a scan asks for them: histories and packing lists alike, one hash a file to compare with."""

from __future__ import annotations

import os
from dataclasses import replace

from scanner.model.cut import CutError
from scanner.model.sealed import SealAction, SealedFile, SealError, SealKind
from scanner.model.work import SealedList, SealedListTask
from scanner.timeline.ascmhl import expected_hash, read_history
from scanner.timeline.imf import read_package

FILES_LIMIT = 500_000
"""Files of one list: a feature as DPX frames, twice over. Nearly as many as the XML's own limit lets a history have."""


def read_sealed_list(task: SealedListTask) -> SealedList:
    """Read one list; what cannot be read comes back with the reason, and nothing of it is believed."""
    try:
        read = _history(task) if task.kind is SealKind.MHL else _package(task)
    except (SealError, CutError) as error:
        return SealedList(task.key, why=f"{error.what} ({_place(error.where, task)})")
    if len(read.files) > FILES_LIMIT:
        return SealedList(task.key, why=f"seals {len(read.files):,} files; {FILES_LIMIT:,} can be read")
    return read


def _place(where: str, task: SealedListTask) -> str:
    """Where in the list it is wrong, without the folders above: reports tell these apart."""
    folder = task.path if task.kind is SealKind.MHL else os.path.dirname(task.path)
    return where.removeprefix(folder).lstrip("/")


def _history(task: SealedListTask) -> SealedList:
    history = read_history(task.path)
    files = tuple(_comparable(one) for one in history.files)
    return SealedList(task.key, files, history.generations, history.holds, history.notes)


def _package(task: SealedListTask) -> SealedList:
    package = read_package(task.path, playlists=False)
    # A map may list one file many times, and what no packing list speaks of is not sealed.
    sealed = {one for one in package.files.values() if one.hashes or one.size_bytes is not None}
    folder = os.path.join(package.folder, "")
    notes = tuple(note.replace(folder, "") for note in package.notes)
    return SealedList(task.key, tuple(sorted(sealed, key=lambda one: (one.path, str(one)))), notes=notes)


def _comparable(sealed: SealedFile) -> SealedFile:
    best = expected_hash(sealed)
    # What failed was never what the file should be; of the others the last says at least what was sealed.
    others = tuple(one for one in sealed.hashes if one.action is not SealAction.FAILED)[-1:]
    return replace(sealed, hashes=(best,) if best else others)
