"""``scanner disclosure``: what a client is told of generative AI in a delivery, as a page to print and to complete."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import click

from scanner.cli.destination import recorded_folders, root_holding
from scanner.cli.progress import Progress, ProgressLine
from scanner.engine.local import LocalEngine
from scanner.judge.policy import Policy, load_packaged, packaged_policies
from scanner.model.errors import UsageError
from scanner.model.recorded import RecordedScan
from scanner.model.text import shown
from scanner.pipeline.cue_thumbnails import cue_thumbnails
from scanner.pipeline.policies import find_policy
from scanner.pipeline.settings import WorkerSettings, usable_processors
from scanner.probe.formats import ALL
from scanner.report.disclosure.entries import Disclosure, Standing, disclose
from scanner.report.disclosure.page import Heading, to_disclosure
from scanner.report.disclosure.principles import Principle
from scanner.report.json_reading import load_report
from scanner.report.sentences import counted
from scanner.report.writing import report_bytes, write_report

_STEM = "genai-disclosure"
_ENDINGS = (".html", ".htm")
_COUNTED = {
    Standing.ESCALATE: "to escalate",
    Standing.ON_RECORD: "with an approval on record",
    Standing.INFORM: "to inform of",
}
_LONGEST = 200
"""Characters of a text that the user gives for the head of the page."""


@click.command(name="disclosure", short_help="Write the GenAI disclosure of a scan, to print.")
@click.argument("report", metavar="SCAN.json", type=click.Path())
@click.option("--output", metavar="DIR | FILE", help="Where the page goes; '-' writes it to standard output. [beside SCAN.json]")
@click.option("--production", metavar="TEXT", default="", help="Name of the production. [a line to fill in]")
@click.option("--title", metavar="TEXT", default="", help="Title, season and episode. [a line to fill in]")
@click.option("--contact", metavar="TEXT", default="", help="Whom the client names for this. [a line to fill in]")
@click.option("--prepared-by", metavar="TEXT", default="", help="Who prepares the page. [a line to fill in]")
@click.option("--policy", "policy_file", metavar="FILE", help="Your policy that judged the scan: its principles' texts.")
@click.option("--delivery", "deliveries", multiple=True, type=click.Path(), help="Where the delivery is now, for small pictures.")
@click.option("--no-thumbnails", is_flag=True, help="Make no small pictures.")
@click.option("--quiet", is_flag=True, help="No progress and no summary.")
def disclosure_command(
    report: str,
    output: str | None,
    production: str,
    title: str,
    contact: str,
    prepared_by: str,
    policy_file: str | None,
    deliveries: tuple[str, ...],
    no_thumbnails: bool,
    quiet: bool,
) -> int:
    """Write what a client is told of generative AI in a delivery: what it is, where on screen, inform or escalate, and why.

    By the principles and approval categories of the policy that judged the scan; scan with `--policy netflix-genai-2025` for
    Netflix's five. What a scan cannot know is left as a line to fill in. A page that is there is never overwritten.
    """
    scan = load_report(report)
    place = _destination(report, output, [*scan.roots, *deliveries])
    principles = _principles(scan, policy_file)
    told = disclose(scan, _media_type)
    pictures = {}
    if not no_thumbnails:
        with ProgressLine(enabled=not quiet) as progress:
            pictures = _pictures(scan, told, deliveries, progress)
    heading = Heading(*(text.strip()[:_LONGEST] for text in (production, title, contact, prepared_by)))
    page = to_disclosure(scan, told, heading, principles, pictures)
    if place is None:
        click.echo(report_bytes(page), nl=False)
        return 0
    path = write_report(*place, page)
    if not quiet:
        click.echo(_summary(shown(path), scan, told), nl=False)
    return 0


def _principles(scan: RecordedScan, policy_file: str | None) -> Sequence[Principle]:
    policy = _policy(scan, policy_file)
    return tuple(Principle(one.id, one.text) for one in policy.principles) if policy else ()


def _policy(scan: RecordedScan, policy_file: str | None) -> Policy | None:
    """The policy that judged the scan; None where its file is not at hand."""
    if policy_file is not None:
        policy = find_policy(policy_file)
        if policy.sha256 != scan.policy_sha256:
            raise UsageError(
                f"is not the policy that judged this scan ({shown(scan.policy, 60)}), or was changed since",
                where=shown(policy_file),
                next_step="Name the file as it was, or scan again with --policy.",
            )
        return policy
    if scan.policy not in packaged_policies():
        return None
    policy = load_packaged(scan.policy)
    # Another version's policy of that name may say something else.
    return policy if policy.sha256 == scan.policy_sha256 else None


def _destination(report: str, output: str | None, roots: Sequence[str]) -> tuple[str, str] | None:
    """Where the page goes, as folder and name; None for standard output."""
    if output == "-":
        return None
    named = output is not None and Path(output).suffix.lower() in _ENDINGS and not os.path.isdir(output)
    folder, name = os.path.split(os.path.abspath(output)) if named and output else (output or os.path.dirname(report) or ".", "")
    if inside := root_holding(folder, recorded_folders(roots)):
        raise UsageError(
            f"nothing is written into the scanned folder {shown(inside)}",
            where=shown(folder),
            next_step="Choose another with --output.",
        )
    if name and os.path.lexists(os.path.join(folder, name)):
        raise UsageError("is there already", where=shown(output or ""), next_step="Give another name as --output.")
    return folder, name or _unused(folder)


def _unused(folder: str) -> str:
    names = (f"{_STEM}.html", *(f"{_STEM}-{number}.html" for number in range(2, 10_000)))
    return next(name for name in names if not os.path.lexists(os.path.join(folder, name)))


def _pictures(
    scan: RecordedScan, told: Disclosure, deliveries: Sequence[str], progress: Progress
) -> dict[tuple[int, str], bytes]:
    if deliveries and len(deliveries) != len(scan.roots):
        raise UsageError(
            f"the report is of {len(scan.roots)} roots, {len(deliveries)} were named",
            where="--delivery",
            next_step="Name a folder for each root, in the report's order.",
        )
    places = [entry.place for entry in told.whole]
    if not places:
        return {}
    moments = {entry.place: entry.moment for entry in told.whole if entry.moment is not None}
    with closing(LocalEngine(WorkerSettings(), min(usable_processors(), len(places)))) as engine:
        return cue_thumbnails(scan, deliveries or scan.roots, places, engine, progress, moments)


def _summary(path: str, scan: RecordedScan, told: Disclosure) -> str:
    counts = [f"{told.counts[standing]:,} {words}" for standing, words in _COUNTED.items()]
    lines = [path, ", ".join(counts)]
    if told.hints:
        lines.append(f"{counted(told.hints, 'asset')} with weak hints only not listed; the report names them")
    if not any(entry.principles for entry in told.entries) and told.entries:
        lines.append(f"the policy {shown(scan.policy, 60)} names no principles here: scan with --policy netflix-genai-2025")
    if not scan.seal_holds:
        lines.append("the report was changed since it was written: its seal does not hold")
    if not scan.complete:
        lines.append("the scan was not complete: uses may be missing")
    return "\n".join(lines) + "\n"


def _media_type(format_name: str) -> str:
    return next((one.kind.value for one in ALL if one.name == format_name), "unknown")
