"""``scanner store``: the readings that are kept between scans, so that an unchanged file is not read twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing

import click

from scanner.cli.configured import ConfiguredGroup
from scanner.cli.library_options import exiftool_option
from scanner.cli.progress import ProgressLine
from scanner.cli.store_options import opened_store, store_on_network_option, store_option, store_place
from scanner.cli.store_text import FORMATS, contents_told, pruned_told, troubles_told
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.pipeline.reading_key import is_made_by, reading_tools
from scanner.read.exiftool_installation import inspect_exiftool
from scanner.store.places import shown_place
from scanner.store.readings import SqlReadingStore
from scanner.store.readings_checking import check_readings
from scanner.store.readings_opening import open_readings, set_aside
from scanner.store.readings_upkeep import Chosen, contents_of, prune

WRONG = 10
"""Exit code where something is wrong: as `scanner library verify` has it."""
_DAY_NS = 86_400 * 10**9

_format_option = click.option(
    "--format", "layout", type=click.Choice(FORMATS), default="text", show_default=True, help="How to say it."
)


@click.group(name="store", cls=ConfiguredGroup, short_help="Look after the readings that are kept between scans.")
def store_group() -> None:
    """Look after the readings that are kept between scans, so that an unchanged file is not read twice.

    Names of files are in it, and what they declare: prompts, names of people. All of it can be read again from the files.
    """


@store_group.command(name="info", short_help="Say what is in the store.")
@_format_option
@store_option
@store_on_network_option
def contents_command(layout: str, store: str | None, store_on_network: bool) -> int:
    """Say where the store is, how large it is, and how many readings of which versions are in it."""
    with closing(opened_store(store, store_on_network)) as opened:
        click.echo(contents_told(contents_of(opened.database), shown_place(store_place(store)), layout))
    return 0


@store_group.command(name="prune", short_help="Remove readings that are not wanted any more.")
@click.option("--older-than", type=click.IntRange(0), metavar="DAYS", help="Those that were read so many days ago.")
@click.option("--missing", is_flag=True, help="Those of files that are not there any more; a drive must be mounted to be there.")
@click.option("--other-versions", is_flag=True, help="Those by other versions of the readers and their tools, of no use here.")
@click.option("--dry-run", is_flag=True, help="Only say how many there are.")
@_format_option
@store_option
@store_on_network_option
@exiftool_option
@click.option("--quiet", is_flag=True, help="No output: the exit code only.")
def prune_command(
    older_than: int | None,
    missing: bool,
    other_versions: bool,
    dry_run: bool,
    layout: str,
    store: str | None,
    store_on_network: bool,
    exiftool: str,
    quiet: bool,
) -> int:
    """Remove the readings that any of the options chooses, and give the space back to the disk. The files are not touched.

    Scans may go on meanwhile. A removed reading costs one more reading of its file.
    """
    if older_than is None and not missing and not other_versions:
        raise UsageError("nothing says what to remove", next_step="Add --older-than DAYS, --missing or --other-versions")
    before_ns = None if older_than is None else time.time_ns() - older_than * _DAY_NS
    with closing(opened_store(store, store_on_network)) as opened, ProgressLine(enabled=not quiet and layout == "text") as line:
        versions = tuple(_other_versions(opened, exiftool)) if other_versions else ()
        pruned = prune(
            opened.database,
            Chosen(before_ns, missing, versions),
            lambda done, total: line("looking through folders", done, total),
            dry_run=dry_run,
        )
    if not quiet:
        click.echo(pruned_told(pruned, shown_place(store_place(store)), layout, dry_run=dry_run))
    return 0


@store_group.command(name="verify", short_help="Is the store whole?")
@_format_option
@store_option
@store_on_network_option
@click.option("--quiet", is_flag=True, help="No output: the exit code only.")
def verify_command(layout: str, store: str | None, store_on_network: bool, quiet: bool) -> int:
    """Look whether the store is whole: its file, and each reading. Nothing is changed.

    Exit codes: 0 whole, 10 something is wrong, 1 it cannot be read at all, 2 wrong usage.
    """
    with closing(opened_store(store, store_on_network)) as opened, ProgressLine(enabled=not quiet and layout == "text") as line:
        troubles = list(check_readings(opened.database, lambda done, total: line("checking folders", done, total)))
    if not quiet:
        click.echo(troubles_told(troubles, shown_place(store_place(store)), layout))
    return WRONG if troubles else 0


@store_group.command(name="rebuild", short_help="Set the store aside and make a new one.")
@store_option
@store_on_network_option
def rebuild_command(store: str | None, store_on_network: bool) -> int:
    """Give the file of the store another name and make an empty store in its place. No scan may use it meanwhile.

    For a store that is damaged, or was written by a newer scanner. Nothing is removed: the old file stays beside the new one.
    """
    place = store_place(store)
    old = set_aside(place)
    open_readings(place, on_network=store_on_network).close()
    click.echo(f"{shown_place(place)} is new and empty; the old one is {shown(old)}")
    return 0


def _other_versions(opened: SqlReadingStore, exiftool: str) -> Iterator[str]:
    tools = reading_tools(inspect_exiftool(exiftool).version)
    yield from (one.digest for one in contents_of(opened.database).versions if not is_made_by(one.made_of, tools))
