"""References made up for tests, and what belongs to them."""

from __future__ import annotations

import hashlib
import sys

from scanner.model.belongings import Belongings, PackedFeatures
from scanner.model.matching import Fingerprint, GlobalHash, Reference, Role


def made_references(count, start=0, role=Role.AI):
    """References with distinct contents; every third has no fingerprint."""
    for number in range(start, start + count):
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        box = (0.0, 0.125, 1.0, 0.875) if number % 7 == 6 else ()
        quality = number % 4 * 25 if number > 5 else 0
        mark = Fingerprint("phash64/imagehash-4.3", sha256[:16], 640, 480, number % 5 == 0, box, quality) if number % 3 else None
        digest = f"pixels1/pillow-13.0.0:{sha256[::-1]}" if number % 2 else ""
        yield Reference(f"{role.value}-{sha256[:16]}", role, f"stills/{number}.jpg", sha256, mark, digest)


HASH, FEATURES = "made256/1", "made128/1"
"""Algorithms of what `made_belongings` makes."""


def made_belongings(one, collections=()):
    """Everything that can belong to a reference, the same for the same content."""
    seed = one.sha256.encode()
    bits = hashlib.sha256(seed)
    hashes = (GlobalHash(HASH, "whole", bits.hexdigest()), GlobalHash(HASH, "mirrored", bits.hexdigest()[::-1]))
    features = PackedFeatures(FEATURES, 40, hashlib.shake_128(seed).digest(40 * 28))
    return Belongings(b"jpeg " + seed, b"webp " + seed, hashes, ("plain64/1",), (features,), collections)


def with_belongings(references, collections=()):
    """Belongings by id, as `add` takes them."""
    return {one.id: made_belongings(one, collections) for one in references}


def let_ids_collide(monkeypatch):
    """Give all references of a role one id, as somebody could with effort for two files of their own."""
    for name, module in list(sys.modules.items()):
        if name.startswith("scanner.") and hasattr(module, "reference_id"):
            monkeypatch.setattr(module, "reference_id", lambda role, _: f"{role.value}-{'0' * 16}")
