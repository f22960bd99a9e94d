"""Trust lists as the user keeps them: what a list is for, and how old it is."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

OUTDATED_AFTER_DAYS = 180
"""Half a year: issue 3, part 4, sets it."""


class ListKind(StrEnum):
    """What a list is for; the keys of a trust file."""

    ANCHORS = "anchors"
    """Certificates of authorities: whom they sign for is believed."""
    ALLOWED = "allowed"
    """Certificates of single signers."""
    EKUS = "ekus"
    """Extended key usages that a signer's certificate may have, one OID a line."""


@dataclass(frozen=True, slots=True)
class NamedList:
    """One list, read whole."""

    name: str
    kind: ListKind
    date: str
    """ISO date of the list."""
    text: str
    dated: bool = True
    """False where nobody said the date and it is the file's."""

    @property
    def shown_date(self) -> str:
        """The date as reports say it, with its origin where that is only the file."""
        return self.date if self.dated else f"{self.date} (file date)"


def age_days(date: str, moment: str) -> int | None:
    """Return the days from `date` to `moment`, both beginning with an ISO date; None where one does not."""
    try:
        return (datetime.date.fromisoformat(moment[:10]) - datetime.date.fromisoformat(date[:10])).days
    except ValueError:
        return None


def is_outdated(date: str, moment: str) -> bool:
    """Whether signers may have been listed since that a list of `date` does not know at `moment`."""
    age = age_days(date, moment)
    return age is not None and age > OUTDATED_AFTER_DAYS
