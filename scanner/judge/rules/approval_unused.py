"""Approvals that matched nothing in the delivery."""

from __future__ import annotations

from collections.abc import Iterator

from scanner.judge.evidence import count
from scanner.judge.rule import Cases, DeliveryExample
from scanner.judge.subject import DeliveryView, Surroundings
from scanner.model.judging import Observation, RuleCard
from scanner.model.marks import Confidence

CARD = RuleCard(
    id="approval-unused",
    title="Approvals that matched nothing here",
    why="The log holds approvals whose content, or anything that comes from it, was not seen in this delivery. Often they are of "
    "another production; a few may be of content that was changed beyond recognition or left out.",
    cannot_show="To which production an approval belongs: a log may serve several.",
    next_step="Where approved content should be in this delivery, look for it: scanner approvals list. Keep a log a production "
    "with --approvals.",
    who="post supervisor",
)

CASES: Cases = {}


def observe(view: DeliveryView, _: Surroundings) -> Iterator[Observation]:
    """See how many standing approvals were applied to no asset."""
    if view.unused_approvals and not view.interrupted:
        message = f"{view.unused_approvals:,} of {count(view.approvals, 'standing approval')} in the log matched nothing here"
        yield Observation(CARD.id, Confidence.DEFINITIVE, message)


EXAMPLES = (
    DeliveryExample(
        "a log of two productions",
        DeliveryView(approvals=12, unused_approvals=9),
        "9 of 12 standing approvals in the log matched nothing here",
    ),
    DeliveryExample("all of them matched", DeliveryView(approvals=12)),
    DeliveryExample("no log was read", DeliveryView()),
    DeliveryExample("half of the delivery was read", DeliveryView(interrupted=True, approvals=12, unused_approvals=12)),
)
