"""Which folders hold most of the assets that no glob gave a zone, counted without keeping any path but the folders'."""

from __future__ import annotations

from collections import Counter


class FolderCounts:
    """Counts assets by the folder beneath the one that wraps them all; they are told in the order of their paths."""

    def __init__(self) -> None:
        self._shared: list[str] | None = None
        """Folders that all paths so far begin with; None before the first."""
        self._shortest = 0
        """Folders of the path with the fewest."""
        self._counts: Counter[tuple[str, ...]] = Counter()
        """Folders, as deep as they may yet be needed → assets."""
        self._parent = ""
        self._waiting = 0
        """Assets in `_parent` that are not in `_counts` yet."""

    def add(self, path: str) -> None:
        """Count one asset; one at the root itself stands in no folder."""
        parent = path.rpartition("/")[0]
        if parent != self._parent:
            self._count_up()
            self._parent = parent
        self._waiting += 1

    def largest(self, limit: int) -> list[tuple[str, int]]:
        """Return the folders that hold most, with their counts, largest first."""
        self._count_up()
        found = (("/".join(folders), count) for folders, count in self._counts.items())
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:limit]

    def _count_up(self) -> None:
        waiting, self._waiting = self._waiting, 0
        if not (waiting and self._parent):
            return
        folders = self._parent.split("/")
        if self._shared is None:
            self._shared, self._shortest = folders, len(folders)
        before = self._depth()
        self._shared = self._shared[: _common(self._shared, folders)]
        self._shortest = min(self._shortest, len(folders))
        if self._depth() < before:
            kept: Counter[tuple[str, ...]] = Counter()
            for each, count in self._counts.items():
                kept[each[: self._depth() + 1]] += count
            self._counts = kept
        self._counts[tuple(folders[: self._depth() + 1])] += waiting

    def _depth(self) -> int:
        # A folder that wraps everything says nothing; its children do.
        return min(len(self._shared or ()), self._shortest - 1)


def _common(first: list[str], second: list[str]) -> int:
    return next(
        (at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other), min(len(first), len(second))
    )
