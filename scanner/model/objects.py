"""Places in buckets: what ``s3://delivery/ep1/`` names, as text only; nothing here opens a connection.

A folder's address ends with a slash and an object's does not, so that an address alone says which it is. Keys are taken as
paths: their parts are the folders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from scanner.model.errors import UsageError
from scanner.model.text import shown

SCHEMES = ("s3", "gs", "az")
"""Amazon S3 and what speaks its protocol, Google Cloud Storage, Azure Blob Storage (its container stands for the bucket)."""

_ADDRESS = re.compile(r"(s3|gs|az)://", re.IGNORECASE)
_BUCKET = re.compile(r"[A-Za-z0-9$][A-Za-z0-9._-]{0,221}")
"""No service allows more: GCS takes 222 characters with dots, S3 and Azure 63. ``$root`` is one of Azure's."""


@dataclass(frozen=True, slots=True)
class ObjectPlace:
    """A bucket and a key in it."""

    scheme: str
    bucket: str
    key: str
    """Without a slash at either end; empty for the whole bucket."""

    @property
    def address(self) -> str:
        """Return it as an address of an object."""
        return f"{self.scheme}://{self.bucket}/{self.key}"

    @property
    def folder(self) -> str:
        """Return it as an address of a folder: of all objects whose keys go on below it."""
        return f"{self.address}/" if self.key else self.address

    @property
    def above(self) -> ObjectPlace:
        """The folder that it lies in."""
        return ObjectPlace(self.scheme, self.bucket, self.key.rpartition("/")[0])


def is_address(path: str) -> bool:
    """Whether a path names a place in a bucket rather than in a file system."""
    return _ADDRESS.match(path) is not None


def parse_address(text: str) -> ObjectPlace:
    """Read ``s3://bucket/prefix``; a slash at its end makes no difference.

    Raises:
        UsageError: it names no bucket, or its key has parts that are no folder's name.
    """
    scheme, _, rest = text.partition("://")
    bucket, _, key = rest.partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise UsageError("names no bucket", where=shown(text), next_step="Write it like s3://bucket/folder/")
    key = key.removesuffix("/")
    if key and any(part in ("", ".", "..") for part in key.split("/")):
        raise UsageError(
            "has an empty part, '.' or '..' in it, which is no folder's name",
            where=shown(text),
            next_step="Name a folder above it",
        )
    return ObjectPlace(scheme.lower(), bucket, key)
