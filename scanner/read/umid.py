"""UMIDs, SMPTE ST 330: what programs write in place of one is none."""

from __future__ import annotations

UMID_BYTES = 32
_LABEL = bytes.fromhex("060a2b34")
_FEWEST_DIFFERENT = 3
"""Bytes in a material number: zeros with a last digit, or ones, stand where a program was to give none."""


def is_umid(value: bytes) -> bool:
    """Whether these bytes are a basic UMID that names one material among all."""
    return len(value) == UMID_BYTES and value.startswith(_LABEL) and len(set(value[16:])) >= _FEWEST_DIFFERENT
