"""The policy of a scan: found, checked against what the scan will read, and told."""

from __future__ import annotations

from pathlib import Path

from scanner.crawl.globs import compile_glob
from scanner.judge.policy import Policy, load_policy
from scanner.judge.policy.sources import SHIPPED
from scanner.model.errors import UsageError
from scanner.model.text import shown

DEFAULT_POLICY = "default"


def find_policy(wanted: str | Path | None) -> Policy:
    """Load the policy of a shipped name or a path, zone globs checked; None means the default.

    Raises:
        CatalogueError: there is no such policy, or it is wrong.
    """
    return load_policy(DEFAULT_POLICY if wanted is None else wanted, compile_glob)


def check_readings(policy: Policy, *, watermarks: bool, fingerprints: bool) -> None:
    """Check that the scan is set to read what the policy requires.

    Raises:
        UsageError: it is not; found before any file is read.
    """
    required = {reader for readers in policy.required_readings.values() for reader in readers}
    for reader, is_read, step in (
        ("watermark", watermarks, "Add --watermarks."),
        ("picture", fingerprints, "Leave --no-fingerprints out."),
    ):
        if reader in required and not is_read:
            raise UsageError(f"the policy {shown(policy.name)} requires the reading {reader!r}, which is off", next_step=step)


def policy_notes(policy: Policy) -> tuple[str, ...]:
    """Return what a report says of the policy beside its name: which file it is, and whose reading.

    Nothing for the default as shipped, which every report's closing statement covers.
    """
    if policy.where == SHIPPED and policy.name == DEFAULT_POLICY:
        return ()
    origin = "shipped with the scanner" if policy.where == SHIPPED else f"file {policy.where}"
    parents = f", extends {', '.join(policy.extends)}" if policy.extends else ""
    return (shown(f"policy {policy.name} ({origin}{parents}): {policy.note}"),)
