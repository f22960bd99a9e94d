"""Sealed hashes that could not be read, do not hold themselves, or could not be compared though it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.sealed import SealKind
from scanner.model.sealed_told import ListState, SealedBy
from scanner.model.text import shown

CARD = RuleCard(
    id="sealed-hashes-unread",
    title="Sealed hashes that say nothing",
    why="A list of sealed hashes in the delivery cannot be read, is itself not as it was sealed, or could not be compared with "
    "the files: whether their bytes are the sealed ones is not known.",
    cannot_show="Whether any file was changed.",
    next_step="Ask whoever sealed the folder for its list again (ascmhl folder, packing list), and scan again.",
    who="whoever made the copy",
    coverage=True,
    source="ASC MHL 2.0; SMPTE ST 2067-2, packing lists",
)

CASES: Cases = {"asked": "the scan was asked to compare the hashes (--check-hashes)"}


def observe(view: DeliveryView, _: Surroundings) -> Iterator[Observation]:
    """See each list that is not whole, and where the check was asked for each that left files unchecked."""
    for one in view.sealed_by:
        for what in _wrong(one, interrupted=view.interrupted):
            message = f"the sealed hashes in {shown(one.path, PATH_LIMIT)} {what}"
            yield Observation(CARD.id, Confidence.DEFINITIVE, message, f"{one.root}/{one.path}", "asked" if one.checked else "")


def _wrong(one: SealedBy, *, interrupted: bool) -> Iterator[str]:
    """At most one clause a list; what a stopped scan did not reach is told by the rule on that."""
    if one.state is ListState.UNREADABLE:
        if not interrupted:
            yield f"cannot be read: {shown(one.why, PATH_LIMIT)}"
    elif one.state is ListState.BROKEN:
        yield f"are not whole, and only what holds of them is believed: {shown('; '.join(one.notes), PATH_LIMIT)}"
    elif one.checked and one.not_checked and not interrupted:
        files = f"{one.not_checked:,} of {one.files:,} sealed files"
        yield f"could not be compared with {files} ({shown(one.not_checked_why, PATH_LIMIT)})"


_READ = SealedBy(SealKind.MHL, 0, "A002/ascmhl", ListState.HOLDS, files=12, not_checked=12, not_checked_why="not asked for")
_LOST = replace(_READ, state=ListState.UNREADABLE, why="the XML is broken: no element found", files=0, not_checked=0)
_BROKEN = replace(
    _READ,
    state=ListState.BROKEN,
    notes=("a generation is not as the chain seals it, and is not believed (ascmhl/0002_A002.mhl)",),
)

EXAMPLES = (
    DeliveryExample(
        "a history cut short in copying",
        DeliveryView(sealed_by=(_LOST,)),
        "the sealed hashes in A002/ascmhl cannot be read: the XML is broken: no element found",
    ),
    DeliveryExample(
        "a generation that was edited",
        DeliveryView(sealed_by=(_BROKEN,)),
        "the sealed hashes in A002/ascmhl are not whole, and only what holds of them is believed: a generation is not as the "
        "chain seals it, and is not believed (ascmhl/0002_A002.mhl)",
    ),
    DeliveryExample(
        "asked for, and the algorithm is not installed",
        DeliveryView(sealed_by=(replace(_READ, checked=True, not_checked_why="xxh64 cannot be computed here"),)),
        "the sealed hashes in A002/ascmhl could not be compared with 12 of 12 sealed files (xxh64 cannot be computed here)",
        "asked",
    ),
    DeliveryExample("read, and no check asked for", DeliveryView(sealed_by=(_READ,))),
    DeliveryExample("every file was compared", DeliveryView(sealed_by=(replace(_READ, checked=True, not_checked=0),))),
    DeliveryExample("the scan was stopped before it", DeliveryView(interrupted=True, sealed_by=(_LOST,))),
)
