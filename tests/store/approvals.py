"""Approvals that tests of the log are made of."""

from __future__ import annotations

import hashlib

from scanner.model.approvals import Approval, Category, ContentKind
from scanner.model.approved import Approved
from scanner.model.matching import Fingerprint

MOMENT = "2026-02-01T12:00:00Z"


def made_approval(number: int = 1, **more: str) -> Approved:
    """One approval; the number makes its content."""
    told = {
        "id": "",
        "approver": "Dana Reyes, Netflix",
        "recorder": "ines",
        "reference": f"NFLX-{number}",
        "use": "background plate",
        "date": "2026-01-05",
        "path": f"final/st_{number:03}.png",
        **more,
    }
    content = hashlib.sha256(str(number).encode()).hexdigest()
    approval = Approval(content=content, content_kind=ContentKind.FILE, category=Category.CREATIVE_OUTPUT, **told)
    mark = Fingerprint("phash64/imagehash-4.3", f"{number:016x}", 96, 64, flat=number % 2 == 0)
    return Approved(approval, (mark,), f"pixels1/pillow-12.0:{content}", 1000 + number)
