"""Give up the right to write and to connect, where the kernel offers it (Linux, Landlock).

A worker reads hostile files with large libraries and starts ExifTool, which can write when it is tricked. After `confine`
neither the process nor any child of it can change the content or name of a file outside the folders named, or open a TCP
connection. Landlock does not govern times, modes and owners: that names cannot steer ExifTool is what protects these.
Numbers are from ``linux/landlock.h``.
"""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from collections.abc import Sequence

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PR_SET_NO_NEW_PRIVS = 38
_RULE_PATH_BENEATH = 1
_O_PATH = 0o10000000

_WRITE_FILE = 1 << 1
_REMOVE_DIR, _REMOVE_FILE = 1 << 4, 1 << 5
_MAKE_ALL = 0b1111111 << 6
"""MAKE_CHAR to MAKE_SYM."""
_REFER = 1 << 13
_TRUNCATE = 1 << 14
_NET_BIND_CONNECT = 0b11


def confine(writable: Sequence[str]) -> bool:
    """Forbid this process and its children to write outside `writable` and to use TCP; return whether the kernel agreed.

    Cannot be undone. Where the kernel has no Landlock (macOS, Linux before 5.13) nothing changes and False comes back.
    """
    if sys.platform != "linux":
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    version = libc.syscall(_CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    access = _write_access(version)
    network = _NET_BIND_CONNECT if version >= 4 else 0
    attributes = struct.pack("QQ", access, network)[: 16 if version >= 4 else 8]
    ruleset = libc.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    try:
        for path in writable:
            _allow(libc, ruleset, path, access)
        libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
        return bool(libc.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def offered() -> bool:
    """Whether this kernel offers Landlock."""
    return sys.platform == "linux" and bool(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, 1) >= 1)


def _write_access(version: int) -> int:
    access = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_ALL
    if version >= 2:
        access |= _REFER
    if version >= 3:
        access |= _TRUNCATE
    return access


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, access: int) -> None:
    folder = os.open(path, _O_PATH | os.O_CLOEXEC)
    try:
        # A rule on a single file (/dev/null) may only name the rights that files have.
        rights = access if os.path.isdir(path) else access & (_WRITE_FILE | _TRUNCATE)
        rule = struct.pack("=Qi", rights, folder)
        libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, rule, 0)
    finally:
        os.close(folder)
