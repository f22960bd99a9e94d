"""Commands that take settings from flags, the environment and the configuration file, in this order of strength."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence

import click
from click.core import ParameterSource

from scanner.cli.configuration import Configuration
from scanner.cli.configuration_places import Chosen, choose_configuration
from scanner.cli.scan_options import headings, key_of, options_of_a_scan
from scanner.model.errors import UsageError
from scanner.model.text import shown

_META_KEY = "scanner.chosen"
_EXCLUDING = (("learn", "no-library"),)
"""Options that exclude each other, beside every ``--x`` and ``--no-x``."""
_RANKS = (ParameterSource.DEFAULT, ParameterSource.DEFAULT_MAP, ParameterSource.ENVIRONMENT, ParameterSource.COMMANDLINE)
_OPTION_COLUMNS = 22


def chosen_configuration(ctx: click.Context | None = None) -> Chosen:
    """Return the configuration of a context; without one, of the command that is running."""
    chosen = (ctx or click.get_current_context()).meta.get(_META_KEY)
    return chosen if isinstance(chosen, Chosen) else Chosen()


class ConfiguredCommand(click.Command):
    """A command whose options may be set by the environment and the configuration file.

    For ``scan`` these are all its options. Any other command shares those that name the same environment variable as an option
    of ``scan`` does: ``--library`` is one setting, whoever asks.
    """

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Find and check the configuration file, then parse as click does, then settle what excludes each other."""
        if ctx.resilient_parsing:
            return super().parse_args(ctx, args)
        # Which file is used hangs on the scanned folders, so the line is read once before click gives options their defaults.
        given, _, _ = self.make_parser(ctx).parse_args(args=list(args))
        asked = self.get_help_option(ctx)
        if not (asked and given.get(str(asked.name))):
            flag = given.get("config")
            chosen = choose_configuration(
                flag if isinstance(flag, str) else None, given.get("no_config") is True, self._roots(given)
            )
            ctx.meta[_META_KEY] = chosen
            if chosen.configuration:
                ctx.default_map = dict(self._shared(chosen.configuration))
        rest = super().parse_args(ctx, args)
        self._settle(ctx)
        return rest

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the options of a scan under headings, one under the other; those of other commands as click does."""
        if "fail-on" not in self._options():
            super().format_options(ctx, formatter)
            return
        titles = headings()
        listed: dict[str, list[tuple[str, str]]] = {}
        for option in self.get_params(ctx):
            if isinstance(option, click.Option) and (record := option.get_help_record(ctx)):
                listed.setdefault(titles.get(key_of(option), "Help"), []).append(record)
        for title, records in listed.items():
            with formatter.section(title):
                formatter.write_dl([(f"{name:<{_OPTION_COLUMNS}}", text) for name, text in records], col_max=_OPTION_COLUMNS)

    def _options(self) -> dict[str, click.Option]:
        return {key_of(one): one for one in self.params if isinstance(one, click.Option)}

    def _roots(self, given: Mapping[str, object]) -> list[str]:
        """Paths among the arguments: what is read, and so must not say how."""
        values = [given.get(str(one.name)) for one in self.params if isinstance(one, click.Argument)]
        flat = [one for value in values for one in (value if isinstance(value, list | tuple) else [value])]
        return [os.path.realpath(one) for one in flat if isinstance(one, str) and os.path.exists(one)]

    def _shared(self, configuration: Configuration) -> Iterator[tuple[str, object]]:
        here = {one.envvar: str(one.name) for one in self._options().values() if isinstance(one.envvar, str)}
        for option in options_of_a_scan():
            name = str(option.name)
            if name in configuration.values and isinstance(option.envvar, str) and option.envvar in here:
                yield here[option.envvar], configuration.values[name]

    def _settle(self, ctx: click.Context) -> None:
        options = self._options()
        pairs = [(key.removeprefix("no-"), key) for key in options if key.startswith("no-")]
        for one, other in (*pairs, *_EXCLUDING):
            if one in options and other in options:
                _settle_pair(ctx, (options[one], options[other]))


class ConfiguredGroup(click.Group):
    """A group whose commands are such commands."""

    command_class = ConfiguredCommand


def _settle_pair(ctx: click.Context, pair: Sequence[click.Option]) -> None:
    """Of two options that exclude each other the stronger source's stands; two of one source are a mistake."""
    if not all(ctx.params.get(str(option.name)) for option in pair):
        return
    ranks = [_rank(ctx, option) for option in pair]
    if ranks[0] == ranks[1]:
        names = " and ".join(option.opts[0] for option in pair)
        raise UsageError(f"{names} exclude each other", where=_where(ctx, pair[0]), next_step="Give one of them.")
    weaker = pair[ranks.index(min(ranks))]
    ctx.params[str(weaker.name)] = False if weaker.is_flag else () if weaker.multiple else None


def _rank(ctx: click.Context, option: click.Option) -> int:
    source = ctx.get_parameter_source(str(option.name))
    return _RANKS.index(source) if source in _RANKS else 0


def _where(ctx: click.Context, option: click.Option) -> str:
    configuration = chosen_configuration(ctx).configuration
    if configuration and ctx.get_parameter_source(str(option.name)) is ParameterSource.DEFAULT_MAP:
        return f"{shown(configuration.path)}:{configuration.lines.get(str(option.name), 1)}"
    return ""
