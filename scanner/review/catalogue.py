"""What a report says, arranged for looking: rows of most concern first, filters and search over all of them in memory.

Of each asset only what is asked about stays in memory; everything else is read from the report when a page shows it.
"""

from __future__ import annotations

import hashlib
import secrets
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from scanner.model.errors import UsageError
from scanner.model.judging import Verdict
from scanner.model.text import escape_path, shown
from scanner.report.json_nodes import Node, WrongNodeError
from scanner.report.report_file import ReportFile
from scanner.review.facets import Facet, Mask
from scanner.review.query import FACETS, Query

PAGE = 60
"""Assets on one page of the grid."""
NOT_JUDGED = "not judged"
_KEY = secrets.token_bytes(16)
_CONCERNS = {Verdict.BLOCKED.value: 0, Verdict.INCOMPLETE.value: 1, Verdict.REVIEW.value: 2, Verdict.PASS.value: 3}


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a facet as the page offers it."""

    words: str
    count: int
    """Rows that give it, among those that all other filters leave."""
    wanted: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What a query finds."""

    total: int
    rows: tuple[int, ...]
    """Of the asked page."""
    page: int
    pages: int
    facets: Mapping[str, tuple[Answer, ...]]


class Catalogue:
    """The assets of one report. Rows are numbered from 0, by concern, then as the report has them."""

    def __init__(self, report: ReportFile) -> None:
        """Go through the report once.

        Raises:
            UsageError: an asset is not as this version of the scanner writes it.
        """
        self.report = report
        self._facets = {name: Facet(name, label) for name, label in FACETS.items() if name != "decision"}
        self._texts: list[str] = []
        self._concerns = array("b")
        self._contents: list[bytes] = []
        self._keys = array("Q")
        self._told = array("Q")
        self._with_decisions: list[int] = []
        self._has_baseline = report.head.fields.get("baseline") is not None
        try:
            for number, node in enumerate(report.assets()):
                self._add(number, node)
        except WrongNodeError as error:
            raise UsageError(
                f"is no report that this scanner wrote: {shown(str(error), 200)}",
                where=shown(report.path),
                next_step="Scan again.",
            ) from None
        self._arrange()

    def __len__(self) -> int:
        return len(self._numbers)

    def number_of(self, row: int) -> int:
        """Return the place in the report of a row's asset.

        Raises:
            IndexError: there is no such row.
        """
        if not 0 <= row < len(self):
            raise IndexError(row)
        return int(self._numbers[row])

    def asset(self, row: int) -> Node:
        """Return what the report says of a row's asset. Raises IndexError as `number_of`."""
        return self.report.asset(self.number_of(row))

    def content(self, row: int) -> str:
        """Return the digest of a row's content; empty where the scan has none."""
        return self._contents[self.number_of(row)].hex()

    def contents(self) -> Iterator[str]:
        """Return the digests of all rows in their order."""
        return map(self.content, range(len(self)))

    def rows_of(self, content: str) -> tuple[int, ...]:
        """Return the rows that have this content."""
        return self._rows_by_content.get(bytes.fromhex(content), ())

    def row_at(self, root: int, path: str) -> int | None:
        """Return the row of the asset at a path below a root; None where there is none."""
        text, escaped = escape_path(path)
        wanted = np.uint64(_number(root, text, True if escaped else None))
        for number in np.flatnonzero(np.frombuffer(self._keys, np.uint64) == wanted):
            asset = self.report.asset(int(number))
            if asset.count("root") == root and asset.path() == path:
                return int(self._places[number])
        return None

    @cached_property
    def _rows_by_content(self) -> Mapping[bytes, tuple[int, ...]]:
        rows: dict[bytes, tuple[int, ...]] = {}
        for row, number in enumerate(self._numbers):
            if content := self._contents[number]:
                rows[content] = (*rows.get(content, ()), row)
        return rows

    def keys(self) -> NDArray[np.uint64]:
        """Return a number for each row that stands for its root and path: equal in every report of this process."""
        return np.frombuffer(self._keys, np.uint64)[self._numbers]

    def told(self) -> NDArray[np.uint64]:
        """Return a number for each row that stands for what the scan made of it: verdict, marks, findings, who allowed them."""
        return np.frombuffer(self._told, np.uint64)[self._numbers]

    def content_numbers(self) -> NDArray[np.uint64]:
        """Return a number for each row that stands for its content; 0 where the scan has no digest."""
        first = (int.from_bytes(self._contents[number][:8], "big") for number in self._numbers)
        return np.fromiter(first, np.uint64, len(self))

    def rows_with_decisions(self) -> tuple[int, ...]:
        """Return the rows of which an approval or another decision is told, standing or not."""
        return tuple(sorted(int(self._places[number]) for number in self._with_decisions))

    def search(self, query: Query, decided: Facet | None = None) -> Found:
        """Return what a query finds; `decided` is the facet of decisions, made of the log as it stands."""
        facets = {**self._facets, **({"decision": decided} if decided else {})}
        masks = {name: facets[name].matching(answers, len(self)) for name, answers in query.wanted.items() if name in facets}
        text = self._holding(query.words)
        found = text
        for mask in masks.values():
            found = found & mask
        rows = np.flatnonzero(found)
        pages = max(-(-len(rows) // PAGE), 1)
        page = min(query.page, pages)
        return Found(
            len(rows),
            tuple(int(row) for row in rows[(page - 1) * PAGE : page * PAGE]),
            page,
            pages,
            {name: self._answers(facets[name], query, text, masks, found) for name in FACETS if name in facets},
        )

    def neighbours(self, row: int, query: Query, decided: Facet | None = None) -> tuple[int | None, int | None]:
        """Return the rows before and after one among what a query finds."""
        return self.place(row, query, decided)[:2]

    def place(self, row: int, query: Query, decided: Facet | None = None) -> tuple[int | None, int | None, int]:
        """Return the rows before and after one among what a query finds, and the page on which it stands."""
        facets = {**self._facets, **({"decision": decided} if decided else {})}
        found = self._holding(query.words)
        for name, answers in query.wanted.items():
            if name in facets:
                found = found & facets[name].matching(answers, len(self))
        rows = np.flatnonzero(found)
        at = int(np.searchsorted(rows, row))
        after = at + 1 if at < len(rows) and rows[at] == row else at
        before, behind = (int(rows[at - 1]) if at else None), (int(rows[after]) if after < len(rows) else None)
        return before, behind, at // PAGE + 1

    def _answers(self, facet: Facet, query: Query, text: Mask, masks: Mapping[str, Mask], found: Mask) -> tuple[Answer, ...]:
        among = found
        if facet.name in masks:
            # What a person may choose beside what is chosen: all that the other filters leave.
            among = text
            for name, mask in masks.items():
                if name != facet.name:
                    among = among & mask
        wanted = query.wanted.get(facet.name, ())
        counted = zip(facet.answers, facet.counts(among), strict=True)
        return tuple(Answer(words, count, words in wanted) for words, count in counted)

    def _holding(self, words: tuple[str, ...]) -> Mask:
        if not words:
            return np.ones(len(self), np.bool_)
        first, *others = words
        texts = self._texts
        holding = [row for row, number in enumerate(self._numbers) if first in texts[number]]
        for word in others:
            holding = [row for row in holding if word in texts[self._numbers[row]]]
        mask = np.zeros(len(self), np.bool_)
        mask[holding] = True
        return mask

    def _add(self, number: int, node: Node) -> None:
        verdict = node.optional_text("verdict") or NOT_JUDGED
        findings = node.nodes("findings", lambda each: (each.text("rule"), each.text("message"), each.flag("known")))
        marks = node.nodes("marks", lambda each: (each.text("generator"), each.text("where"), each.text("value")))
        roles = node.nodes("matches", lambda each: (each.text("role"), each.text("reference_name")))
        answers = {
            "verdict": (verdict,),
            "zone": (node.text("zone"),),
            "format": (node.text("format"),),
            "provenance": (node.text("provenance"),),
            "credentials": (node.text("credentials"),),
            "rule": (rule for rule, _, _ in findings),
            "generator": (generator for generator, _, _ in marks),
            "role": (role for role, _ in roles),
            "news": ("known" if known else "new" for _, _, known in findings) if self._has_baseline else (),
        }
        for name, given in answers.items():
            self._facets[name].add(number, given)
        said = [node.text("path"), *(f"{rule} {message}" for rule, message, _ in findings)]
        said += [" ".join(mark) for mark in marks]
        said += [name for _, name in roles]
        self._texts.append("\n".join(said).casefold())
        self._keys.append(_number(node.count("root"), node.text("path"), node.fields.get("path_escaped")))
        self._told.append(_number(verdict, node.fields["provenance"], node.fields["marks"], node.fields["findings"]))
        if node.fields.get("approvals") or node.fields.get("decisions"):
            self._with_decisions.append(number)
        self._concerns.append(_CONCERNS.get(verdict, len(_CONCERNS)))
        try:
            self._contents.append(bytes.fromhex(node.text("content_digest")))
        except ValueError:
            raise node.wrong("content_digest", "is no digest") from None

    def _arrange(self) -> None:
        concerns = np.frombuffer(self._concerns, np.int8) if self._concerns else np.zeros(0, np.int8)
        order = np.argsort(concerns, kind="stable")
        self._numbers = array("I", (int(number) for number in order))
        self._places = np.empty(len(order), np.intp)
        self._places[order] = np.arange(len(order))
        for facet in self._facets.values():
            facet.close(self._places)


def _number(*values: object) -> int:
    """A number that stands for values; its key is of this process, so that no report can be made to collide."""
    digest = hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=8, key=_KEY)
    return int.from_bytes(digest.digest(), "big")
