"""Each default severity of the design is a test here; nothing in this table is read from the policy file."""

from dataclasses import replace

import pytest

from scanner.judge.decide import judge_asset
from scanner.judge.examples import PHOTO, aligned, bound, declared, differing, mark, matched, moved
from scanner.judge.policy import load_packaged
from scanner.judge.rule import ALONE
from scanner.judge.rules.registry import DELIVERY_RULES, RULES
from scanner.judge.subject import Copy, Surroundings
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.judging import Observation, Verdict, Zone
from scanner.model.marks import Confidence, Meaning, Provenance
from scanner.model.matching import NearCopy, Relation, Role

POLICY = load_packaged()
ZONES = (Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED, Zone.TEMPORARY, Zone.REFERENCE)
HIGH, MEDIUM, INFO, SILENT = "high", "medium", "info", None
ALL_INFO = (INFO,) * 6
GENERATIVE = (HIGH, HIGH, MEDIUM, MEDIUM, INFO, INFO)
REVIEWED = (MEDIUM, MEDIUM, MEDIUM, MEDIUM, INFO, INFO)
COVERAGE = (HIGH, HIGH, HIGH, HIGH, INFO, INFO)
ESCALATED = REVIEWED
ARCHIVE_RULE = (SILENT, SILENT, MEDIUM, SILENT, SILENT, SILENT)
DELIVERABLE = (MEDIUM, MEDIUM, MEDIUM, MEDIUM, SILENT, SILENT)
ARCHIVE_ONLY = (INFO, INFO, MEDIUM, INFO, INFO, INFO)

TABLE = {
    ("ai-declared", ""): GENERATIVE,
    ("ai-declared", "generated"): GENERATIVE,
    ("ai-declared", "composite"): GENERATIVE,
    ("ai-declared", "edited"): GENERATIVE,
    ("ai-in-archival", ""): ARCHIVE_RULE,
    ("ai-in-archival", "generated"): ARCHIVE_RULE,
    ("ai-in-archival", "altered"): ARCHIVE_RULE,
    ("ai-with-person", ""): ESCALATED,
    ("ai-with-person", "named-person"): ESCALATED,
    ("ai-with-person", "face-region"): ESCALATED,
    ("ai-with-person", "voice"): ESCALATED,
    ("unapproved-tool", ""): ESCALATED,
    ("unapproved-tool", "unnamed"): ALL_INFO,
    ("unapproved-tool", "enhancement"): ALL_INFO,
    ("unapproved-tool", "component"): ALL_INFO,
    ("temporary-copy-in-final", ""): (SILENT,) * 6,
    ("temporary-copy-in-final", "ai"): (HIGH, HIGH, MEDIUM, MEDIUM, SILENT, SILENT),
    ("temporary-copy-in-final", "not-ai"): (INFO, SILENT, SILENT, INFO, SILENT, SILENT),
    ("ai-reference-match", ""): REVIEWED,
    ("ai-reference-match", "same"): GENERATIVE,
    ("ai-reference-match", "derived"): GENERATIVE,
    ("ai-reference-match", "contains"): GENERATIVE,
    ("ai-reference-match", "contained"): GENERATIVE,
    ("ai-reference-match", "altered"): REVIEWED,
    ("ai-reference-match", "similar"): REVIEWED,
    ("ai-reference-match", "ambiguous"): REVIEWED,
    ("ai-marks-lost", ""): REVIEWED,
    ("ai-marks-lost", "same"): GENERATIVE,
    ("ai-marks-lost", "derived"): GENERATIVE,
    ("ai-marks-lost", "edit"): REVIEWED,
    ("ai-marks-lost", "altered"): REVIEWED,
    ("ai-marks-lost", "similar"): REVIEWED,
    ("ai-marks-lost", "deliverable"): REVIEWED,
    ("ai-marks-lost", "ambiguous"): REVIEWED,
    ("ai-marks-lost", "original"): ALL_INFO,
    ("altered-original", ""): REVIEWED,
    ("altered-original", "terms"): (HIGH, HIGH, HIGH, MEDIUM, INFO, INFO),
    ("altered-original", "explained"): ALL_INFO,
    ("ai-marks-despite-terms", ""): REVIEWED,
    ("ai-marks-despite-terms", "enhanced"): REVIEWED,
    ("near-owned-with-ai-marks", ""): REVIEWED,
    ("restricted-reference-match", ""): REVIEWED,
    ("ai-enhancement-declared", ""): ALL_INFO,
    ("ai-enhancement-declared", "upscale"): ARCHIVE_ONLY,
    ("ai-enhancement-declared", "face-restoration"): ARCHIVE_ONLY,
    ("ai-enhancement-declared", "colourising"): ARCHIVE_ONLY,
    ("ai-enhancement-declared", "restoration"): ARCHIVE_ONLY,
    ("ai-enhancement-declared", "interpolation"): ARCHIVE_ONLY,
    ("ai-enhancement-declared", "denoise"): ALL_INFO,
    ("ai-enhancement-declared", "sound"): ALL_INFO,
    ("ai-possible", ""): REVIEWED,
    ("thumbnail-differs", ""): ARCHIVE_ONLY,
    ("origin-contradiction", ""): ARCHIVE_ONLY,
    ("origin-contradiction", "camera-facts"): ARCHIVE_ONLY,
    ("origin-contradiction", "declared-source"): ARCHIVE_ONLY,
    ("ai-history", ""): ALL_INFO,
    ("ai-hint", ""): ALL_INFO,
    ("media-not-read", ""): COVERAGE,
    ("media-not-read", "no-reader"): (SILENT,) * 6,
    ("media-not-read", "not-required"): ALL_INFO,
    ("file-changed-during-scan", ""): COVERAGE,
    ("unknown-type", ""): (MEDIUM, INFO, INFO, INFO, INFO, INFO),
    ("sealed-bytes-differ", ""): REVIEWED,
    ("credentials-changed", ""): ALL_INFO,
    ("credentials-changed", "ai-claim"): ALL_INFO,
    ("credentials-unreadable", ""): ALL_INFO,
    ("credentials-remote", ""): ALL_INFO,
    ("credentials-hidden", ""): ALL_INFO,
    ("credentials-hidden", "beside-others"): ALL_INFO,
    ("wrong-extension", ""): ALL_INFO,
    ("sidecar-doubt", ""): ALL_INFO,
    ("sidecar-doubt", "ai-claim"): REVIEWED,
    ("frames-missing", ""): ALL_INFO,
    ("approval-lapsed", ""): REVIEWED,
    ("approval-lapsed", "expired"): REVIEWED,
    ("approval-lapsed", "revoked"): REVIEWED,
    ("approval-lapsed", "early"): REVIEWED,
    ("approval-contradicted", ""): ALL_INFO,
    ("approval-contradicted", "category"): ALL_INFO,
    ("approval-contradicted", "name"): ALL_INFO,
    ("approval-contradicted", "superseded"): REVIEWED,
    ("approval-carried-over", ""): DELIVERABLE,
    ("approval-carried-over", "same"): DELIVERABLE,
    ("approval-carried-over", "derived"): DELIVERABLE,
    ("approval-carried-over", "version"): DELIVERABLE,
    ("approval-carried-over", "similar"): DELIVERABLE,
    ("approval-carried-over", "original"): (INFO, INFO, INFO, INFO, SILENT, SILENT),
    ("content-rejected", ""): (HIGH,) * 6,
    ("content-rejected", "same"): (HIGH,) * 6,
    ("content-rejected", "derived"): (MEDIUM,) * 6,
    ("content-rejected", "version"): (MEDIUM,) * 6,
    ("content-rejected", "similar"): REVIEWED,
    ("not-ai-carried-over", ""): DELIVERABLE,
    ("not-ai-carried-over", "same"): DELIVERABLE,
    ("not-ai-carried-over", "derived"): DELIVERABLE,
    ("not-ai-carried-over", "version"): DELIVERABLE,
    ("not-ai-carried-over", "similar"): DELIVERABLE,
    ("not-ai-contradicted", ""): ALL_INFO,
    ("decided-in-part", ""): ALL_INFO,
    ("changed-since-decision", ""): ALL_INFO,
    ("question-open", ""): ALL_INFO,
}
DELIVERY_TABLE = {
    ("scan-interrupted", ""): HIGH,
    ("folder-unreadable", ""): HIGH,
    ("sealed-hashes-unread", ""): MEDIUM,
    ("sealed-hashes-unread", "asked"): HIGH,
    ("sealed-folder-differs", ""): MEDIUM,
    ("sealed-folder-differs", "missing"): MEDIUM,
    ("sealed-folder-differs", "added"): INFO,
    ("pictures-not-compared", ""): MEDIUM,
    ("library-empty", ""): INFO,
    ("approval-unused", ""): INFO,
}


def weight(rule, case, zone):
    return POLICY.weigh(Observation(rule, Confidence.STRONG, "", case=case), zone)


@pytest.mark.parametrize(
    ("rule", "case", "zone", "severity"),
    [(rule, case, zone, severity) for (rule, case), row in TABLE.items() for zone, severity in zip(ZONES, row, strict=True)],
)
def test_default_severity(rule, case, zone, severity):
    assert weight(rule, case, zone) == severity


@pytest.mark.parametrize(("rule", "case", "severity"), [(*key, severity) for key, severity in DELIVERY_TABLE.items()])
def test_default_severity_of_the_delivery(rule, case, severity):
    assert weight(rule, case, None) == severity


def test_the_tables_leave_no_rule_or_case_out():
    assert set(TABLE) == {(rule.CARD.id, case) for rule in RULES for case in ("", *rule.CASES)}
    assert set(DELIVERY_TABLE) == {(rule.CARD.id, case) for rule in DELIVERY_RULES for case in ("", *rule.CASES)}


BLOCKED, REVIEW, PASS = Verdict.BLOCKED, Verdict.REVIEW, Verdict.PASS
AI_VERDICTS = (BLOCKED, BLOCKED, REVIEW, REVIEW, PASS, PASS)
OPEN_VERDICTS = (REVIEW, REVIEW, REVIEW, REVIEW, PASS, PASS)
NO_CONCERN = (PASS,) * 6


@pytest.mark.parametrize("confidence", Confidence)
@pytest.mark.parametrize("meaning", Meaning)
@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_zone_by_meaning_by_confidence(meaning, confidence, place):
    if meaning.is_generative and confidence is not Confidence.WEAK:
        wanted = AI_VERDICTS
    elif meaning is Meaning.MAY_CONTAIN:
        wanted = OPEN_VERDICTS
    else:
        wanted = NO_CONCERN
    subject = moved(declared(PHOTO, mark(meaning, confidence)), ZONES[place])
    assert judge_asset(subject, ALONE, POLICY).verdict is wanted[place]


@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_matches_by_zone(place):
    def verdict(*matches):
        return judge_asset(moved(replace(PHOTO, matches=matches), ZONES[place]), ALONE, POLICY).verdict

    same, similar = matched(Role.AI, Relation.SAME), matched(Role.AI, Relation.SIMILAR, 4)
    assert verdict(same) is AI_VERDICTS[place]
    assert verdict(similar) is OPEN_VERDICTS[place]
    assert verdict(same, matched(Role.OWNED, Relation.SAME)) is OPEN_VERDICTS[place]
    assert verdict(matched(Role.OWNED, Relation.SAME)) is PASS
    for leaked in (Relation.DERIVED, Relation.CONTAINS, Relation.CONTAINED):
        assert verdict(aligned(Role.AI, leaked)) is AI_VERDICTS[place]
        assert verdict(aligned(Role.AI, leaked), aligned(Role.OWNED, Relation.DERIVED)) is OPEN_VERDICTS[place]
    assert verdict(aligned(Role.AI, Relation.ALTERED)) is OPEN_VERDICTS[place]
    for relation in Relation:
        assert verdict(aligned(Role.RESTRICTED, relation)) is OPEN_VERDICTS[place]
    assert verdict(matched(Role.RESTRICTED, Relation.SIMILAR, 4)) is OPEN_VERDICTS[place]


@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_a_leaked_copy_by_zone(place):
    zone = ZONES[place]
    leak = Copy(0, "temp/leak.jpg", Zone.TEMPORARY, Provenance.GENERATED)
    surroundings = Surroundings(copies={"a" * 64: (leak,)})
    assert judge_asset(moved(PHOTO, zone), surroundings, POLICY).verdict is AI_VERDICTS[place]


@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_lost_marks_by_zone(place):
    subject = moved(PHOTO, ZONES[place])

    def verdict(matches=(), **changes):
        copy = replace(NearCopy(0, "temp/a.png", Zone.TEMPORARY, Provenance.GENERATED, 4), **changes)
        surroundings = Surroundings(near_copies={subject.key: (copy,)})
        return judge_asset(replace(subject, matches=matches), surroundings, POLICY).verdict

    assert verdict() is OPEN_VERDICTS[place]
    assert verdict(relation=Relation.SAME) is AI_VERDICTS[place]
    assert verdict(relation=Relation.DERIVED) is AI_VERDICTS[place]
    assert verdict(relation=Relation.DERIVED, provenance=Provenance.EDITED).concern <= REVIEW.concern
    assert verdict(relation=Relation.ALTERED, provenance=Provenance.EDITED).concern <= REVIEW.concern
    assert verdict((matched(Role.OWNED, Relation.SAME),), relation=Relation.SAME) is OPEN_VERDICTS[place]
    assert verdict(zone=Zone.GRAPHICS) is OPEN_VERDICTS[place]
    assert verdict((matched(Role.OWNED, Relation.SIMILAR, 4),)) is OPEN_VERDICTS[place]
    # The photograph that a generative edit was made from is what should be delivered.
    assert verdict((matched(Role.LICENSED, Relation.SAME),), provenance=Provenance.EDITED) is PASS


@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_ai_against_the_terms_of_a_reference_by_zone(place):
    licensed = matched(Role.LICENSED, Relation.SIMILAR, 4)

    def findings(meaning, match):
        subject = moved(replace(declared(PHOTO, mark(meaning)), matches=(match,)), ZONES[place])
        return {one.rule: one.severity for one in judge_asset(subject, ALONE, POLICY).findings}

    wanted = REVIEWED[place]
    assert findings(Meaning.EDITED, bound(licensed))["ai-marks-despite-terms"] == wanted
    assert findings(Meaning.EDITED, bound(licensed))["near-owned-with-ai-marks"] == wanted
    assert findings(Meaning.ENHANCED, bound(licensed))["ai-marks-despite-terms"] == wanted
    assert "ai-marks-despite-terms" not in findings(Meaning.EDITED, licensed)


@pytest.mark.parametrize("place", range(len(ZONES)), ids=lambda place: ZONES[place])
def test_an_altered_original_by_zone(place):
    altered = aligned(Role.LICENSED, Relation.ALTERED, alteration=differing(0.06, (0.1, 0.1, 0.3, 0.3)))

    def weight_of(*matches):
        judgement = judge_asset(moved(replace(PHOTO, matches=matches), ZONES[place]), ALONE, POLICY)
        return next(one.severity for one in judgement.findings if one.rule == "altered-original")

    assert weight_of(altered) == REVIEWED[place]
    assert weight_of(bound(altered)) == (HIGH, HIGH, HIGH, MEDIUM, INFO, INFO)[place]
    assert weight_of(bound(altered), matched(Role.OWNED, Relation.SAME)) == INFO


def test_material_that_must_not_be_recreated_is_escalated():
    (finding,) = judge_asset(replace(PHOTO, matches=(matched(Role.RESTRICTED, Relation.SIMILAR, 4),)), ALONE, POLICY).findings
    assert finding.next_step.startswith("Escalate")
    assert finding.who == "legal"


def test_unknown_type_by_zone():
    strange = replace(PHOTO, format=UNKNOWN_FORMAT, provenance=Provenance.NOT_CHECKABLE, readings=())
    verdicts = [judge_asset(moved(strange, zone), ALONE, POLICY).verdict for zone in ZONES]
    assert verdicts == [REVIEW, PASS, PASS, PASS, PASS, PASS]


def test_the_camera_is_no_finding():
    assert judge_asset(replace(PHOTO, camera="Google Pixel 9"), ALONE, POLICY).findings == ()


def test_the_default_policy_says_whose_reading_it_is():
    assert POLICY.name == "default"
    assert POLICY.document
    assert POLICY.date
    assert POLICY.note == "Our reading; the client did not issue it."
