"""From a policy file to all that it extends, nearest first."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from scanner.judge.policy.mistakes import MistakeList
from scanner.judge.policy.reading import GlobCheck, PolicyFile, read_policy_file
from scanner.judge.policy.sources import PolicySource, find_source, packaged_source
from scanner.judge.policy.words import told
from scanner.model.errors import CatalogueError

LONGEST = 8
"""Files of one chain: a show extends its studio, which extends its client's reading. More is a maze."""


@dataclass(frozen=True, slots=True)
class Chain:
    """A policy file and what it extends, itself first."""

    files: tuple[PolicyFile, ...]
    mistakes: tuple[CatalogueError, ...]
    shipped: bool
    """Whether the first file comes with the scanner."""

    @property
    def sha256(self) -> str:
        """Digest of all bytes that decide.

        Of a file alone, that of its bytes; of a chain, the SHA-256 over the files' digests in order, each as 64 hexadecimal
        digits and a line feed.
        """
        if len(self.files) == 1:
            return self.files[0].sha256
        return hashlib.sha256("".join(f"{file.sha256}\n" for file in self.files).encode("ascii")).hexdigest()


def read_chain(source: PolicySource, check_glob: GlobCheck | None = None) -> Chain:
    """Read a policy file and what it extends, as far as that can be found."""
    files: list[PolicyFile] = []
    mistakes: list[CatalogueError] = []
    seen = {source.identity: source.where}
    current: PolicySource | None = source
    while current is not None:
        file = read_policy_file(current, check_glob)
        files.append(file)
        wrong_parent = MistakeList(file.where, file.lines)
        current = _parent_of(file, current, seen, wrong_parent)
        # `extends` stands at the top of a file, and so do its mistakes.
        mistakes += (*wrong_parent.found, *file.mistakes)
    return Chain(tuple(files), tuple(mistakes), source.shipped)


def _parent_of(file: PolicyFile, source: PolicySource, seen: dict[str, str], mistakes: MistakeList) -> PolicySource | None:
    if file.extends is None:
        return None
    try:
        parent = packaged_source(file.extends) if source.folder is None else find_source(file.extends, source.folder)
    except CatalogueError as error:
        mistakes.wrong(("extends",), f"extends {told(file.extends)}: {error.what}", error.next_step)
        return None
    if parent.identity in seen:
        told_chain = " → ".join([*seen.values(), parent.where])
        mistakes.wrong(("extends",), f"extends itself: {told_chain}", "One of them must extend something else, or nothing.")
        return None
    if len(seen) == LONGEST:
        mistakes.wrong(("extends",), f"is the end of a chain of more than {LONGEST} policies", "Extend a policy nearer to it.")
        return None
    seen[parent.identity] = parent.where
    return parent
