"""Processes of their own that know the project, to be killed or set against each other."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).parents[2]
_BEGIN = """
from scanner.store.library import open_library
from tests.store.references import made_references, with_belongings
"""


def child(script, *arguments):
    """Start a Python process that runs `script`; its output is text, line by line."""
    return subprocess.Popen(
        [sys.executable, "-c", _BEGIN + textwrap.dedent(script), *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
