"""What was looked at, counted as the assets go by."""

from __future__ import annotations

from collections import Counter

from scanner.model.formats import MediaKind
from scanner.model.marks import Provenance
from scanner.model.scan import Coverage
from scanner.pipeline.gather import Gathered, first_failure
from scanner.pipeline.plan import Plan
from scanner.pipeline.records import is_fingerprinted, picture_note


class CoverageCount:
    """Counts one asset after the other."""

    def __init__(self, *, fingerprints: bool) -> None:
        """Begin with nothing; `fingerprints` says whether pictures were to be compared at all."""
        self._fingerprints = fingerprints
        self._kinds: Counter[MediaKind] = Counter()
        self._provenances: Counter[Provenance] = Counter()
        self._not_checkable = 0
        self._formats: Counter[str] = Counter()
        self._zones: Counter[str] = Counter()
        self._compared = 0
        self._notes: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()

    def add(self, one: Gathered) -> None:
        """Count an asset."""
        kind = one.first.format.kind
        self._kinds[kind] += 1
        self._provenances[one.provenance] += 1
        self._not_checkable += one.provenance is Provenance.NOT_CHECKABLE and kind is not MediaKind.NOT_MEDIA
        self._formats[one.first.format.name] += 1
        self._zones[one.asset.zone.zone.value] += 1
        if kind in (MediaKind.STILL, MediaKind.VIDEO):
            self._compared += is_fingerprinted(one)
            if one.provenance is not Provenance.UNREADABLE and (note := picture_note(one, fingerprints=self._fingerprints)):
                self._notes[note] += 1
        if why := first_failure(one):
            self._lost[why] += 1

    def result(self, plan: Plan, litter: int) -> Coverage:
        """Return the numbers of all assets that were counted, beside those of the plan."""
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


def _most_first(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
