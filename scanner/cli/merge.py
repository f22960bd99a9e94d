"""``scanner merge``: make one report of the reports of a delivery's parts."""

from __future__ import annotations

from typing import Unpack

import click

from scanner.cli.configured import ConfiguredCommand, chosen_configuration
from scanner.cli.progress import failures_told, open_progress
from scanner.cli.scan import scan_and_report
from scanner.cli.scan_options import ScanChoices, scan_options
from scanner.engine.merging import load_parts


@click.command(name="merge", cls=ConfiguredCommand, short_help="Make one report of the parts of a delivery.")
@click.argument("reports", nargs=-1, required=True, metavar="SCAN.json...", type=click.Path())
@scan_options
def merge_command(reports: tuple[str, ...], **chosen: Unpack[ScanChoices]) -> int:
    """Make one report of what `scanner scan --shard I/N` read, equal to that of one scan of everything.

    Give it the options that the scans had. Rules across files, comparisons with the library and everything about moving pictures
    come here, so that the tree should be at hand: where it is not, or a part is missing, the report is incomplete and says why.
    Exit codes are those of `scanner scan`.
    """
    progress = open_progress(chosen["progress"], quiet=chosen["quiet"])
    with failures_told(progress):
        parts = load_parts(reports)
        return scan_and_report(parts.roots, chosen, chosen_configuration(), progress, parts)
