"""A folder that does not hold what was sealed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT, count
from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.sealed import SealKind
from scanner.model.sealed_told import ListState, SealedBy
from scanner.model.text import shown

CARD = RuleCard(
    id="sealed-folder-differs",
    title="A sealed folder holds other files",
    why="An ASC MHL history or a packing list in the delivery names files that are not here, or a folder holds files that its "
    "history does not name: the copy is not whole, or something was added after the folder was sealed.",
    cannot_show="Whether that was meant. A history can be told to leave files out, and a selection of a sealed folder lacks the "
    "rest.",
    next_step="Ask whoever made the copy for what is missing, and for where the added files come from.",
    who="whoever made the copy",
    source="ASC MHL 2.0; SMPTE ST 2067-2, packing lists",
)

CASES: Cases = {
    "missing": "sealed files are not there",
    "added": "files stand in the folder that its history does not list",
}

_NAMES_TOLD = 3


def observe(view: DeliveryView, _: Surroundings) -> Iterator[Observation]:
    """See, of each list, how many sealed files are missing and how many files it does not list."""
    for one in view.sealed_by:
        place = shown(one.path, PATH_LIMIT)
        if one.missing_total:
            verb = "is" if one.missing_total == 1 else "are"
            named = f"{one.missing_total:,} of {count(one.files, 'file')} that {place} seals {verb} not here: {_named(one)}"
            yield _seen(one, "missing", named)
        if one.not_listed:
            verb = "is" if one.not_listed == 1 else "are"
            yield _seen(one, "added", f"{count(one.not_listed, 'file')} beside {place} {verb} not listed in it")


def _seen(one: SealedBy, case: str, message: str) -> Observation:
    return Observation(CARD.id, Confidence.DEFINITIVE, message, f"{one.root}/{one.path}:{case}", case)


def _named(one: SealedBy) -> str:
    names = ", ".join(shown(path, PATH_LIMIT) for path in one.missing[:_NAMES_TOLD])
    left = one.missing_total - _NAMES_TOLD
    return names + (f" and {count(left, 'more', 'more')}" if left > 0 else "")


_WHOLE = SealedBy(SealKind.MHL, 0, "A002/ascmhl", ListState.HOLDS, files=12, verified=12)

EXAMPLES = (
    DeliveryExample(
        "a clip left behind",
        DeliveryView(sealed_by=(replace(_WHOLE, verified=11, missing=("A002/c7.mov",), missing_total=1),)),
        "1 of 12 files that A002/ascmhl seals is not here: A002/c7.mov",
        "missing",
    ),
    DeliveryExample(
        "stills added to a sealed folder",
        DeliveryView(sealed_by=(replace(_WHOLE, not_listed=3),)),
        "3 files beside A002/ascmhl are not listed in it",
        "added",
    ),
    DeliveryExample("all that was sealed, and nothing else", DeliveryView(sealed_by=(_WHOLE,))),
)
