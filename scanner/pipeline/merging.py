"""A scan of a part, and a scan that is put together of parts: what differs from an ordinary one, at its two ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from scanner.model.errors import NothingToScan, UsageError
from scanner.model.shards import ShardPart
from scanner.model.text import shown
from scanner.pipeline.plan import Plan, make_plan
from scanner.pipeline.reading_key import reading_version
from scanner.pipeline.recollection import Recollection
from scanner.pipeline.settings import ScanSettings
from scanner.pipeline.shard_readings import LISTED, MergedParts, ShardReadings, told_settings
from scanner.pipeline.shards import part_of, plan_sha256

NOT_AT_HAND = "the tree is not at hand, so that pictures and films in it could not be compared again"
CHANGED = "the tree is not as its parts were read: files came, went or changed since"
_TOLD = 3


def find_plans(settings: ScanSettings, parts: MergedParts | None) -> tuple[Plan, Plan]:
    """Return the plan of the whole delivery and of what this scan reads of it.

    Raises:
        UsageError: as `make_plan`. NothingToScan: there is nothing, in the delivery or in the part.
    """
    if parts is None:
        whole = make_plan(settings)
        return whole, part_of(whole, settings.shard) if settings.shard else whole
    whole = parts.plan(settings.zones, _doubt(settings, parts))
    return whole, whole


def _doubt(settings: ScanSettings, parts: MergedParts) -> str:
    """Walk the tree again, to know whether it still is what the parts read."""
    listed = tuple(one.file.path for one in parts.files) if parts.made_of.get(LISTED) else None
    try:
        found = make_plan(replace(settings, paths=parts.roots, listed=listed))
    except (UsageError, NothingToScan):
        return NOT_AT_HAND
    # Of a list of files the missing parts are missing here too, which is told already.
    same = plan_sha256(found) == parts.plan_sha256 or (listed is not None and parts.missing)
    return "" if same else CHANGED


def carried_readings(
    settings: ScanSettings, store: Recollection | None, parts: MergedParts | None
) -> Recollection | ShardReadings | None:
    """Return what recalls and keeps the readings of this scan."""
    if parts is not None:
        return parts.recollection()
    return ShardReadings(store) if settings.shard else store


def carried_part(
    settings: ScanSettings,
    plans: tuple[Plan, Plan],
    kept: Recollection | ShardReadings | None,
    exiftool: str,
    catalogue_sha256: str,
    policy_sha256: str,
) -> ShardPart | None:
    """Return what the report of a part carries; None for a scan of everything."""
    if settings.shard is None or not isinstance(kept, ShardReadings):
        return None
    made_of = reading_version(settings.worker, exiftool, catalogue_sha256).made_of
    return kept.part(settings.shard, *plans, told_settings(settings, made_of, policy_sha256))


def check_parts(
    settings: ScanSettings, parts: MergedParts | None, exiftool: str, catalogue_sha256: str, policy_sha256: str
) -> None:
    """Refuse to put parts together with other tools or settings than they were read with.

    Raises:
        UsageError: they differ.
    """
    if parts is None:
        return
    here = told_settings(settings, reading_version(settings.worker, exiftool, catalogue_sha256).made_of, policy_sha256)
    if told := differing(parts.made_of, here):
        raise UsageError(
            f"the parts were scanned with other tools or settings ({told})",
            where="scanner merge",
            next_step="Give merge the options that the scans had, on a machine with the same versions.",
        )


def differing(one: Mapping[str, str], other: Mapping[str, str]) -> str:
    """Return what differs between two scans' tools and settings, as a clause; empty where nothing does."""
    names = [name for name in sorted({*one, *other} - {LISTED}) if one.get(name) != other.get(name)]
    told = [f"{name} {_short(one.get(name))} and {_short(other.get(name))}" for name in names[:_TOLD]]
    return ", ".join(told + [f"and {len(names) - _TOLD} more"] * (len(names) > _TOLD))


def _short(value: str | None) -> str:
    if value is None:
        return "missing"
    return value[:12] if len(value) == 64 else shown(value, 40)
