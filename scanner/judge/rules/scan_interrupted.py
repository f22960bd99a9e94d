"""A scan that did not come to its end."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="scan-interrupted",
    title="The scan was interrupted",
    why="Someone stopped the scan. What it had not reached was not looked at.",
    cannot_show="Anything about the files it had not reached.",
    next_step="Scan again.",
    who="post supervisor",
    coverage=True,
)

CASES: Cases = {}


def observe(view: DeliveryView, _: Surroundings) -> Iterator[Observation]:
    """See that the scan was stopped before its end."""
    if view.interrupted:
        yield Observation(CARD.id, Confidence.DEFINITIVE, "the scan was interrupted before all files were read")


EXAMPLES = (
    DeliveryExample("Ctrl-C", DeliveryView(interrupted=True), "the scan was interrupted before all files were read"),
    DeliveryExample("a scan that ended", DeliveryView()),
)
