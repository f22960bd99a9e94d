"""``scanner library``: the reference library of pictures that are known, as owned material or as temporary AI."""

from __future__ import annotations

import os
from contextlib import closing

import click

from scanner.cli.destination import root_holding
from scanner.cli.progress import ProgressLine
from scanner.engine.local import LocalEngine
from scanner.model.errors import UsageError
from scanner.model.matching import Role
from scanner.model.text import shown
from scanner.pipeline.learning import Learned, add_references
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from scanner.store.places import default_library_path

_REFUSED_SHOWN = 10
_ROLES = (Role.OWNED.value, Role.AI.value)
"""Roles that judging knows so far; licensed and restricted material comes with its terms in a later version."""

_library_option = click.option(
    "--library", type=click.Path(), envvar="SCANNER_LIBRARY", help="Library file. [in your data folder]"
)


@click.group(name="library")
def library_group() -> None:
    """Keep the reference library: what you own, and what is known temporary AI."""


@library_group.command(name="add")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--role", required=True, type=click.Choice(_ROLES), help="What this material is to you.")
@_library_option
@click.option("--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes.")
@click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def add_command(paths: tuple[str, ...], role: str, library: str | None, workers: int, exiftool: str, quiet: bool) -> int:
    """Add files, or all files under folders. Adding the same again changes nothing."""
    place = library or default_library_path()
    if inside := root_holding(place, [os.path.realpath(path) for path in paths]):
        raise UsageError(
            f"the library must not be kept in the folder {shown(inside)} that is read",
            where=place,
            next_step="Name another place.",
        )
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)
    with (
        closing(open_library(place, create=True)) as store,
        closing(LocalEngine(settings.worker, settings.worker_count)) as engine,
        ProgressLine(enabled=not quiet) as progress,
    ):
        learned = add_references(settings, Role(role), store, engine, progress)
        total = store.count()
    if not quiet:
        click.echo(_told(learned, role, total, place))
    return 0


@library_group.command(name="list")
@_library_option
def list_command(library: str | None) -> int:
    """List the references: role, id, name."""
    with closing(open_library(library or default_library_path(), create=False)) as store:
        for reference in store.references():
            note = "" if reference.fingerprint and not reference.fingerprint.flat else "  (by equal bytes only)"
            click.echo(f"{reference.role.value:<10} {reference.id}  {shown(reference.name)}{note}")
        click.echo(f"{store.count()} references", err=True)
    return 0


def _told(learned: Learned, role: str, total: int, place: str) -> str:
    lines = [f"{learned.new} added as {role}, {learned.known} known already; the library holds {total} ({shown(place)})"]
    if learned.plain:
        lines.append(f"{learned.plain} too plain to be recognised but by equal bytes")
    if learned.bytes_only:
        lines.append(f"{learned.bytes_only} without a picture to compare: recognised by equal bytes only")
    lines += [f"not added: {shown(path)}: {shown(why)}" for path, why in learned.refused[:_REFUSED_SHOWN]]
    if len(learned.refused) > _REFUSED_SHOWN:
        lines.append(f"not added: {len(learned.refused) - _REFUSED_SHOWN} more")
    return "\n".join(lines)
