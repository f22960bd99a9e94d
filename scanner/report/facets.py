"""What the page's assets can be filtered by: for each question its possible answers, and for each asset its answers as tokens.

Tokens (``v0``, ``r12``) stand in the page's attributes in place of words, so that no text of a file ever stands in one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scanner.model.approvals import ApprovalState
from scanner.model.credentials import Credentials
from scanner.model.decisions import DecisionKind, DecisionState
from scanner.model.judging import Verdict, Zone
from scanner.model.marks import Provenance
from scanner.model.scan import AssetRecord
from scanner.report.tally import is_judged

NOT_JUDGED = "not judged"
ANY_GENERATIVE = "any generative"
ANY_CONCERN = "any concern"

_APPROVALS = {
    ApprovalState.VALID: "allowed",
    ApprovalState.CARRIED_OVER: "carried over, to confirm",
    ApprovalState.LAPSED: "lapsed",
    ApprovalState.OVERRULED: "overruled",
}
_DECISIONS = {
    DecisionKind.REJECTION: "rejected",
    DecisionKind.QUESTION: "question open",
    DecisionKind.NOT_AI: "said not to be AI",
}
_VERDICTS = (ANY_CONCERN, *(verdict.value for verdict in (Verdict.BLOCKED, Verdict.INCOMPLETE, Verdict.REVIEW, Verdict.PASS)))


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: its token in the page's attributes, and its words."""

    token: str
    words: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One question of the filters, with the answers that the page's assets give."""

    name: str
    """Key in the address (``#verdict=blocked``)."""
    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Facets:
    """All questions that have an answer, and the tokens of every asset asked about."""

    questions: tuple[Facet, ...]
    tokens: Mapping[int, str]
    """Index of an asset → its tokens, parted by spaces."""


def facets_of(assets: Sequence[tuple[int, AssetRecord]]) -> Facets:
    """Return the filters for these assets, each with its index in the scan."""
    questions: list[Facet] = []
    tokens: dict[int, list[str]] = {index: [] for index, _ in assets}
    for name, label, letter, answers, order in _QUESTIONS:
        given = [(index, answers(record)) for index, record in assets]
        choices = _choices(letter, {word for _, words in given for word in words}, order)
        by_word = {choice.words: choice.token for choice in choices}
        for index, words in given:
            tokens[index] += [by_word[word] for word in words]
        if choices:
            questions.append(Facet(name, label, choices))
    return Facets(tuple(questions), {index: " ".join(found) for index, found in tokens.items()})


def _choices(letter: str, words: set[str], order: Sequence[str]) -> tuple[Choice, ...]:
    known = [word for word in order if word in words]
    return tuple(Choice(f"{letter}{place}", word) for place, word in enumerate([*known, *sorted(words - set(known))]))


def _verdict(record: AssetRecord) -> Iterable[str]:
    if not is_judged(record):
        return (NOT_JUDGED,)
    return (record.verdict.value,) if record.verdict is Verdict.PASS else (ANY_CONCERN, record.verdict.value)


def _provenance(record: AssetRecord) -> Iterable[str]:
    word = record.provenance.value
    return (ANY_GENERATIVE, word) if record.provenance.is_generative else (word,)


def _rules(record: AssetRecord) -> Iterable[str]:
    return dict.fromkeys(finding.rule for finding in record.findings)


def _approvals(record: AssetRecord) -> Iterable[str]:
    return dict.fromkeys(_APPROVALS[applied.state] for applied in record.approvals)


def _decisions(record: AssetRecord) -> Iterable[str]:
    standing = (applied.decision for applied in record.decisions if applied.state is DecisionState.STANDING)
    return dict.fromkeys(_DECISIONS[decision.kind] for decision in standing)


_QUESTIONS: tuple[tuple[str, str, str, Callable[[AssetRecord], Iterable[str]], Sequence[str]], ...] = (
    ("verdict", "Verdict", "v", _verdict, (*_VERDICTS, NOT_JUDGED)),
    ("zone", "Zone", "z", lambda record: (record.zone.zone.value,), tuple(Zone)),
    ("provenance", "Provenance", "p", _provenance, (ANY_GENERATIVE, *Provenance)),
    ("credentials", "Credentials", "c", lambda record: (record.credentials.value,), tuple(Credentials)),
    ("rule", "Rule", "r", _rules, ()),
    ("format", "Format", "f", lambda record: (record.format.name,), ()),
    ("approval", "Approval", "a", _approvals, tuple(_APPROVALS.values())),
    ("decision", "Decision", "d", _decisions, tuple(_DECISIONS.values())),
)
"""Name, label, token's letter, what an asset answers, and the order of the answers."""
