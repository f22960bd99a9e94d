"""Help is calm: every command in one line, everything within eighty columns."""

from __future__ import annotations

import click
import pytest

from scanner.cli.main import cli


def groups_and_commands(
    command: click.Command, path: tuple[str, ...] = ("scanner",)
) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(path, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            one = command.get_command(context, name)
            assert one is not None
            found += groups_and_commands(one, (*path, name))
    return found


ALL = groups_and_commands(cli)


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_it_fits_eighty_columns_and_nothing_is_cut(path: tuple[str, ...], command: click.Command) -> None:
    context = click.Context(command, info_name=" ".join(path), terminal_width=80)
    lines = command.get_help(context).splitlines()

    assert not [line for line in lines if len(line) > 80]
    assert not [line for line in lines if "\\" in line], "a raw docstring keeps click's mark for unwrapped blocks"
    assert not [line for line in lines if line.endswith("...") and not line.startswith("Usage")], "give it a short_help"


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_option_says_what_it_does(path: tuple[str, ...], command: click.Command) -> None:
    assert command.help
    assert not [one.opts[0] for one in command.params if isinstance(one, click.Option) and not one.help]


def test_options_of_a_scan_stand_under_headings() -> None:
    scan = {" ".join(path): one for path, one in ALL}["scanner scan"]
    text = scan.get_help(click.Context(scan, info_name="scan", terminal_width=80))

    assert [line for line in text.splitlines() if line.endswith(":") and not line.startswith(" ")] == [
        "Reports:", "Judging:", "Comparing pictures:", "Reading:", "The cut:", "Part of a delivery:",
        "Keeping readings:", "Running:", "Configuration:", "Help:",
    ]  # fmt: skip
