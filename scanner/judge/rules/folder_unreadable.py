"""Folders that could not be listed."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import PATH_LIMIT
from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence
from scanner.model.text import shown

CARD = RuleCard(
    id="folder-unreadable",
    title="A folder that could not be listed",
    why="Nobody knows what stands in it, so the delivery was not looked at whole.",
    cannot_show="How many files it holds.",
    next_step="Give the scanning user leave to read the folder, and scan again.",
    who="systems",
    coverage=True,
)

CASES: Cases = {}


def observe(view: DeliveryView, _: Surroundings) -> Iterator[Observation]:
    """See each folder that could not be listed."""
    for root, path, reason in view.unreadable_folders:
        whole = "the delivery is not whole in this report"
        what = f"the folder {shown(path, PATH_LIMIT)} could not be listed" if path else whole
        message = f"{what}: {shown(reason, PATH_LIMIT)}"
        yield Observation(CARD.id, Confidence.DEFINITIVE, message, f"{root}/{path}")


EXAMPLES = (
    DeliveryExample(
        "a folder of another user",
        DeliveryView(unreadable_folders=((0, "final/vfx", "permission denied"),)),
        "the folder final/vfx could not be listed: permission denied",
    ),
    DeliveryExample(
        "a part of the delivery that nobody handed in",
        DeliveryView(unreadable_folders=((0, "", "the report of part 2 of 3 is missing"),)),
        "the delivery is not whole in this report: the report of part 2 of 3 is missing",
    ),
    DeliveryExample("all folders were listed", DeliveryView()),
)
