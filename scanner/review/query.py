"""What a person looks for, as the address of a page says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

FACETS: Mapping[str, str] = {
    "verdict": "Verdict",
    "decision": "Decision",
    "zone": "Zone",
    "provenance": "Provenance",
    "rule": "Rule",
    "generator": "Generator",
    "format": "Format",
    "credentials": "Credentials",
    "role": "Reference role",
    "news": "Since the baseline",
}
"""Names in addresses → labels on the page, in their order there."""
TEXT_LIMIT = 200
_WORDS_LIMIT = 20
_ANSWERS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Query:
    """Filters, a search, and which page of what is found."""

    wanted: Mapping[str, tuple[str, ...]]
    """Facet → answers, one of which is wanted; facets that are not asked are left out."""
    text: str = ""
    page: int = 1

    @property
    def words(self) -> tuple[str, ...]:
        """What a text must hold, each word of it, in any case."""
        return tuple(self.text.casefold().split()[:_WORDS_LIMIT])

    @property
    def is_empty(self) -> bool:
        """Whether everything is wanted."""
        return not self.wanted and not self.words

    def address(self, page: int | None = None) -> str:
        """Return the query part of an address, with its question mark; empty where there is nothing to say."""
        pairs = [(name, answer) for name, answers in self.wanted.items() for answer in answers]
        pairs += [("text", self.text)] if self.text else []
        number = self.page if page is None else page
        pairs += [("page", str(number))] if number > 1 else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def without(self, name: str) -> Query:
        """Return the same query with nothing asked of one facet."""
        return replace(self, wanted={key: answers for key, answers in self.wanted.items() if key != name})


def read_query(pairs: Iterable[tuple[str, str]]) -> Query:
    """Return the query that an address asks; what is no question of ours is left out."""
    wanted: dict[str, dict[str, None]] = {}
    text, page = "", 1
    for name, value in pairs:
        if name in FACETS and value:
            answers = wanted.setdefault(name, {})
            if len(answers) < _ANSWERS_LIMIT:
                answers[value] = None
        elif name == "text":
            text = value.strip()[:TEXT_LIMIT]
        elif name == "page" and value.isascii() and value.isdigit() and len(value) < 10:
            page = max(int(value), 1)
    return Query({name: tuple(wanted[name]) for name in FACETS if name in wanted}, text, page)
