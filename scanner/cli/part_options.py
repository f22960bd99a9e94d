"""The options by which a scan reads a part of a delivery: a list of files, or one of several equal shares."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

from scanner.cli.scan_options import ScanChoices
from scanner.crawl.listed import parse_list
from scanner.crawl.walk import check_roots
from scanner.model.errors import UsageError
from scanner.model.shards import Shard
from scanner.pipeline.settings import ScanSettings
from scanner.pipeline.shard_readings import LISTED, MergedParts
from scanner.pipeline.shards import parse_shard
from scanner.report.json_reading import load_bytes

_LIST_LIMIT_BYTES = 1 << 30
_LISTED_NOTE = "only {:,} listed files were looked for; what else stands in the folder was not read"
_PART_NOTE = (
    "this is part {} of a delivery: moving pictures were not looked through and nothing was compared across parts, "
    "which `scanner merge` does with the reports of all"
)


def with_part(settings: ScanSettings, chosen: ScanChoices, parts: MergedParts | None) -> ScanSettings:
    """Return the settings with the part that was asked for, told in the report.

    Raises:
        UsageError: the list or the part is none, or other options do not go with it.
    """
    if parts is not None:
        _refuse(chosen["files_from"] is not None or chosen["shard"] is not None, "merge takes the parts as they were scanned")
        # Everything is in the parts: a store has nothing to add, and should not take it for readings of this machine.
        settings = replace(settings, store=None, paranoid=False)
        return _listed(settings, len(parts.files)) if parts.made_of.get(LISTED) else settings
    if chosen["null"] and chosen["files_from"] is None:
        raise UsageError("there is no list whose paths NULs could part", where="--null", next_step="Name it with --files-from.")
    if chosen["files_from"] is not None:
        paths = _paths(settings.paths, chosen["files_from"], null=chosen["null"])
        settings = _listed(replace(settings, listed=paths), len(paths))
    return _sharded(settings, parse_shard(chosen["shard"]), chosen) if chosen["shard"] is not None else settings


def _listed(settings: ScanSettings, count: int) -> ScanSettings:
    return replace(settings, notes=(*settings.notes, _LISTED_NOTE.format(count)))


def _sharded(settings: ScanSettings, shard: Shard, chosen: ScanChoices) -> ScanSettings:
    _refuse(settings.learn, "the AI temporaries of a part are not learnt")
    if chosen["formats"] and "json" not in chosen["formats"]:
        raise UsageError("a part is put together from its scan.json", where="--shard", next_step="Add --format json.")
    return replace(settings, shard=shard, films=False, notes=(*settings.notes, _PART_NOTE.format(shard)))


def _refuse(wrong: bool, what: str) -> None:
    if wrong:
        raise UsageError(what, next_step="Leave --learn to `scanner merge`, and --files-from and --shard to `scanner scan`.")


def _paths(roots: tuple[str, ...], place: str, *, null: bool) -> tuple[str, ...]:
    if len(roots) != 1 or not os.path.isdir(roots[0]):
        raise UsageError("a list is of files below one folder", where="--files-from", next_step="Name that folder alone.")
    if place != "-":
        return parse_list(load_bytes(place, _LIST_LIMIT_BYTES), check_roots(roots)[0], null=null)
    if sys.stdin is None or sys.stdin.isatty():
        raise UsageError(
            "standard input is a terminal, not a list", where="--files-from -", next_step="Pipe a list into the scan."
        )
    content = sys.stdin.buffer.read(_LIST_LIMIT_BYTES + 1)
    if len(content) > _LIST_LIMIT_BYTES:
        raise UsageError(f"the list is larger than {_LIST_LIMIT_BYTES >> 20} MiB", where="--files-from -", next_step="Divide it.")
    return parse_list(content, check_roots(roots)[0], null=null)
