"""The inventory of a report on disk, asked for one file at a time: where each line stands is kept, and nothing else of it.

`json_report` writes a file on a line, its root and path first, so that the line of a file is found by how it begins.
"""

from __future__ import annotations

import os
from array import array
from bisect import bisect_left
from typing import BinaryIO

from scanner.model.scan import FileRecord
from scanner.report.json_nodes import Node
from scanner.report.json_reading import parsed_report, read_file
from scanner.report.json_report import inventory_beginning

_BEHIND_PATH = b', "size_bytes": '
"""Inside a JSON text a quotation mark has a backslash before it: this stands behind the path for the first time."""
_LINE_LIMIT_BYTES = 1 << 20


class Inventory:
    """Lines are noted in order, then `close` is called once."""

    def __init__(self, name: str) -> None:
        """`name` is what errors call the report."""
        self._name = name
        self._keys = array("q")
        self._places = array("Q")
        self._stream: BinaryIO | None = None

    def __len__(self) -> int:
        return len(self._keys)

    def note(self, line: bytes, begin: int) -> None:
        """Note a line and where it begins in the file."""
        self._keys.append(hash(line.strip().partition(_BEHIND_PATH)[0]))
        self._places.append(begin)

    def close(self, stream: BinaryIO) -> None:
        """Let lines be looked for; they are read from `stream`, which stays its owner's."""
        order = sorted(range(len(self._keys)), key=self._keys.__getitem__)
        self._keys = array("q", map(self._keys.__getitem__, order))
        self._places = array("Q", map(self._places.__getitem__, order))
        self._stream = stream

    def find(self, root: int, path: str) -> FileRecord | None:
        """Return what the report has of a file; None where it has none there.

        Raises:
            WrongNodeError: its line is not as this version of the scanner writes it. UsageError: it is no JSON.
        """
        assert self._stream is not None
        beginning = inventory_beginning(root, path)
        try:
            wanted = beginning.encode()
        except UnicodeEncodeError:
            return None
        key = hash(wanted)
        at = bisect_left(self._keys, key)
        while at < len(self._keys) and self._keys[at] == key:
            line = self._line(self._places[at])
            if line.startswith(wanted + _BEHIND_PATH):
                return read_file(Node(parsed_report(line, self._name), "inventory"))
            at += 1
        return None

    def _line(self, begin: int) -> bytes:
        assert self._stream is not None
        return os.pread(self._stream.fileno(), _LINE_LIMIT_BYTES, begin).partition(b"\n")[0].strip().removesuffix(b",")
