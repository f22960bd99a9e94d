"""``docs/configuration.md``: scanner.toml, and every option of a scan by its three names."""

from __future__ import annotations

import click

from scanner.cli.configuration import settable_options
from scanner.cli.option_types import Program
from scanner.cli.scan_options import headings, key_of, options_of_a_scan
from scripts.doc_pages.markdown import NOTICE, table

_INTRODUCTION = """# Configuration

{notice}

Every option of `scanner scan` can be set in three places. A flag beats the environment, which beats `scanner.toml`, which beats
the default. `scanner config show` prints what is in force and where each value comes from; `scanner doctor` checks it.

## scanner.toml

```toml
# Paths start at this file; ~ is your home.
policy = "policies/house.toml"
library = "/srv/qc/library.sqlite"
trust = "trust/production.toml"
output = "/srv/qc/reports"
format = ["json", "html"]
fail-on = "blocked"
workers = 4

[zones]                       # below the settings; glob = zone
"GFX/**" = "graphics"
"EXPORTS/**" = "final"
```

A key is an option's name without its dashes. Options that can be repeated take a list. The whole file is checked before
anything is read: an unknown key, a value of the wrong type or a wrong word is told with file and line and the nearest right
name, and the exit code is 2. Zones stand in a table; globs of `--zone` are added to them and win over equals (`scanner explain
zones`).

One file is used, the first that exists of:

1. `--config FILE`, then the environment variable `SCANNER_CONFIG`;
2. `scanner.toml` in the working folder;
3. your own: `$XDG_CONFIG_HOME/media-provenance-scanner/scanner.toml`, else
   `~/.config/media-provenance-scanner/scanner.toml` (macOS: `~/Library/Application
   Support/media-provenance-scanner/scanner.toml`).

`--no-config` uses none. **A delivery does not configure its own gate:** a file inside a scanned folder is never used. Named with
`--config` it is refused (exit code 2); found in the working folder it is passed over, and the report says so. A file that
merely lay in the working folder must not name a program either (`exiftool`): name the file with `--config`, or set the
environment. Mind that the working folder may be on the drive that was sent to you though no scanned folder holds it; reports
name the file in force and its SHA-256 in `options`, and a lowered gate is told at their top.

Other commands share the settings that they have in common with a scan: `scanner library list` looks into the `library` of the
file, `scanner explain` knows its `marks`.

## Environment

A variable is named as the option: `--fail-on` is `SCANNER_FAIL_ON`. Switches take `1` and `0`. Lists of paths and zones are
written as `PATH` is (`SCANNER_ZONE='My Exports/**=final:GFX/**=graphics'`), formats with commas. An empty variable is none. A
zone or mark list in a stronger place takes the place of that in a weaker one; only the table `[zones]` is always added.

Also: `NO_COLOR` (no colour), `SOURCE_DATE_EPOCH` (fixes the clock of reports), `SCANNER_DEBUG=1` (shows a traceback for a fault
of the scanner).

## All settings
"""


def configuration_page() -> str:
    """Return the page: how settings are found, then a table of them by heading."""
    parts = [_INTRODUCTION.format(notice=NOTICE.format(source="the options of `scanner scan`"))]
    in_file, titles = settable_options(), headings()
    for title in dict.fromkeys(titles.values()):
        rows = [
            (f"`--{key_of(option)}`", f"`{option.envvar}`", _key(option, in_file), _takes(option), option.help or "")
            for option in options_of_a_scan()
            if titles[key_of(option)] == title
        ]
        parts.append(f"### {title}\n\n{table(('flag', 'environment', 'scanner.toml', 'takes', 'what'), rows)}")
    return "\n".join(parts)


def _key(option: click.Option, in_file: dict[str, click.Option]) -> str:
    key = key_of(option)
    return f"`{key}`" if key in in_file else "table `[zones]`" if key == "zone" else "–"


def _takes(option: click.Option) -> str:
    if option.is_flag:
        return "true or false"
    kind = "text"
    if isinstance(option.type, click.Choice):
        kind = " ".join(f"`{word}`" for word in option.type.choices)
    elif isinstance(option.type, click.types.IntParamType):
        kind = "whole number"
    elif isinstance(option.type, click.Path):
        kind = "path"
    elif isinstance(option.type, Program):
        kind = "program"
    return f"{kind}, or a list" if option.multiple else kind
