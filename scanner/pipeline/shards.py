"""Parts of a delivery that machines without anything in common scan each for itself: who reads what, and is it one tree.

Parts are runs of assets in the order of their paths, so that folders mostly stay whole; an asset is never in two, and its
sidecars and frames are in it. Which asset is in which part follows from paths and sizes alone.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace

from scanner.model.assets import Asset
from scanner.model.errors import NothingToScan, UsageError
from scanner.model.shards import Shard
from scanner.model.text import shown
from scanner.pipeline.plan import Plan
from scanner.pipeline.settings import HASH_BELOW_BYTES
from scanner.tools.spool import Spool, sorted_spool

LARGEST_COUNT = 10_000
_FILE_BYTES = 256 << 10
"""What a file costs beside its bytes, as so many bytes: opening and interpreting it takes as long as hashing them."""
_FORM = re.compile(r"([0-9]{1,9})/([0-9]{1,9})")


def parse_shard(text: str) -> Shard:
    """Read ``2/8``: the second of eight parts.

    Raises:
        UsageError: it is none.
    """
    match = _FORM.fullmatch(text.strip())
    index, count = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= index <= count <= LARGEST_COUNT:
        raise UsageError(
            f"{shown(text, 60)!r} is no part of a delivery",
            where="--shard",
            next_step=f"Write I/N, the I-th of N parts: 1/8 to 8/8; N is {LARGEST_COUNT:,} at most.",
        )
    return Shard(index, count)


def part_of(plan: Plan, shard: Shard) -> Plan:
    """Return the part of a plan that a shard reads; what the walk met beside files is in every part.

    Raises:
        NothingToScan: there are fewer assets than parts, and this one has none.
    """
    assets = Spool(_assets_of(plan, shard))
    if not len(assets):
        raise NothingToScan(f"part {shard} has no file", where="--shard", next_step="Take fewer parts.")
    crawls = tuple(
        replace(
            crawl,
            files=sorted_spool(
                (file for asset in assets if asset.root == root for file in (*asset.files, *asset.sidecars)),
                key=lambda file: file.path,
            ),
        )
        for root, crawl in enumerate(plan.crawls)
    )
    return replace(plan, crawls=crawls, assets=assets)


def _assets_of(plan: Plan, shard: Shard) -> Iterator[Asset]:
    total = sum(map(_weight, plan.assets))
    before = 0
    for asset in plan.assets:
        weight = _weight(asset)
        # The middle of an asset decides, in whole numbers: the same on every machine.
        if (2 * before + weight) * shard.count // (2 * total) == shard.index - 1:
            yield asset
        before += weight


def _weight(asset: Asset) -> int:
    files = (*asset.files, *asset.sidecars)
    return sum(_FILE_BYTES + (file.size_bytes if file.size_bytes < HASH_BELOW_BYTES else 0) for file in files)


def plan_sha256(plan: Plan) -> str:
    """Return the digest of what was found: paths, sizes and times of all files, not where the roots are mounted."""
    digest = hashlib.sha256()
    for root, crawl in enumerate(plan.crawls):
        lines = [f"{root} {file.path!r} {file.size_bytes} {file.mtime_ns} {file.failed!r}" for file in crawl.files]
        lines += [f"{root} {each!r}" for each in (*crawl.specials, *crawl.unreadable_folders)]
        digest.update("\n".join(lines).encode("utf-8", "backslashreplace"))
        digest.update(b"\0")
    return digest.hexdigest()
