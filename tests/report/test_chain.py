from __future__ import annotations

from scanner.model.credentials import Assertion, Ingredient, Manifest, ManifestStore
from scanner.report.chain import MOST_LINKS, chain_of, locators_of
from tests.report.parts import chain


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
