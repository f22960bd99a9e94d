"""``scanner approvals``: look into the log of decisions, check it, carry it, and withdraw what was withdrawn."""

from __future__ import annotations

import os
import re
import sys
from contextlib import closing

import click

from scanner.cli.approvals_text import LIST_FORMATS, listed, told_import, whole
from scanner.cli.approve import approvals_option
from scanner.cli.configured import ConfiguredGroup
from scanner.engine.session import now
from scanner.model.approved import Logged, decision_of
from scanner.model.errors import ReportError, UsageError
from scanner.model.text import shown
from scanner.report.writing import replace_file
from scanner.store.approval_entries import decisions_of
from scanner.store.approval_exchange import read_approvals, to_csv, to_toml
from scanner.store.approval_fields import text_field
from scanner.store.approval_log import open_approval_log
from scanner.store.approval_records import find, import_approvals, revoke
from scanner.store.chain import check_head
from scanner.store.places import default_approvals_path
from scanner.tools.user import current_user

_FILE_FORMATS = ("csv", "toml")
_HEAD = re.compile(r"[0-9a-f]{64}")


@click.group(name="approvals", cls=ConfiguredGroup, short_help="Look after the log of approvals.")
def approvals_group() -> None:
    """Keep the log of written approvals and other decisions. Nothing in it is ever changed or removed.

    `scanner approve` and `scanner decide` add to it.
    """


@approvals_group.command(name="list", short_help="List the decisions.")
@click.option("--format", "layout", type=click.Choice(LIST_FORMATS), default="text", show_default=True, help="Layout.")
@approvals_option
def list_command(layout: str, approvals: str | None) -> int:
    """List approvals and other decisions, in the order they were recorded."""
    click.echo(listed(_decided(approvals), layout, now()), nl=False)
    return 0


@approvals_group.command(name="show", short_help="Show all that is known of one.")
@click.argument("identity", metavar="ID")
@approvals_option
def show_command(identity: str, approvals: str | None) -> int:
    """Show all that is known of one decision; the beginning of its id is enough where no other begins so."""
    decisions = _decided(approvals)
    click.echo(whole(find(decisions, identity), decisions, now()))
    return 0


@approvals_group.command(name="verify", short_help="Check the chain of the log.")
@click.option("--head", metavar="SHA256", help="Hash of the last entry, kept from an earlier day: shows that nothing was cut.")
@approvals_option
def verify_command(head: str | None, approvals: str | None) -> int:
    """Check every entry of the log; names the first that is not what was recorded. Exit code 0 where all hold, else 2."""
    place = _place(approvals)
    if head is not None and not _HEAD.fullmatch(head.strip().lower()):
        raise UsageError(f"{shown(head, 80)} is no hash of 64 hexadecimal digits", where="--head")
    with closing(open_approval_log(place, create=False)) as log:
        entries = log.entries()
    if not entries:
        if head is not None:
            check_head(entries, head.strip().lower(), shown(place))
        click.echo(f"the log is empty ({shown(place)})")
        return 0
    click.echo(f"{len(entries):,} entries, each one as it was recorded ({shown(place)})")
    click.echo(f"head  {entries[-1].hash}")
    if head is not None:
        kept = check_head(entries, head.strip().lower(), shown(place))
        added = len(entries) - kept.sequence
        click.echo(
            f"the head you kept is entry {kept.sequence:,}; {added:,} {'entry was' if added == 1 else 'entries were'} added since"
        )
    return 0


@approvals_group.command(name="export", short_help="Write the decisions to a file.")
@click.argument("file", metavar="FILE.csv|FILE.toml", type=click.Path(allow_dash=True))
@click.option("--format", "layout", type=click.Choice(_FILE_FORMATS), help="[by the file's name]")
@approvals_option
def export_command(file: str, layout: str | None, approvals: str | None) -> int:
    """Write all approvals and other decisions to FILE, or to standard output with '-'."""
    chosen = layout or _format_of(file)
    decided = _decided(approvals)
    text = to_csv(decided) if chosen == "csv" else to_toml(decided)
    if file == "-":
        sys.stdout.buffer.write(text.encode())
        return 0
    try:
        replace_file(file, text.encode())
    except OSError as error:
        raise ReportError(f"cannot be written ({error.strerror})", where=shown(file), next_step="Name another file") from error
    click.echo(f"{len(decided):,} {'decision' if len(decided) == 1 else 'decisions'} exported to {shown(file)}")
    return 0


@approvals_group.command(name="import", short_help="Add the decisions of a file.")
@click.argument("file", metavar="FILE.csv|FILE.toml", type=click.Path())
@approvals_option
def import_command(file: str, approvals: str | None) -> int:
    """Add the decisions of an exported or hand-made FILE, all of them or, if one is wrong, none.

    Approver, reference and dates stay as they are in the file; you are recorded as the one who imported them. An approval of
    content that is rejected in this log is left out.
    """
    _format_of(file)
    carried = read_approvals(file)
    place = approvals or default_approvals_path()
    name = text_field("the file's name", shown(os.path.basename(file)))
    with closing(open_approval_log(place, create=True)) as log:
        done = import_approvals(log, carried, current_user()[0], name, now(), shown(place))
        total = len(decisions_of(log.entries(), shown(place)))
    click.echo(told_import(done, carried, total, place))
    return 0


@approvals_group.command(name="revoke", short_help="Withdraw a decision.")
@click.argument("identity", metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="Why, and who withdrew it.")
@approvals_option
def revoke_command(identity: str, reason: str, approvals: str | None) -> int:
    """Record that an approval or another decision was withdrawn. It stays in the log and does nothing from now on."""
    place = _place(approvals)
    try:
        told = text_field("the reason", reason)
    except ValueError as error:
        raise UsageError(str(error), where="--reason") from error
    open_approval_log(place, create=False).close()
    with closing(open_approval_log(place, create=True)) as log:
        one = revoke(log, identity, current_user()[0], told, now(), shown(place))
        head = log.entries()[-1].hash
    withdrawn = decision_of(one)
    click.echo(f"revoked {withdrawn.id}  {shown(withdrawn.path)}\nlog head  {head}")
    return 0


def _place(approvals: str | None) -> str:
    return approvals or default_approvals_path()


def _decided(approvals: str | None) -> tuple[Logged, ...]:
    place = _place(approvals)
    with closing(open_approval_log(place, create=False)) as log:
        return decisions_of(log.entries(), shown(place))


def _format_of(file: str) -> str:
    ending = file.lower().rpartition(".")[2]
    if ending not in _FILE_FORMATS:
        raise UsageError(
            "is neither .csv nor .toml", where=shown(file), next_step="Name the file so, or give --format where you export"
        )
    return ending
