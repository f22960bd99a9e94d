"""What was decided about the content of reports, as the log says it now; and recording more."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from starlette.requests import Request

from scanner.judge.approving import ApprovalBook
from scanner.model.approvals import AppliedApproval, ApprovalState
from scanner.model.approved import Logged, decision_of, is_withdrawn
from scanner.model.decisions import AppliedDecision, DecisionKind, DecisionState
from scanner.model.errors import ScannerError, UsageError
from scanner.model.text import shown
from scanner.pipeline.approved_content import Content
from scanner.report.permissions import approval_sentence, decision_sentence
from scanner.review.facets import Facet
from scanner.review.query import FACETS
from scanner.review.room import OpenReport
from scanner.store.approval_deciding import Outcome, decide_once, last_about, withdraw_once
from scanner.store.approval_entries import decisions_of
from scanner.store.approval_log import open_approval_log
from scanner.store.chain import Entry

NONE = "none"
_KINDS = {
    DecisionKind.REJECTION: "rejected",
    DecisionKind.QUESTION: "needs information",
    DecisionKind.NOT_AI: "not AI",
}
_STATES = {
    ApprovalState.VALID: "approved",
    ApprovalState.LAPSED: "lapsed",
    ApprovalState.OVERRULED: "lapsed",
}
_GONE = {DecisionState.OVERTAKEN: "overtaken", DecisionState.WITHDRAWN: "withdrawn"}
_IN_FORCE = frozenset({"approved", *_KINDS.values()})


@dataclass(frozen=True, slots=True)
class Told:
    """One decision, as pages tell it."""

    id: str
    words: str
    """``approved``, ``rejected``, ``needs information``, ``not AI``, ``lapsed``, ``overtaken`` or ``withdrawn``."""
    sentence: str
    recorder: str
    recorded: str
    path: str
    """Where the content stood then."""
    content: str
    is_withdrawn: bool

    @property
    def shade(self) -> str:
        """Last word of the class that its word is shown with."""
        return self.words.lower().replace(" ", "-")


ReadContent = Callable[[Sequence[str]], Content]
"""Reads the content that absolute paths name: one file, or all frames of a sequence. Raises ScannerError where it cannot."""


@dataclass(frozen=True)
class Standing:
    """What the log says at one moment."""

    entries: tuple[Entry, ...]
    decisions: tuple[Logged, ...]
    book: ApprovalBook
    trouble: str = ""
    """Why the log cannot be read; empty where it can."""
    facets: dict[int, Facet] = field(default_factory=dict)
    _ids: dict[str, list[str]] = field(default_factory=dict)
    """Content → ids of the decisions about it, in their order."""

    def __post_init__(self) -> None:
        for one in map(decision_of, self.decisions):
            self._ids.setdefault(one.content, []).append(one.id)

    def about(self, content: str) -> tuple[Told, ...]:
        """Return what was decided about this content, newest first."""
        if not content:
            return ()
        approvals = (one for one in self.book.apply(content, ()) if one.approval.content == content)
        others = (one for one in self.book.decisions(content, ()) if one.decision.content == content)
        applied = {one.approval.id: _told_approval(one) for one in approvals}
        applied |= {one.decision.id: _told_decision(one) for one in others}
        return tuple(applied[identity] for identity in reversed(self._ids.get(content, ())))

    def in_force(self, content: str) -> tuple[Told, ...]:
        """Return what a card says of this content: what stands, else that an approval lapsed."""
        told = self.about(content)
        standing = tuple(one for one in told if one.words in _IN_FORCE)
        return standing or tuple(one for one in told if one.words == "lapsed")[:1]

    def seen(self, content: str) -> int:
        """Return the number of the last entry about this content."""
        return last_about(self.entries, content)

    def newest(self) -> Iterator[Told]:
        """Yield all decisions of the log, newest first."""
        known: dict[str, dict[str, Told]] = {}
        for one in reversed(self.decisions):
            decision = decision_of(one)
            if decision.content not in known:
                known[decision.content] = {told.id: told for told in self.about(decision.content)}
            yield known[decision.content][decision.id]

    def facet(self, report: OpenReport) -> Facet:
        """Return what the rows of a report answer to the question of what was decided."""
        if report.number not in self.facets:
            words = {content: tuple(told.words for told in self.in_force(content)) or (NONE,) for content in self._ids}
            facet = Facet("decision", FACETS["decision"])
            for row, content in enumerate(report.catalogue.contents()):
                facet.add(row, words.get(content, (NONE,)))
            facet.close()
            self.facets[report.number] = facet
        return self.facets[report.number]


class DecisionDesk:
    """Where decisions are read and recorded. Any thread may use it."""

    def __init__(self, place: str, read: ReadContent, now: Callable[[], str]) -> None:
        """Use the log at `place`, which the first decision makes; `now` gives the time, ISO 8601, UTC."""
        self._place = place
        self._read = read
        self._now = now
        self._lock = threading.Lock()
        self._reading = threading.Lock()
        self._known: tuple[object, Standing] | None = None

    @property
    def place(self) -> str:
        """Where the log is, as text that can be shown."""
        return shown(self._place)

    @property
    def today(self) -> str:
        """Today's day in UTC."""
        return self._now()[:10]

    def standing(self) -> Standing:
        """Return what the log says; read again where it changed, or another day has begun."""
        with self._lock:
            moment = self._now()
            stamp = (_stamp(self._place), moment[:13])
            if self._known is None or self._known[0] != stamp:
                self._known = stamp, self._loaded(moment)
            return self._known[1]

    def content(self, paths: Sequence[str]) -> Content:
        """Read content from its files, one at a time.

        Raises:
            ScannerError: it cannot be read, or nothing can be decided about it.
        """
        with self._reading:
            return self._read(paths)

    def decide(self, wanted: Logged, seen: int, submission: str) -> Outcome:
        """Record a decision, as `decide_once`.

        Raises:
            ScannerError: it cannot be recorded.
        """
        with closing(open_approval_log(self._place, create=True)) as log:
            return decide_once(log, wanted, seen, submission, self._now(), self.place)

    def withdraw(self, identity: str, recorder: str, reason: str, submission: str) -> Logged:
        """Record that a decision was withdrawn, as `withdraw_once`.

        Raises:
            ScannerError: it cannot be recorded.
        """
        with closing(open_approval_log(self._place, create=True)) as log:
            return withdraw_once(log, identity, recorder, reason, submission, self._now(), self.place)

    def _loaded(self, moment: str) -> Standing:
        if not os.path.isfile(self._place):
            return Standing((), (), ApprovalBook((), moment))
        try:
            with closing(open_approval_log(self._place, create=False)) as log:
                entries = log.entries()
            decisions = decisions_of(entries, self.place)
        except ScannerError as error:
            return Standing((), (), ApprovalBook((), moment), str(error))
        return Standing(entries, decisions, ApprovalBook(map(decision_of, decisions), moment))


def no_desk() -> DecisionDesk:
    """Return a desk without a log, where nothing can be recorded."""

    def read(_: Sequence[str]) -> Content:
        raise UsageError("there is no log of decisions here", next_step="Start the room with --approvals")

    return DecisionDesk(os.devnull, read, lambda: "1970-01-01T00:00:00Z")


def desk_of(request: Request) -> DecisionDesk:
    """Return where decisions are read and recorded."""
    desk: DecisionDesk = request.app.state.desk
    return desk


def told_of(logged: Sequence[Logged], standing: Standing) -> tuple[Told, ...]:
    """Return decisions as pages tell them."""
    wanted: Mapping[str, None] = dict.fromkeys(decision_of(one).id for one in logged)
    return tuple(told for told in standing.newest() if told.id in wanted)


def _told_approval(applied: AppliedApproval) -> Told:
    one = applied.approval
    words = "withdrawn" if is_withdrawn(one) else _STATES[applied.state]
    sentence = _ended(approval_sentence(applied))
    return Told(one.id, words, sentence, one.recorder, one.recorded, one.path, one.content, is_withdrawn(one))


def _told_decision(applied: AppliedDecision) -> Told:
    one = applied.decision
    words = _GONE.get(applied.state) or _KINDS[one.kind]
    sentence = _ended(decision_sentence(applied))
    return Told(one.id, words, sentence, one.recorder, one.recorded, one.path, one.content, is_withdrawn(one))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", "!")) else f"{sentence}."


def _stamp(place: str) -> tuple[int, ...]:
    try:
        status = os.stat(place)
    except OSError:
        return ()
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
