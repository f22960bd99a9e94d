"""What the workers of a cluster must know and have before they get work, and what a host says of itself.

Everything crosses as bytes through `engine.frames`: a cluster is trusted with code, its answers still build nothing but values.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import platform
import socket
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from scanner.engine.frames import HEADER, decode, encode
from scanner.interpret.catalogue import catalogue_sha256
from scanner.model.errors import ScannerError
from scanner.model.text import shown
from scanner.model.version import VERSION
from scanner.pipeline.settings import WorkerSettings
from scanner.read.exiftool_installation import inspect_exiftool
from scanner.tools.versions import package_versions

_TOLD = 3
_FILM_DECODER = "av"
_TITLES = {"scanner": "the scanner", "exiftool": "ExifTool", "python": "Python", "catalogue": "the mark catalogue"}


@dataclass(frozen=True, slots=True)
class ClusterSetup:
    """What each worker is told once."""

    settings: WorkerSettings
    """With the paths of the worker's host."""
    roots: tuple[str, ...]
    """What is scanned, as the worker's host names it: it must be there."""
    task_seconds: float
    command: tuple[str, ...] = ()
    """What starts a worker process; empty for the host's own scanner."""

    def pack(self) -> bytes:
        """Return it as a message."""
        return packed((self.settings, self.roots, self.task_seconds, self.command))


@dataclass(frozen=True, slots=True)
class HostReport:
    """What a worker's host says of itself."""

    host: str
    versions: tuple[tuple[str, str], ...]
    problem: str = ""
    """Why it cannot work, as a sentence without its full stop; empty where it can."""

    def pack(self) -> bytes:
        """Return it as a message."""
        return packed((self.host, self.versions, self.problem))


def packed(message: object) -> bytes:
    """Return `message` as bytes; the length that goes before it in a pipe is not needed here."""
    return encode(message)[HEADER.size :]


def unpack_setup(body: bytes) -> ClusterSetup:
    """Return what `ClusterSetup.pack` made.

    Raises:
        pickle.UnpicklingError: it is none of ours.
    """
    match decode(body):
        case (WorkerSettings() as settings, tuple(roots), float(task_seconds), tuple(command)):
            return ClusterSetup(settings, roots, task_seconds, command)
    raise pickle.UnpicklingError("sent no setup")


def unpack_report(body: bytes) -> HostReport:
    """Return what `HostReport.pack` made.

    Raises:
        pickle.UnpicklingError: it is none of ours.
    """
    match decode(body):
        case (str(host), tuple(versions), str(problem)):
            return HostReport(host, versions, problem)
    raise pickle.UnpicklingError("sent no report of its host")


def name_of(setup: bytes) -> str:
    """Return what a packed setup is known by."""
    return hashlib.sha256(setup).hexdigest()


def inspect_host(setup: ClusterSetup) -> HostReport:
    """Look at what this host has; what it lacks is told, not raised."""
    host = socket.gethostname()
    try:
        versions = _versions(setup.settings)
    except ScannerError as error:
        return HostReport(host, (), str(error).rstrip("."))
    for root in setup.roots:
        if not os.access(root, os.R_OK):
            return HostReport(host, versions, f"{shown(root)} is not there, or cannot be read")
    return HostReport(host, versions)


def _versions(settings: WorkerSettings) -> tuple[tuple[str, str], ...]:
    own = {**dict(package_versions()), "python": ".".join(platform.python_version_tuple()[:2])}
    with suppress(metadata.PackageNotFoundError):
        own[_FILM_DECODER] = metadata.version(_FILM_DECODER)
    own["exiftool"] = inspect_exiftool(settings.exiftool).version
    own["catalogue"] = catalogue_sha256([Path(path) for path in settings.extra_marks])[:12]
    return (("scanner", VERSION), *sorted(own.items()))


def differences(there: HostReport, here: HostReport) -> str:
    """Return why a host cannot take part, as a clause; empty where it can."""
    if there.problem:
        return there.problem
    theirs, ours = dict(there.versions), dict(here.versions)
    differing = [name for name in {**ours, **theirs} if theirs.get(name) != ours.get(name)]
    told = [_difference(name, theirs.get(name, ""), ours.get(name, "")) for name in differing[:_TOLD]]
    if len(differing) > _TOLD:
        told.append(f"and {len(differing) - _TOLD} more differ")
    return ", ".join(told)


def _difference(name: str, theirs: str, ours: str) -> str:
    title = _TITLES.get(name, name)
    if not theirs:
        return f"{title} is missing there and {ours} here"
    return f"{title} is {shown(theirs, 40)} there and {ours or 'missing'} here"


def refusals(told: Sequence[tuple[str, str]]) -> str:
    """Return hosts and why each cannot take part as one sentence; the first few of them."""
    unique = list(dict.fromkeys(told))
    more = f"; and {len(unique) - _TOLD} more" if len(unique) > _TOLD else ""
    return "; ".join(f"worker host {shown(host, 80)}: {why}" for host, why in unique[:_TOLD]) + more
