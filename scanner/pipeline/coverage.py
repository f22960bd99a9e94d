"""What was looked at, counted as the assets go by."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from operator import attrgetter

from scanner.judge.subject import Subject
from scanner.model.formats import MediaKind
from scanner.model.marks import Provenance
from scanner.model.scan import Coverage
from scanner.pipeline.gather import first_failure
from scanner.pipeline.plan import Plan
from scanner.tools.alike import ByIdentity

_COUNTED = attrgetter("format", "zone", "provenance", "readings", "fingerprinted", "picture_note")


class CoverageCount:
    """Counts one asset after the other, and those that are alike together."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kinds: Counter[MediaKind] = Counter()
        self._provenances: Counter[Provenance] = Counter()
        self._not_checkable = 0
        self._formats: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()
        self._compared = 0
        self._notes: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self._alike: ByIdentity[_Alike] = ByIdentity()

    def add(self, subject: Subject) -> None:
        """Count an asset."""
        counted = _COUNTED(subject)
        alike = self._alike.get(counted)
        if alike is None:
            if self._alike.is_full:
                self._count_up()
            alike = _Alike(subject)
            self._alike.put(counted, alike)
        alike.count += 1

    def _count_up(self) -> None:
        for _, alike in self._alike:
            self._count(alike.first, alike.count)
        self._alike.clear()

    def _count(self, one: Subject, count: int) -> None:
        kind = one.format.kind
        self._kinds[kind] += count
        self._provenances[one.provenance] += count
        self._not_checkable += count * (one.provenance is Provenance.NOT_CHECKABLE and kind is not MediaKind.NOT_MEDIA)
        self._formats[one.format.name] += count
        self._zones[one.zone.zone.value] += count
        if kind in (MediaKind.STILL, MediaKind.VIDEO):
            self._compared += count * one.fingerprinted
            if one.provenance is not Provenance.UNREADABLE and one.picture_note:
                self._notes[one.picture_note] += count
        if why := first_failure(one.readings):
            self._lost[why] += count

    def result(self, plan: Plan, litter: int) -> Coverage:
        """Return the numbers of all assets that were counted, beside those of the plan."""
        self._count_up()
        return Coverage(
            files=plan.files,
            assets=self._kinds.total(),
            not_media=self._kinds[MediaKind.NOT_MEDIA],
            not_checkable=self._not_checkable,
            unreadable=self._provenances[Provenance.UNREADABLE],
            special=sum(len(one.specials) for one in plan.crawls),
            litter=litter,
            by_format=_most_first(self._formats),
            by_zone=_most_first(self._zones),
            pictures=self._kinds[MediaKind.STILL] + self._kinds[MediaKind.VIDEO],
            pictures_compared=self._compared,
            not_compared=_most_first(self._notes),
            readings_lost=_most_first(self._lost),
        )


@dataclass(slots=True)
class _Alike:
    """Assets that count alike."""

    first: Subject
    count: int = 0


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
