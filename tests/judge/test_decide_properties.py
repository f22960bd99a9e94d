"""Properties of judging over made-up assets: nothing lowers a concern, ids are stable and distinct."""

from collections import Counter
from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scanner.judge.decide import concerns_of, exit_code, judge_asset, judge_delivery, verdict_of
from scanner.judge.examples import EXR, JPEG, MOVIE, PHOTO, SUBTITLES
from scanner.judge.policy import load_packaged
from scanner.judge.rules.pictures_not_compared import uncompared_reason
from scanner.judge.subject import Copy, DeliveryView, Surroundings
from scanner.model.credentials import Credentials
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.judging import Finding, Severity, Verdict, Zone, ZoneChoice
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.matching import Match, Reference, Relation, Role
from scanner.model.readings import ReadingSummary
from scanner.model.text import shown

POLICY = load_packaged()
DIGESTS = ("a" * 64, "b" * 64)
QUICK = settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])

names = st.text(max_size=12)
marks = st.builds(
    Mark,
    id=st.sampled_from(["one", "two", "upscale"]),
    meaning=st.sampled_from(Meaning),
    confidence=st.sampled_from(Confidence),
    generator=names,
    where=names,
    value=names,
    reader=st.sampled_from(["c2pa", "exiftool"]),
    reader_version=st.just("1"),
    frames=st.sampled_from(["", "1003", "1003,1005-1007"]),
)
references = st.builds(Reference, id=st.sampled_from("pqr"), role=st.sampled_from(Role), name=names, sha256=st.just(DIGESTS[1]))
matches = st.builds(
    Match,
    reference=references,
    relation=st.sampled_from(Relation),
    basis=st.sampled_from(["bytes", "pixels", "phash64"]),
    distance_bits=st.none() | st.integers(0, 12),
)
readings = st.builds(
    ReadingSummary,
    reader=st.sampled_from(["exiftool", "c2pa", "probe"]),
    state=st.sampled_from(["found", "not-found", "failed", "not-tried"]),
    reason=st.none() | names,
)
zones = st.sampled_from(Zone).map(lambda zone: ZoneChoice(zone, f"{zone}/**"))
subjects = st.builds(
    replace,
    st.just(PHOTO),
    path=st.text(st.characters(exclude_characters="\0", exclude_categories=()), min_size=1, max_size=12),
    zone=zones,
    format=st.sampled_from([JPEG, EXR, MOVIE, SUBTITLES, UNKNOWN_FORMAT]),
    provenance=st.sampled_from(Provenance),
    credentials=st.sampled_from(Credentials),
    readings=st.lists(readings, max_size=3).map(tuple),
    marks=st.lists(marks, max_size=5).map(tuple),
    matches=st.lists(matches, max_size=4).map(tuple),
    sha256=st.sampled_from([None, *DIGESTS]),
    frame_count=st.sampled_from([0, 96]),
    missing_frames=st.sampled_from(["", "1010"]),
    lying_extension=st.none() | names,
    fingerprinted=st.booleans(),
    sidecar_doubt=names,
    remote_url=st.none() | names,
    changed=st.booleans(),
)
copies = st.builds(Copy, st.just(0), names, st.sampled_from(Zone), st.sampled_from(Provenance))
surroundings = st.builds(
    Surroundings,
    copies=st.dictionaries(st.sampled_from(DIGESTS), st.lists(copies, max_size=3).map(tuple)),
    library_given=st.booleans(),
    library_size=st.integers(0, 3),
)
findings = st.builds(
    Finding,
    id=names,
    rule=names,
    severity=st.sampled_from(Severity),
    confidence=st.sampled_from(Confidence),
    message=names,
    next_step=names,
    who=names,
    coverage=st.booleans(),
)


@QUICK
@given(subjects, surroundings)
def test_ids_are_distinct_and_stable(subject, around):
    found = judge_asset(subject, around, POLICY).findings
    assert len({one.id for one in found}) == len(found)
    assert judge_asset(subject, around, POLICY).findings == found


@QUICK
@given(subjects, surroundings)
def test_messages_are_one_line_of_shown_text(subject, around):
    for one in judge_asset(subject, around, POLICY).findings:
        assert shown(one.message) == one.message
        assert len(one.message) < 1200


@QUICK
@given(subjects, subjects, surroundings)
def test_two_places_never_share_an_id(first, second, around):
    found = [judge_asset(replace(one, root=root), around, POLICY).findings for root, one in enumerate((first, second))]
    assert not {one.id for one in found[0]} & {one.id for one in found[1]}


@QUICK
@given(st.lists(findings), findings)
def test_adding_a_finding_never_lowers_the_verdict(some, one):
    assert verdict_of([*some, one]).concern >= verdict_of(some).concern
    assert verdict_of([*some, one]).concern >= verdict_of([one]).concern


@QUICK
@given(st.lists(findings))
def test_the_order_of_findings_does_not_matter(some):
    assert verdict_of(some) is verdict_of(reversed(some))
    assert concerns_of(some) == concerns_of(reversed(some))


@QUICK
@given(subjects, marks.filter(lambda mark: mark.meaning.is_generative and mark.confidence is not Confidence.WEAK), zones)
def test_a_generative_mark_always_counts(subject, mark, zone):
    subject = replace(subject, marks=(*subject.marks, mark), provenance=Provenance(mark.meaning.value), zone=zone, format=JPEG)
    verdict = judge_asset(subject, Surroundings(), POLICY).verdict
    least = {
        Zone.FINAL: Verdict.BLOCKED,
        Zone.GRAPHICS: Verdict.BLOCKED,
        Zone.ARCHIVAL: Verdict.REVIEW,
        Zone.UNASSIGNED: Verdict.REVIEW,
    }
    assert verdict.concern >= least.get(zone.zone, Verdict.PASS).concern


@QUICK
@given(subjects, st.sampled_from([Zone.FINAL, Zone.GRAPHICS, Zone.ARCHIVAL, Zone.UNASSIGNED]))
def test_unreadable_media_never_pass(subject, zone):
    subject = replace(subject, provenance=Provenance.UNREADABLE, zone=ZoneChoice(zone, ""), format=JPEG)
    assert judge_asset(subject, Surroundings(), POLICY).verdict.concern >= Verdict.INCOMPLETE.concern


@QUICK
@given(st.lists(subjects, max_size=4).map(tuple), st.lists(st.sampled_from(Verdict), max_size=4), surroundings, st.booleans())
def test_a_delivery_is_never_less_than_its_assets(delivered, verdicts, around, interrupted):
    judgement = judge_delivery(
        DeliveryView(Counter(filter(None, map(uncompared_reason, delivered))), interrupted=interrupted), verdicts, around, POLICY
    )
    assert all(judgement.verdict.concern >= verdict.concern for verdict in verdicts)
    assert not interrupted or judgement.verdict.concern >= Verdict.INCOMPLETE.concern


@QUICK
@given(st.lists(findings), findings, st.sampled_from(["review", "blocked", "never"]), st.booleans())
def test_another_finding_never_turns_a_failing_code_into_zero(some, one, fail_on, allow):
    def code(found):
        return exit_code(verdict_of(found), fail_on, allow, concerns_of(found))

    assert code(some) == 0 or code([*some, one]) != 0
