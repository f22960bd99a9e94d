"""After confinement nothing outside the named folders can be written, and nothing can be connected to."""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PREAMBLE = """
import json, os, socket, subprocess, sys
from scanner.tools.confine import confine
allowed, tree, exiftool, port = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
if not confine([allowed, os.devnull]):
    print(json.dumps(None)); raise SystemExit

def refused(act):
    try:
        act()
    except OSError:
        return True
    return False

"""
ATTEMPTS = """
picture = os.path.join(tree, "picture.jpg")
print(json.dumps({
    "open": refused(lambda: open(picture, "r+b")),
    "truncate": refused(lambda: os.truncate(picture, 0)),
    "create": refused(lambda: open(os.path.join(tree, "new"), "w")),
    "rename": refused(lambda: os.rename(picture, picture + ".old")),
    "remove": refused(lambda: os.unlink(picture)),
    "connect": refused(lambda: socket.create_connection(("127.0.0.1", port), 2)),
    "scratch": refused(lambda: open(os.path.join(allowed, "new"), "w")),
    "devnull": refused(lambda: open(os.devnull, "w")),
    "read": refused(lambda: open(picture, "rb").read()),
    "exiftool": subprocess.run([exiftool, "-overwrite_original", "-Comment=pwned", picture], capture_output=True).returncode
    if exiftool else 1,
}))
"""


@pytest.fixture
def attempts(tmp_path, jpeg) -> dict[str, object]:
    """What a confined process managed to do; the tree has one picture."""
    tree, scratch = tmp_path / "tree", tmp_path / "scratch"
    tree.mkdir()
    scratch.mkdir()
    content = jpeg("untouched")
    (tree / "picture.jpg").write_bytes(content)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        arguments = [str(scratch), str(tree), _exiftool(), str(listener.getsockname()[1])]
        run = subprocess.run(
            [sys.executable, "-c", PREAMBLE + ATTEMPTS, *arguments],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        )
    told = json.loads(run.stdout)
    if told is None:
        pytest.skip("this kernel offers no Landlock")
    assert [path.name for path in tree.iterdir()] == ["picture.jpg"]
    assert (tree / "picture.jpg").read_bytes() == content
    return dict(told)


def test_nothing_outside_can_be_changed_and_the_rest_still_works(attempts):
    exiftool = attempts.pop("exiftool")
    connect = attempts.pop("connect")
    assert attempts == {
        **dict.fromkeys(("open", "truncate", "create", "rename", "remove"), True),
        **dict.fromkeys(("scratch", "devnull", "read"), False),
    }
    assert exiftool != 0
    assert connect or _landlock_version() < 4


def _exiftool() -> str:
    return shutil.which("exiftool") or ""


def _landlock_version() -> int:
    return int(ctypes.CDLL(None).syscall(444, None, 0, 1))
