"""Programs to supervise: one-line scripts of our own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from scanner.tools.process import Child, ChildLimits

StartChild = Callable[..., Child]


@pytest.fixture
def start() -> Iterator[StartChild]:
    """Start a Python script as a child; whatever is left of it is killed after the test."""
    children: list[Child] = []

    def start_child(script: str, **limits: int) -> Child:
        child = Child([sys.executable, "-IS", "-u", "-c", script], limits=ChildLimits(**limits))
        children.append(child)
        return child

    yield start_child
    for child in children:
        child.stop()
