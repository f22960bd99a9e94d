"""The key ``shard`` of ``scan.json``: what the scan of a part carries for `scanner merge`; other reports have no such key."""

from __future__ import annotations

import base64

from scanner.model.shards import ShardPart
from scanner.report.json_asset import Json


def shard_json(part: ShardPart | None) -> Json:
    """Return the key and its value; nothing for a scan of everything."""
    if part is None:
        return {}
    told = {
        "index": part.shard.index,
        "count": part.shard.count,
        "plan_sha256": part.plan_sha256,
        "made_of": dict(part.made_of),
        "readings": [base64.b64encode(block).decode("ascii") for block in part.readings],
    }
    return {"shard": told}
