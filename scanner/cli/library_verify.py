"""``scanner library verify``: is the library whole; and with ``--repair``, make it so from files that are still there."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict

import click

from scanner.cli.configured import ConfiguredCommand
from scanner.cli.library_options import (
    exiftool_option,
    library_option,
    opened,
    opened_for_writing,
    refuse_inside,
    workers_option,
)
from scanner.cli.progress import Progress, ProgressLine
from scanner.engine.local import LocalEngine
from scanner.model.belongings import Trouble
from scanner.model.errors import UsageError
from scanner.pipeline.library_checking import Mended, count_incomplete, find_troubles, repair
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import SqlLibrary
from scanner.store.places import default_library_path, shown_place

WRONG = 10
"""Exit code where something is wrong: as a scan's review, a person has to look."""
_SHOWN = 100


@click.command(name="verify", cls=ConfiguredCommand, short_help="Is the library whole?")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path())
@click.option(
    "--repair", "repairing", is_flag=True, help="Make anew what is wrong, from files under PATH that have the same bytes."
)
@click.option("--format", "layout", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to say it.")
@library_option
@workers_option
@exiftool_option
@click.option("--quiet", is_flag=True, help="No output: the exit code only.")
def verify_command(
    paths: tuple[str, ...],
    repairing: bool,
    layout: str,
    library: str | None,
    workers: int,
    exiftool: str,
    quiet: bool,
) -> int:
    """Look whether the library is whole: its file, each reference, its hashes, local features and pictures.

    Nothing is changed without --repair. Exit codes: 0 whole, 10 something is wrong, 1 it cannot be read at all, 2 wrong usage.
    """
    if paths and not repairing:
        raise UsageError("PATH says where to look for files to repair from", next_step="Add --repair, or name no PATH")
    place = library or default_library_path()
    refuse_inside(place, paths)
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)
    mended = None
    with ProgressLine(enabled=not quiet and layout == "text") as progress:
        with closing(opened(library)) as store:
            troubles = list(find_troubles(store, progress))
        if repairing and troubles:
            with closing(opened_for_writing(library)) as store:
                mended = _repaired(settings, store, troubles, progress)
                troubles = list(find_troubles(store, progress))
        with closing(opened(library)) as store:
            count, incomplete = store.count(), count_incomplete(store)
    if not quiet:
        say = _as_json if layout == "json" else _as_text
        click.echo(say(place, troubles, mended, count, incomplete))
    return WRONG if troubles else 0


def _repaired(settings: ScanSettings, store: SqlLibrary, troubles: Sequence[Trouble], progress: Progress) -> Mended:
    with closing(LocalEngine(settings.worker, settings.worker_count)) as engine:
        return repair(settings, store, troubles, engine, progress)


def _as_text(place: str, troubles: Sequence[Trouble], mended: Mended | None, count: int, incomplete: int) -> str:
    lines = [f"{one.reference or shown_place(place)}{'  ' * bool(one.name)}{one.name}: {one.what}" for one in troubles[:_SHOWN]]
    if len(troubles) > _SHOWN:
        lines.append(f"{len(troubles) - _SHOWN} more (--format json tells all)")
    if mended is not None:
        orphans = f", {mended.orphans} rows of references that are not there taken out" if mended.orphans else ""
        lines.append(f"{_counted(mended.references, 'reference')} repaired{orphans}")
    wrong = len({one.reference for one in troubles})
    lines.append(
        f"{_counted(count, 'reference')} checked: "
        + (f"something is wrong with {wrong}" if troubles else "all is as it was kept")
        + f" ({shown_place(place)})"
    )
    if any(one.part for one in troubles):
        lines.append("`scanner library verify --repair PATH…` makes anew what can be, from files with the same bytes")
    if incomplete:
        lines.append(
            f"{incomplete} lack what this version keeps beside a reference: adding their files again makes it, and they are "
            "recognised less well until then"
        )
    return "\n".join(lines)


def _as_json(place: str, troubles: Sequence[Trouble], mended: Mended | None, count: int, incomplete: int) -> str:
    told = {
        "library": shown_place(place),
        "references": count,
        "incomplete": incomplete,
        "troubles": [asdict(one) for one in troubles],
        "repaired": asdict(mended) if mended else None,
    }
    return json.dumps(told, indent=2, ensure_ascii=True)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
