"""``scanner decide``: record decisions that are no permissions, bound to content."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import click

from scanner.cli.approve import approvals_option, contents_of, part_of, record_decisions
from scanner.cli.configured import ConfiguredGroup
from scanner.engine.session import now
from scanner.model.approved import Decided, Logged
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.errors import UsageError
from scanner.model.protocols import Engine
from scanner.pipeline.approved_content import Content
from scanner.pipeline.plan import Progress
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.approval_fields import day_field, text_field
from scanner.store.places import default_approvals_path
from scanner.tools.user import current_user

F = TypeVar("F", bound=Callable[..., Any])
_SHARED = (
    click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path()),
    click.option("--by", default="", metavar="TEXT", help="Who decided: name and role. [you]"),
    click.option("--reference", default="", metavar="TEXT", help="Where it is written: a ticket, a mail's subject and date."),
    click.option("--date", metavar="YYYY-MM-DD", help="Day of the decision. [today]"),
    click.option("--segment", nargs=2, metavar="START END", help="Only this part of a film: two numbers of seconds, '12.5 30'."),
    approvals_option,
    click.option("--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes."),
    click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use."),
    click.option("--quiet", is_flag=True, help="No progress; only the ids of what was recorded."),
)


def _shared(command: F) -> F:
    for option in reversed(_SHARED):
        command = option(command)
    return command


@click.group(name="decide", cls=ConfiguredGroup, short_help="Reject content, ask about it, or say that it is no AI.")
def decide_group() -> None:
    """Record a decision about content, into the log of approvals. `scanner approve` records permissions.

    A decision is bound to the bytes as they are now, under any name. The later decision about the same content stands.
    """


@decide_group.command(name="reject", short_help="Record that content must not be delivered.")
@click.option("--reason", required=True, metavar="TEXT", help="Why.")
@_shared
def reject_command(reason: str, **chosen: Any) -> int:  # noqa: ANN401 - click's options
    """Record that this content must not be delivered: scans block it wherever it stands, whatever was approved before."""
    return _record(DecisionKind.REJECTION, "--reason", reason, "", **chosen)


@decide_group.command(name="ask", short_help="Record that something must be known first.")
@click.option("--question", required=True, metavar="TEXT", help="What must be known.")
@click.option("--to", "addressee", default="", metavar="TEXT", help="Who is to answer.")
@_shared
def ask_command(question: str, addressee: str, **chosen: Any) -> int:  # noqa: ANN401 - click's options
    """Record a question about this content. It changes no verdict; reports tell it until something is decided."""
    return _record(DecisionKind.QUESTION, "--question", question, addressee, **chosen)


@decide_group.command(name="not-ai", short_help="Record that a finding of AI is a false alarm.")
@click.option("--reason", required=True, metavar="TEXT", help="How that is known.")
@_shared
def not_ai_command(reason: str, **chosen: Any) -> int:  # noqa: ANN401 - click's options
    """Record that what was found in this content is a false alarm.

    It lifts what rests on weak or strong unsigned marks and on pictures that look alike. What rests on a definitive statement is
    put before a person instead of blocking.
    """
    return _record(DecisionKind.NOT_AI, "--reason", reason, "", **chosen)


def _record(
    kind: DecisionKind,
    option: str,
    statement: str,
    addressee: str,
    *,
    paths: tuple[str, ...],
    by: str,
    reference: str,
    date: str | None,
    segment: tuple[str, str] | None,
    approvals: str | None,
    workers: int,
    exiftool: str,
    quiet: bool,
) -> int:
    moment, (login, name) = now(), current_user()
    told = {
        "--by": lambda: text_field("who decided", by or name or login),
        option: lambda: text_field(option.removeprefix("--"), statement),
        "--to": lambda: text_field("who is to answer", addressee, required=False),
        "--reference": lambda: text_field("the reference", reference, required=False),
        "--date": lambda: day_field("the date", date or moment[:10]),
    }
    decider, said, to, refers, day = (_checked(where, check) for where, check in told.items())
    part = part_of(segment)
    settings = ScanSettings(paths, worker=WorkerSettings(exiftool=exiftool), workers=workers)

    def decided(content: Content) -> Decided:
        decision = Decision(
            "", kind, content.digest, content.kind, decider, login, said, day, to, refers, path=content.path, segment=part
        )
        return Decided(decision, content.fingerprints, content.pixel_digest, content.single_size_bytes)

    def decide(engine: Engine, progress: Progress) -> Sequence[Logged]:
        return [decided(content) for content in contents_of(settings, part, engine, progress)]

    return record_decisions(approvals or default_approvals_path(), settings, decide, moment, quiet=quiet)


def _checked(where: str, check: Callable[[], str]) -> str:
    try:
        return check()
    except ValueError as error:
        raise UsageError(str(error), where=where) from error
