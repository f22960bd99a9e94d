"""Sequences that lie on disk, so that a scan of a million files takes no more memory than one of a thousand.

Values are kept in blocks, pickled together: what the values of a block share is written once and shared again when it is read.
The file has no name and is gone with the process; nothing but this process ever writes it, so its pickles are trusted.
"""

from __future__ import annotations

import heapq
import pickle
import tempfile
import threading
from array import array
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any, Generic, TypeVar, overload

from scanner.model.errors import ScannerError
from scanner.tools.value_pickles import value_bytes

BLOCK = 256
"""Values pickled together: enough to share most of what they have in common, few enough to take one of them quickly."""
BLOCKS_AT_HAND = 8
"""Blocks of one spool that stay in memory beside the one being filled."""
RUN = 1 << 14
"""Values that `sorted_spool` sorts in memory at a time."""

T = TypeVar("T")


class Spool(Sequence[T], Generic[T]):
    """A sequence that only grows. Its last values stay in memory, so that a small one never touches the disk.

    Values must not be changed once they are in it. Threads may use it at once.

    Raises:
        ScannerError: the disk that holds temporary files is full, from `append` and `extend`.
    """

    def __init__(self, values: Iterable[T] = ()) -> None:
        self._file: IO[bytes] | None = None
        self._places = array("Q", [0])
        """Where each block begins, and where the last one ends."""
        self._tail: list[T] = []
        self._at_hand: OrderedDict[int, list[T]] = OrderedDict()
        self._lock = threading.Lock()
        self.extend(values)

    def append(self, value: T) -> None:
        """Put a value at the end."""
        with self._lock:
            self._tail.append(value)
            if len(self._tail) == BLOCK:
                self._put_away()

    def extend(self, values: Iterable[T]) -> None:
        """Put values at the end, one after the other."""
        remaining = iter(values)
        # They are made outside of the lock: to make one may take another one out of this very sequence.
        while some := list(islice(remaining, BLOCK)):
            with self._lock:
                self._tail += some
                if len(self._tail) >= BLOCK:
                    self._put_away()

    def __len__(self) -> int:
        return (len(self._places) - 1) * BLOCK + len(self._tail)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: int | slice) -> T | Sequence[T]:
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        if index < 0:
            index += len(self)
        if not 0 <= index < len(self):
            raise IndexError(index)
        block, at = divmod(index, BLOCK)
        with self._lock:
            return self._block(block)[at]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (Spool, tuple, list)):
            return NotImplemented
        return len(self) == len(other) and all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Spool({list(self)!r})"

    def __iter__(self) -> Iterator[T]:
        # By blocks, and not through what is at hand: a walk through everything must not push out what others look up.
        for block in range(len(self._places)):
            with self._lock:
                values = self._block(block, keep=False)
            yield from values[:]

    def _block(self, number: int, *, keep: bool = True) -> list[T]:
        if number == len(self._places) - 1:
            return self._tail
        known = self._at_hand.get(number)
        if known is None:
            assert self._file is not None
            self._file.seek(self._places[number])
            values: list[T] = pickle.loads(self._file.read(self._places[number + 1] - self._places[number]))  # noqa: S301 - our own
            if not keep:
                return values
            self._at_hand[number] = values
            if len(self._at_hand) > BLOCKS_AT_HAND:
                self._at_hand.popitem(last=False)
            return values
        if keep:
            self._at_hand.move_to_end(number)
        return known

    def _put_away(self) -> None:
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile(prefix="scanner-", buffering=0)  # noqa: SIM115 - lives as long as we do
            self._file.seek(self._places[-1])
            content = memoryview(value_bytes(self._tail[:BLOCK]))
            end = self._places[-1] + len(content)
            while content:
                content = content[self._file.write(content) :]
        except OSError as error:
            raise ScannerError(
                f"what the scan has to remember cannot be kept ({error.strerror})",
                where=tempfile.gettempdir(),
                next_step="Free some space there, or name another folder with the environment variable TMPDIR",
            ) from error
        self._places.append(end)
        self._tail = self._tail[BLOCK:]


def sorted_spool(values: Iterable[T], key: Callable[[T], Any]) -> Spool[T]:
    """Return the values sorted by `key`, equal ones in the order they came; at most `RUN` of them are in memory at once.

    Values that come nearly in order, as from a walk through sorted folders, are written once: one may come up to half a `RUN`
    too early.
    """
    sorting = Sorting(key)
    sorting.extend(values)
    return sorting.end()


class Sorting(Generic[T]):
    """Does what `sorted_spool` does, of values that come bit by bit; half of what is in memory waits for what belongs before."""

    def __init__(self, key: Callable[[T], Any]) -> None:
        self._key = key
        self._runs: list[Spool[T]] = []
        self._held: list[T] = []
        self._last: Any = None
        """Key of what was put away last."""

    def extend(self, values: Iterable[T]) -> None:
        """Take in some values."""
        remaining = iter(values)
        while some := list(islice(remaining, RUN - len(self._held))):
            self._held += some
            if len(self._held) == RUN:
                self._put_away(RUN // 2)

    def end(self) -> Spool[T]:
        """Return all that was taken in, sorted; to be called once."""
        self._put_away(len(self._held))
        return self._runs[0] if len(self._runs) == 1 else Spool(heapq.merge(*self._runs, key=self._key))

    def _put_away(self, count: int) -> None:
        self._held.sort(key=self._key)
        if not self._runs or (self._held and self._key(self._held[0]) < self._last):
            self._runs.append(Spool())
        if count:
            self._runs[-1].extend(self._held[:count])
            self._last = self._key(self._held[count - 1])
        self._held = self._held[count:]
