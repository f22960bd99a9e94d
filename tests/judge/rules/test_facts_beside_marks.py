"""Rules that put a mark beside another fact: what they say in the cases that their examples do not show."""

from dataclasses import replace

import pytest

from scanner.judge.decide import judge_asset
from scanner.judge.examples import PHOTO, SEQUENCE, SOUND, declared, mark, moved
from scanner.judge.policy import load_packaged
from scanner.judge.rule import ALONE
from scanner.judge.rules import ai_with_person, origin_contradiction, unapproved_tool
from scanner.judge.rules.ai_enhancement_declared import observe as observe_enhancement
from scanner.judge.subject import Surroundings
from scanner.model.approvals import Category
from scanner.model.formats import MediaKind
from scanner.model.judging import Zone
from scanner.model.marks import Confidence, Meaning
from scanner.model.people import People

POLICY = load_packaged()
NAMES = People(("Ada Secret", "Ben Hidden"), 2)
SHOT = replace(PHOTO, camera="Fixture F1", exposure="1/250 s, ISO 400")
CAPTURE = mark(Meaning.DECLARED_OTHER, value="http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture")
GENERATED = mark(Meaning.GENERATED)


def cases(rule, subject, surroundings=ALONE):
    return [one.case for one in rule.observe(subject, surroundings)]


@pytest.mark.parametrize("subject", [PHOTO, SEQUENCE, SOUND], ids=["still", "sequence", "sound"])
@pytest.mark.parametrize("meaning", [Meaning.GENERATED, Meaning.COMPOSITE, Meaning.EDITED])
def test_no_finding_holds_a_persons_name(subject, meaning):
    named = replace(declared(subject, mark(meaning)), people=NAMES)
    findings = judge_asset(named, ALONE, POLICY).findings
    assert "ai-with-person" in {one.rule for one in findings}
    assert not [one for one in findings for name in ("Ada", "Secret", "Ben", "Hidden") if name in one.message]


def test_a_person_is_asked_about_in_the_talent_category_alone():
    findings = judge_asset(replace(declared(PHOTO, GENERATED), people=NAMES), ALONE, POLICY).findings
    (talent,) = (one for one in findings if one.rule == "ai-with-person")
    assert talent.categories == (Category.TALENT,)


def test_archival_material_is_asked_about_as_ethics_alone():
    findings = judge_asset(moved(declared(PHOTO, GENERATED), Zone.ARCHIVAL), ALONE, POLICY).findings
    by_rule = {one.rule: one for one in findings}
    assert by_rule["ai-in-archival"].categories == (Category.ETHICS,)
    assert by_rule["ai-in-archival"].message != by_rule["ai-declared"].message


def test_sound_that_names_persons_is_told_once():
    (one,) = ai_with_person.observe(replace(declared(SOUND, GENERATED), people=NAMES), ALONE)
    assert one.case == "voice"
    assert "names 2 persons" in one.message


def test_tools_are_told_once_and_bounded():
    marks = [mark(Meaning.GENERATED, id=f"m{number}", generator=f"Tool\x1b {number}") for number in range(200)]
    (one,) = unapproved_tool.observe(declared(PHOTO, *marks), Surroundings(approved_tools=()))
    assert "200 AI tools" in one.message
    assert one.message.endswith("and 197 more")
    assert "\x1b" not in one.message
    assert len(one.message) < 400


def test_a_tool_that_made_the_asset_is_not_told_again_as_its_history():
    both = declared(PHOTO, mark(Meaning.EDITED, generator="Krea"), mark(Meaning.HISTORY, generator="Krea"))
    assert cases(unapproved_tool, both, Surroundings(approved_tools=())) == [""]


def test_a_named_tool_beside_an_unnamed_mark_is_enough():
    both = declared(PHOTO, GENERATED, mark(Meaning.GENERATED, id="x", generator="Firefly"))
    assert cases(unapproved_tool, both, Surroundings(approved_tools=("firefly",))) == []


@pytest.mark.parametrize(
    "value",
    [
        "digitalCapture",
        "digsrctype:negativeFilm",
        "https://cv.iptc.org/newscodes/digitalsourcetype/print/",
        "https://schema.org/DigitalCaptureDigitalSource",
        "http://cv.iptc.org/newscodes/digitalsourcetype/computationalCapture",
        "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation",
    ],
)
def test_sources_that_exclude_generation(value):
    assert cases(origin_contradiction, declared(PHOTO, GENERATED, replace(CAPTURE, value=value))) == ["declared-source"]


@pytest.mark.parametrize("value", ["screenCapture", "anything", "http://x.example/notDigitalCapture", ""])
def test_sources_that_do_not(value):
    assert cases(origin_contradiction, declared(PHOTO, GENERATED, replace(CAPTURE, value=value))) == []


def test_both_contradictions_are_told():
    subject = declared(SHOT, GENERATED, CAPTURE)
    assert cases(origin_contradiction, subject) == ["camera-facts", "declared-source"]


def test_credentials_against_a_statement_outside_them_are_compared():
    signed = mark(Meaning.GENERATED, reader="c2pa", where="manifest urn:c2pa:1, C2PA:DigitalSourceType")
    assert cases(origin_contradiction, declared(PHOTO, signed, CAPTURE)) == ["declared-source"]
    inside = replace(CAPTURE, where="file, JUMBF:ActionsDigitalSourceType")
    assert cases(origin_contradiction, declared(PHOTO, signed, inside)) == []


def test_camera_data_of_the_first_frame_says_nothing_of_some_other_frames():
    shot = replace(SEQUENCE, camera="Fixture F1", exposure="1/250 s, ISO 400")
    assert cases(origin_contradiction, declared(shot, mark(Meaning.GENERATED, frames="1003"))) == []
    assert cases(origin_contradiction, declared(shot, GENERATED)) == ["camera-facts"]


def test_one_note_can_tell_of_several_enhancements():
    both = mark(Meaning.ENHANCED, value="Upscaled, then colorized by DeOldify; denoised")
    seen = list(observe_enhancement(declared(PHOTO, both), ALONE))
    assert [one.case for one in seen] == ["colourising", "upscale", "denoise"]
    assert len({one.key for one in seen}) == 3


def test_a_restored_face_is_no_second_restoration():
    (one,) = observe_enhancement(declared(PHOTO, mark(Meaning.ENHANCED, value="FaceRestore, CodeFormer")), ALONE)
    assert one.case == "face-restoration"


def test_sound_is_one_kind_whatever_its_note_says():
    sound = declared(SOUND, mark(Meaning.ENHANCED, value="noise reduction, restored"))
    assert SOUND.format.kind is MediaKind.AUDIO
    assert [one.case for one in observe_enhancement(sound, ALONE)] == ["sound"]


def test_weak_marks_are_no_evidence_for_any_of_them():
    weak = replace(declared(SHOT, mark(Meaning.GENERATED, Confidence.WEAK, generator="Krea"), CAPTURE), people=NAMES)
    around = Surroundings(approved_tools=())
    for rule in (ai_with_person, origin_contradiction, unapproved_tool):
        assert cases(rule, weak, around) == []
