"""Reading ``scan.json`` back. The file may have been edited, cut short or made by anyone: nothing in it is believed unchecked."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import NoReturn

from scanner.model.errors import UsageError
from scanner.model.in_cut import OnScreenInCut
from scanner.model.judging import Verdict
from scanner.model.matching import Match, NearCopy
from scanner.model.recorded import RecordedAsset, RecordedScan
from scanner.model.scan import FileRecord
from scanner.model.text import shown
from scanner.report.json_asset_reading import read_asset, read_finding
from scanner.report.json_cut import read_cut_stamps
from scanner.report.json_nodes import Node, WrongNodeError
from scanner.report.json_report import SCHEMA_VERSION
from scanner.report.seal import ALGORITHM, SEAL_KEY, nanoseconds_of, seal_of
from scanner.tools.bounded import open_regular, read_fully

LIMIT_BYTES = 1 << 30
"""A quarter of a million assets, richly marked, take half of it."""


def load_report(path: str) -> RecordedScan:
    """Read the report at `path`.

    Raises:
        UsageError: it cannot be read, or is no report of this version of the scanner.
    """
    return read_report(load_bytes(path, LIMIT_BYTES), path)


def load_bytes(path: str, limit_bytes: int) -> bytes:
    """Read a file that the user named, following links.

    Raises:
        UsageError: it cannot be read, is no regular file or is larger than `limit_bytes`.
    """
    try:
        with open_regular(os.path.realpath(path)) as stream:
            content = read_fully(stream, limit_bytes + 1)
    except (OSError, ValueError) as error:
        why = ((error.strerror if isinstance(error, OSError) else "") or str(error)).lower()
        raise UsageError(f"cannot be read: {why}", where=shown(path), next_step="Name a file that you can read.") from None
    if len(content) > limit_bytes:
        raise UsageError(f"is larger than {limit_bytes >> 20} MiB", where=shown(path), next_step="Name the right file.")
    return content


def read_report(content: bytes, name: str) -> RecordedScan:
    """Read a report from its bytes; `name` is what errors call it.

    Raises:
        UsageError: it is no report of this version of the scanner.
    """
    fields = parsed_report(content, name)
    check_version(fields, name)
    try:
        return _scan(Node(fields), fields)
    except (WrongNodeError, RecursionError) as error:
        raise UsageError(
            f"is no report that this scanner wrote: {shown(str(error), 200)}", where=shown(name), next_step="Scan again."
        ) from None


def parsed_report(content: bytes, name: str) -> dict[str, object]:
    """Return a report as the JSON has it.

    Raises:
        UsageError: it is no JSON, or ambiguous.
    """
    try:
        fields = json.loads(content.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except UnicodeDecodeError:
        raise _not_ours(name, "its bytes are no UTF-8") from None
    except WrongNodeError as error:
        raise _not_ours(name, str(error)) from None
    except RecursionError:
        raise _not_ours(name, "it is nested too deeply") from None
    except json.JSONDecodeError as error:
        cut = error.pos >= len(error.doc.rstrip()) or error.msg.startswith("Unterminated")
        why = "it ends too early" if cut else f"it is no JSON from line {error.lineno}, column {error.colno}"
        raise _not_ours(name, why) from None
    except ValueError:
        raise _not_ours(name, "it holds a number beyond all bounds") from None
    if not isinstance(fields, dict):
        raise _not_ours(name, "it is no JSON object")
    return fields


def _not_ours(name: str, why: str) -> UsageError:
    return UsageError(
        f"is no scan report: {shown(why, 200)}", where=shown(name), next_step="Name the scan.json that a scan wrote."
    )


def check_version(fields: dict[str, object], name: str) -> None:
    """Refuse what is no report of this version.

    Raises:
        UsageError: says why.
    """
    version = fields.get("schema_version")
    if not isinstance(version, str) or "assets" not in fields:
        raise _not_ours(name, "schema_version or assets is missing")
    if version != SCHEMA_VERSION:
        raise UsageError(
            f"is a report of schema version {shown(version, 20)}, this scanner reads {SCHEMA_VERSION}",
            where=shown(name),
            next_step="Use the version of the scanner that wrote it, or scan again.",
        )
    if "inventory" not in fields or SEAL_KEY not in fields:
        raise UsageError(
            "has no inventory or no seal: an early version of the scanner wrote it, or somebody took them out",
            where=shown(name),
            next_step="Scan again.",
        )


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # Of two equal keys one program takes the first, another the last: the seal would hold for both.
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise WrongNodeError("it has a key twice")
    return fields


def _no_number(text: str) -> NoReturn:
    raise WrongNodeError(f"it holds {text}, which is no number of JSON")


def _scan(report: Node, fields: dict[str, object]) -> RecordedScan:
    seal = report.node(SEAL_KEY)
    roots = report.paths("roots")
    scan = RecordedScan(
        scanner_version=report.node("scanner").text("version"),
        name=report.text("name"),
        roots=roots,
        started=report.text("started"),
        finished=report.text("finished"),
        complete=report.flag("complete"),
        policy=report.node("policy").text("name"),
        verdict=report.word("verdict", Verdict),
        confidentiality=report.text("confidentiality"),
        statement=report.text("statement"),
        assets=report.nodes("assets", read_asset),
        findings=report.nodes("findings", read_finding),
        inventory=report.nodes("inventory", read_file),
        specials=report.nodes("specials", lambda each: (each.count("root"), each.path(), each.text("kind"))),
        unreadable_folders=report.nodes("unreadable_folders", lambda each: (each.count("root"), each.path())),
        seal=seal.text("value"),
        seal_holds=_sealed(fields) == {"algorithm": seal.text("algorithm"), "value": seal.text("value")},
        cuts=read_cut_stamps(report),
        policy_sha256=report.node("policy").text("sha256"),
        document=report.node("policy").text("document"),
        document_date=report.node("policy").text("date"),
    )
    _check_indices(scan)
    return scan


def _sealed(fields: dict[str, object]) -> dict[str, str]:
    try:
        return seal_of(fields)
    except UnicodeEncodeError:
        # Half a surrogate pair, written with \u: no report of ours has one.
        return {"algorithm": ALGORITHM, "value": ""}


def _check_indices(scan: RecordedScan) -> None:
    used = {one.root for one in scan.assets} | {one.root for one in scan.inventory}
    if used and max(used) >= len(scan.roots):
        raise WrongNodeError(f"roots has no root {max(used)}")
    named = {one.cut for asset in scan.assets for one in asset.in_cut}
    named |= {one.cut for asset in scan.assets for one in _times(asset)}
    if named and max(named) >= len(scan.cuts):
        raise WrongNodeError(f"cuts has no cut {max(named)}")


def _times(asset: RecordedAsset) -> Iterator[OnScreenInCut]:
    found: tuple[Match | NearCopy, ...] = (*asset.matches, *asset.near_copies)
    return (time for one in found for segment in one.segments for time in segment.in_cut)


def read_file(node: Node) -> FileRecord:
    """Read one entry of ``inventory``."""
    try:
        modified = nanoseconds_of(node.text("modified"))
    except ValueError:
        raise node.wrong("modified", "is no time") from None
    return FileRecord(node.count("root"), node.path_below(), node.count("size_bytes"), modified, node.optional_text("sha256"))
