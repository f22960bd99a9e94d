"""The options of ``scanner scan``, by what they are about: each group a list, all of them one typed mapping."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, TypedDict

import click

from scanner.cli.option_types import (
    CollectionName,
    EngineName,
    FrameRate,
    LibraryPlace,
    ListedChoice,
    NameOrPath,
    PathPair,
    Program,
    ZoneText,
)
from scanner.cli.progress import PROGRESS_MODES
from scanner.cli.store_options import store_on_network_option, store_option
from scanner.judge.decide import FAIL_ON
from scanner.report.formats import FORMATS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class ScanChoices(TypedDict):
    """What the command line, the environment and the configuration chose; keys are the options' names."""

    output: str | None
    formats: tuple[str, ...]
    sign: str | None
    baseline: str | None
    only_new: bool
    cuts: tuple[str, ...]
    rate: Fraction | None
    include_prompts: bool
    no_thumbnails: bool
    confidentiality: str
    zones: tuple[str, ...]
    library: str | None
    collections: tuple[str, ...]
    no_library: bool
    learn: bool
    trust: Path | None
    no_trust: bool
    marks: tuple[Path, ...]
    policy: str | None
    no_fingerprints: bool
    no_films: bool
    watermarks: bool
    thorough: bool
    check_hashes: bool
    verify_large: bool
    approvals: str | None
    no_approvals: bool
    fail_on: str
    allow_incomplete: bool
    files_from: str | None
    null: bool
    shard: str | None
    store: str | None
    no_store: bool
    store_on_network: bool
    paranoid: bool
    workers: int
    engine: str
    map_paths: tuple[str, ...]
    io_limit: int | None
    exiftool: str
    quiet: bool
    progress: str
    no_color: bool
    config: str | None
    no_config: bool


_REPORTS: tuple[Decorator, ...] = (
    click.option(
        "--output", type=click.Path(), metavar="DIR", help="Folder for the reports; '-' writes one format to standard output."
    ),
    click.option(
        "--format",
        "formats",
        multiple=True,
        type=ListedChoice(list(FORMATS)),
        help="Report to write; repeatable. [json and html]",
    ),
    click.option(
        "--sign",
        type=click.Path(),
        metavar="KEY.pem",
        help="Sign scan.json with your own Ed25519 key (PEM, PKCS#8): scan.json.sig.",
    ),
    click.option(
        "--baseline",
        type=click.Path(),
        metavar="SCAN.json",
        help="Show only what is new since that report, and how much is not shown. Verdict and exit code stay whole.",
    ),
    click.option(
        "--only-new",
        is_flag=True,
        help="With --baseline: pages, tables and lists leave out what that report had; data formats mark it.",
    ),
    click.option("--include-prompts", is_flag=True, help="Tell prompts and names of persons, which reports otherwise withhold."),
    click.option("--no-thumbnails", is_flag=True, help="No pictures in the page."),
    click.option(
        "--confidentiality",
        metavar="TEXT",
        default="",
        envvar="SCANNER_CONFIDENTIALITY",
        help="A line at the top of every report.",
    ),
)
_CUT: tuple[Decorator, ...] = (
    click.option(
        "--cut",
        "cuts",
        multiple=True,
        type=click.Path(),
        metavar="FILE",
        help="Tell where in this cut each asset stands: EDL, ALE, OTIO, FCPXML, FCP7 XML, AAF, IMF package; repeatable.",
    ),
    click.option(
        "--rate",
        type=FrameRate(),
        metavar="RATE",
        help="Frames a second of cuts (EDL) and image sequences that do not say them: 23.976, 25, 29.97, 30000/1001.",
    ),
)
_COMPARING: tuple[Decorator, ...] = (
    click.option(
        "--library",
        type=LibraryPlace(),
        envvar="SCANNER_LIBRARY",
        help="Reference library to compare with: a file, or postgresql://… [your own, where there is one]",
    ),
    click.option(
        "--collection",
        "collections",
        multiple=True,
        type=CollectionName(),
        metavar="NAME",
        help="Compare with this collection of the library only; repeatable. What --learn adds is put into it.",
    ),
    click.option("--no-library", is_flag=True, help="Compare with no library."),
    click.option("--learn", is_flag=True, help="Add the AI temporaries found to the library, making it if there is none."),
    click.option("--no-films", is_flag=True, help="Look through no moving pictures; compare image sequences at three frames."),
    click.option("--no-fingerprints", is_flag=True, help="Decode no picture: none is compared, and the page has no thumbnails."),
)
_READING: tuple[Decorator, ...] = (
    click.option(
        "--trust",
        type=click.Path(path_type=Path),
        envvar="SCANNER_TRUST",
        help="Trust file (TOML) for content credentials. [the lists of `scanner trust`]",
    ),
    click.option("--no-trust", is_flag=True, help="Check signers against no list."),
    click.option(
        "--marks",
        multiple=True,
        type=click.Path(path_type=Path),
        envvar="SCANNER_MARKS",
        help="Your own marks (TOML) beside the packaged ones; repeatable.",
    ),
    click.option(
        "--watermarks",
        is_flag=True,
        help="Look for open watermarks in pixels too. Slow: decodes every picture whole. Finding none says nothing.",
    ),
    click.option("--thorough", is_flag=True, help="Ask ExifTool also about files whose metadata the scanner can read by itself."),
    click.option(
        "--check-hashes",
        is_flag=True,
        help="Compare files with the hashes that ASC MHL histories and packing lists here seal. Reads large files whole.",
    ),
    click.option(
        "--verify-large",
        is_flag=True,
        help="Hash large files too (over 2 GB; of buckets, films over 64 MB), check their credentials, and look through them.",
    ),
    click.option(
        "--exiftool",
        type=Program(),
        default="exiftool",
        envvar="SCANNER_EXIFTOOL",
        metavar="PROGRAM",
        help="ExifTool to use.",
    ),
)
_JUDGING: tuple[Decorator, ...] = (
    click.option(
        "--zone",
        "zones",
        multiple=True,
        type=ZoneText(),
        metavar="ZONE | GLOB=ZONE",
        help="'final' sets the whole root, 'GFX/**=graphics' adds one.",
    ),
    click.option(
        "--policy",
        type=NameOrPath(),
        envvar="SCANNER_POLICY",
        metavar="NAME | FILE",
        help="Policy to judge by: a shipped one's name (`scanner policy list`), or a file (TOML). [default]",
    ),
    click.option(
        "--approvals",
        type=click.Path(),
        envvar="SCANNER_APPROVALS",
        help="Log of written approvals to judge by. [your own, where there is one]",
    ),
    click.option("--no-approvals", is_flag=True, help="Judge as if nothing was approved."),
    click.option(
        "--fail-on", type=click.Choice(list(FAIL_ON)), default="review", show_default=True, help="Least concern that fails."
    ),
    click.option("--allow-incomplete", is_flag=True, help="Let an incomplete scan pass for what it did see; the report says so."),
)
_PART: tuple[Decorator, ...] = (
    click.option(
        "--files-from",
        type=click.Path(),
        metavar="FILE | -",
        help="Read only the files that this list names, one path a line, relative to the scanned folder; '-' is standard input.",
    ),
    click.option("--null", "-0", is_flag=True, help="NULs part the paths of --files-from, as `find -print0` writes them."),
    click.option(
        "--shard",
        metavar="I/N",
        help="Read only the I-th of N parts; `scanner merge` makes one report of all.",
    ),
)
_KEEPING: tuple[Decorator, ...] = (
    store_option,
    click.option("--no-store", is_flag=True, help="Read every file anew, and keep nothing for the next scan."),
    store_on_network_option,
    click.option("--paranoid", is_flag=True, help="Take a kept reading only where the file's bytes are hashed and are the same."),
)
_RUNNING: tuple[Decorator, ...] = (
    click.option(
        "--workers",
        type=click.IntRange(0, 256),
        default=0,
        envvar="SCANNER_WORKERS",
        metavar="N",
        help="Worker processes. [one a processor]",
    ),
    click.option(
        "--engine",
        type=EngineName(),
        default="local",
        show_default=True,
        metavar="ENGINE",
        help="Where the work runs: local, dask, or dask:HOST:PORT, dask:scheduler-file:PATH, dask:slurm, dask:lsf, dask:pbs.",
    ),
    click.option(
        "--map-path",
        "map_paths",
        multiple=True,
        type=PathPair(),
        metavar="HERE=THERE",
        help="A folder that the workers of a cluster have under another name; repeatable.",
    ),
    click.option(
        "--io-limit",
        type=click.IntRange(1, 65536),
        metavar="N",
        help="Work on at most so many files at once, to spare shared storage. [as many as there are workers]",
    ),
    click.option("--quiet", is_flag=True, help="No progress and no summary: reports and exit code only."),
    click.option(
        "--progress",
        type=click.Choice(PROGRESS_MODES),
        default="auto",
        help="How progress is told on standard error: a line that rewrites itself, plain lines, JSON lines. "
        "[auto: the first on a terminal, else plain]",
    ),
    click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same."),
)
_CONFIGURATION: tuple[Decorator, ...] = (
    click.option(
        "--config",
        type=click.Path(),
        envvar="SCANNER_CONFIG",
        metavar="FILE",
        help="Configuration file (TOML). [./scanner.toml, else your own]",
    ),
    click.option("--no-config", is_flag=True, help="Use no configuration file."),
)
GROUPS: tuple[tuple[str, tuple[Decorator, ...]], ...] = (
    ("Reports", _REPORTS),
    ("Judging", _JUDGING),
    ("Comparing pictures", _COMPARING),
    ("Reading", _READING),
    ("The cut", _CUT),
    ("Part of a delivery", _PART),
    ("Keeping readings", _KEEPING),
    ("Running", _RUNNING),
    ("Configuration", _CONFIGURATION),
)
"""Heading → options, in the order that ``--help`` shows them."""


def scan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with all options of a scan, in the order that ``--help`` shows them."""
    for _, options in reversed(GROUPS):
        for option in reversed(options):
            command = option(command)
    for one in declared_options(command):
        one.envvar = one.envvar or environment_name(one)
    return command


def declared_options(command: Callable[..., Any]) -> list[click.Option]:
    """Return the options that a function was decorated with, first in ``--help`` first."""
    return [one for one in reversed(getattr(command, "__click_params__", [])) if isinstance(one, click.Option)]


def key_of(option: click.Option) -> str:
    """Return an option's name in the configuration file: its long name without dashes, ``fail-on``."""
    return next(name for name in option.opts if name.startswith("--")).removeprefix("--")


def environment_name(option: click.Option) -> str:
    """Return the environment variable of an option that names none itself: ``SCANNER_FAIL_ON``."""
    return f"SCANNER_{key_of(option).replace('-', '_').upper()}"


def options_of_a_scan() -> list[click.Option]:
    """Return all options of a scan, with their environment variables, first in ``--help`` first."""
    return declared_options(scan_options(lambda: None))


def headings() -> dict[str, str]:
    """Return option key → heading under which ``--help`` lists it."""
    named: dict[str, str] = {}
    for heading, options in GROUPS:
        bare: Callable[..., Any] = lambda: None  # noqa: E731 - click collects options on a function
        for option in reversed(options):
            bare = option(bare)
        named |= dict.fromkeys(map(key_of, declared_options(bare)), heading)
    return named
