"""``scanner trust``: dated copies of the trust lists that scans use when no trust file is named. Nothing is ever downloaded."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from scanner.engine.session import now
from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.model.trust_lists import OUTDATED_AFTER_DAYS, ListKind, NamedList, age_days, is_outdated
from scanner.read.certificates import check_list, guess_kind
from scanner.read.trust import lists_in, read_list, read_text
from scanner.store.places import trust_folder
from scanner.store.trust_lists import TrustLists, name_for


@click.group(name="trust", short_help="Keep trust lists: which signers you believe.")
def trust_group() -> None:
    """Keep trust lists: which signers of content credentials your organisation believes."""


@trust_group.command(name="import", short_help="Keep copies of trust lists.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--name", help="Name to keep a single list under. [the file's]")
@click.option("--date", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD", help="Date of the list. [the file's]")
@click.option("--kind", type=click.Choice([str(kind) for kind in ListKind]), help="What it is for. [told by its content]")
@click.option("--replace", "replacing", is_flag=True, help="Take the place of kept lists of the same names.")
def import_command(files: tuple[Path, ...], name: str | None, date: datetime | None, kind: str | None, replacing: bool) -> int:
    """Keep copies of PEM lists, or of all lists that a trust file (TOML) names. Nothing is downloaded."""
    day = date.date().isoformat() if date else None
    lists = [one for path in files for one in _lists(path, ListKind(kind) if kind else None, day)]
    if name is not None:
        if len(lists) != 1:
            raise UsageError(f"one name cannot name {len(lists)} lists", where="--name", next_step="Import them one by one.")
        lists = [replace(lists[0], name=name)]
    if not lists:
        raise UsageError("the trust file names no list", where=shown(str(files[0])))
    kept = TrustLists(Path(trust_folder()))
    kept.keep(lists, replace=replacing)
    _tell(lists)
    return 0


def _lists(path: Path, kind: ListKind | None, day: str | None) -> Iterator[NamedList]:
    if path.suffix.lower() == ".toml":
        if kind:
            raise UsageError("a trust file says itself what its lists are for", where="--kind", next_step="Leave --kind away.")
        for one in lists_in(path):
            dated = replace(one, date=day, dated=True) if day else one
            yield replace(dated, name=name_for(Path(one.name)))
    else:
        wanted = kind or guess_kind(read_text(path), str(path))
        yield read_list(path, wanted, name_for(path), day)


@trust_group.command(name="list", short_help="List what is kept.")
def list_command() -> int:
    """List what is kept: name, kind, date, age, entries, digest."""
    lists = TrustLists(Path(trust_folder())).all()
    if lists:
        _tell(lists)
    else:
        click.echo("no trust list is kept: signers of content credentials are not checked. `scanner trust import FILE` adds one")
    return 0


@trust_group.command(name="remove", short_help="Forget a kept list.")
@click.argument("name")
def remove_command(name: str) -> int:
    """Forget a kept list."""
    TrustLists(Path(trust_folder())).remove(name)
    click.echo(f"{name} removed")
    return 0


def _tell(lists: Sequence[NamedList]) -> None:
    moment = now()
    widest = max(len(one.name) for one in lists)
    for one in lists:
        click.echo(f"{one.name:<{widest}}  {one.kind.value:<7}  {_told(one, moment)}")


def _told(one: NamedList, moment: str) -> str:
    count = check_list(one.kind, one.text, f"kept trust list {one.name}")
    noun = "key usages" if one.kind is ListKind.EKUS else "certificates"
    age = age_days(one.date, moment)
    told = f"{one.shown_date}, {age} days old  {count} {noun}  sha256 {hashlib.sha256(one.text.encode()).hexdigest()[:12]}"
    if one.kind is ListKind.EKUS or not is_outdated(one.date, moment):
        return told
    return f"{told}  OLDER than {OUTDATED_AFTER_DAYS} days: signers listed since are not known"
