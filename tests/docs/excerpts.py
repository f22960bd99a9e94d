"""Excerpts of README and docs: found by their fences, each with what the comments above it ask for.

Every block of ``sh`` and ``python`` is run. A comment above a block may say

- ``<!-- not run: WHY -->``: it is not;
- ``<!-- needs: PROGRAM -->``: it is skipped where this is not installed;
- ``<!-- save: NAME -->``: it is kept as a file for a later block of the page, not run by itself;
- ``<!-- then: COMMAND -->``: what must hold afterwards.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from scanner.cli.main import cli

ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"((?:^<!--[^\n]*-->\n)*)^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"<!-- ([a-z ]+): (.*?) -->")


@dataclass(frozen=True, slots=True)
class Excerpt:
    """One fenced block."""

    page: Path
    line: int
    language: str
    text: str
    asks: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Where it stands."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def pages() -> list[Path]:
    """README and all pages of docs."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def excerpts(page: Path) -> list[Excerpt]:
    """All blocks of a page, in order."""
    text = page.read_text("utf-8")
    return [
        Excerpt(page, text[: hit.start(2)].count("\n") + 1, hit[2], hit[3], dict(_COMMENT.findall(hit[1])))
        for hit in _BLOCK.finditer(text)
    ]


def scanner_calls(text: str) -> Iterator[list[str]]:
    """Words of every call of ``scanner`` in a text: what follows its name up to the end of the command."""
    joined = text.replace("\\\n", " ").replace("\n  -arguments", " ")
    # Deadline takes the program and its arguments apart.
    joined = re.sub(r'-executable scanner\s+-arguments "([^"]*)"', r"\nscanner \1\n", joined)
    for line in re.split(r"[\n;{}]|&&|\|\|?", joined):
        plain = re.sub(r"\s#.*$|\s2?>.*$", "", line.strip())
        if plain.startswith("scanner "):
            yield shlex.split(plain)[1:]


def check_call(words: list[str]) -> str:
    """Return what is wrong with a call by the commands and options there are; empty where nothing is."""
    command: click.Command = cli
    context = click.Context(cli, info_name="scanner", help_option_names=["-h", "--help"])
    rest = list(words)
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        named = command.get_command(context, rest[0])
        if named is None:
            return f"no command {rest[0]}"
        command, context = named, click.Context(named, parent=context, info_name=rest.pop(0))
    try:
        given, _, _ = command.make_parser(context).parse_args(args=rest)
        for param in command.params:
            value: Any = given.get(str(param.name))
            if isinstance(param.type, click.Choice) and isinstance(value, str | list):
                param.type_cast_value(context, value)
    except click.ClickException as error:
        return error.format_message()
    return ""
