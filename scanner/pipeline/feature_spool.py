"""Local features of a scan's own pictures, laid aside in a file: those of 50,000 stills would fill a gigabyte of memory."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from functools import lru_cache

from scanner.model.belongings import PackedFeatures
from scanner.model.matching import LocalFeatures
from scanner.store.packed_features import pack, packed_length, unpack

_AT_HAND = 1024
"""Features of so many pictures are kept unpacked: some 25 MB."""


class FeatureSpool:
    """Keeps features by name in a temporary file without a name, which is gone when this is closed or the process ends."""

    def __init__(self) -> None:
        """Open the file, in the folder for temporary ones.

        Raises:
            OSError: there is no room.
        """
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by `close`
        self._places: dict[str, tuple[int, PackedFeatures]] = {}
        self.features_of: Callable[[str], LocalFeatures | None] = lru_cache(_AT_HAND)(self._read)

    def __len__(self) -> int:
        return len(self._places)

    def add(self, name: str, features: LocalFeatures) -> None:
        """Lay features aside; those of a name that is known are left alone.

        Raises:
            OSError: the disk is full.
        """
        if name in self._places:
            return
        packed = pack(features)
        at = self._file.seek(0, 2)
        self._file.write(packed.payload)
        self._places[name] = at, PackedFeatures(packed.algorithm, packed.count, b"")

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._file.close()

    def _read(self, name: str) -> LocalFeatures | None:
        if name not in self._places:
            return None
        at, told = self._places[name]
        self._file.seek(at)
        payload = self._file.read(packed_length(told.count))
        return unpack(PackedFeatures(told.algorithm, told.count, payload))
