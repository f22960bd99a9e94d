"""What a scan was asked to do.

Built by the command line from flags, environment and configuration; nothing else is read later.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from scanner.model.judging import ZoneGlob
from scanner.model.recorded import RecordedScan
from scanner.model.shards import Shard
from scanner.read.trust import Trust

HASH_BELOW_BYTES = 2 << 30
"""Larger files are not hashed unless asked (DESIGN): a 200 GB master would hold the scan for an hour."""


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """What a worker process needs; crosses to it once, at its start."""

    exiftool: str = "exiftool"
    exiftool_timeout_seconds: float = 20.0
    trust: Trust = field(default_factory=Trust)
    hash_below_bytes: int = HASH_BELOW_BYTES
    address_space_bytes: int = 4 << 30
    """Limit of a worker's own memory (address space, Linux); a picture that needs more is refused."""
    extra_marks: tuple[str, ...] = ()
    """Paths of the user's own mark files."""
    thorough: bool = False
    """Ask ExifTool about every file, also where a walk of the container reads all that matters."""
    watermarks: bool = False
    """Look for watermarks in the pixels, which decodes every picture whole."""
    confine: bool = True
    """Give up writing and networking where the kernel can enforce it."""


@dataclass(frozen=True, slots=True)
class ScanSettings:
    """One scan."""

    paths: tuple[str, ...]
    listed: tuple[str, ...] | None = None
    """Paths below the only root, of the files that are to be read; None for all."""
    shard: Shard | None = None
    """The part of the delivery that is to be read; None for all of it."""
    zones: tuple[ZoneGlob, ...] = ()
    """Zones that the user set, beside the default ones."""
    library: str | None = None
    """Path of the reference library or address of its database, or None for a scan that compares with nothing."""
    collections: tuple[str, ...] = ()
    """Collections of the library to compare with; empty for the whole of it."""
    approvals: str | None = None
    """Path of the approval log, or None for a scan that knows of no permission."""
    learn: bool = False
    """Add the generative assets of temporary zones to the library once all is judged."""
    fingerprints: bool = True
    films: bool = True
    """Look through moving pictures and image sequences too."""
    store: str | None = None
    """Where readings are kept between scans, a path or the address of a database; None for a scan that reads everything."""
    store_on_network: bool = False
    """Use the store though it lies on a network file system."""
    paranoid: bool = False
    """Take a kept reading only where the file's bytes have the digest that they had then."""
    worker: WorkerSettings = field(default_factory=WorkerSettings)
    workers: int = 0
    """Worker processes; 0 means one a processor."""
    check_hashes: bool = False
    """Compare files with the hashes that ASC MHL histories and packing lists in the delivery seal; reads large files whole."""
    verify_large: bool = False
    """Read large files whole, to hash them and to check their credentials; of buckets, fetch them whole."""
    thumbnails: bool = True
    thumbnails_limit: int = 100
    policy: str | Path | None = None
    """A shipped policy's name or a file's path (a `Path` is always a file); None means the default."""
    cuts: tuple[str, ...] = ()
    """Paths of cut files to look for the assets in."""
    frames_per_second: Fraction | None = None
    """Of those cuts and image sequences that do not say theirs."""
    baseline: RecordedScan | None = None
    """An earlier report: its findings are known."""
    baseline_file: str = ""
    """File name of that report."""
    options: tuple[tuple[str, str], ...] = ()
    """Options to be named in reports because they change what an exit code means."""
    notes: tuple[str, ...] = ()
    """Sentences of the caller for the report's notes."""
    confidentiality: str = ""
    """A line that every report shows at its top."""

    @property
    def worker_count(self) -> int:
        """Processes to start."""
        return self.workers or usable_processors()


def usable_processors() -> int:
    """Processors that this process may run on; containers and batch systems give fewer than the machine has."""
    affinity = getattr(os, "sched_getaffinity", None)
    return max(1, len(affinity(0)) if affinity else os.cpu_count() or 1)
