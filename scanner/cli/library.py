"""``scanner library``: the reference library of what you own, licensed, may not use, and of known temporary AI."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click

from scanner.cli.configured import ConfiguredGroup
from scanner.cli.library_text import LIST_FORMATS, listed, told, whole
from scanner.cli.option_types import Program
from scanner.cli.progress import ProgressLine
from scanner.engine.local import LocalEngine
from scanner.model.errors import ReportError, UsageError
from scanner.model.matching import Reference, Rights, Role
from scanner.model.text import shown
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Source
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.source_manifest import COLUMNS, read_source_manifest
from scanner.report.writing import root_holding
from scanner.store.exchange import export_lines, import_into
from scanner.store.library import SqlLibrary, open_library
from scanner.store.places import default_library_path

_AMBIGUOUS_SHOWN = 5
_ROLES = [role.value for role in Role]

_library_option = click.option(
    "--library", type=click.Path(), envvar="SCANNER_LIBRARY", help="Library file. [in your data folder]"
)


@click.group(name="library", cls=ConfiguredGroup, short_help="Keep the reference library.")
def library_group() -> None:
    """Keep the reference library: what you own or licensed, what is restricted, and what is known temporary AI."""


@library_group.command(name="add", short_help="Add files, folders, or what a CSV names.")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path())
@click.option("--role", type=click.Choice(_ROLES), help="What this material is to you.")
@click.option(
    "--manifest", type=click.Path(), metavar="FILE.csv", help=f"CSV with a header and the columns {', '.join(COLUMNS)}."
)
@click.option("--source", default="", help="Where the material comes from.")
@click.option("--owner", default="", help="Whose it is.")
@click.option("--licence", default="", help="On what terms it may be used.")
@click.option("--no-ai-alteration", is_flag=True, help="Its terms forbid altering it with AI.")
@click.option("--update", is_flag=True, help="Set the rights of what is known already to those given now.")
@_library_option
@click.option("--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes.")
@click.option(
    "--exiftool", type=Program(), default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use."
)
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def add_command(
    paths: tuple[str, ...],
    role: str | None,
    manifest: str | None,
    source: str,
    owner: str,
    licence: str,
    no_ai_alteration: bool,
    update: bool,
    library: str | None,
    workers: int,
    exiftool: str,
    quiet: bool,
) -> int:
    """Add files, all files under folders, or what a CSV manifest names. Adding the same again changes nothing."""
    place = library or default_library_path()
    sources = _sources(paths, Role(role) if role else None, manifest, Rights(source, owner, licence, no_ai_alteration))
    _refuse_inside(place, sources)
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)
    with (
        closing(open_library(place, create=True)) as store,
        closing(LocalEngine(settings.worker, settings.worker_count)) as engine,
        ProgressLine(enabled=not quiet) as progress,
    ):
        learned = add_references(settings, sources, store, engine, progress, update=update)
        total = store.count()
    if not quiet:
        click.echo(told(learned, role if role and not manifest else "", total, place, updated=update))
    return 0


@library_group.command(name="list", short_help="List the references.")
@click.option("--role", type=click.Choice(_ROLES), help="Only these.")
@click.option("--format", "layout", type=click.Choice(LIST_FORMATS), default="text", show_default=True, help="How to list them.")
@_library_option
def list_command(role: str | None, layout: str, library: str | None) -> int:
    """List the references: role, id, name; CSV and JSON with all that is known of them."""
    with closing(_opened(library)) as store:
        for line in listed(store.references(Role(role) if role else None), layout):
            click.echo(line)
        if layout == "text":
            click.echo(f"{store.count(Role(role) if role else None)} references", err=True)
    return 0


@library_group.command(name="show", short_help="Show all that is known of one.")
@click.argument("reference", metavar="ID")
@_library_option
def show_command(reference: str, library: str | None) -> int:
    """Show all that is known of one reference; the beginning of its id is enough where no other begins so."""
    with closing(_opened(library)) as store:
        one = _named(store, reference)
        click.echo(whole(one, has_thumbnail=bool(store.thumbnails([one.id]))))
    return 0


@library_group.command(name="remove", short_help="Remove references.")
@click.argument("references", nargs=-1, required=True, metavar="ID...")
@_library_option
def remove_command(references: tuple[str, ...], library: str | None) -> int:
    """Remove references, all of those named or none; asks nothing. Beginnings of ids are enough where they are unique."""
    _opened(library).close()
    with closing(open_library(library or default_library_path(), create=True)) as store:
        named = {one.id: one for one in (_named(store, text) for text in references)}
        store.remove(list(named))
        for one in named.values():
            click.echo(f"removed {one.id}  {shown(one.name)}")
    return 0


@library_group.command(name="export", short_help="Write all references to a file.")
@click.argument("file", type=click.Path())
@_library_option
def export_command(file: str, library: str | None) -> int:
    """Write all references to FILE as JSON lines, with their rights and thumbnails."""
    with closing(_opened(library)) as store:
        folder, name = os.path.split(os.path.abspath(file))
        lines = list(export_lines(store))
    try:
        Path(folder, name).write_bytes(b"".join(lines))
    except OSError as error:
        raise ReportError(f"cannot be written ({error.strerror})", where=shown(file), next_step="Name another file") from error
    click.echo(f"{len(lines) - 1} references exported to {shown(file)}")
    return 0


@library_group.command(name="import", short_help="Add the references of an exported file.")
@click.argument("file", type=click.Path())
@_library_option
def import_command(file: str, library: str | None) -> int:
    """Add the references of an exported FILE. What is known already stays as it is; a wrong file adds nothing."""
    place = library or default_library_path()
    with _export_file(file) as stream, closing(open_library(place, create=True)) as store:
        new, known = import_into(store, stream, shown(file))
        click.echo(f"{new} added, {known} known already; the library holds {store.count()} ({shown(place)})")
    return 0


def _export_file(file: str) -> BinaryIO:
    try:
        return open(file, "rb")
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=shown(file), next_step="Name another file") from error


def _sources(paths: Sequence[str], role: Role | None, manifest: str | None, rights: Rights) -> list[Source]:
    if not paths and manifest is None:
        raise UsageError("nothing was named to add", next_step="Name files or folders, or a CSV with --manifest")
    if paths and role is None:
        raise UsageError("what this material is to you is missing", where="--role", next_step=f"One of {', '.join(Role)}")
    listed_there = read_source_manifest(manifest, role, rights) if manifest is not None else ()
    sources = [*(Source(path, role, rights) for path in paths if role), *listed_there]
    if not sources:
        raise UsageError("the manifest names nothing", where=shown(manifest or ""), next_step="Give it a row a file")
    return sources


def _refuse_inside(place: str, sources: Sequence[Source]) -> None:
    if inside := root_holding(place, [os.path.realpath(source.path) for source in sources]):
        raise UsageError(
            f"the library must not be kept in the folder {shown(inside)} that is read",
            where=place,
            next_step="Name another place.",
        )


def _opened(library: str | None) -> SqlLibrary:
    return open_library(library or default_library_path(), create=False)


def _named(store: SqlLibrary, text: str) -> Reference:
    found = store.find(text, _AMBIGUOUS_SHOWN + 1) if text and text.isascii() else ()
    exact = [one for one in found if one.id == text]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    if not found:
        raise UsageError("no reference has this id", where=shown(text, 80), next_step="`scanner library list` shows them")
    ids = ", ".join(one.id for one in found[:_AMBIGUOUS_SHOWN]) + (", …" if len(found) > _AMBIGUOUS_SHOWN else "")
    raise UsageError(f"several ids begin so: {ids}", where=shown(text, 80), next_step="Give more of it")
