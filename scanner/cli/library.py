"""``scanner library``: the reference library of what you own, licensed, may not use, and of known temporary AI."""

from __future__ import annotations

import os
import secrets
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

import click

from scanner.cli.configured import ConfiguredGroup
from scanner.cli.library_add import add_command
from scanner.cli.library_options import (
    ROLES,
    collection_type,
    library_option,
    named_reference,
    named_references,
    opened,
    opened_for_writing,
)
from scanner.cli.library_text import LIST_FORMATS, collections_listed, listed, whole
from scanner.cli.library_verify import verify_command
from scanner.model.errors import ReportError, UsageError
from scanner.model.matching import Role
from scanner.model.text import shown
from scanner.pipeline.comparing import require_collections
from scanner.store.exchange import export_lines, import_into
from scanner.store.library import SqlLibrary, open_library
from scanner.store.places import default_library_path, shown_place


@click.group(name="library", cls=ConfiguredGroup, short_help="Keep the reference library.")
def library_group() -> None:
    """Keep the reference library: what you own or licensed, what is restricted, and what is known temporary AI."""


library_group.add_command(add_command)


@library_group.command(name="list", short_help="List the references.")
@click.option("--role", type=click.Choice(ROLES), help="Only these.")
@click.option(
    "--collection", "collections", multiple=True, type=collection_type, metavar="NAME", help="Only those of this one; repeatable."
)
@click.option("--format", "layout", type=click.Choice(LIST_FORMATS), default="text", show_default=True, help="How to list them.")
@library_option
def list_command(role: str | None, collections: tuple[str, ...], layout: str, library: str | None) -> int:
    """List the references: role, id, name; CSV and JSON with all that is known of them."""
    only = Role(role) if role else None
    with closing(opened(library)) as store:
        require_collections(store, collections)
        for line in listed(store.references(only, collections), layout):
            click.echo(line)
        if layout == "text":
            click.echo(f"{store.count(only, collections)} references", err=True)
    return 0


@library_group.command(name="show", short_help="Show all that is known of one.")
@click.argument("reference", metavar="ID")
@library_option
def show_command(reference: str, library: str | None) -> int:
    """Show all that is known of one reference; the beginning of its id is enough where no other begins so."""
    with closing(opened(library)) as store:
        one = named_reference(store, reference)
        click.echo(whole(one, store.belongings([one.id])[one.id]))
    return 0


@library_group.command(name="collections", short_help="List the collections.")
@library_option
def collections_command(library: str | None) -> int:
    """List the collections, and how many references each has."""
    with closing(opened(library)) as store:
        click.echo(collections_listed(store.collections()))
    return 0


@library_group.command(name="collect", short_help="Put references into a collection, or take them out.")
@click.argument("collection", metavar="NAME", type=collection_type)
@click.argument("references", nargs=-1, required=True, metavar="ID...")
@click.option("--take-out", is_flag=True, help="Take them out; they stay in the library.")
@library_option
def collect_command(collection: str, references: tuple[str, ...], take_out: bool, library: str | None) -> int:
    """Put references into the collection NAME, which is made with its first one.

    Beginnings of ids are enough where they are unique.
    """
    with closing(opened_for_writing(library)) as store:
        named = named_references(store, references)
        if take_out:
            require_collections(store, [collection])
            store.take_out_of_collection(collection, named)
        else:
            store.put_in_collections({one: [collection] for one in named})
        left = store.collections().get(collection, 0)
    click.echo(f"{collection}: {left} reference{'' if left == 1 else 's'}")
    return 0


@library_group.command(name="remove", short_help="Remove references.")
@click.argument("references", nargs=-1, required=True, metavar="ID...")
@library_option
def remove_command(references: tuple[str, ...], library: str | None) -> int:
    """Remove references, all of those named or none; asks nothing. Beginnings of ids are enough where they are unique."""
    with closing(opened_for_writing(library)) as store:
        named = named_references(store, references)
        store.remove(list(named))
        for one in named.values():
            click.echo(f"removed {one.id}  {shown(one.name)}")
    return 0


library_group.add_command(verify_command)


@library_group.command(name="export", short_help="Write all references to a file.")
@click.argument("file", type=click.Path())
@library_option
def export_command(file: str, library: str | None) -> int:
    """Write all references to FILE as JSON lines, with their rights, collections, hashes, local features and pictures."""
    with closing(opened(library)) as store:
        try:
            count = _write(store, Path(os.path.abspath(file)))
        except OSError as error:
            raise ReportError(
                f"cannot be written ({error.strerror})", where=shown(file), next_step="Name another file"
            ) from error
    click.echo(f"{count} references exported to {shown(file)}")
    return 0


@library_group.command(name="import", short_help="Add the references of an exported file.")
@click.argument("file", type=click.Path())
@library_option
def import_command(file: str, library: str | None) -> int:
    """Add the references of an exported FILE. What is known already is given what it lacks; a wrong file adds nothing."""
    place = library or default_library_path()
    with _export_file(file) as stream, closing(open_library(place, create=True)) as store:
        new, known = import_into(store, stream, shown(file))
        click.echo(f"{new} added, {known} known already; the library holds {store.count()} ({shown_place(place)})")
    return 0


def _write(store: SqlLibrary, path: Path) -> int:
    """Write an export beside its place and move it there: a reader sees the old file or the whole new one."""
    temporary = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    count = -1
    try:
        with temporary.open("xb") as stream:
            for line in export_lines(store):
                stream.write(line)
                count += 1
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return count


def _export_file(file: str) -> BinaryIO:
    try:
        return open(file, "rb")
    except OSError as error:
        raise UsageError(f"cannot be read ({error.strerror})", where=shown(file), next_step="Name another file") from error
