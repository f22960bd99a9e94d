"""Reading the key ``shard`` of ``scan.json`` back; what its blocks hold is read elsewhere, as guarded as workers' messages."""

from __future__ import annotations

import base64
import re

from scanner.model.errors import UsageError
from scanner.model.shards import Shard, ShardPart
from scanner.model.text import shown
from scanner.report.json_nodes import Node, WrongNodeError
from scanner.report.json_reading import LIMIT_BYTES, load_bytes, parsed_report, read_report

_DIGEST = re.compile(r"[0-9a-f]{64}")


def load_part(path: str) -> tuple[ShardPart, tuple[str, ...]]:
    """Read what the report at `path` carries, and the roots that it is of.

    Raises:
        UsageError: it cannot be read, is no report, is that of a whole scan, or was changed since it was written.
    """
    content = load_bytes(path, LIMIT_BYTES)
    recorded = read_report(content, path)
    fields = parsed_report(content, path)
    if not recorded.seal_holds:
        raise UsageError(
            "was changed since it was written: its seal does not hold", where=shown(path), next_step="Scan the part again."
        )
    if "shard" not in fields:
        raise UsageError("is the report of no part", where=shown(path), next_step="Merge what `scanner scan --shard I/N` wrote.")
    try:
        return _part(Node(fields).node("shard")), recorded.roots
    except (WrongNodeError, ValueError) as error:
        raise UsageError(
            f"is no report that this scanner wrote: {shown(str(error), 200)}", where=shown(path), next_step="Scan the part again."
        ) from None


def _part(node: Node) -> ShardPart:
    shard = Shard(node.count("index"), node.count("count"))
    if not 1 <= shard.index <= shard.count:
        raise node.wrong("index", "is not one of its parts")
    plan_sha256 = node.text("plan_sha256")
    if not _DIGEST.fullmatch(plan_sha256):
        raise node.wrong("plan_sha256", "is no digest")
    made_of = node.node("made_of")
    return ShardPart(
        shard,
        plan_sha256,
        tuple((name, made_of.text(name)) for name in sorted(made_of.fields)),
        tuple(base64.b64decode(text, validate=True) for text in node.texts("readings")),
    )
