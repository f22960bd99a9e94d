"""``scanner config``: what is in force for a scan, and where each value comes from."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Unpack

import click
from click.core import ParameterSource

from scanner.cli.configuration import FILE_NAME, ZONES
from scanner.cli.configuration_places import ENVIRONMENT, Chosen
from scanner.cli.configured import ConfiguredCommand, chosen_configuration
from scanner.cli.scan_options import ScanChoices, key_of, options_of_a_scan, scan_options
from scanner.crawl.zones import parse_zone_option
from scanner.model.text import shown
from scanner.store.places import configuration_path, is_address, shown_place

_CHOOSING = ("config", "no-config")
_UNSET = "–"


@click.group(name="config", short_help="Show the settings in force.")
def config_group() -> None:
    """Show the settings in force: flags beat the environment, which beats scanner.toml, which beats the defaults."""


@config_group.command(name="show", cls=ConfiguredCommand, short_help="Show each setting and where it comes from.")
@click.argument("paths", nargs=-1, metavar="[PATH...]", type=click.Path())
@scan_options
def show_command(paths: tuple[str, ...], **chosen: Unpack[ScanChoices]) -> int:  # noqa: ARG001 - they choose the file
    """Show what `scanner scan` would use if it were given the same arguments here, and where each value comes from.

    A configuration file is checked whole on the way. Name the folders to be scanned too: a file inside them is not used.
    """
    for text in chosen["zones"]:
        parse_zone_option(text)
    click.echo("\n".join(_lines(chosen, chosen_configuration())))
    return 0


def _lines(chosen: ScanChoices, found: Chosen) -> Iterator[str]:
    configuration = found.configuration
    if configuration:
        yield f"configuration  {shown(configuration.path)} ({found.source})"
        yield f"sha256         {configuration.sha256}"
    else:
        yield "configuration  none"
        yield f"looked for     --config FILE, {ENVIRONMENT}, ./{FILE_NAME}, {shown(configuration_path())}"
    yield from (f"note           {note}" for note in found.notes)
    yield ""
    rows = [*_options(chosen, found), *_zones(found)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    yield from (f"{key:<{widths[0]}}  {value:<{widths[1]}}  {source}".rstrip() for key, value, source in rows)


def _options(chosen: ScanChoices, found: Chosen) -> Iterator[tuple[str, str, str]]:
    values = dict(chosen)
    for option in options_of_a_scan():
        if key_of(option) not in _CHOOSING:
            name = str(option.name)
            yield key_of(option), _text(values[name]), _source(option, found)


def _text(value: object) -> str:
    match value:
        case None | () | "":
            return _UNSET
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(shown(str(one)) for one in value)
    return shown_place(str(value)) if is_address(str(value)) else shown(str(value))


def _source(option: click.Option, found: Chosen) -> str:
    name = str(option.name)
    match click.get_current_context().get_parameter_source(name):
        case ParameterSource.COMMANDLINE:
            return "flag"
        case ParameterSource.ENVIRONMENT:
            return str(option.envvar)
        case ParameterSource.DEFAULT_MAP:
            return _line_of(found, found.configuration.lines.get(name, 1) if found.configuration else 1)
    return "default"


def _line_of(found: Chosen, line: int) -> str:
    return f"{shown(os.path.basename(found.configuration.path))}:{line}" if found.configuration else ""


def _zones(found: Chosen) -> Iterator[tuple[str, str, str]]:
    if found.configuration:
        for glob, line in zip(found.configuration.zones, found.configuration.zone_lines, strict=True):
            yield ZONES, shown(f"{glob.pattern} = {glob.zone}"), _line_of(found, line)
