"""The options of ``scanner scan``, by what they are about: each group a list, all of them one typed mapping."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

import click

from scanner.judge.decide import FAIL_ON
from scanner.report.formats import FORMATS

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class ScanChoices(TypedDict):
    """What the command line, the environment and the configuration chose; keys are the options' names."""

    output: str | None
    formats: tuple[str, ...]
    include_prompts: bool
    no_thumbnails: bool
    confidentiality: str
    zones: tuple[str, ...]
    library: str | None
    no_library: bool
    learn: bool
    trust: Path | None
    no_trust: bool
    marks: tuple[Path, ...]
    policy: str | None
    no_fingerprints: bool
    watermarks: bool
    thorough: bool
    approvals: str | None
    no_approvals: bool
    fail_on: str
    allow_incomplete: bool
    workers: int
    exiftool: str
    quiet: bool
    no_color: bool


_REPORTS: tuple[Decorator, ...] = (
    click.option("--output", metavar="DIR", help="Folder for the reports; '-' writes one format to standard output."),
    click.option(
        "--format",
        "formats",
        multiple=True,
        type=click.Choice(list(FORMATS)),
        help="Report to write; repeatable. [json and html]",
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
_COMPARING: tuple[Decorator, ...] = (
    click.option(
        "--library",
        type=click.Path(),
        envvar="SCANNER_LIBRARY",
        help="Reference library to compare with. [your own, where there is one]",
    ),
    click.option("--no-library", is_flag=True, help="Compare with no library."),
    click.option("--learn", is_flag=True, help="Add the AI temporaries found to the library, making it if there is none."),
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
    click.option("--thorough", is_flag=True, help="Ask ExifTool also about files whose container holds nothing but the picture."),
    click.option("--exiftool", default="exiftool", envvar="SCANNER_EXIFTOOL", metavar="PROGRAM", help="ExifTool to use."),
)
_JUDGING: tuple[Decorator, ...] = (
    click.option(
        "--zone",
        "zones",
        multiple=True,
        metavar="ZONE | GLOB=ZONE",
        help="'final' sets the whole root, 'GFX/**=graphics' adds one.",
    ),
    click.option(
        "--policy",
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
_RUNNING: tuple[Decorator, ...] = (
    click.option(
        "--workers", type=click.IntRange(0, 256), default=0, envvar="SCANNER_WORKERS", help="Worker processes. [one a processor]"
    ),
    click.option("--quiet", is_flag=True, help="No progress and no summary: reports and exit code only."),
    click.option("--no-color", is_flag=True, help="No colour; NO_COLOR does the same."),
)


def scan_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Decorate a command with all options of a scan, in the order that ``--help`` shows them."""
    for option in reversed((*_REPORTS, *_JUDGING, *_COMPARING, *_READING, *_RUNNING)):
        command = option(command)
    return command
