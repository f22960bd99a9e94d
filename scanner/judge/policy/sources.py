"""Where a policy's bytes come from: the package, or a file of the user's."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from scanner.judge.policy.words import nearest, told
from scanner.model.errors import CatalogueError
from scanner.model.text import shown
from scanner.tools.bounded import NotRegularError, read_at

LONGEST_BYTES = 256 << 10
"""More than any policy needs: the default, which is complete, has a fiftieth of it."""

SHIPPED = "shipped"


@dataclass(frozen=True, slots=True)
class PolicySource:
    """One policy file's bytes."""

    where: str
    """What errors name it by: the path as the user wrote it, or the file's name in the package."""
    content: bytes
    identity: str
    """The same for the same file, whatever way leads to it."""
    folder: str | None
    """Where the files lie that it extends by a path; None for one of the package, which extends by name only."""

    @property
    def shipped(self) -> bool:
        """Whether it comes with the scanner."""
        return self.folder is None


def packaged_policies() -> tuple[str, ...]:
    """Return the names of the policies that are shipped, sorted."""
    return tuple(sorted(path.name.removesuffix(".toml") for path in _package().iterdir() if path.name.endswith(".toml")))


def is_path(wanted: str) -> bool:
    """Tell whether ``--policy`` or ``extends`` names a file: by a path separator or the ending ``.toml``."""
    return any(separator in wanted for separator in ("/", os.sep)) or wanted.lower().endswith(".toml")


def find_source(wanted: str, folder: str = "") -> PolicySource:
    """Return the policy that is shipped under a name, or stands in a file.

    Args:
        wanted: a shipped policy's name, or a path (see `is_path`).
        folder: what a relative path starts from; empty for the current one.

    Raises:
        CatalogueError: there is none, or it cannot be read.
    """
    return _file_source(os.path.normpath(os.path.join(folder, wanted))) if is_path(wanted) else packaged_source(wanted)


def packaged_source(name: str) -> PolicySource:
    """Return a policy that is shipped.

    Raises:
        CatalogueError: no such policy is shipped.
    """
    names = packaged_policies()
    if name not in names:
        here = f" For the file of that name write {os.path.join('.', name)}." if _is_file(name) else ""
        raise CatalogueError(f"there is no policy named {told(name)}", next_step=nearest(name, names) + here)
    return PolicySource(f"{name}.toml", (_package() / f"{name}.toml").read_bytes(), f"{SHIPPED}:{name}", None)


def _file_source(path: str) -> PolicySource:
    where = shown(path)
    try:
        real = os.path.realpath(path)
        if os.path.isdir(real):
            raise CatalogueError("is a folder, not a policy file", where=where, next_step="Name the file in it.")
        content = read_at(real, 0, LONGEST_BYTES + 1)
    except FileNotFoundError as error:
        raise CatalogueError("there is no such policy file", where=where, next_step=_shipped_instead(path)) from error
    except NotRegularError as error:
        raise CatalogueError("is no regular file", where=where, next_step="Name a policy file (TOML).") from error
    except OSError as error:
        raise CatalogueError(f"cannot be read: {error.strerror}", where=where, next_step="May you read it?") from error
    except ValueError as error:
        raise CatalogueError("cannot be the name of a file", where=where, next_step="Correct the path.") from error
    if len(content) > LONGEST_BYTES:
        limit = f"{LONGEST_BYTES >> 10} KiB"
        raise CatalogueError(f"is larger than {limit}; no policy is", where=where, next_step="Is it the right file?")
    return PolicySource(where, content, real, os.path.dirname(path))


def _shipped_instead(path: str) -> str:
    name = os.path.basename(path).removesuffix(".toml")
    if name in packaged_policies():
        return f"The shipped policy is named {name!r}, without .toml."
    return "`scanner policy list` names the shipped ones."


def _is_file(name: str) -> bool:
    try:
        return os.path.isfile(name)
    except ValueError:
        return False


def _package() -> Traversable:
    return resources.files("scanner.judge") / "policies"
