"""``scanner explain``: what any word or id of a report is, why, what it cannot show, and where it comes from."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator
from pathlib import Path

import click

from scanner.cli.configured import ConfiguredCommand
from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.catalogue_file import Later
from scanner.judge.explaining import Explanation, explanations
from scanner.model.errors import UsageError
from scanner.model.formats import Format
from scanner.model.marks import MarkCard
from scanner.model.text import shown
from scanner.probe.formats import ALL

_WIDTH = 88
_Section = tuple[str, str]


def _beginning_so(_context: click.Context, _param: click.Parameter, incomplete: str) -> list[str]:
    """Complete an id in a shell."""
    return sorted({name for _, name, _ in _index(MarkCatalogue.load()) if name.startswith(incomplete.lower())})


@click.command(name="explain", cls=ConfiguredCommand, short_help="Explain any word or id of a report.")
@click.argument("identity", metavar="ID", required=False, shell_complete=_beginning_so)
@click.option("--list", "list_all", is_flag=True, help="List every id that can be explained.")
@click.option(
    "--marks", multiple=True, type=click.Path(path_type=Path), envvar="SCANNER_MARKS", help="Your own marks (TOML); repeatable."
)
def explain_command(identity: str | None, list_all: bool, marks: tuple[Path, ...]) -> int:
    """Explain a mark, rule, verdict, zone, class, state, format or exit code."""
    catalogue = MarkCatalogue.load(marks)
    if list_all or not identity:
        for kind, name, title in sorted(_index(catalogue)):
            click.echo(f"{kind:<12} {name:<34} {title}")
        return 0
    wanted = identity.strip().lower()
    pages = list(_pages(wanted, catalogue))
    if not pages:
        raise UsageError(f"there is nothing named {shown(identity)} to explain", next_step=_nearest(wanted, catalogue))
    click.echo("\n\n".join(pages))
    return 0


def _pages(wanted: str, catalogue: MarkCatalogue) -> Iterator[str]:
    yield from (_explanation_page(one) for one in explanations() if wanted in _names(one))
    yield from (_mark_page(card) for card in catalogue.cards() if card.id.lower() == wanted)
    yield from (_later_page(one) for one in catalogue.later if one.id.lower() == wanted)
    yield from (_format_page(one) for one in ALL if one.name == wanted)


def _names(one: Explanation) -> frozenset[str]:
    kind = one.kind.replace(" ", "-")
    return frozenset({one.id.lower(), f"{kind}-{one.id.lower()}", f"{kind}s"})


def _explanation_page(one: Explanation) -> str:
    sections = [("what", one.text), ("cannot show", one.cannot_show), ("next step", one.next_step)]
    sections += [(f"case {name}", text) for name, text in one.cases if name]
    sections += [("example", f"{story} → {says or 'nothing is said'}") for story, says in one.examples]
    return _page(one.kind, one.id, one.title, [*sections, ("source", one.source)])


def _mark_page(card: MarkCard) -> str:
    sections = [
        ("says", f"{card.meaning.value}, {card.confidence.value}" + (f" ({card.generator})" if card.generator else "")),
        ("looks at", ", ".join(card.fields)),
        ("matches", card.pattern),
        ("why", card.why),
        ("cannot show", card.cannot_show),
        ("source", card.source),
    ]
    return _page("mark", card.id, card.title, sections)


def _later_page(one: Later) -> str:
    return _page("mark", one.id, "known and not read", [("why", one.reason)])


def _format_page(one: Format) -> str:
    sections = [
        ("kind", one.kind.value),
        ("extensions", ", ".join(one.extensions)),
        ("metadata", "read with ExifTool" if one.metadata else "not read"),
        ("credentials", "read with the C2PA library" if one.credentials else "cannot be checked in this format"),
        ("pictures", "compared" if one.picture else "not compared"),
        ("limits", one.limits),
    ]
    return _page("format", one.name, one.title, sections)


def _page(kind: str, name: str, title: str, sections: list[_Section]) -> str:
    lines = [f"{name} ({kind}): {title}"]
    for heading, text in sections:
        if text:
            lines += textwrap.wrap(
                f"{heading:<12} {text}", _WIDTH, initial_indent="  ", subsequent_indent=" " * 15, break_on_hyphens=False
            )
    return "\n".join(lines)


def _index(catalogue: MarkCatalogue) -> Iterator[tuple[str, str, str]]:
    yield from ((one.kind, one.id, one.title) for one in explanations())
    yield from (("mark", card.id, card.title) for card in catalogue.cards())
    yield from (("mark", one.id, f"not read: {one.reason}") for one in catalogue.later)
    yield from (("format", one.name, one.title) for one in ALL)


def _nearest(wanted: str, catalogue: MarkCatalogue) -> str:
    near = difflib.get_close_matches(wanted, [name for _, name, _ in _index(catalogue)], n=3)
    return f"Did you mean {' or '.join(near)}?" if near else "`scanner explain --list` lists every id."
