"""What the commands of ``scanner library`` share: the library that is meant, and references that are named by their ids."""

from __future__ import annotations

import os
from collections.abc import Sequence

import click

from scanner.cli.option_types import CollectionName, LibraryPlace, Program
from scanner.model.errors import UsageError
from scanner.model.matching import Reference, Role
from scanner.model.text import shown
from scanner.report.writing import root_holding
from scanner.store.library import SqlLibrary, open_library
from scanner.store.places import default_library_path, is_address, shown_place

ROLES = [role.value for role in Role]
_AMBIGUOUS_SHOWN = 5

library_option = click.option(
    "--library",
    type=LibraryPlace(),
    envvar="SCANNER_LIBRARY",
    help="Library: a file, or postgresql+psycopg://USER@HOST/DATABASE. [in your data folder]",
)
workers_option = click.option(
    "--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes."
)
exiftool_option = click.option(
    "--exiftool", type=Program(), default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use."
)
collection_type = CollectionName()


def opened(library: str | None) -> SqlLibrary:
    """Open a library that there is, for reading."""
    return open_library(library or default_library_path(), create=False)


def opened_for_writing(library: str | None) -> SqlLibrary:
    """Open a library that there is, for changing what is in it; none is made.

    Raises:
        UsageError: there is none.
    """
    place = library or default_library_path()
    if is_address(place) or not os.path.isfile(place):
        open_library(place, create=False).close()
    return open_library(place, create=True)


def named_references(store: SqlLibrary, texts: Sequence[str]) -> dict[str, Reference]:
    """Return the references that ids, or unique beginnings of ids, name.

    Raises:
        UsageError: one names none, or several.
    """
    return {one.id: one for one in (named_reference(store, text) for text in texts)}


def named_reference(store: SqlLibrary, text: str) -> Reference:
    """Return the reference that an id, or a unique beginning of one, names.

    Raises:
        UsageError: it names none, or several.
    """
    found = store.find(text, _AMBIGUOUS_SHOWN + 1) if text and text.isascii() and "\0" not in text else ()
    exact = [one for one in found if one.id == text]
    if len(found) == 1 or exact:
        return (exact or found)[0]
    if not found:
        raise UsageError("no reference has this id", where=shown(text, 80), next_step="`scanner library list` shows them")
    ids = ", ".join(one.id for one in found[:_AMBIGUOUS_SHOWN]) + (", …" if len(found) > _AMBIGUOUS_SHOWN else "")
    raise UsageError(f"several ids begin so: {ids}", where=shown(text, 80), next_step="Give more of it")


def refuse_inside(place: str, paths: Sequence[str]) -> None:
    """Refuse a library that is kept in what is read.

    Raises:
        UsageError: it is.
    """
    if is_address(place):
        return
    if inside := root_holding(place, [os.path.realpath(path) for path in paths]):
        raise UsageError(
            f"the library must not be kept in the folder {shown(inside)} that is read",
            where=shown_place(place),
            next_step="Name another place.",
        )
