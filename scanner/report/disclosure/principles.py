"""The principles of a policy as questions: what the scan found to each, and what only people can answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scanner.report.disclosure.entries import Disclosure, Standing
from scanner.report.sentences import counted


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle of the policy that judged the scan."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """One principle, and what the scan found."""

    id: str
    text: str
    """Empty where the policy's file is not at hand."""
    found: str
    """``2 assets to escalate, 1 with an approval on record``; empty where nothing was found."""
    escalates: bool


def questions(disclosure: Disclosure, principles: Sequence[Principle]) -> tuple[Question, ...]:
    """Return a question for each principle of the policy, then for such as only findings name."""
    texts = {one.id: one.text for one in principles}
    touched = disclosure.touched
    named = dict.fromkeys([*texts, *sorted({each for each, _ in touched})])
    return tuple(
        Question(each, texts.get(each, ""), _found(each, touched), (each, Standing.ESCALATE) in touched) for each in named
    )


def _found(principle: str, touched: Mapping[tuple[str, Standing], int]) -> str:
    counts = {words: touched.get((principle, standing), 0) for standing, words in _WORDS.items()}
    return ", ".join(f"{counted(count, 'asset')} {words}" for words, count in counts.items() if count)


_WORDS = {
    Standing.ESCALATE: "to escalate",
    Standing.ON_RECORD: "with an approval on record",
    Standing.INFORM: "to tell of",
}
