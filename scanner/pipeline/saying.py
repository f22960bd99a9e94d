"""Everything that a file says about itself, as its readers give it, cut to what a person can look through."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from scanner.model.readings import VALUE_LIMIT, Outcome, Statement
from scanner.model.statements_work import Said
from scanner.model.text import bounded
from scanner.pipeline.facts import statements_of
from scanner.pipeline.summaries import summary_of

STATEMENTS_LIMIT = 2000
"""Of one reader. A camera's maker notes make some 400; a hostile file makes millions."""
CHARACTERS_LIMIT = 1 << 20
"""Of the values of one reader."""


def said(reader: str, version: str, outcome: Outcome) -> Said:
    """Return what one reader got."""
    everything = statements_of(outcome)
    kept = tuple(_kept(everything))
    summary = summary_of(reader, outcome)
    return Said(reader, version, summary.state, summary.reason or "", kept, len(everything) - len(kept))


def _kept(statements: Iterable[Statement]) -> Iterable[Statement]:
    characters = 0
    for number, one in enumerate(statements):
        cut = replace(one, field=bounded(one.field, 200), value=bounded(one.value, VALUE_LIMIT), where=bounded(one.where, 200))
        characters += len(cut.value)
        if number >= STATEMENTS_LIMIT or characters > CHARACTERS_LIMIT:
            return
        yield cut
