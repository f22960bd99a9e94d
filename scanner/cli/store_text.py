"""What ``scanner store`` says, as text and JSON."""

from __future__ import annotations

import datetime
import json
from collections.abc import Sequence
from dataclasses import asdict

from scanner.model.text import shown
from scanner.store.readings_checking import ReadingTrouble
from scanner.store.readings_upkeep import Contents, Pruned, VersionKept

FORMATS = ("text", "json")
_TROUBLES_SHOWN = 100
_TOLD_FIRST = ("scanner", "exiftool", "c2pa-python", "pillow", "thorough", "watermarks")
"""Of what a version is made of: what people know it by."""


def contents_told(contents: Contents, place: str, layout: str) -> str:
    """Return what is in a store."""
    if layout == "json":
        versions = [
            {
                "digest": one.digest,
                "made_of": _made_of(one),
                "readings": one.readings,
                "oldest": _time(one.oldest_ns),
                "newest": _time(one.newest_ns),
            }
            for one in contents.versions
        ]
        return _as_json({"store": place, **asdict(contents), "versions": versions})
    each = f", {contents.size_bytes // contents.readings} bytes each" if contents.readings else ""
    lines = [
        f"store      {place}",
        f"revision   {contents.revision}",
        f"size       {contents.size_bytes / 1e6:.1f} MB{each}",
        f"readings   {contents.readings} of files in {_counted(contents.folders, 'folder')}",
        f"outcomes   {contents.outcomes}",
        f"versions   {len(contents.versions)}",
    ]
    for one in contents.versions:
        told = _made_of(one)
        words = ", ".join(f"{name} {shown(str(told[name]), 40)}" for name in _TOLD_FIRST if name in told)
        span = f", read {_time(one.oldest_ns)[:10]} to {_time(one.newest_ns)[:10]}" if one.readings else ""
        lines.append(f"  {one.digest[:12]}  {_counted(one.readings, 'reading')}{span} ({words})")
    return "\n".join(lines)


def pruned_told(pruned: Pruned, place: str, layout: str, *, dry_run: bool) -> str:
    """Return what was removed, or would be."""
    if layout == "json":
        return _as_json({"store": place, "dry_run": dry_run, **asdict(pruned)})
    lines = [
        f"{_counted(pruned.readings, 'reading')} would be removed ({place})"
        if dry_run
        else f"{_counted(pruned.readings, 'reading')} and {_counted(pruned.outcomes, 'outcome')} removed ({place})"
    ]
    if pruned.unlisted:
        lines.append(f"{_counted(pruned.unlisted, 'folder')} cannot be listed: what is missing in them is not known, and stays")
    return "\n".join(lines)


def troubles_told(troubles: Sequence[ReadingTrouble], place: str, layout: str) -> str:
    """Return what is wrong with a store."""
    if layout == "json":
        return _as_json({"store": place, "troubles": [{"path": shown(one.path), "what": one.what} for one in troubles]})
    lines = [f"{shown(one.path) or place}: {one.what}" for one in troubles[:_TROUBLES_SHOWN]]
    if len(troubles) > _TROUBLES_SHOWN:
        lines.append(f"{len(troubles) - _TROUBLES_SHOWN} more (--format json tells all)")
    if any(not one.path for one in troubles):
        lines.append("`scanner store rebuild` sets the store aside and makes a new one")
    elif troubles:
        lines.append("The next scan reads these files again and puts them right")
    else:
        lines.append(f"all is as it was kept ({place})")
    return "\n".join(lines)


def _made_of(version: VersionKept) -> dict[str, object]:
    try:
        told = json.loads(version.made_of)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _time(moment_ns: int) -> str:
    return datetime.datetime.fromtimestamp(moment_ns // 10**9, datetime.UTC).isoformat() if moment_ns else ""


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _as_json(told: object) -> str:
    return json.dumps(told, indent=2, ensure_ascii=True)
