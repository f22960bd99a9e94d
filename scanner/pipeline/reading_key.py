"""What a reading depends on beside the file: the version under which it is kept, and what was asked of the file.

Policy, zones, library and approvals are in neither: they judge readings, and a new policy judges those that are kept.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from scanner.model.kept import FileIdentity, ReadingVersion
from scanner.model.objects import is_address
from scanner.model.version import VERSION
from scanner.model.work import ExamineTask
from scanner.pipeline.settings import WorkerSettings
from scanner.tools.versions import package_versions

READING_PACKAGES = ("fingerprint", "interpret", "model", "probe", "read", "tools")
"""Packages whose code makes an examination, and its values."""
READING_MODULES = (
    "decoding",
    "examine",
    "facts",
    "frame_header",
    "hashing",
    "outcomes",
    "saying",
    "settings",
    "summaries",
    "triage",
    "watermarks",
)
"""Modules of the pipeline that do."""
_CHOOSING_MODULES = ("fetch_choice", "part_shadows")
"""Modules that choose how much of an object in a bucket is there to be read."""
_LIBRARIES = ("defusedxml", "PyWavelets")
"""That change a reading, beside those that reports name."""
WITHOUT_EFFECT = frozenset({"exiftool", "exiftool_timeout_seconds", "address_space_bytes", "confine"})
"""Settings that change no reading that is kept: what failed for want of time or memory is not. The ExifTool's version is in."""
_APART = frozenset({"trust", "extra_marks"})
"""Settings that are in by their content: the user's marks with the catalogue."""
_NOT_ASKED = frozenset({"key", "path", "size_bytes", "manifest_sidecar", "hash_always"})
"""Fields of a task that are the file's identity, or in by what they come to."""
_TASK_BYTES = 16


def reading_version(settings: WorkerSettings, exiftool: str, catalogue_sha256: str) -> ReadingVersion:
    """Return the version of readings that are made with these settings.

    Args:
        settings: of the workers; every one of them counts that is not known to be without effect.
        exiftool: version of ExifTool.
        catalogue_sha256: digest of the mark catalogue, the user's own marks included.
    """
    told = reading_tools(exiftool)
    told["catalogue"] = catalogue_sha256
    told["trust"] = hashlib.sha256(repr(settings.trust).encode("utf-8", "surrogateescape")).hexdigest()
    for one in fields(settings):
        if one.name not in WITHOUT_EFFECT | _APART:
            told[one.name] = repr(getattr(settings, one.name))
    digest = hashlib.sha256(_as_json(told).encode()).hexdigest()
    # For people only: a release that reads as the one before it did has the same readings.
    return ReadingVersion(digest, _as_json({**told, "scanner": VERSION}))


def is_made_by(made_of: str, tools: Mapping[str, str]) -> bool:
    """Whether readings of a version (`ReadingVersion.made_of`) were made by these tools, with whatever settings."""
    try:
        told = json.loads(made_of)
    except ValueError:
        return False
    return isinstance(told, dict) and all(told.get(name) == value for name, value in tools.items())


def _as_json(told: Mapping[str, str]) -> str:
    return json.dumps(told, sort_keys=True, ensure_ascii=True)


def reading_tools(exiftool: str) -> dict[str, str]:
    """Return what reads here, whatever the settings: a kept reading by other tools is of no use to this installation."""
    return {
        "readers": _digest_of_code(),
        "exiftool": exiftool,
        "machine": f"{sys.platform} {platform.machine()}",
        **dict(package_versions(_LIBRARIES)),
    }


def task_digest(task: ExamineTask, hash_below_bytes: int, manifest: FileIdentity | None = None) -> bytes:
    """Return the digest of what a task asks of its file; the file itself is not in it.

    Args:
        task: of which every field counts that is not known to say nothing more.
        hash_below_bytes: as `WorkerSettings` has it.
        manifest: the detached manifest that is tried against the file, as it is now; None where there is none any more.
    """
    asked = [f"{one.name}={getattr(task, one.name)!r}" for one in fields(task) if one.name not in _NOT_ASKED]
    asked.append(f"hashed={task.hash_always and hashed_only_when_asked(task, hash_below_bytes)}")
    asked.append(f"manifest={task.manifest_sidecar!r} {manifest!r}")
    return hashlib.sha256("\n".join(asked).encode("utf-8", "backslashreplace")).digest()[:_TASK_BYTES]


def hashed_only_when_asked(task: ExamineTask, hash_below_bytes: int) -> bool:
    """Whether a file may be read without its hash: a large one, and of an object in a bucket what is fetched in part."""
    return task.size_bytes >= hash_below_bytes or is_address(task.path)


@cache
def _digest_of_code() -> str:
    """Digest of the code that reads: no release that changes it can be forgotten, none that does not reads all again."""
    digest = hashlib.sha256()
    for name, content in sorted(_code(resources.files("scanner"))):
        digest.update(f"{name} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()


def _code(root: Traversable) -> Iterator[tuple[str, bytes]]:
    for package in READING_PACKAGES:
        yield from _modules(root / package, package)
    for module in (*READING_MODULES, *_CHOOSING_MODULES):
        yield f"pipeline/{module}.py", (root / "pipeline" / f"{module}.py").read_bytes()


def _modules(folder: Traversable, name: str) -> Iterator[tuple[str, bytes]]:
    for one in folder.iterdir():
        if one.name.endswith((".py", ".toml")):
            yield f"{name}/{one.name}", one.read_bytes()
        elif one.is_dir() and one.name != "__pycache__":
            yield from _modules(one, f"{name}/{one.name}")
