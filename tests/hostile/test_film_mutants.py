"""Damaged film frames: whatever stands in them, OpenImageIO costs no process, no gigabyte and no second."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from tests.fingerprint.frames import cineon, display, linear, write

MUTANTS = 250
_READ = """
import pathlib, re, resource, sys
from scanner.fingerprint.failures import PictureError
from scanner.fingerprint.small import small_picture
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
for path in sys.argv[1:]:
    try:
        small_picture(path, path.rpartition(".")[2])
    except PictureError:
        pass
status = pathlib.Path("/proc/self/status")
if status.exists():  # ru_maxrss begins with the peak of the process that started this one
    print(int(re.search("VmHWM:\\s+(\\d+)", status.read_text())[1]) >> 10)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 20)
"""
_ODD = (b"\xff\xff\xff\xff", bytes(4), b"\xff\xff\xff\x7f", b"\0\0\0\x80", b"\0\1\0\0")


def test_mutants_of_film_frames(tmp_path: Path) -> None:
    light, chance = linear(display(1, 64, 48)), random.Random(1)
    originals = [
        Path(write(tmp_path / f"{compression}{len(tile)}.exr", light, compression=compression, tile=tile)).read_bytes()
        for compression in ("none", "zip", "piz", "dwaa", "b44")
        for tile in ((), (16, 16))
    ]
    dpx = write(tmp_path / "a.dpx", cineon(light), "uint16", oiio__BitsPerSample=10, oiio__ColorSpace="KodakLog")
    mutants = []
    for number in range(MUTANTS):
        name = chance.choice(("exr", "exr", "dpx"))
        content = bytearray(chance.choice(originals) if name == "exr" else Path(dpx).read_bytes())
        for _ in range(chance.choice((1, 2, 8))):
            at = chance.randrange(min(len(content), 2100 if name == "dpx" else 700))
            content[at : at + 4] = chance.choice((*_ODD, bytes([chance.randrange(256)]) + bytes(content[at + 1 : at + 4])))
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        mutants.append(tmp_path / f"{number}.{name}")
        mutants[-1].write_bytes(content)

    # In a process of its own: a crash of the library must fail this test, not end the suite.
    command = [sys.executable, "-c", _READ, *map(str, mutants)]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)

    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[-1]) < 600
