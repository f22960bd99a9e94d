"""Each shipped policy judges as the document that it reads asks; nothing in these tables is read from the policy files."""

import re
from dataclasses import replace

import pytest

from scanner.judge.decide import judge_asset
from scanner.judge.examples import PHOTO, aligned, bound, declared, differing, mark, matched, moved
from scanner.judge.policy import load_packaged, packaged_policies
from scanner.judge.policy.value import Policy
from scanner.judge.policy.words import CASES, DELIVERY, DELIVERY_IDS, ZONES
from scanner.judge.rule import ALONE
from scanner.judge.rules.registry import ALL_RULES
from scanner.judge.subject import DEFAULT_READINGS, Surroundings
from scanner.model.approvals import Category
from scanner.model.formats import Format, MediaKind
from scanner.model.judging import Route, Severity, Verdict, Zone
from scanner.model.marks import Meaning
from scanner.model.matching import NearCopy, Relation, Role
from scanner.model.people import People

NAMES = ("archive-producers", "default", "eu-disclosure", "netflix-genai-2025", "permissive")
BLOCKED, REVIEW, PASS = Verdict.BLOCKED, Verdict.REVIEW, Verdict.PASS
ETHICS = (Category.ETHICS,)


def judge(name: str | Policy, subject, zone=Zone.FINAL, surroundings=ALONE):
    policy = load_packaged(name) if isinstance(name, str) else name
    return judge_asset(moved(subject, zone), surroundings, policy)


def of_rule(judgement, rule):
    return next(one for one in judgement.findings if one.rule == rule)


GENERATED = declared(PHOTO, mark(Meaning.GENERATED, generator="Midjourney"))
EDITED = declared(PHOTO, mark(Meaning.EDITED))
UPSCALED = declared(PHOTO, mark(Meaning.ENHANCED, id="topaz-upscale", value="upscale"))
DENOISED = declared(PHOTO, mark(Meaning.ENHANCED))
REGION = aligned(Role.OWNED, Relation.ALTERED, alteration=differing(0.06, (0.1, 0.1, 0.3, 0.3)))
ALTERED = replace(PHOTO, matches=(REGION,))
ALTERED_DESPITE_TERMS = replace(PHOTO, matches=(bound(REGION),))
DELIVERED = (Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL)
LEAKS = [Relation.SAME, Relation.DERIVED, Relation.CONTAINS, Relation.CONTAINED]


def test_these_are_shipped():
    assert packaged_policies() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_each_weighs_every_rule_case_and_zone(name):
    wanted = {
        (rule, case, zone)
        for rule, cases in CASES.items()
        for case in ("", *cases)
        for zone in ((DELIVERY,) if rule in DELIVERY_IDS else ZONES)
    }
    policy = load_packaged(name)
    assert set(policy.weights) == wanted
    assert set(policy.approvals) == {(rule, case) for rule, case, _ in wanted}


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_reads_of_when_and_whose_reading_it_is(name):
    policy = load_packaged(name)
    assert policy.document
    assert re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", policy.date)
    assert re.match(r"Our (?:own|reading); .*\bissued?\b", policy.note)


@pytest.mark.parametrize("name", NAMES)
def test_what_was_not_read_never_passes(name):
    policy = load_packaged(name)
    for rule in ALL_RULES:
        if rule.CARD.coverage and rule.CARD.id not in DELIVERY_IDS:
            for zone in (Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED):
                assert policy.weights[rule.CARD.id, "", zone] is Severity.HIGH


@pytest.mark.parametrize("name", NAMES)
def test_generative_marks_among_deliverables_are_never_only_told(name):
    for zone in (Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED):
        assert judge(name, GENERATED, zone).verdict.concern >= REVIEW.concern


def test_the_default_requires_what_is_required_without_a_policy():
    assert load_packaged().required_readings == DEFAULT_READINGS


def test_permissive_blocks_nothing_that_was_read_and_is_nowhere_stricter_than_the_default():
    order = [None, Severity.INFO, Severity.MEDIUM, Severity.HIGH]
    # What could not be read, and what a person rejected, hold under any policy.
    held = {rule.CARD.id for rule in ALL_RULES if rule.CARD.coverage} | {"content-rejected"}
    default = load_packaged().weights
    for (rule, case, zone), weight in load_packaged("permissive").weights.items():
        assert order.index(weight) <= order.index(default[rule, case, zone])
        assert weight is not Severity.HIGH or rule in held


@pytest.mark.parametrize("name", NAMES)
def test_every_form_of_a_leak_weighs_alike(name):
    weights = load_packaged(name).weights
    for zone in Zone:
        assert len({weights["ai-reference-match", relation.value, zone] for relation in LEAKS}) == 1


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("zone", DELIVERED)
@pytest.mark.parametrize("relation", LEAKS)
def test_a_source_that_explains_the_picture_as_well_keeps_an_ai_reference_from_blocking(name, zone, relation):
    ai, source = aligned(Role.AI, relation), aligned(Role.OWNED, Relation.SAME)
    assert judge(name, replace(PHOTO, matches=(ai, source)), zone).verdict is not BLOCKED


@pytest.mark.parametrize("name", NAMES)
def test_an_original_that_another_take_explains_is_told_only(name):
    subject = replace(PHOTO, matches=(bound(REGION), matched(Role.LICENSED, Relation.SAME)))
    for zone in DELIVERED:
        assert judge(name, subject, zone).verdict is PASS


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("zone", DELIVERED)
def test_the_original_beside_its_generative_edit_never_blocks(name, zone):
    subject = moved(PHOTO, zone)
    for relation in (Relation.ALTERED, Relation.DERIVED, Relation.CONTAINED):
        copy = NearCopy(0, "temp/a.png", Zone.TEMPORARY, EDITED.provenance, None, relation)
        near_copies = {subject.key: (copy,)}
        assert judge(name, PHOTO, zone, Surroundings(near_copies=near_copies)).verdict is not BLOCKED


class TestNetflix:
    """P1 to P5: which finding touches which, and where it goes."""

    NAME = "netflix-genai-2025"

    def test_it_has_the_five_principles_in_order(self):
        principles = load_packaged(self.NAME).principles
        assert [one.id for one in principles] == ["P1", "P2", "P3", "P4", "P5"]
        assert all(one.rules and one.text and one.route is Route.ESCALATE for one in principles)

    def test_it_uses_the_four_categories(self):
        used = {category for categories in load_packaged(self.NAME).approvals.values() for category in categories}
        assert used == set(Category)

    def test_p1_a_match_with_unowned_material_escalates(self):
        judgement = judge(self.NAME, replace(PHOTO, matches=(matched(Role.RESTRICTED, Relation.SIMILAR, 4),)))
        (finding,) = judgement.findings
        assert (finding.principle, finding.route, judgement.verdict) == ("P1", Route.ESCALATE, REVIEW)

    def test_p1_p4_an_altered_original_is_an_unsure_and_terms_against_it_block(self):
        judgement = judge(self.NAME, ALTERED)
        finding = of_rule(judgement, "altered-original")
        assert (finding.principle, finding.route, judgement.verdict) == ("P4", Route.ESCALATE, REVIEW)
        assert finding.categories == ETHICS
        judgement = judge(self.NAME, ALTERED_DESPITE_TERMS)
        assert (of_rule(judgement, "altered-original").principle, judgement.verdict) == ("P1, P4", BLOCKED)

    @pytest.mark.parametrize("zone", [Zone.FINAL, Zone.TEMPORARY])
    def test_p2_p3_a_tool_that_is_not_on_the_list_escalates_in_every_zone(self, zone):
        judgement = judge(self.NAME, GENERATED, zone, Surroundings(approved_tools=("Adobe Firefly",)))
        finding = of_rule(judgement, "unapproved-tool")
        assert (finding.principle, finding.route, finding.categories) == ("P2, P3", Route.ESCALATE, (Category.DATA_USE,))
        assert finding.severity is Severity.MEDIUM

    def test_p2_p3_are_not_asked_without_a_list(self):
        assert all(one.rule != "unapproved-tool" for one in judge(self.NAME, GENERATED).findings)

    def test_p4_generated_material_among_deliverables_is_blocked_until_approved(self):
        judgement = judge(self.NAME, GENERATED)
        finding = of_rule(judgement, "ai-declared")
        assert (finding.principle, finding.route, judgement.verdict) == ("P4", Route.ESCALATE, BLOCKED)
        assert Category.CREATIVE_OUTPUT in finding.categories

    def test_p4_a_temporary_is_told_to_the_contact(self):
        judgement = judge(self.NAME, GENERATED, Zone.TEMPORARY)
        finding = of_rule(judgement, "ai-declared")
        assert (finding.principle, finding.route, judgement.verdict) == ("P4", Route.INFORM, PASS)

    def test_p5_a_person_named_in_ai_material_goes_to_the_talent_category(self):
        finding = of_rule(judge(self.NAME, replace(GENERATED, people=People(("A. Actor",)))), "ai-with-person")
        assert (finding.principle, finding.route, finding.categories) == ("P5", Route.ESCALATE, (Category.TALENT,))


class TestArchiveProducers:
    """Ingested and enhancement told apart; what alters archival material stops."""

    NAME = "archive-producers"

    @pytest.mark.parametrize("subject", [GENERATED, EDITED, UPSCALED], ids=["generated", "edited", "up-res"])
    def test_alterations_of_archival_assets_block_until_approved_as_ethics(self, subject):
        judgement = judge(self.NAME, subject, Zone.ARCHIVAL)
        assert judgement.verdict is BLOCKED
        heavy = [one for one in judgement.findings if one.severity is Severity.HIGH]
        assert {one.categories for one in heavy} == {ETHICS}
        assert all("archival" in one.principle and one.route is Route.ESCALATE for one in heavy)

    @pytest.mark.parametrize("case", ["upscale", "restoration", "face-restoration", "colourising", "interpolation"])
    def test_every_enhancement_that_invents_blocks_in_archival(self, case):
        assert load_packaged(self.NAME).weights["ai-enhancement-declared", case, Zone.ARCHIVAL] is Severity.HIGH

    def test_enhancement_elsewhere_is_told_and_denoising_an_archival_asset_reviewed(self):
        assert judge(self.NAME, UPSCALED).verdict is PASS
        assert of_rule(judge(self.NAME, UPSCALED), "ai-enhancement-declared").principle == "enhancement"
        assert judge(self.NAME, DENOISED, Zone.ARCHIVAL).verdict is REVIEW

    def test_ingested_material_goes_on_the_cue_sheet_and_is_not_blocked(self):
        judgement = judge(self.NAME, GENERATED)
        finding = of_rule(judgement, "ai-declared")
        assert (judgement.verdict, finding.principle, finding.route) == (REVIEW, "ingested", Route.INFORM)
        assert finding.next_step.startswith("Put it on the GenAI cue sheet")

    @pytest.mark.parametrize("zone", DELIVERED)
    @pytest.mark.parametrize("subject", [ALTERED, ALTERED_DESPITE_TERMS], ids=["", "terms"])
    def test_an_original_of_which_a_region_differs_blocks_until_approved_as_ethics(self, subject, zone):
        judgement = judge(self.NAME, subject, zone)
        (finding,) = judgement.findings
        assert (judgement.verdict, finding.categories, finding.route) == (BLOCKED, ETHICS, Route.ESCALATE)
        assert finding.principle == ("alteration, archival" if zone is Zone.ARCHIVAL else "alteration")

    def test_a_leaked_temporary_blocks_among_archival_material_whatever_was_done_to_it(self):
        leaked = replace(PHOTO, matches=(aligned(Role.AI, Relation.CONTAINED, reference_share=0.08),))
        assert judge(self.NAME, leaked, Zone.ARCHIVAL).verdict is BLOCKED
        assert judge(self.NAME, leaked, Zone.FINAL).verdict is REVIEW

    def test_an_edited_original_in_the_final_cut_blocks(self):
        judgement = judge(self.NAME, EDITED)
        assert judgement.verdict is BLOCKED
        assert of_rule(judgement, "ai-declared").principle == "alteration"


class TestEuDisclosure:
    """Article 50: findings read as what needs a label."""

    NAME = "eu-disclosure"

    @pytest.mark.parametrize("subject", [GENERATED, EDITED], ids=["generated", "edited"])
    @pytest.mark.parametrize("zone", [Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED])
    def test_what_declares_ai_needs_a_label_and_is_reviewed(self, subject, zone):
        judgement = judge(self.NAME, subject, zone)
        finding = of_rule(judgement, "ai-declared")
        assert (judgement.verdict, finding.principle, finding.route) == (REVIEW, "50(4)", Route.INFORM)
        assert finding.next_step.startswith("Needs a disclosure label")

    def test_a_temporary_needs_none(self):
        finding = of_rule(judge(self.NAME, GENERATED, Zone.TEMPORARY), "ai-declared")
        assert (finding.principle, finding.route) == ("", None)
        assert "label" not in finding.next_step

    @pytest.mark.parametrize("subject", [ALTERED, ALTERED_DESPITE_TERMS], ids=["", "terms"])
    def test_what_was_manipulated_may_need_a_label_whatever_its_owner_allows(self, subject):
        judgement = judge(self.NAME, subject)
        finding = of_rule(judgement, "altered-original")
        assert (judgement.verdict, finding.principle, finding.route) == (REVIEW, "50(4)", Route.INFORM)

    def test_customary_enhancement_is_told(self):
        assert judge(self.NAME, UPSCALED).verdict is PASS

    def test_marks_known_to_be_gone_block(self):
        copy = NearCopy(0, "temp/a.png", Zone.TEMPORARY, GENERATED.provenance, 0, Relation.SAME)
        judgement = judge(self.NAME, PHOTO, surroundings=Surroundings(near_copies={moved(PHOTO, Zone.FINAL).key: (copy,)}))
        finding = of_rule(judgement, "ai-marks-lost")
        assert (judgement.verdict, finding.principle) == (BLOCKED, "50(2)")

    def test_the_note_says_what_it_cannot_judge(self):
        note = load_packaged(self.NAME).note
        assert "no legal advice" in note
        assert "cannot judge" in note


def test_a_policy_that_requires_a_reading_decides_by_its_own_severity():
    film = Format("mxf", "MXF", MediaKind.VIDEO, None, ("mxf",))
    subject = replace(PHOTO, format=film, readings=(PHOTO.readings[0],))
    policy = load_packaged()
    strict = replace(policy, weights={**policy.weights, ("media-not-read", "no-reader", "final"): Severity.HIGH})
    assert judge(policy, subject).verdict is PASS
    assert judge(strict, subject).verdict is Verdict.INCOMPLETE
