"""The form of a decision: what it asks, what was typed, what is wrong with it, and the decision that comes of it."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial

from scanner.model.approvals import Approval, Category
from scanner.model.approved import Approved, Decided, Logged
from scanner.model.decisions import Decision, DecisionKind
from scanner.model.judging import Finding
from scanner.pipeline.approved_content import Content
from scanner.store.approval_fields import TEXT_LIMIT, category_field, day_field, is_one_of, segment_field, span, text_field

_SUBMISSION = re.compile(r"[A-Za-z0-9_-]{16,64}")
_SEEN = re.compile(r"[0-9]{1,12}", re.ASCII)


class Kind(StrEnum):
    """What can be decided, as addresses name it."""

    APPROVE = "approve"
    REJECT = "reject"
    ASK = "ask"
    NOT_AI = "not-ai"


TITLES: Mapping[Kind, str] = {
    Kind.APPROVE: "Approve",
    Kind.REJECT: "Reject",
    Kind.ASK: "Ask for information",
    Kind.NOT_AI: "Not AI",
}
MEANINGS: Mapping[Kind, str] = {
    Kind.APPROVE: "A written permission lets what was found pass from the next scan on. Keep the letter; this is its reference.",
    Kind.REJECT: "This content must not be delivered. From the next scan on it is blocked wherever it stands, also where it was "
    "approved.",
    Kind.ASK: "Something must be known first. The verdict stays; reports tell the question until something is decided.",
    Kind.NOT_AI: "What was found is a false alarm. This lifts what rests on weak or strong unsigned marks and on pictures that "
    "look alike; what says AI outright is reviewed instead of blocked.",
}
_KINDS = {Kind.REJECT: DecisionKind.REJECTION, Kind.ASK: DecisionKind.QUESTION, Kind.NOT_AI: DecisionKind.NOT_AI}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the form."""

    name: str
    label: str
    help: str = ""
    type: str = "text"
    """Of the input; ``area`` for a longer text."""
    required: bool = False


_BY = Field("decider", "Who decided", "Name and role. You, unless you write down what somebody else decided.", required=True)
_REFERENCE = Field("reference", "Reference", "Where it is written: a ticket, a mail's subject and date. May be empty.")
_DATE = Field("date", "Date", "Day of the decision.", "date", required=True)
FIELDS: Mapping[Kind, tuple[Field, ...]] = {
    Kind.APPROVE: (
        Field("approver", "Approver", "Who allowed it: name and role. Never you, who writes it down.", required=True),
        Field("reference", "Written reference", "The permission itself: a ticket, a mail's subject and date.", required=True),
        Field("use", "Use", "The use that was described to the client and allowed.", "area", required=True),
        replace(_DATE, help="Day of the permission."),
        Field("expires", "Last day", "Empty for one without end.", "date"),
    ),
    Kind.REJECT: (Field("statement", "Reason", "Why it must not be delivered.", "area", required=True), _BY, _REFERENCE, _DATE),
    Kind.ASK: (
        Field("statement", "Question", "What must be known.", "area", required=True),
        Field("addressee", "To", "Who is to answer. May be empty."),
        _BY,
        _REFERENCE,
        _DATE,
    ),
    Kind.NOT_AI: (Field("statement", "Reason", "How that is known.", "area", required=True), _BY, _REFERENCE, _DATE),
}
SEGMENT = (
    Field("first", "From", "Seconds on the film's own clock: 12.5, or 1001/24."),
    Field("after", "To", "Seconds: where it ends. Both empty for all of it."),
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form as it is shown: what stands in it, and what is wrong with it."""

    kind: Kind
    values: Mapping[str, str]
    mistakes: Mapping[str, str]
    """Field → what is wrong, as a sentence without its full stop."""
    seen: int
    submission: str

    @property
    def fields(self) -> tuple[Field, ...]:
        """The fields of this kind of decision, but for the category and the part of a film."""
        return FIELDS[self.kind]


def blank(kind: Kind, recorder: str, today: str, seen: int, categories: Iterable[Category]) -> Form:
    """Return a form to fill in."""
    first = next(iter(categories), None)
    values = {"decider": recorder, "date": today, "category": first.value if first else ""}
    return Form(kind, values, {}, seen, secrets.token_urlsafe(18))


def submission_of(given: Mapping[str, str]) -> str:
    """Return the number of a form that was sent; empty where it has none of ours."""
    number = given.get("submission", "")
    return number if _SUBMISSION.fullmatch(number) else ""


def filled(kind: Kind, given: Mapping[str, str], recorders: Iterable[str], last: int) -> Form:
    """Return a form as it was sent, with its mistakes.

    `recorders` are the names of who writes it down. Nobody has seen more of the log than its entry `last`, the last about this
    content: a form that says so would overtake decisions that nobody had seen.
    """
    names = [*(field.name for field in (*FIELDS[kind], *SEGMENT)), *(["category"] if kind is Kind.APPROVE else [])]
    values = {name: given.get(name, "")[: 2 * TEXT_LIMIT] for name in names}
    mistakes: dict[str, str] = {}
    for field in FIELDS[kind]:
        _try(mistakes, field.name, partial(_checked, field, values[field.name]))
    _try(mistakes, "first", lambda: segment_field(f"{values['first']} {values['after']}"))
    if kind is Kind.APPROVE:
        _try(mistakes, "category", lambda: category_field(values["category"]))
        if not {"date", "expires"} & mistakes.keys():
            _try(mistakes, "expires", lambda: span(values["date"].strip(), values["expires"].strip()))
        if is_one_of(values["approver"], recorders):
            mistakes["approver"] = "you write this down; the approver is somebody else: name the person who allowed it"
    told, submission = given.get("seen", ""), submission_of(given)
    seen = int(told) if _SEEN.fullmatch(told) else -1
    if not 0 <= seen <= last or not submission:
        mistakes[""] = "the form was not whole; look at it again, then send it"
    return Form(
        kind,
        values,
        mistakes,
        seen if 0 <= seen <= last else 0,
        submission or secrets.token_urlsafe(18),
    )


def decision_from(form: Form, content: Content, recorder: str) -> Logged:
    """Return the decision that a form without mistakes makes about content."""
    # The log keeps one line of each.
    texts = {name: " ".join(value.split()) for name, value in form.values.items()}
    part = segment_field(f"{texts['first']} {texts['after']}")
    looks = content.fingerprints, content.pixel_digest, content.single_size_bytes
    if form.kind is Kind.APPROVE:
        approval = Approval(
            *(
                "",
                content.digest,
                content.kind,
                texts["approver"],
                recorder,
                texts["reference"],
                category_field(texts["category"]),
            ),
            *(texts["use"], texts["date"], texts["expires"]),
            path=content.path,
            segment=part,
        )
        return Approved(approval, *looks)
    decision = Decision(
        *("", _KINDS[form.kind], content.digest, content.kind, texts["decider"], recorder, texts["statement"], texts["date"]),
        *(texts.get("addressee", ""), texts["reference"], content.path, part),
    )
    return Decided(decision, *looks)


def asked_categories(findings: Iterable[Finding]) -> tuple[Category, ...]:
    """Return the categories that can allow what was found and is not allowed."""
    asked = {category for finding in findings if not finding.allowed_by for category in finding.categories}
    return tuple(category for category in Category if category in asked)


def _checked(field: Field, value: str) -> str:
    if field.type == "date":
        return day_field("the day", value, required=field.required)
    return text_field(field.label.lower(), " ".join(value.split()), required=field.required)


def _try(mistakes: dict[str, str], name: str, check: Callable[[], object]) -> None:
    try:
        check()
    except ValueError as error:
        mistakes.setdefault(name, str(error))
