"""What a walk of a plain file brings home, and what it must not meet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scanner.model.readings import Statement

_STATEMENTS_LIMIT = 5_000
_ODD_CHARACTERS = frozenset("\0\ufeff\ufffe")
_BESIDE_NAMES = re.compile(rb"[^a-z0-9]")
_ONCE = frozenset({"InstanceID", "DocumentID"})
"""Names of which an examination keeps the first that is told; their order is ExifTool's business where there are two."""


class OddError(Exception):
    """Something that only ExifTool should read. Never shown: the file goes to ExifTool."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Which fields the mark catalogue looks at."""

    looks_at: Callable[[str], bool]
    """Whether a row that can make a mark looks at a field, ``Group:Tag``."""
    own_groups: frozenset[str]
    """Groups that the user's own rows look at, in lower case; ``*`` among them for any group."""
    words: tuple[bytes, ...]
    """Tags that rows look at in any group, in lower case: no unread block may hold one."""


class Collected:
    """The statements of one file."""

    def __init__(self, needs: Needs) -> None:
        self._needs = needs
        self.statements: list[Statement] = []
        self.sized = False
        """Whether the picture's size is known."""
        self.inexact: set[str] = set()
        """Fields of which ExifTool might give a text in another form."""
        self._once: set[str] = set()

    def tell(self, field: str, text: str, *, exact: bool = True) -> None:
        """Keep a text that ExifTool gives under `field`; `exact` where it stands there by itself, in no list or structure.

        Raises:
            OddError: there are too many, or two where the first counts.
        """
        if field.partition(":")[2] in _ONCE:
            if field in self._once:
                raise OddError(field)
            self._once.add(field)
        # ExifTool leaves zeros out, and reads a byte order mark, in ways of its own.
        if len(self.statements) >= _STATEMENTS_LIMIT or not _ODD_CHARACTERS.isdisjoint(text):
            raise OddError(field)
        if not exact:
            self.inexact.add(field)
        self.statements.append(Statement(field, text))

    def tell_size(self, group: str, width: int, height: int) -> None:
        """Keep the picture's size in pixels, before all else: ExifTool tells a container's own fields first."""
        self.statements[:0] = [Statement(f"{group}:ImageWidth", str(width)), Statement(f"{group}:ImageHeight", str(height))]
        self.sized = True

    def pass_over(self, field: str) -> None:
        """Leave a field of the known name `field` unread.

        Raises:
            OddError: a row looks at it.
        """
        if self._needs.looks_at(field):
            raise OddError(field)

    def pass_group(self, *groups: str) -> None:
        """Leave a block unread whose fields ExifTool names from a table of its own, and files under these groups.

        The shipped catalogue looks at no field of such a table, which tests hold against ExifTool's own list.

        Raises:
            OddError: a row of the user's looks at one of the groups, or at any.
        """
        own = self._needs.own_groups
        if own and ("*" in own or not own.isdisjoint(groups)):
            raise OddError(groups[0])

    def pass_block(self, block: bytes) -> None:
        """Leave a block unread in which a field might be named by the file.

        Raises:
            OddError: a name that rows look at in any group stands in it.
        """
        # Without its zeros, text in UTF-16 and UTF-32 is as that in ASCII.
        folded = block.lower().replace(b"\0", b"")
        if any(word in folded for word in self._needs.words):
            raise OddError("a name that rows look at")

    def pass_names(self, names: Iterable[bytes]) -> None:
        """Leave fields unread that the file names so; ExifTool makes tags of the names by leaving characters out.

        Raises:
            OddError: rows look at one of them in any group.
        """
        words = {_BESIDE_NAMES.sub(b"", word) for word in self._needs.words}
        if not words.isdisjoint(_BESIDE_NAMES.sub(b"", name.lower()) for name in names):
            raise OddError("a name that rows look at")
