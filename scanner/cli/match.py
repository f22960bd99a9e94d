"""``scanner match``: one pair of pictures, stage by stage."""

from __future__ import annotations

from contextlib import closing

import click

from scanner.cli.configured import ConfiguredCommand
from scanner.cli.library_options import exiftool_option
from scanner.cli.progress import ProgressLine
from scanner.crawl.chosen import refuse_address
from scanner.engine.local import LocalEngine
from scanner.model.errors import ReportError, UsageError
from scanner.model.text import shown
from scanner.pipeline.pair import explain_pair
from scanner.pipeline.settings import WorkerSettings
from scanner.report.pair_page import pair_page
from scanner.report.pair_text import pair_json, pair_text
from scanner.report.writing import replace_file

_WORKERS = 2
_PAGE = ".html"


@click.command(name="match", cls=ConfiguredCommand, short_help="What is one picture to another?")
@click.argument("asset", metavar="A", type=click.Path())
@click.argument("reference", metavar="B", type=click.Path())
@click.option("--page", metavar="FILE.html", type=click.Path(), help="Write a page that shows the two laid over each other.")
@click.option("--format", "layout", type=click.Choice(("text", "json")), default="text", show_default=True, help="How to say it.")
@exiftool_option
@click.option("--quiet", is_flag=True, help="No progress on the terminal.")
def match_command(asset: str, reference: str, page: str | None, layout: str, exiftool: str, quiet: bool) -> int:
    """Say what the picture A is to the picture B, as a scan would see it, and what each stage of comparing found.

    A is the asset, B what it may come from. All stages run, also where the first would have settled the question. Neither file is
    changed. Exit codes: 0 told, 2 wrong usage, 1 the page cannot be written.
    """
    if page is not None and not page.lower().endswith(_PAGE):
        raise UsageError("is no name of a page", where=shown(page), next_step=f"Let it end in {_PAGE}")
    for path in (asset, reference):
        refuse_address(path)
    with (
        ProgressLine(enabled=not quiet and layout == "text") as progress,
        closing(LocalEngine(WorkerSettings(exiftool=exiftool), _WORKERS)) as engine,
    ):
        pair = explain_pair(asset, reference, engine, progress)
    if page is not None:
        _write(page, pair_page(pair))
    click.echo(pair_json(pair) if layout == "json" else pair_text(pair), nl=False)
    return 0


def _write(path: str, content: str) -> None:
    try:
        replace_file(path, content.encode())
    except OSError as error:
        raise ReportError(f"cannot be written: {error.strerror or error}", where=shown(path)) from error
