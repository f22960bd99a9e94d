"""Types of options that click does not have: they say how the environment writes a list, and what in a file is a path."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import click

from scanner.model.belongings import COLLECTION_LIMIT
from scanner.model.text import shown
from scanner.model.timecode import TimecodeError, parse_frames_per_second
from scanner.store.places import is_address

if TYPE_CHECKING:
    _WordType = click.Choice[str]
    _TextType = click.ParamType[str, str]
    _RateType = click.ParamType[Fraction, Any]
    AnyType = click.ParamType[Any, Any]
else:
    # Older click cannot be asked for type arguments.
    _WordType, _TextType, _RateType = click.Choice, click.ParamType, click.ParamType


class ListedChoice(_WordType):
    """One of some words; the environment lists several with commas or spaces."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Split what the environment says."""
        return [word for word in re.split(r"[,\s]+", rv) if word]


class ZoneText(_TextType):
    """``final`` or ``GFX/**=graphics``; the environment lists several as PATH lists folders, for folders have spaces."""

    name = "zone"
    envvar_list_splitter = os.pathsep

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Take it as it is; `crawl.zones` reads it."""
        return str(value)


class PathPair(_TextType):
    """A folder here and the same on other hosts; the environment lists several with line breaks, for paths may hold the rest."""

    name = "paths"
    envvar_list_splitter = "\n"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Take it as it is; `engine.path_maps` reads it."""
        return str(value)


class EngineName(_TextType):
    """Where the work runs: a cluster may have code run here, so a configuration file that nobody named must not set one."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Take it as it is; `engine.choosing` reads it."""
        return str(value)


class Program(_TextType):
    """A program: a name to be looked up in PATH, or a path. A configuration file that nobody named must not set one."""

    name = "program"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Take it as it is."""
        return str(value)


class LibraryPlace(click.Path):
    """The path of a library's file, or the address of a database, which a configuration file that nobody named must not set."""


class CollectionName(_TextType):
    """The name of a collection: one line of text. The environment lists several as PATH lists folders, for names have spaces."""

    name = "name"
    envvar_list_splitter = os.pathsep

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Take away spaces around it, and check the rest."""
        text = str(value).strip()
        if not text or len(text) > COLLECTION_LIMIT or text != shown(text):
            self.fail(f"a collection's name is one line of 1 to {COLLECTION_LIMIT} characters", param, ctx)
        return text


class FrameRate(_RateType):
    """Frames a second: ``25``, ``29.97``, ``30000/1001``."""

    name = "rate"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Fraction:  # noqa: ANN401
        """Read it."""
        if isinstance(value, Fraction):
            return value
        try:
            return parse_frames_per_second(str(value))
        except TimecodeError as error:
            return self.fail(f"{error.what}. {error.next_step}", param, ctx)


class NameOrPath(click.Path):
    """The name of something that is shipped, or the path of a file: a path where it holds a slash or ends in ``.toml``."""


def from_folder(kind: AnyType, text: str, folder: str) -> str:
    """Return a value as a file in `folder` means it: paths start there, names and other texts stay as they are."""
    if not isinstance(kind, click.Path | Program) or text == "-" or (isinstance(kind, LibraryPlace) and is_address(text)):
        return text
    is_word = os.sep not in text and (isinstance(kind, Program) or (isinstance(kind, NameOrPath) and not text.endswith(".toml")))
    if is_word and (isinstance(kind, Program) or not os.path.lexists(os.path.join(folder, text))):
        return text
    return os.path.normpath(os.path.join(folder, os.path.expanduser(text)))
