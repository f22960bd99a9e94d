"""A page about one pair of pictures: the two laid over each other, and what each stage of comparing found."""

from __future__ import annotations

from scanner.model.matching import Match, Reference, Role
from scanner.model.pair import Pair
from scanner.model.version import VERSION
from scanner.report.html_report import environment, script_of_page, security_policy, style_of
from scanner.report.laid_over import comparison_of
from scanner.report.pair_text import conclusion, stages
from scanner.report.pairs import Side


def pair_page(pair: Pair) -> str:
    """Return the pair as one self-contained page; equal pairs give equal bytes."""
    style = style_of("")
    template = environment().get_template("pair_page.html.j2")
    return template.render(
        pair=pair,
        side=_side(pair),
        rows=tuple(stages(pair)),
        conclusion=conclusion(pair),
        version=VERSION,
        style=style,
        script=script_of_page(),
        policy=security_policy(style),
    )


def _side(pair: Pair) -> Side | None:
    if pair.laid_over is None or pair.relation is None:
        return None
    reference = Reference("", Role.OWNED, pair.reference.path, "", pair.reference.fingerprint)
    match = Match(reference, pair.relation, "", pair.fingerprint_bits, alignment=pair.alignment, alteration=pair.alteration)
    comparison = comparison_of(match, pair.laid_over, 0)
    return Side("B", pair.reference.path, None, "", (), no_ai_alteration=False, jpeg=b"", comparison=comparison)
