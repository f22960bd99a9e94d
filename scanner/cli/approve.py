"""``scanner approve``: record a written permission, bound to content; and what all commands share that record decisions."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from contextlib import closing

import click

from scanner.cli.approvals_text import recorded_lines
from scanner.cli.configured import ConfiguredCommand
from scanner.cli.destination import root_holding
from scanner.cli.progress import ProgressLine
from scanner.engine.local import LocalEngine
from scanner.engine.session import now
from scanner.model.approvals import Approval, Category
from scanner.model.approved import Approved, Logged, decision_of
from scanner.model.errors import UsageError
from scanner.model.protocols import Engine
from scanner.model.stretches import Stretch
from scanner.model.text import shown
from scanner.pipeline.approved_content import Content, read_contents
from scanner.pipeline.plan import Progress
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.approval_fields import category_field, day_field, is_one_of, segment_field, span, text_field
from scanner.store.approval_log import open_approval_log
from scanner.store.approval_records import record
from scanner.store.places import default_approvals_path
from scanner.tools.user import current_user

_SHA256 = re.compile(r"[0-9a-f]{64}", re.IGNORECASE)

approvals_option = click.option(
    "--approvals", type=click.Path(), envvar="SCANNER_APPROVALS", help="Approval log. [in your data folder]"
)


@click.command(name="approve", cls=ConfiguredCommand, short_help="Record a written approval of content.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option("--approver", required=True, metavar="TEXT", help="Who allowed it: name and role, 'Dana Reyes, Netflix'.")
@click.option("--reference", required=True, metavar="TEXT", help="The written permission: a ticket, a mail's subject and date.")
@click.option("--category", required=True, metavar="CATEGORY", help=f"What it is about: {', '.join(Category)}.")
@click.option("--use", required=True, metavar="TEXT", help="The use that was described and allowed.")
@click.option("--date", metavar="YYYY-MM-DD", help="Day of the permission. [today]")
@click.option("--expires", default="", metavar="YYYY-MM-DD", help="Last day it holds. [no end]")
@click.option("--segment", nargs=2, metavar="START END", help="Only this part of a film: two numbers of seconds, '12.5 30'.")
@click.option("--supersedes", default="", metavar="FILE | SHA256", help="Approved content that this is a later version of.")
@approvals_option
@click.option("--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes.")
@click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use.")
@click.option("--quiet", is_flag=True, help="No progress; only the ids of what was recorded.")
def approve_command(
    paths: tuple[str, ...],
    approver: str,
    reference: str,
    category: str,
    use: str,
    date: str | None,
    expires: str,
    segment: tuple[str, str] | None,
    supersedes: str,
    approvals: str | None,
    workers: int,
    exiftool: str,
    quiet: bool,
) -> int:
    """Record that somebody allowed this content in writing.

    The approval is bound to the bytes as they are now: a file of another content is not approved, whatever its name. A
    numbered sequence is named by its folder, by all its frames, as 'a.1001-1045#.exr', or with a quoted glob. You are recorded
    as the one who wrote it down.
    """
    moment = now()
    permission = _permission(approver, reference, category, use, date or moment[:10], expires)
    part = part_of(segment)
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)

    def decide(engine: Engine, progress: Progress) -> Sequence[Logged]:
        replaced = _superseded(settings, supersedes, engine, progress)
        contents = contents_of(settings, part, engine, progress)
        return [_approved(permission, content, replaced, part) for content in contents]

    return record_decisions(approvals or default_approvals_path(), settings, decide, moment, quiet=quiet)


def record_decisions(
    place: str,
    settings: ScanSettings,
    decide: Callable[[Engine, Progress], Sequence[Logged]],
    moment: str,
    *,
    quiet: bool,
) -> int:
    """Record what `decide` makes of the content that a scan with these settings would see, and say what was recorded.

    Raises:
        UsageError: the log lies beside what is decided on; whatever `decide` raises. ApprovalLogError, StoreError.
    """
    _refuse_inside(place, settings.paths)
    with closing(open_approval_log(place, create=True)) as log:
        # A log that does not hold is told before an hour of hashing, not after it.
        log.entries()
        with (
            closing(LocalEngine(settings.worker, settings.worker_count)) as engine,
            ProgressLine(enabled=not quiet) as progress,
        ):
            wanted = decide(engine, progress)
        done = record(log, wanted, moment, shown(place))
        entries = log.entries()
    if quiet:
        click.echo("\n".join(decision_of(one).id for one in (*done.new, *done.known)))
    else:
        click.echo("\n".join(recorded_lines(done, len(entries), entries[-1].hash, place)))
    return 0


def contents_of(settings: ScanSettings, part: Stretch | None, engine: Engine, progress: Progress) -> tuple[Content, ...]:
    """Read the content that is decided on.

    Raises:
        UsageError: as `read_contents`; or only a part of it is meant, and it has none.
    """
    contents = read_contents(settings, settings.paths, engine, progress)
    still = next((one for one in contents if part and not one.is_moving), None)
    if still is not None:
        raise UsageError("is neither film nor sequence: it has no parts", where=still.path, next_step="Leave --segment out")
    return contents


def part_of(segment: tuple[str, str] | None) -> Stretch | None:
    """Return the part of a film that ``--segment`` names.

    Raises:
        UsageError: it names none.
    """
    try:
        return segment_field(" ".join(segment)) if segment else None
    except ValueError as error:
        raise UsageError(str(error), where="--segment") from error


def _permission(approver: str, reference: str, category: str, use: str, date: str, expires: str) -> dict[str, str]:
    """Return the checked fields of the permission, by the names that `Approval` has for them."""
    checks: dict[str, Callable[[], str]] = {
        "--approver": lambda: text_field("the approver", approver),
        "--reference": lambda: text_field("the reference", reference),
        "--category": lambda: category_field(category).value,
        "--use": lambda: text_field("the use", use),
        "--date": lambda: day_field("the date", date),
        "--expires": lambda: day_field("the last day", expires, required=False),
    }
    fields: dict[str, str] = {}
    option = ""
    try:
        for option, check in checks.items():
            fields[option.removeprefix("--")] = check()
        option = "--expires"
        span(fields["date"], fields["expires"])
    except ValueError as error:
        raise UsageError(str(error), where=option) from error
    login, name = current_user()
    if is_one_of(fields["approver"], (login, name)):
        raise UsageError(
            f"you are {shown(login)}, who writes this down; the approver is somebody else",
            where="--approver",
            next_step="Name the person who allowed it, as the written permission does",
        )
    return fields


def _refuse_inside(place: str, paths: Sequence[str]) -> None:
    """Keep the log out of deliveries: a folder that is named, and the folder of a file that is.

    Raises:
        UsageError: it lies there.
    """
    inside = root_holding(place, [os.path.realpath(path) for path in paths])
    beside = {os.path.dirname(os.path.realpath(path)) for path in paths}
    if inside or os.path.dirname(os.path.realpath(place)) in beside:
        raise UsageError(
            "the approval log must not be kept in the folder of what is decided on",
            where=shown(place),
            next_step="Name another place with --approvals",
        )


def _superseded(settings: ScanSettings, named: str, engine: Engine, progress: Progress) -> str:
    """Return the digest of the content that ``--supersedes`` names."""
    if not named or (_SHA256.fullmatch(named) and not os.path.lexists(named)):
        return named.lower()
    contents = read_contents(settings, [named], engine, progress)
    if len(contents) != 1:
        raise UsageError(f"{len(contents)} assets are named", where="--supersedes", next_step="Name the one that is replaced")
    return contents[0].digest


def _approved(permission: dict[str, str], content: Content, supersedes: str, part: Stretch | None) -> Approved:
    if content.digest == supersedes:
        raise UsageError(
            "the content is the one that it is to replace", where=content.path, next_step="Name the new version, or leave it out"
        )
    approval = Approval(
        id="",
        content=content.digest,
        content_kind=content.kind,
        approver=permission["approver"],
        recorder=current_user()[0],
        reference=permission["reference"],
        category=Category(permission["category"]),
        use=permission["use"],
        date=permission["date"],
        expires=permission["expires"],
        supersedes=supersedes,
        path=content.path,
        segment=part,
    )
    return Approved(approval, content.fingerprints, content.pixel_digest, content.single_size_bytes)
