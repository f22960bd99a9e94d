"""A ``scan.json`` on disk whose assets are read one at a time, so that a report of any size can be looked through.

`json_report` writes each asset from a line ``    {`` to a line ``    }``, and no JSON text holds a raw line break: lines are
enough to know where an asset stands. A report that another program laid out anew is refused.
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterator
from typing import BinaryIO, NoReturn

from scanner.model.errors import UsageError
from scanner.model.text import shown
from scanner.report.inventory import Inventory
from scanner.report.json_nodes import Node
from scanner.report.json_reading import check_version, parsed_report
from scanner.tools.bounded import open_regular

_LINE_LIMIT_BYTES = 16 << 20
_HEAD_LIMIT_BYTES = 256 << 20
"""Of all that is no asset and no inventory."""
_LISTS = (b'  "assets": [\n', b'  "inventory": [\n')
_LIST_END = b"  ]"
_ASSET, _ASSET_END = b"    {\n", b"    }"


class ReportFile:
    """One report. It stays open: a report that is written anew under its name does not change what is looked at."""

    def __init__(self, path: str) -> None:
        """Find the assets of the report at `path`.

        Raises:
            UsageError: it cannot be read, or is no report as this version of the scanner writes it.
        """
        self.path = os.path.realpath(path)
        self._name = path
        self._places = array("Q")
        """Of each asset begin and end in the file."""
        self.inventory = Inventory(path)
        try:
            with open_regular(self.path) as stream:
                self._stream = os.fdopen(os.dup(stream.fileno()), "rb")
        except OSError as error:
            raise UsageError(
                f"cannot be read: {(error.strerror or str(error)).lower()}",
                where=shown(path),
                next_step="Name a file that you can read.",
            ) from None
        self._stream.seek(0)
        self.head = self._split(self._stream)
        self.inventory.close(self._stream)

    def __len__(self) -> int:
        return len(self._places) // 2

    def asset(self, number: int) -> Node:
        """Return an asset by its place in the report.

        Raises:
            IndexError: there is none. UsageError: it cannot be read any more.
        """
        if not 0 <= number < len(self):
            raise IndexError(number)
        begin, end = self._places[2 * number : 2 * number + 2]
        content = os.pread(self._stream.fileno(), end - begin, begin)
        return Node(parsed_report(content, self._name), f"assets[{number}]")

    def assets(self) -> Iterator[Node]:
        """Return all assets in their order."""
        return map(self.asset, range(len(self)))

    def close(self) -> None:
        """Let go of the file; may be called twice."""
        self._stream.close()

    def _split(self, stream: BinaryIO) -> Node:
        """Note where assets begin and end; return everything else, without the inventory's entries."""
        head: list[bytes] = []
        size = place = 0
        inside = b""
        while line := stream.readline(_LINE_LIMIT_BYTES):
            if len(line) == _LINE_LIMIT_BYTES:
                self._refuse()
            begin, place = place, place + len(line)
            if inside and not line.startswith(_LIST_END):
                if inside is _LISTS[0]:
                    self._note(line, begin, place)
                else:
                    self.inventory.note(line, begin)
                continue
            inside = next((each for each in _LISTS if line == each), b"")
            size += len(line)
            if size > _HEAD_LIMIT_BYTES:
                self._refuse()
            head.append(line)
        fields = parsed_report(b"".join(head), self._name)
        check_version(fields, self._name)
        if fields["assets"] or fields["inventory"] or len(self._places) % 2:
            self._refuse()
        return Node(fields)

    def _note(self, line: bytes, begin: int, end: int) -> None:
        if line == _ASSET:
            is_next = len(self._places) % 2 == 0
            self._places.append(begin)
        elif line.startswith(_ASSET_END):
            is_next = len(self._places) % 2 == 1
            self._places.append(end - len(line) + len(_ASSET_END))
        else:
            is_next = True
        if not is_next:
            self._refuse()

    def _refuse(self) -> NoReturn:
        self._stream.close()
        raise UsageError(
            "is no report as this scanner lays it out",
            where=shown(self._name),
            next_step="Name the scan.json as the scan wrote it, not one that another program wrote anew.",
        )
