"""The door to policies: a shipped name or a file's path in, a policy out, or every mistake that is in the way."""

from __future__ import annotations

from pathlib import Path

from scanner.judge.policy.chain import read_chain
from scanner.judge.policy.reading import GlobCheck
from scanner.judge.policy.resolving import resolve
from scanner.judge.policy.sources import PolicySource, find_source, packaged_source
from scanner.judge.policy.value import Policy


def load_policy(wanted: str | Path, check_glob: GlobCheck | None = None) -> Policy:
    """Load a policy by its shipped name or its path.

    Args:
        wanted: a `Path`, or a text, which is a path where it holds a path separator or ends in ``.toml``.
        check_glob: raises ValueError for what is no zone glob; without it globs are taken as they are.

    Raises:
        CatalogueError: there is no such policy, or it cannot be read.
        WrongPolicy: it is wrong; the error holds every mistake, of the policies it extends too.
    """
    return resolve(read_chain(source_of(wanted), check_glob))


def load_packaged(name: str = "default") -> Policy:
    """Load a policy that is shipped.

    Raises:
        CatalogueError: no such policy is shipped.
    """
    return resolve(read_chain(packaged_source(name)))


def source_of(wanted: str | Path) -> PolicySource:
    """Return the file that `load_policy` would start with.

    Raises:
        CatalogueError: there is none, or it cannot be read.
    """
    if isinstance(wanted, Path):
        # A Path is a file whatever its name; a bare one must not be taken for a shipped policy.
        wanted = str(wanted) if wanted.is_absolute() else f"./{wanted}"
    return find_source(wanted)
