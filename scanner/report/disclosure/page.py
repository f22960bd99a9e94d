"""The disclosure as a page to print: one file that loads nothing and has no script."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.model.recorded import RecordedScan
from scanner.report.disclosure.entries import Disclosure
from scanner.report.disclosure.principles import Principle, questions
from scanner.report.html_report import environment, security_policy, style_of

STYLES = ("colours.css", "page.css", "disclosure.css", "print.css")
"""In the order in which they must stand."""
BY_HAND = 6
"""Empty lines for uses that left no mark."""


@dataclass(frozen=True, slots=True)
class Heading:
    """What the caller says of the production; what is empty becomes a line to fill in."""

    production: str = ""
    title: str = ""
    contact: str = ""
    """Whom it is told, at the client."""
    prepared_by: str = ""


def to_disclosure(
    scan: RecordedScan,
    disclosure: Disclosure,
    heading: Heading,
    principles: Sequence[Principle],
    pictures: Mapping[tuple[int, str], bytes],
) -> str:
    """Return the page; equal arguments give equal bytes.

    Args:
        scan: the report.
        disclosure: what is disclosed of it.
        heading: what the caller says of the production.
        principles: of the policy that judged the scan; empty where its texts are not at hand or it names none.
        pictures: JPEG bytes by root and path of the file.
    """
    style = style_of(scan.confidentiality, STYLES)
    template = environment().get_template("disclosure.html.j2")
    page = template.render(
        scan=scan,
        told=disclosure,
        heading=heading,
        questions=questions(disclosure, principles),
        pictures=pictures,
        by_hand=BY_HAND,
        style=style,
        policy=security_policy(style, with_script=False),
    )
    return page + "\n"
