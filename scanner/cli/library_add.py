"""``scanner library add``: files, folders, what a CSV names, or assets of a previous scan become references."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field

import click

from scanner.cli.configured import ConfiguredCommand
from scanner.cli.library_options import (
    ROLES,
    collection_type,
    exiftool_option,
    library_option,
    refuse_inside,
    workers_option,
)
from scanner.cli.library_text import told
from scanner.cli.main import INTERRUPTED
from scanner.cli.progress import ProgressLine
from scanner.engine.session import open_local
from scanner.judge.rules.registry import ALL_RULES
from scanner.model.errors import UsageError
from scanner.model.marks import Provenance
from scanner.model.matching import Rights, Role
from scanner.model.protocols import Engine
from scanner.model.recorded import RecordedScan
from scanner.model.text import shown
from scanner.pipeline.adding import add_references
from scanner.pipeline.learning import Learned, Source
from scanner.pipeline.plan import Progress
from scanner.pipeline.scan_adding import Choice, add_from_scan, roots_now
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.pipeline.source_manifest import COLUMNS, read_source_manifest
from scanner.report.json_reading import load_report
from scanner.store.library import SqlLibrary, open_library
from scanner.store.places import default_library_path

_RULES = sorted(rule.CARD.id for rule in ALL_RULES)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be added: named sources, or the chosen assets of a scan."""

    sources: Sequence[Source]
    """One a file or folder; of a scan a single one, which says what its assets are to us."""
    recorded: RecordedScan | None = None
    choice: Choice = field(default_factory=Choice)


@click.command(name="add", cls=ConfiguredCommand, short_help="Add files, folders, what a CSV names, or a scan's assets.")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path())
@click.option("--role", type=click.Choice(ROLES), help="What this material is to you.")
@click.option(
    "--collection",
    "collections",
    multiple=True,
    type=collection_type,
    metavar="NAME",
    help="Collection to put it into; repeatable.",
)
@click.option(
    "--manifest", type=click.Path(), metavar="FILE.csv", help=f"CSV with a header and the columns {', '.join(COLUMNS)}."
)
@click.option(
    "--from-scan",
    type=click.Path(),
    metavar="SCAN.json",
    help="Add assets of that scan whose bytes are the same still; PATH then says where the delivery is now.",
)
@click.option(
    "--provenance",
    "provenances",
    multiple=True,
    type=click.Choice([one.value for one in Provenance]),
    metavar="WORD",
    help="Of that scan, only assets of this provenance (generated, composite …); repeatable.",
)
@click.option(
    "--rule",
    "rules",
    multiple=True,
    type=click.Choice(_RULES),
    metavar="RULE",
    help="Of that scan, only assets of which this rule found something; repeatable.",
)
@click.option("--source", default="", help="Where the material comes from.")
@click.option("--owner", default="", help="Whose it is.")
@click.option("--licence", default="", help="On what terms it may be used.")
@click.option("--no-ai-alteration", is_flag=True, help="Its terms forbid altering it with AI.")
@click.option("--update", is_flag=True, help="Set the rights of what is known already to those given now.")
@library_option
@workers_option
@exiftool_option
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def add_command(
    paths: tuple[str, ...],
    role: str | None,
    collections: tuple[str, ...],
    manifest: str | None,
    from_scan: str | None,
    provenances: tuple[str, ...],
    rules: tuple[str, ...],
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
    """Add files, all files under folders, what a CSV manifest names, or assets of a previous scan.

    Adding the same again changes nothing; what was stopped goes on where it was.
    """
    place = library or default_library_path()
    given = Source("", Role(role) if role else Role.OWNED, Rights(source, owner, licence, no_ai_alteration), collections)
    if from_scan is None:
        if provenances or rules:
            raise UsageError(
                "there is no scan to choose from", where="--provenance, --rule", next_step="Name one with --from-scan"
            )
        wanted = _Wanted(_sources(paths, role, manifest, given))
        read = [one.path for one in wanted.sources]
    else:
        wanted = _of_a_scan(from_scan, role, manifest, given, Choice(frozenset(map(Provenance, provenances)), frozenset(rules)))
        read = list(roots_now(wanted.recorded, paths)) if wanted.recorded else []
    refuse_inside(place, read)
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)
    with (
        closing(open_library(place, create=True)) as store,
        closing(open_local(settings, read)) as engine,
        ProgressLine(enabled=not quiet) as progress,
    ):
        learned = _add(wanted, settings, store, engine, progress, update=update)
        total = store.count()
    if not quiet:
        click.echo(told(learned, role if role and not manifest else "", total, place, updated=update))
    return INTERRUPTED if learned.stopped else 0


def _add(
    wanted: _Wanted, settings: ScanSettings, store: SqlLibrary, engine: Engine, progress: Progress, *, update: bool
) -> Learned:
    if wanted.recorded is None:
        return add_references(settings, wanted.sources, store, engine, progress, update=update)
    (given,) = wanted.sources
    return add_from_scan(settings, wanted.recorded, wanted.choice, given, store, engine, progress, update=update)


def _sources(paths: Sequence[str], role: str | None, manifest: str | None, given: Source) -> list[Source]:
    if not paths and manifest is None:
        raise UsageError(
            "nothing was named to add", next_step="Name files or folders, a CSV with --manifest, or a report with --from-scan"
        )
    if paths and role is None:
        raise _no_role()
    listed = read_source_manifest(manifest, given, has_role=role is not None) if manifest is not None else ()
    sources = [*(Source(path, given.role, given.rights, given.collections) for path in paths), *listed]
    if not sources:
        raise UsageError("the manifest names nothing", where=shown(manifest or ""), next_step="Give it a row a file")
    return sources


def _of_a_scan(path: str, role: str | None, manifest: str | None, given: Source, choice: Choice) -> _Wanted:
    if manifest is not None:
        raise UsageError("--manifest and --from-scan exclude each other", next_step="Run the command once for each")
    if role is None:
        raise _no_role()
    recorded = load_report(path)
    if not recorded.seal_holds:
        raise UsageError(
            "was changed since it was written: its seal does not hold",
            where=shown(path),
            next_step="Name the report as the scan wrote it.",
        )
    return _Wanted([given], recorded, choice)


def _no_role() -> UsageError:
    return UsageError("what this material is to you is missing", where="--role", next_step=f"One of {', '.join(Role)}")
