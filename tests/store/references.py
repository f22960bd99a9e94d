"""References made up for tests."""

from __future__ import annotations

import hashlib

from scanner.model.matching import Fingerprint, Reference, Role


def made_references(count, start=0, role=Role.AI):
    """References with distinct contents; every third has no fingerprint."""
    for number in range(start, start + count):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        mark = Fingerprint("phash64/imagehash-4.3", sha256[:16], 640, 480, number % 5 == 0) if number % 3 else None
        digest = f"pixels1/pillow-13.0.0:{sha256[::-1]}" if number % 2 else ""
        yield Reference(f"{role.value}-{sha256[:16]}", role, f"stills/{number}.jpg", sha256, mark, digest)
