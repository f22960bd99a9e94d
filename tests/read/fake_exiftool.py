"""A stand-in for ExifTool that speaks the stay_open protocol and misbehaves on demand."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

_PROGRAM = '''#!{python} -IS
import json, os, signal, sys, time

version, folder = {version!r}, {folder!r}
with open(os.path.join(folder, "starts"), "a") as starts:
    starts.write("%d\\n" % os.getpid())
start = len(open(os.path.join(folder, "starts")).readlines())
out = sys.stdout.buffer


def say(row):
    out.write(json.dumps([row]).encode())


def behave(path, request):
    """`request` counts the files of this child, `start` the children."""
{behaviour}

request, arguments = 0, []
while line := sys.stdin.buffer.readline():
    word = line.rstrip(b"\\r\\n").decode("utf-8", "surrogateescape")
    if not word.startswith("-execute"):
        arguments.append(word)
        continue
    if "-ver" in arguments:
        out.write(version.encode() + b"\\n")
    elif "False" in arguments:
        break
    else:
        request += 1
        behave(arguments[-1], request)
    out.write(b"{{ready" + word[8:].encode() + b"}}\\n")
    out.flush()
    arguments = []
'''


@dataclass(frozen=True, slots=True)
class FakeExifTool:
    """The program and what it left behind."""

    path: str
    folder: Path

    @property
    def starts(self) -> int:
        """How many children were started."""
        return len((self.folder / "starts").read_text().split())


def write_fake(folder: Path, behaviour: str, version: str = "13.00") -> FakeExifTool:
    """Write a program whose answer to each file is `behaviour`, the body of a function of `path` and `request`."""
    program = folder / "exiftool-double"
    body = indent(dedent(behaviour).strip(), "    ")
    program.write_text(_PROGRAM.format(python=sys.executable, version=version, folder=str(folder), behaviour=body))
    program.chmod(0o755)
    return FakeExifTool(str(program), folder)
