"""The configuration file ``scanner.toml``: options of a scan as keys, zones as a table. Checked whole before anything is read."""

from __future__ import annotations

import difflib
import hashlib
import os
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

import click

from scanner.cli.option_types import EngineName, LibraryPlace, Program, from_folder
from scanner.cli.scan_options import key_of, options_of_a_scan
from scanner.crawl.zones import parse_zone_option
from scanner.interpret.catalogue_lines import Place, file_place, syntax_line
from scanner.model.errors import UsageError
from scanner.model.judging import ZoneGlob
from scanner.model.text import shown
from scanner.store.places import is_address

FILE_NAME = "scanner.toml"
ZONES = "zones"
"""The table of zones: glob → zone."""
_LIMIT_BYTES = 1 << 20
_NOT_IN_A_FILE = ("config", "no-config", "zone")
"""Options that choose the file itself, and the one that a file writes as the table `ZONES`."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """One configuration file, read and checked."""

    path: str
    sha256: str
    values: Mapping[str, object] = field(default_factory=dict)
    """Parameter name of a scan's option → value; paths are absolute."""
    lines: Mapping[str, int] = field(default_factory=dict)
    """Parameter name → line on which it is set."""
    zones: tuple[ZoneGlob, ...] = ()
    zone_lines: tuple[int, ...] = ()
    """Line of each of `zones`."""


def settable_options() -> dict[str, click.Option]:
    """Return key → option for all that a configuration file can set, in the order of ``scan --help``."""
    return {key: option for option in options_of_a_scan() if (key := key_of(option)) not in _NOT_IN_A_FILE}


def read_configuration(path: str, *, named: bool) -> Configuration:
    """Read and check a file.

    Args:
        path: of the file.
        named: whether the user named it; one that merely lay in the working folder must not say which program to run.

    Raises:
        UsageError: it cannot be read, is no TOML, or a key or value in it is wrong; says the line and the nearest right name.
    """
    try:
        with open(path, "rb") as stream:
            content = stream.read(_LIMIT_BYTES + 1)
    except OSError as error:
        raise UsageError(f"the configuration file cannot be read ({error.strerror})", where=shown(path)) from error
    if len(content) > _LIMIT_BYTES:
        raise UsageError("is too large for a configuration file", where=shown(path), next_step="1 MiB is the most.")
    return _ConfigurationText(path, content, named=named).read()


class _ConfigurationText:
    """One file on its way to a `Configuration`; knows its own text, so that errors can name the line."""

    def __init__(self, path: str, content: bytes, *, named: bool) -> None:
        self._path, self._content, self._named = path, content, named
        self._folder = os.path.dirname(os.path.abspath(path))
        try:
            # Editors on Windows begin a file with a byte order mark, which TOML has no word for.
            text = content.decode("utf-8-sig")
            self._tables = tomllib.loads(text)
        except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise UsageError(f"is no valid TOML: {error}", where=f"{shown(path)}:{syntax_line(error, content)}") from error
        self._place = _without_comments(text)

    def read(self) -> Configuration:
        options = settable_options()
        values: dict[str, object] = {}
        lines: dict[str, int] = {}
        for key, value in self._tables.items():
            if key == ZONES:
                continue
            option = options.get(key)
            if option is None:
                hint = _nearest_key(key, options) if not isinstance(value, dict) else "Settings stand at the top, in no table."
                raise self._error(f"there is no setting {shown(key, 60)!r}", key, "", hint)
            values[str(option.name)] = self._value(key, value, option)
            lines[str(option.name)] = self._place.line_of(key)
        digest = hashlib.sha256(self._content).hexdigest()
        zones = tuple(self._zones(options))
        zone_lines = tuple(self._place.line_of(pattern) for pattern in self._tables.get(ZONES, {}))
        return Configuration(self._path, digest, values, lines, zones, zone_lines)

    def _value(self, key: str, value: object, option: click.Option) -> object:
        if isinstance(option.type, Program) and not self._named:
            raise self._error(
                f"{key!r} names a program, which a file that lay in the working folder must not",
                key,
                "",
                f"Name the file with --config, or set {option.envvar}.",
            )
        if isinstance(option.type, LibraryPlace) and is_address(str(value)) and not self._named:
            raise self._error(
                f"{key!r} names a server, which a file that lay in the working folder must not",
                key,
                "",
                f"Name the file with --config, or set {option.envvar}.",
            )
        if isinstance(option.type, EngineName) and value != "local" and not self._named:
            raise self._error(
                f"{key!r} names a cluster, which a file that lay in the working folder must not",
                key,
                "",
                f"Name the file with --config, or set {option.envvar}.",
            )
        if not option.multiple:
            return self._single(key, value, option)
        listed = value if isinstance(value, list) else [value]
        return [self._single(key, one, option) for one in listed]

    def _single(self, key: str, value: object, option: click.Option) -> object:
        word, kinds = _expected(option)
        # True is an int to Python, and no number to anybody else.
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            example = f' in double quotes, {key} = "…"' if word == "a text" else ""
            raise self._error(f"{key!r} must be {word}", key, "", f"Write {word}{example}.")
        if isinstance(value, str):
            value = from_folder(option.type, value, self._folder)
        try:
            option.type.convert(value, option, None)
        except click.BadParameter as error:
            raise self._error(*self._wrong(key, value, option, error)) from error
        return value

    def _wrong(self, key: str, value: object, option: click.Option, error: click.BadParameter) -> tuple[str, str, str, str]:
        said = shown(str(value), 60)
        if isinstance(option.type, click.Choice):
            return f"{said!r} is no value of {key!r}", key, said, _nearest(said, [str(one) for one in option.type.choices])
        return f"{key!r}: {error.message.rstrip('.')}", key, said, ""

    def _zones(self, options: Collection[str]) -> Iterator[ZoneGlob]:
        table = self._tables.get(ZONES, {})
        if not isinstance(table, dict):
            raise self._error(f"{ZONES!r} is no table", ZONES, "", 'Write [zones] and lines like "GFX/**" = "graphics".')
        for pattern, zone in table.items():
            line = self._place.line_of(pattern)
            if not isinstance(zone, str):
                hint = f"Settings stand above [{ZONES}]." if pattern in options else 'Write it like "GFX/**" = "graphics".'
                raise self._error(f"the zone of {shown(pattern, 60)!r} is no text", pattern, "", hint)
            if pattern in options:
                raise self._error(f"the setting {pattern!r} stands below [{ZONES}]", pattern, "", f"Move it above [{ZONES}].")
            glob = parse_zone_option(f"{pattern}={zone}", f"{shown(self._path)}:{line}")
            yield ZoneGlob(glob.pattern, glob.zone, FILE_NAME)

    def _error(self, what: str, key: str, value: str, next_step: str) -> UsageError:
        return UsageError(what, where=f"{shown(self._path)}:{self._place.line_of(key, value)}", next_step=next_step)


def _without_comments(text: str) -> Place:
    return file_place("\n".join("" if line.lstrip().startswith("#") else line for line in text.split("\n")))


def _expected(option: click.Option) -> tuple[str, tuple[type, ...]]:
    """Return what TOML must hold for an option, in words and as types."""
    if option.is_flag and option.is_bool_flag:
        return "true or false", (bool,)
    if isinstance(option.type, click.types.IntParamType):
        return "a whole number", (int,)
    if isinstance(option.type, click.types.FloatParamType):
        return "a number", (int, float)
    return "a text", (str,)


def _nearest_key(key: str, options: Mapping[str, click.Option]) -> str:
    wanted = re.sub(r"[_\s]+", "-", key.strip().lower()).removeprefix("--")
    if wanted in ("zone", "zones"):
        return f'Write zones as a table: [{ZONES}], then lines like "GFX/**" = "graphics".'
    return _nearest(wanted, [*options, ZONES])


def _nearest(word: str, known: Collection[str]) -> str:
    close = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.6)
    return f"Did you mean {close[0]!r}?" if close else f"Known are: {', '.join(known)}."
