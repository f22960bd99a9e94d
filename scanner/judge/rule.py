"""What a rule is: a module with a card, examples that run, and one pure function.

A rule module says what it sees; it never weighs. The policy gives each observation its severity by zone, and `decide`
turns severities into a verdict.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from scanner.judge.subject import DeliveryView, Subject, Surroundings
from scanner.model.judging import Observation, RuleCard

Cases = Mapping[str, str]
"""Sub-cases that a policy may weigh apart → what each means. The case ``""`` (none) always exists and is not listed."""


ALONE = Surroundings()
"""No copies, no library, no trust list."""


@dataclass(frozen=True, slots=True)
class Example:
    """A runnable example: what the rule says of a subject, or that it is silent."""

    story: str
    """What is shown, as one clause: ``a Midjourney still in a final folder``."""
    subject: Subject
    says: str = ""
    """The message, whole; empty for silence."""
    case: str = ""
    surroundings: Surroundings = ALONE


@dataclass(frozen=True, slots=True)
class DeliveryExample:
    """A runnable example of a rule about the whole delivery."""

    story: str
    view: DeliveryView
    says: str = ""
    case: str = ""
    surroundings: Surroundings = ALONE


class AnyRule(Protocol):
    """What every rule module offers, whatever it looks at."""

    @property
    def CARD(self) -> RuleCard:  # noqa: N802 - the module's constant
        """The rule's manual."""
        ...

    @property
    def CASES(self) -> Cases:  # noqa: N802 - the module's constant
        """Its sub-cases."""
        ...

    @property
    def EXAMPLES(self) -> tuple[Example | DeliveryExample, ...]:  # noqa: N802 - the module's constant
        """Examples that run as tests and stand in the manual."""
        ...


class AssetRule(AnyRule, Protocol):
    """A rule that looks at one asset."""

    @property
    def EXAMPLES(self) -> tuple[Example, ...]:  # noqa: N802 - the module's constant
        """Examples that run as tests and stand in the manual."""
        ...

    def observe(self, subject: Subject, surroundings: Surroundings, /) -> Iterator[Observation]:
        """Yield what the rule sees, no two with the same key."""
        ...


class DeliveryRule(AnyRule, Protocol):
    """A rule that looks at the delivery as a whole."""

    @property
    def EXAMPLES(self) -> tuple[DeliveryExample, ...]:  # noqa: N802 - the module's constant
        """Examples that run as tests and stand in the manual."""
        ...

    def observe(self, view: DeliveryView, surroundings: Surroundings, /) -> Iterator[Observation]:
        """Yield what the rule sees, no two with the same key."""
        ...
