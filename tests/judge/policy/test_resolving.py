"""Inheritance: what the nearer file says stands, the rest is taken over, and every rule, case and zone has a weight."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from scanner.judge.policy import load_packaged, load_policy
from scanner.judge.policy.resolving import merged_rules, weights_of
from scanner.judge.policy.rule_tables import RuleRows, columns_of
from scanner.judge.policy.words import APPROVAL, CASES, CONFIDENCES, DELIVERY, DELIVERY_IDS, ELSEWHERE, ZONES
from scanner.model.approvals import Category
from scanner.model.formats import MediaKind
from scanner.model.judging import Observation, Route, Severity, Zone, ZoneGlob
from scanner.model.marks import Confidence

QUICK = settings(max_examples=60, deadline=None)
SLOTS = [(rule, case) for rule, cases in CASES.items() for case in ("", *cases)]
WEIGHTS = st.sampled_from([None, *Severity])


@st.composite
def rule_rows(draw):
    weights = {}
    for slot in draw(st.lists(st.sampled_from(SLOTS), max_size=8, unique=True)):
        weights[slot] = draw(st.dictionaries(st.sampled_from(columns_of(slot[0])), WEIGHTS, max_size=4))
    categories = st.lists(st.sampled_from(Category), max_size=2, unique=True).map(tuple)
    return RuleRows(weights, draw(st.dictionaries(st.sampled_from(SLOTS), categories, max_size=4)))


COMPLETE = RuleRows({(rule, ""): {DELIVERY if rule in DELIVERY_IDS else ELSEWHERE: Severity.INFO} for rule in CASES})


@QUICK
@given(rule_rows(), rule_rows())
def test_over_a_complete_policy_every_rule_case_and_zone_has_a_weight(first, second):
    reached = weights_of(merged_rules((first, second, COMPLETE)))
    wanted = {(rule, case, zone) for rule, case in SLOTS for zone in ((DELIVERY,) if rule in DELIVERY_IDS else ZONES)}
    assert set(reached) == wanted


@QUICK
@given(rule_rows(), rule_rows(), rule_rows())
def test_it_does_not_matter_which_two_are_put_together_first(first, second, third):
    assert first.over(second).over(third) == first.over(second.over(third))
    assert merged_rules((first, second, third)) == first.over(second).over(third)


@QUICK
@given(rule_rows(), rule_rows())
def test_what_the_nearer_file_names_stands(near, far):
    reached = weights_of(near.over(far).over(COMPLETE))
    for (rule, case), row in near.weights.items():
        for zone, weight in row.items():
            if zone != ELSEWHERE:
                assert reached[rule, case, zone] == weight


@QUICK
@given(rule_rows())
def test_an_empty_file_changes_nothing(far):
    assert RuleRows().over(far) == far
    assert far.over(RuleRows()) == far


@QUICK
@given(rule_rows())
def test_unassigned_is_final_with_review_in_place_of_blocked_unless_it_is_named(rows):
    together = rows.over(COMPLETE)
    reached = weights_of(together)
    for rule, case in SLOTS:
        own, general = together.weights.get((rule, case), {}), together.weights.get((rule, ""), {})
        if rule not in DELIVERY_IDS and Zone.UNASSIGNED not in own and Zone.UNASSIGNED not in general:
            final = reached[rule, case, Zone.FINAL]
            assert reached[rule, case, Zone.UNASSIGNED] == (Severity.MEDIUM if final is Severity.HIGH else final)


def house(tmp_path, text, parent="netflix-genai-2025"):
    path = tmp_path / "house.toml"
    path.write_text(f'name = "house"\nextends = "{parent}"\n{text}')
    return load_policy(path)


def seen(rule, case=""):
    return Observation(rule, Confidence.DEFINITIVE, "", case=case)


def test_only_what_differs_differs(tmp_path):
    policy, parent = house(tmp_path, '[rules.ai-declared.edited]\nfinal = "info"\n'), load_packaged("netflix-genai-2025")
    changed = {key for key, weight in policy.weights.items() if weight != parent.weights[key]}
    assert changed == {("ai-declared", "edited", "final"), ("ai-declared", "edited", "unassigned")}
    assert (policy.document, policy.date, policy.note) == (parent.document, parent.date, parent.note)
    assert (policy.approvals, policy.principles) == (parent.approvals, parent.principles)
    assert policy.required_readings == parent.required_readings


def test_a_table_of_a_confidence_comes_before_rule_and_case_where_it_reaches(tmp_path):
    policy = house(tmp_path, '[rules.ai-declared.strong]\nfinal = "medium"\n[rules.ai-declared.edited]\nfinal = "high"\n')
    sure, strong = seen("ai-declared", "edited"), replace(seen("ai-declared", "edited"), confidence=Confidence.STRONG)
    assert [policy.weigh(one, Zone.FINAL) for one in (sure, strong)] == [Severity.HIGH, Severity.MEDIUM]
    assert [policy.weigh(one, Zone.UNASSIGNED) for one in (sure, strong)] == [Severity.MEDIUM, Severity.MEDIUM]
    assert policy.weigh(strong, Zone.GRAPHICS) is Severity.HIGH
    silent = house(tmp_path, '[rules.ai-declared.strong]\nelsewhere = "silent"\n')
    assert [silent.weigh(strong, zone) for zone in (Zone.FINAL, Zone.UNASSIGNED, Zone.ARCHIVAL)] == [None] * 3


def test_no_case_bears_the_name_of_a_confidence_or_zone():
    assert not {case for cases in CASES.values() for case in cases} & {*CONFIDENCES, *ZONES, ELSEWHERE, DELIVERY, APPROVAL}


def test_a_case_has_the_approvals_of_its_rule_unless_it_names_its_own(tmp_path):
    policy = house(tmp_path, '[rules.ai-declared]\napproval = []\n[rules.ai-declared.edited]\napproval = ["data-use"]\n')
    assert policy.categories_of(seen("ai-declared", "generated")) == ()
    assert policy.categories_of(seen("ai-declared", "edited")) == (Category.DATA_USE,)


def test_a_principle_says_only_what_differs_too(tmp_path):
    text = '[[principles]]\nid = "P4"\nroute = "inform"\n[[principles]]\nid = "H1"\ntext = "Ask."\nrules = ["ai-hint"]\n'
    before = {one.id: one for one in load_packaged("netflix-genai-2025").principles}
    after = {one.id: one for one in house(tmp_path, text).principles}
    assert list(after) == [*before, "H1"]
    assert (after["P4"].route, after["P4"].text, after["P4"].rules) == (Route.INFORM, before["P4"].text, before["P4"].rules)
    assert {key: one for key, one in after.items() if key in before and key != "P4"} == {
        key: one for key, one in before.items() if key != "P4"
    }


def test_lists_are_taken_over_whole_or_replaced_whole(tmp_path):
    assert house(tmp_path, "").approved_tools is None
    assert house(tmp_path, "approved_tools = []\n").approved_tools == ()
    (tmp_path / "studio.toml").write_text('name = "studio"\nextends = "default"\napproved_tools = ["A", "B"]\n')
    assert house(tmp_path, "", "studio.toml").approved_tools == ("A", "B")
    assert house(tmp_path, 'approved_tools = ["C"]\n', "studio.toml").approved_tools == ("C",)


def test_required_readings_are_taken_over_by_kind(tmp_path):
    readings = house(tmp_path, '[required_readings]\nstill = ["watermark"]\naudio = []\n').required_readings
    assert readings[MediaKind.STILL] == ("watermark",)
    assert readings[MediaKind.AUDIO] == ()
    assert readings[MediaKind.VIDEO] == load_packaged().required_readings[MediaKind.VIDEO]


def test_zones_name_the_policy_that_has_them_and_the_nearer_wins(tmp_path):
    (tmp_path / "studio.toml").write_text(
        'name = "studio"\nextends = "default"\n[zones]\n"GFX/**" = "graphics"\n"X/**" = "final"\n'
    )
    policy = house(tmp_path, '[zones]\n"X/**" = "temporary"\n', "studio.toml")
    assert policy.zones == (
        ZoneGlob("GFX/**", Zone.GRAPHICS, "policy studio"),
        ZoneGlob("X/**", Zone.TEMPORARY, "policy house"),
    )
