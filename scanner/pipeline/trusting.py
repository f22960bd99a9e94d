"""The trust that a scan works with: the user's kept lists where no trust file is named, and what their age may cost."""

from __future__ import annotations

from pathlib import Path

from scanner.model.trust_lists import age_days, is_outdated
from scanner.read.certificates import check_list
from scanner.read.trust import Trust, trust_of
from scanner.store.places import trust_folder
from scanner.store.trust_lists import TrustLists


def kept_trust() -> Trust:
    """Return the lists that ``scanner trust import`` keeps, empty where there are none.

    Raises:
        StoreError: a kept list cannot be read.
        CatalogueError: a kept list was damaged.
    """
    lists = TrustLists(Path(trust_folder())).all()
    for one in lists:
        check_list(one.kind, one.text, f"kept trust list {one.name}")
    return trust_of(lists)


def age_notes(trust: Trust, moment: str) -> tuple[str, ...]:
    """Say of each list that is outdated at `moment` (ISO 8601) what that means."""
    return tuple(
        f"trust list {stamp.name} of {stamp.date} is {age_days(stamp.date, moment)} days old: signers listed since are not known"
        for stamp in (entry.stamp for entry in (*trust.anchors, *trust.allowed))
        if is_outdated(stamp.date, moment)
    )
