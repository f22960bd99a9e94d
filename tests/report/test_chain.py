from __future__ import annotations

from dataclasses import replace

from scanner.model.credentials import Assertion, Credentials, Ingredient, Manifest, ManifestStore, ValidationCode
from scanner.model.marks import Meaning
from scanner.report.chain import DEEPEST, MOST_LINKS, chain_of, locators_of, standing
from tests.report.parts import IPTC, chain, mark
from tests.report.scans import blocked


def walked(link):
    yield link
    for child in link.children:
        yield from walked(child)


def test_the_chain_goes_down_from_the_active_manifest():
    top = chain_of(chain())
    assert [(link.title, link.relationship) for link in walked(top)] == [
        ("poster.png", ""),
        ("image.png", "parentOf"),
        ("logo.psd", "componentOf"),
        ("poster.png", "parentOf"),
        ("texture.jpg", "componentOf"),
    ]


def test_a_circle_ends():
    around = Manifest("a", "", ingredients=(Ingredient("b", "parentOf", "a"),))
    [child] = chain_of(ManifestStore("a", (around,))).children
    assert child.note
    assert child.manifest is None


def test_an_active_manifest_that_is_missing():
    assert chain_of(ManifestStore("gone", ())) is None


def test_a_flood_of_ingredients_is_cut_and_said():
    flood = tuple(Ingredient(str(n), "componentOf", None) for n in range(5000))
    top = chain_of(ManifestStore("a", (Manifest("a", "", ingredients=flood),)))
    assert len(top.children) == MOST_LINKS
    assert top.note == "4,900 more ingredients are in scan.json"


def test_a_deep_chain_does_not_exhaust_the_stack():
    deep = tuple(Manifest(str(n), "", ingredients=(Ingredient("", "parentOf", str(n + 1)),)) for n in range(5000))
    assert sum(1 for _ in walked(chain_of(ManifestStore("0", deep)))) < 30


def test_soft_bindings_are_told_as_locators() -> None:
    binding = Assertion("c2pa.soft-binding", (("alg", "com.adobe.trustmark.P"), ("blocks.value", "x")))
    manifest = Manifest("m", "maker", assertions=(binding, Assertion("c2pa.metadata", (("alg", "sha256"),))))

    assert locators_of(manifest) == ("com.adobe.trustmark.P",)


def test_a_deep_chain_is_cut_and_said():
    steps = tuple(Manifest(str(n), "", ingredients=(Ingredient("", "parentOf", str(n + 1)),)) for n in range(500))
    links = list(walked(chain_of(ManifestStore("0", steps))))
    assert len(links) == DEEPEST + 2
    assert links[-1].note == "deeper steps are in scan.json"


def test_the_step_that_a_mark_is_of_is_told_in_words():
    where = "manifest urn:c2pa:made (its history), action c2pa.created, C2PA:DigitalSourceType"
    found = mark(meaning=Meaning.GENERATED, where=where, value=IPTC)
    links = list(walked(chain_of(chain(), (found,))))
    assert [(step.action.name, step.ai, step.source_term) for step in links[1].steps] == [
        ("c2pa.created", "AI generation", "trainedAlgorithmicMedia")
    ]
    assert not any(step.ai for link in (links[0], *links[2:]) for step in link.steps)
    assert not links[1].claims


def test_an_ai_claim_outside_the_actions_is_told_too():
    found = mark(meaning=Meaning.COMPOSITE, where="manifest urn:c2pa:made, C2PA:ClaimGenerator", value="Bing")
    [made] = [link for link in walked(chain_of(chain(), (found,))) if link.claims]
    assert (made.title, made.claims) == ("image.png", ("AI element",))


def test_a_manifest_whose_label_begins_like_another_gets_none_of_its_marks():
    store = ManifestStore("a", (Manifest("a", "", ingredients=(Ingredient("", "parentOf", "ab"),)), Manifest("ab", "")))
    top = chain_of(store, (mark(where="manifest ab, C2PA:ClaimGenerator"),))
    assert (top.claims, top.children[0].claims) == ((), ("AI generation",))


def test_roles_are_told_in_words_and_unknown_ones_as_they_are():
    roles = [link.role for link in walked(chain_of(chain()))]
    assert roles[1:3] == ["its earlier state", "a component, used inside it"]
    odd = Manifest("a", "", ingredients=(Ingredient("", "cousinOf", None),))
    assert chain_of(ManifestStore("a", (odd,))).children[0].role == "cousinOf"


def test_a_signer_is_trusted_by_a_named_list_or_not_trusted_for_a_reason():
    scan = blocked()
    signed = next(record for record in scan.assets if record.manifests)
    unlisted = ValidationCode("signingCredential.untrusted", "", "failure")
    doubted = replace(signed, credentials=Credentials.VALID, manifests=replace(signed.manifests, codes=(unlisted,)))
    assert standing(scan, signed) == "Trusted: signer listed in C2PA trust list of 2026-08-13"
    assert standing(scan, doubted) == (
        "Not trusted: signer not listed in C2PA trust list of 2026-08-13 or interim list of 2025-12-01"
    )
    assert "any of the 3 loaded trust lists" in standing(replace(scan, trust_lists=scan.trust_lists[:1] * 3), doubted)
    assert standing(replace(scan, trust_lists=()), doubted).startswith("Not trusted: no trust list was loaded")
    below = replace(unlisted, ingredient=True)
    of_ingredient = replace(doubted, manifests=replace(signed.manifests, codes=(below,)))
    assert standing(scan, of_ingredient) == "Not trusted: the problems and codes say why"
