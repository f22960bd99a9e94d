"""What a reader noticed on the way: each kind of thing said once, with its count and first place."""

from __future__ import annotations


class Notes:
    """Collects remarks about a cut; a million alike become one sentence."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._firsts: dict[str, str] = {}

    def add(self, remark: str, place: str = "") -> None:
        """Note something, at a place in the file."""
        self._counts[remark] = self._counts.get(remark, 0) + 1
        self._firsts.setdefault(remark, place)

    def sentences(self) -> tuple[str, ...]:
        """All remarks, in the order in which they came first."""
        return tuple(self._sentence(remark, count) for remark, count in self._counts.items())

    def _sentence(self, remark: str, count: int) -> str:
        place = self._firsts[remark]
        if not place:
            return remark
        return f"{remark} ({place})" if count == 1 else f"{remark} ({count:,} times, first at {place})"
