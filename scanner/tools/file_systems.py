"""What kind of file system a path is on, as Linux says; nothing is known elsewhere."""

from __future__ import annotations

import os
import re

MOUNTS = "/proc/self/mountinfo"
_NETWORK = frozenset(
    (
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ncpfs",
        "afs",
        "9p",
        "ceph",
        "lustre",
        "gpfs",
        "beegfs",
        "orangefs",
        "pvfs2",
        "ocfs2",
    )
)
_NETWORK_FUSE = re.compile(
    r"fuse\.(?:sshfs|rclone|s3fs|gcsfuse|blobfuse2?|glusterfs|ceph|ceph-fuse|davfs2?|curlftpfs|juicefs|goofys|mount-s3|smbnetfs|moosefs"
    r"|mfs|vmhgfs-fuse|lucidlink|gvfsd-fuse)"
)
"""File systems of FUSE that reach over a network; others of it (ntfs-3g, exfat, mergerfs) are on the machine's own disks."""
_ESCAPED = re.compile(r"\\([0-7]{3})")


def network_file_system(path: str, mounts: str = MOUNTS) -> str:
    """Return the kind of the network file system that `path` is on, or will be once it is made; empty where it is on none.

    Args:
        path: of a file or folder, there or not.
        mounts: the system's list of mounts, proc(5).
    """
    kind = _kind(os.path.realpath(path), mounts)
    return kind if kind in _NETWORK or _NETWORK_FUSE.fullmatch(kind) else ""


def _kind(real: str, mounts: str) -> str:
    try:
        with open(mounts, encoding="utf-8", errors="surrogateescape") as lines:
            found = [mount for line in lines if (mount := _mount(line)) and _is_below(real, mount[0])]
    except OSError:
        return ""
    # Of several mounts on one place the last covers the others.
    return max(enumerate(found), key=lambda one: (len(one[1][0]), one[0]))[1][1] if found else ""


def _mount(line: str) -> tuple[str, str] | None:
    """Place and kind of one mount: optional fields of any number end with a lone dash."""
    before, _, after = line.partition(" - ")
    fields, kinds = before.split(), after.split()
    if len(fields) < 5 or not kinds:
        return None
    return _ESCAPED.sub(lambda octal: chr(int(octal[1], 8)), fields[4]), kinds[0]


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")
