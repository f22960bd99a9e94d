"""``scanner review``: look at reports in a browser, compare, decide."""

from __future__ import annotations

import ipaddress
import os
import re
import sys
from collections.abc import Sequence
from contextlib import closing

import click

from scanner.cli.approve import approvals_option
from scanner.cli.configured import ConfiguredCommand
from scanner.cli.destination import root_holding
from scanner.cli.library_options import exiftool_option
from scanner.cli.option_types import LibraryPlace
from scanner.cli.progress import ProgressLine
from scanner.engine.local import LocalEngine
from scanner.engine.session import now
from scanner.model.errors import UsageError
from scanner.model.objects import is_address
from scanner.model.text import shown
from scanner.pipeline.approved_content import Content, read_contents
from scanner.pipeline.settings import ScanSettings, WorkerSettings
from scanner.store.library import open_library
from scanner.store.places import default_approvals_path
from scanner.tools.user import current_user

_TOKEN_LIMIT_BYTES = 4096
_TOKEN_LEAST = 20
_TASK_SECONDS = 30.0
"""A picture that takes longer than this, and its file's size allows, is given up: a person waits for it."""

_NAME = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_HEADER = re.compile(r"[a-z0-9][a-z0-9-]*")
"""Underscores are left out: proxies tell X_User and X-User apart, or do not, as they like."""
_OF_BROWSERS = frozenset(
    (
        *("authorization", "cache-control", "connection", "content-length", "content-type", "cookie", "dnt", "expect", "from"),
        *("host", "keep-alive", "origin", "pragma", "priority", "purpose", "range", "referer", "te", "transfer-encoding"),
        *("upgrade", "upgrade-insecure-requests", "user-agent", "via", "x-review-secret"),
    )
)
_OF_BROWSERS_ALL = ("accept", "if-", "sec-", "hx-", "proxy-")


@click.command(name="review", cls=ConfiguredCommand, short_help="Look at reports in a browser, compare, decide.")
@click.argument("reports", nargs=-1, required=True, metavar="REPORT...", type=click.Path())
@click.option("--host", default="127.0.0.1", show_default=True, metavar="ADDRESS", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="PORT", help="Port. [a free one]")
@click.option("--name", "names", multiple=True, metavar="HOST[:PORT]", help="A name that browsers reach this by. Repeatable.")
@click.option("--token-file", type=click.Path(), help="A file with the token that lets browsers in, again and again.")
@click.option("--trust-proxy", default="", metavar="HEADER", help="Header in which a proxy in front says who records.")
@click.option("--root", "moved", multiple=True, metavar="OLD=NEW", help="Where a root of the reports is now. Repeatable.")
@click.option("--library", type=LibraryPlace(), envvar="SCANNER_LIBRARY", help="Reference library, for pictures of references.")
@approvals_option
@exiftool_option
@click.option("--quiet", is_flag=True, help="Print the address only.")
def review_command(
    reports: tuple[str, ...],
    host: str,
    port: int,
    names: tuple[str, ...],
    token_file: str | None,
    trust_proxy: str,
    moved: tuple[str, ...],
    library: str | None,
    approvals: str | None,
    exiftool: str,
    quiet: bool,
) -> int:
    """Open a page on this machine where the reports of scans are looked at, compared and decided on.

    REPORT is a scan.json or the folder that holds it. Pictures are made from the delivery where it still is what was scanned, and
    from nothing else; nothing is written there. Decisions go into the log of approvals, which the first one makes. The printed
    address lets one browser in, once; the next is printed then. Ctrl-C ends it.
    """
    try:
        from scanner.review.access import ENTRANCE, Access, Tokens
        from scanner.review.app import make_app
        from scanner.review.decisions import DecisionDesk
        from scanner.review.identity import Identity
        from scanner.review.pictures import Pictures
        from scanner.review.reach import Reach
        from scanner.review.room import open_room
        from scanner.review.serving import listen, serve
        from scanner.review.workbench import Workbench
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the review room needs the extra 'review' ({error.name} is missing)",
            next_step="Install it: pip install 'media-provenance-scanner[review]'",
        ) from None

    shared = _shared_token(token_file, host)
    for name in names:
        _require_name(name)
    _require_header(trust_proxy.lower())
    with ProgressLine(enabled=not quiet) as progress:
        room = open_room(reports, progress)
    room = room.with_moved(_moved(moved, {root for report in room.reports for root in report.roots_now}))
    if library is not None:
        open_library(library, create=False).close()
    place = approvals or default_approvals_path()
    _refuse_inside(place, room.places)
    listening = listen(host, port)
    bound = listening.getsockname()[1]
    own = [f"{name}:{bound}" for name in _own_names(host)]
    base = f"http://{own[0]}"

    def announce(token: str) -> None:
        try:
            click.echo(f"Another browser is let in by  {base}{ENTRANCE}?token={token}")
        except OSError:
            # Whoever read this has gone: that must not turn away who was let in, nor be told when the room ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    tokens = Tokens(shared, announce)
    identity = Identity(current_user()[0], trust_proxy.lower())
    entrance = f"{base}{ENTRANCE}" + ("?token=…" if shared else f"?token={tokens.current}")
    click.echo(entrance if quiet else f"Review room  {entrance}\n             Ctrl-C ends it")
    settings = WorkerSettings(exiftool=exiftool)
    bench = Workbench(lambda: LocalEngine(settings, 1, task_seconds=_TASK_SECONDS))
    reaches = {report.number: Reach(report) for report in room.reports}
    with closing(Pictures(reaches, bench, library)) as pictures:
        desk = DecisionDesk(place, lambda paths: _content(paths, settings), now)
        serve(Access(make_app(room, pictures, desk), tokens, [*own, *names], identity), listening)
    return 0


def _require_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise UsageError(
            "is no name with which browsers ask for a host",
            where=f"--name {shown(name, 200)}",
            next_step="Write it as it stands in an address, without http:// and path: review.example.com, or 192.0.2.1:8800",
        )


def _require_header(header: str) -> None:
    if header and (not _HEADER.fullmatch(header) or header in _OF_BROWSERS or header.startswith(_OF_BROWSERS_ALL)):
        raise UsageError(
            "is no header in which a proxy says who asks: browsers send it themselves, or none can have this name",
            where=f"--trust-proxy {shown(header, 200)}",
            next_step="Name one that the proxy sets and takes away from requests that come with it: X-Remote-User",
        )


def _refuse_inside(place: str, roots: Sequence[str]) -> None:
    inside = root_holding(place, [os.path.realpath(root) for root in roots])
    if inside:
        raise UsageError(
            f"the approval log must not be kept in the delivery {shown(inside)}",
            where=shown(place),
            next_step="Name another place with --approvals",
        )


def _content(paths: Sequence[str], worker: WorkerSettings) -> Content:
    """Read what is decided on as `scanner approve` does, with a worker of its own."""
    settings = ScanSettings(tuple(paths), worker=worker, workers=1)
    with closing(LocalEngine(worker, 1)) as engine:
        contents = read_contents(settings, paths, engine, lambda *_: None)
    if len(contents) != 1:
        raise UsageError(f"{len(contents)} assets stand there now", next_step="Scan again, then decide")
    return contents[0]


def _moved(given: tuple[str, ...], known: set[str]) -> dict[str, str]:
    moved = {}
    for text in given:
        # A path may hold the sign itself.
        old = next((root for root in known if text.startswith(f"{root}=")), "")
        new = text[len(old) + 1 :]
        if not old or not new:
            raise UsageError(
                "names no root of these reports, or no place for it",
                where=f"--root {shown(text, 200)}",
                next_step=f"Write OLD=NEW; roots are: {', '.join(shown(root) for root in sorted(known)) or 'none'}",
            )
        moved[old] = new if is_address(new) else os.path.abspath(new)
    return moved


def _own_names(host: str) -> list[str]:
    return ["127.0.0.1", "localhost"] if host in ("127.0.0.1", "localhost") else [f"[{host}]" if ":" in host else host]


def _shared_token(token_file: str | None, host: str) -> str:
    if token_file is None:
        if not _is_loopback(host):
            raise UsageError(
                "other machines reach this address: printed tokens are not enough there",
                where=f"--host {shown(host, 80)}",
                next_step="Put a long random token into a file that only you can read, and name it with --token-file",
            )
        return ""
    try:
        with open(token_file, "rb") as stream:
            status = os.fstat(stream.fileno())
            token = stream.read(_TOKEN_LIMIT_BYTES).decode("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        why = ((error.strerror if isinstance(error, OSError) else "") or "it is no plain text").lower()
        raise UsageError(f"cannot be read: {why}", where=shown(token_file), next_step="Name a file with a token") from None
    if status.st_mode & 0o077:
        raise UsageError("others may read the token", where=shown(token_file), next_step=f"chmod 600 {shown(token_file)}")
    if len(token) < _TOKEN_LEAST:
        raise UsageError(
            f"the token is shorter than {_TOKEN_LEAST} characters",
            where=shown(token_file),
            next_step="Make a new one: openssl rand -hex 32",
        )
    return token


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
