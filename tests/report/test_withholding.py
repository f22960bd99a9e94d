from __future__ import annotations

import json
from dataclasses import replace

import pytest

from scanner.model.credentials import Action, Assertion, Ingredient, Manifest, ManifestStore, Signer, ValidationCode
from scanner.model.generation import GenerationNote
from scanner.model.people import People
from scanner.model.readings import ReadingSummary
from scanner.report.formats import FORMATS
from scanner.report.withholding import OPTION, WITHHELD, withhold
from scanner.tools.spool import Spool
from tests.report.parts import IPTC, asset, finding, mark
from tests.report.scans import ALL, blocked
from tests.report.written import render

PROMPT = "canary prompt of a harbour at dusk"
NAME = "Ada Canary Vale"


def withheld(**changes):
    [record] = withhold(replace(blocked(), assets=(asset("a.jpg", **changes),))).assets
    return record


def full():
    """An asset with a prompt or a name in every place that the model has for foreign text of that kind."""
    region = json.dumps({"description": NAME, "region": [{"type": "spatial", "shape": {"unit": "pixel", "x": 1, "label": NAME}}]})
    action = Action(
        "c2pa.created",
        source_type=IPTC,
        software_agent="GPT-4o",
        description=PROMPT,
        parameters=(("com.adobe.prompt", PROMPT),),
        regions=(region,),
    )
    claimed = Action(f"say {PROMPT}", source_type=f"it is {PROMPT}", when=f"when {PROMPT}")
    made = Manifest(
        "urn:c2pa:1",
        "ChatGPT",
        PROMPT,
        Signer("OpenAI", "Truepic"),
        (action, claimed),
        (Ingredient(PROMPT, "parentOf", None, PROMPT),),
        (Assertion("stds.schema-org.CreativeWork", (("author.name", NAME), ("alg", "com.watermark.1"))),),
    )
    broken = f'invalid type: string "{PROMPT}", expected u8'
    return asset(
        "final/a.jpg",
        marks=(
            mark(value=PROMPT, where=f"manifest urn:c2pa:1, ingredient {PROMPT}, C2PA:IngredientSourceType", regions=(region,)),
            mark(value_is_public=True),
        ),
        manifests=ManifestStore("urn:c2pa:1", (made,), (ValidationCode("claim.malformed", broken, "failure"),)),
        generation=GenerationNote("Midjourney", "7", PROMPT, NAME, "2026", "file, PNG:Parameters"),
        people=People((NAME, NAME), 2),
        camera=f"prompt: {PROMPT}",
        readings=(ReadingSummary("c2pa", "failed", broken),),
        credential_problems=(broken,),
        findings=(finding("credentials-unreadable", f"credentials cannot be read: {broken}"),),
    )


@pytest.mark.parametrize("name", FORMATS)
def test_no_report_tells_a_prompt_or_a_name(name):
    scan = replace(blocked(), assets=(full(),))
    lost = replace(scan, coverage=replace(scan.coverage, readings_lost=((f'string "{PROMPT}"', 1),)))
    text = render(withhold(lost), name)
    assert "canary" not in text.lower()


@pytest.mark.parametrize("name", ["json", "ndjson", "csv"])
def test_they_stand_there_when_they_are_asked_for(name):
    text = render(replace(blocked(), assets=(full(),)), name)
    assert PROMPT in text
    assert NAME in text


def test_nothing_that_was_judged_changes():
    before = replace(blocked(), assets=(full(), *blocked().assets))
    after = withhold(before)
    assert after.verdict is before.verdict
    for one, other in zip(before.assets, after.assets, strict=True):
        assert (one.verdict, one.provenance, one.credentials, one.hash) == (
            *(other.verdict, other.provenance, other.credentials),
            other.hash,
        )
        assert [(f.id, f.rule, f.severity) for f in one.findings] == [(f.id, f.rule, f.severity) for f in other.findings]
        assert [(m.id, m.meaning, m.confidence, m.generator) for m in one.marks] == [
            (m.id, m.meaning, m.confidence, m.generator) for m in other.marks
        ]


def test_the_report_says_that_prompts_are_withheld():
    assert (OPTION, WITHHELD) in withhold(blocked()).options


def test_that_something_is_withheld_is_visible_and_nothing_else_is_invented():
    record = withheld(generation=GenerationNote(prompt=PROMPT), people=People((NAME, NAME), 1))
    assert record.generation == GenerationNote(prompt=WITHHELD)
    assert record.people == People((WITHHELD, WITHHELD), 1)
    assert withheld(marks=(mark(value=""),)).marks[0].value == ""


def test_evidence_of_a_fixed_kind_stays():
    assert withheld(marks=(mark(value_is_public=True),)).marks[0].value == IPTC
    assert withheld(marks=(mark(value_is_public=True, value="x" * 201),)).marks[0].value == WITHHELD
    assert withheld(marks=(mark(value="Steps: 20"),)).marks[0].value == WITHHELD


def test_credentials_keep_signer_tool_and_names_of_files():
    chain = withheld(manifests=next(a for a in ALL["blocked"]().assets if a.manifests).manifests).manifests
    assert [manifest.title for manifest in chain.manifests] == ["poster.png", "image.png", "logo.psd"]
    assert chain.manifests[0].signer.issuer == "Adobe Inc."
    assert chain.manifests[1].actions[0].source_type == IPTC
    assert chain.manifests[1].actions[0].software_agent == "GPT-4o"


def test_a_description_that_the_catalogue_knows_stays():
    known = "Created by Google Generative AI"
    store = ManifestStore("m", (Manifest("m", "g", actions=(Action("c2pa.created", description=known),)),))
    kept = withheld(manifests=store, marks=(mark(value=known, value_is_public=True),))
    assert kept.manifests.manifests[0].actions[0].description == known
    assert withheld(manifests=store).manifests.manifests[0].actions[0].description == WITHHELD


@pytest.mark.parametrize(
    "camera", ["Canon EOS R5", "NIKON CORPORATION NIKON Z 9", "SONY ILCE-7M4", "Apple iPhone 15 Pro (back)", ""]
)
def test_a_camera_stays(camera):
    assert withheld(camera=camera).camera == camera


@pytest.mark.parametrize(
    "camera", ['workflow:{"3": {}} prompt:{}', "a harbour at dusk in the manner of an old master", "x" * 200]
)
def test_what_is_no_camera_does_not(camera):
    assert withheld(camera=camera).camera == WITHHELD


def test_places_of_marks_stay():
    where = "manifest urn:x, ingredient logo.psd, C2PA:IngredientSourceType"
    assert withheld(marks=(mark(where=where),)).marks[0].where == where
    assert withheld(marks=(mark(where="file, PNG:Parameters"),)).marks[0].where == "file, PNG:Parameters"


def test_a_region_keeps_its_figures():
    region = json.dumps({"region": [{"type": "temporal", "time": {"start": "0", "end": "9.5"}}], "name": NAME})
    told = json.loads(withheld(marks=(mark(regions=(region, "no JSON")),)).marks[0].regions[0])
    assert told == {"region": [{"type": "temporal", "time": {"start": "0", "end": "9.5"}}], "name": WITHHELD}


def test_twice_is_once():
    once = withhold(replace(blocked(), assets=(full(),)))
    assert withhold(once) == once


def test_assets_that_lie_on_disk_are_withheld_on_their_way():
    scan = replace(blocked(), assets=(full(), *blocked().assets))
    told = withhold(replace(scan, assets=Spool(scan.assets)))
    expected = withhold(scan).assets
    assert not isinstance(told.assets, tuple)
    assert tuple(told.assets) == expected
    assert len(told.assets) == len(expected)
    assert told.assets[0] == expected[0]
    assert tuple(told.assets[1:3]) == expected[1:3]
    assert [render(told, name) for name in FORMATS] == [render(withhold(scan), name) for name in FORMATS]


def test_an_asset_with_nothing_to_withhold_stays_the_same_object():
    scan = replace(blocked(), assets=(asset("a.jpg", camera="Canon EOS R5"),))
    assert withhold(scan).assets[0] is scan.assets[0]
