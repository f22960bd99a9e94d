"""The only place that decides: observations become findings, findings become a verdict, a verdict becomes an exit code."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from scanner.judge.approving import allow, needs_of, undecided
from scanner.judge.false_alarms import concerns, resistance
from scanner.judge.policy import Policy
from scanner.judge.policy.value import Touched
from scanner.judge.rule import AnyRule, AssetRule
from scanner.judge.rules.registry import ALL_RULES, APPROVAL_RULES, DELIVERY_RULES, RULES, RULES_FOR_ALL_FILES
from scanner.judge.subject import DeliveryView, Subject, Surroundings
from scanner.model.errors import UsageError
from scanner.model.judging import Finding, Observation, Severity, Verdict, Zone

FAIL_ON = ("review", "blocked", "never")
"""Values of ``--fail-on``: the least concern that still fails."""

EXIT_CODES = {Verdict.PASS: 0, Verdict.INCOMPLETE: 4, Verdict.REVIEW: 10, Verdict.BLOCKED: 11}

_SEVERITY_ORDER = tuple(Severity)
_FIRST_RULES = tuple(rule for rule in RULES if rule not in APPROVAL_RULES)
_RULE_ORDER = {rule.CARD.id: place for place, rule in enumerate(ALL_RULES)}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What becomes of one asset or of the delivery, and why."""

    findings: tuple[Finding, ...]
    """Heaviest first, allowed ones last, then as the rules are registered, then by id."""
    verdict: Verdict


def judge_asset(subject: Subject, surroundings: Surroundings, policy: Policy) -> Judgement:
    """Judge one asset.

    Files known not to be media pass; only their place beside other files may be told. What was not reached is incomplete.
    What an approval allows asks for no verdict; rules about approvals look at what the others left open.
    """
    if not subject.reached:
        return Judgement((), Verdict.INCOMPLETE)
    rules = _FIRST_RULES if subject.is_judged else RULES_FOR_ALL_FILES
    found = _seen_of(subject, rules, surroundings, policy)
    findings = allow(found, subject.approvals, subject.decisions, lambda finding: resistance(finding, subject))
    if subject.is_judged and subject.has_decisions:
        asked = _asked(subject, findings)
        findings = (*findings, *_seen_of(asked, APPROVAL_RULES, surroundings, policy))
    return Judgement(_sorted(findings), verdict_of(findings))


def _asked(subject: Subject, findings: Iterable[Finding]) -> Subject:
    """Return the subject with what is left open, as the rules about decisions see it."""
    left = [finding for finding in findings if not finding.allowed_by and finding.severity is not Severity.INFO]
    said = tuple(dict.fromkeys(why for one in left if concerns(one) and (why := resistance(one, subject))))
    return replace(
        subject, needs=needs_of(left), still_said=said, undecided=undecided(left, subject.approvals, subject.decisions)
    )


def _seen_of(subject: Subject, rules: Iterable[AssetRule], surroundings: Surroundings, policy: Policy) -> Iterator[Finding]:
    seen = ((rule, observation) for rule in rules for observation in rule.observe(subject, surroundings))
    return _weigh(seen, policy, subject.zone.zone, f"{subject.root}", subject.path)


def judge_delivery(view: DeliveryView, verdicts: Iterable[Verdict], surroundings: Surroundings, policy: Policy) -> Judgement:
    """Judge the delivery: its own findings, and the highest concern of these and of the assets' `verdicts`."""
    seen = ((rule, observation) for rule in DELIVERY_RULES for observation in rule.observe(view, surroundings))
    findings = tuple(_weigh(seen, policy, None, "", ""))
    return Judgement(_sorted(findings), highest((verdict_of(findings), *verdicts)))


def verdict_of(findings: Iterable[Finding]) -> Verdict:
    """Return the highest concern among the findings."""
    return highest(concerns_of(findings))


def concerns_of(findings: Iterable[Finding]) -> frozenset[Verdict]:
    """Return every verdict that some finding asks for; findings that only inform ask for none."""
    return frozenset(concern_of(finding) for finding in findings) - {Verdict.PASS}


def highest(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict of highest concern; pass where there is none."""
    return max(verdicts, key=lambda verdict: verdict.concern, default=Verdict.PASS)


def exit_code(verdict: Verdict, fail_on: str = "review", allow_incomplete: bool = False, beneath: Iterable[Verdict] = ()) -> int:
    """Return the exit code of a delivery's verdict.

    Args:
        verdict: of the delivery.
        fail_on: the least concern that still fails, one of `FAIL_ON`; an incomplete scan fails whatever it says.
        allow_incomplete: let an incomplete scan pass for what it did see.
        beneath: the concerns of all findings (`concerns_of`). Without them, what an allowed ``incomplete`` or an ignored
            ``blocked`` hides beneath itself would not be counted.

    Raises:
        UsageError: `fail_on` is none of its values.
    """
    if fail_on not in FAIL_ON:
        raise UsageError(
            f"{fail_on!r} is no concern to fail on", where="--fail-on", next_step=f"Use one of {', '.join(FAIL_ON)}."
        )
    counted = (concern for concern in (verdict, *beneath) if _counts(concern, fail_on, allow_incomplete))
    return EXIT_CODES[highest(counted)]


def _counts(concern: Verdict, fail_on: str, allow_incomplete: bool) -> bool:
    match concern:
        case Verdict.INCOMPLETE:
            return not allow_incomplete
        case Verdict.BLOCKED:
            return fail_on != "never"
        case Verdict.REVIEW:
            return fail_on == "review"
        case Verdict.PASS:
            return False


def concern_of(finding: Finding) -> Verdict:
    """Return the verdict that a finding asks for; pass where it only informs or is allowed."""
    if finding.allowed_by:
        return Verdict.PASS
    match finding.severity:
        case Severity.HIGH:
            return Verdict.INCOMPLETE if finding.coverage else Verdict.BLOCKED
        case Severity.MEDIUM:
            return Verdict.REVIEW
        case Severity.INFO:
            return Verdict.PASS


def _weigh(
    seen: Iterable[tuple[AnyRule, Observation]], policy: Policy, zone: Zone | None, root: str, path: str
) -> Iterator[Finding]:
    for rule, observation in seen:
        severity = policy.weigh(observation, zone)
        if severity is not None:
            touched = policy.touched(observation, zone, severity)
            yield _finding(rule, observation, severity, finding_id(observation, root, path), policy, touched)


def finding_id(observation: Observation, root: str, path: str) -> str:
    """Return an id that is the same in every scan of the same delivery. Its message and severity do not enter it."""
    # NUL can stand in no path, so no two quadruples read alike; paths may hold bytes that are no UTF-8.
    joined = "\0".join((observation.rule, root, path, observation.key))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _finding(
    rule: AnyRule, observation: Observation, severity: Severity, identity: str, policy: Policy, touched: Touched
) -> Finding:
    return Finding(
        id=identity,
        rule=observation.rule,
        severity=severity,
        confidence=observation.confidence,
        message=observation.message,
        next_step=touched.next_step or rule.CARD.next_step,
        who=rule.CARD.who,
        coverage=rule.CARD.coverage,
        categories=policy.categories_of(observation),
        principle=touched.principle,
        route=touched.route,
        stretches=observation.stretches,
    )


def _sorted(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    # The registry has the most direct observation first: what a file declares comes before what it matches.
    return tuple(
        sorted(
            findings,
            key=lambda one: (bool(one.allowed_by), _SEVERITY_ORDER.index(one.severity), _RULE_ORDER[one.rule], one.id),
        )
    )
