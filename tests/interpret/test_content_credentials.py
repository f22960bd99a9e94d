"""What a manifest store declares of the asset, of its elements and of its history; with the real catalogue."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.interpret.catalogue import MarkCatalogue
from scanner.interpret.content_credentials import Part, find_credential_marks, walk
from scanner.interpret.provenance import classify
from scanner.model.credentials import Action, Assertion, Credentials, Ingredient, Manifest, ManifestStore, Signer
from scanner.model.marks import Confidence, Mark, Meaning, Provenance
from scanner.model.readings import ReadingSummary
from scanner.probe.formats import by_name

IPTC = "http://cv.iptc.org/newscodes/digitalsourcetype/"
TRAINED, WITH_TRAINED, CAPTURE = (
    IPTC + term for term in ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "digitalCapture")
)
CREATED = Action("c2pa.created", TRAINED)
CAPTURED = Action("c2pa.created", CAPTURE)
PLACED = Action("c2pa.placed", ingredients=("sky",))


@pytest.fixture(scope="module")
def catalogue() -> MarkCatalogue:
    """The packaged catalogue."""
    return MarkCatalogue.load()


def manifest(
    label: str,
    *actions: Action,
    parent: str = "",
    component: str = "",
    input_to: str = "",
    generator: str = "",
    assertions: Sequence[Assertion] = (),
    gathered: bool = False,
) -> Manifest:
    links = [("parentOf", parent, "parent"), ("componentOf", component, "sky"), ("inputTo", input_to, "input")]
    ingredients = tuple(Ingredient(f"{name}.jpg", role, target, label=name) for role, target, name in links if target)
    return Manifest(label, generator, actions=actions, ingredients=ingredients, assertions=tuple(assertions))


def store(*manifests: Manifest) -> ManifestStore:
    return ManifestStore(manifests[0].label, manifests)


def parts(*manifests: Manifest) -> dict[str, Part]:
    walked = walk(store(*manifests))
    assert len({one.label for one, _ in walked}) == len(walked)
    return {one.label: part for one, part in walked}


def provenance_of(marks: Sequence[Mark]) -> Provenance:
    return classify(marks, by_name("jpeg"), (ReadingSummary("c2pa", "found"),))


# --- walk -------------------------------------------------------------------------------------------------------------------


def test_the_parents_parents_are_this_asset_too():
    chain = (manifest("a", parent="b"), manifest("b", parent="c"), manifest("c", CREATED))
    assert parts(*chain) == {"a": Part.SELF, "b": Part.SELF, "c": Part.SELF}


def test_a_placed_component_is_an_element():
    assert parts(manifest("a", PLACED, component="b"), manifest("b"))["b"] is Part.ELEMENT


def test_a_component_that_nothing_placed_is_history():
    assert parts(manifest("a", component="b"), manifest("b"))["b"] is Part.HISTORY
    assert parts(manifest("a", Action("c2pa.placed", ingredients=("other",)), component="b"), manifest("b"))["b"] is Part.HISTORY


def test_where_an_early_writer_places_without_naming_what_every_component_counts():
    assert parts(manifest("a", Action("c2pa.placed"), component="b"), manifest("b"))["b"] is Part.ELEMENT


def test_a_component_may_be_named_by_its_instance():
    active = Manifest(
        "a",
        "",
        actions=(Action("c2pa.placed", ingredients=("xmp.iid:1",)),),
        ingredients=(Ingredient("sky.jpg", "componentOf", "b", label="x", instance_id="xmp.iid:1"),),
    )
    assert parts(active, manifest("b"))["b"] is Part.ELEMENT


def test_a_component_that_was_removed_again_is_history():
    removed = Action("c2pa.removed", ingredients=("sky",))
    assert parts(manifest("a", PLACED, removed, component="b"), manifest("b"))["b"] is Part.HISTORY


def test_an_input_is_history_and_so_is_everything_behind_it():
    found = parts(
        manifest("a", CREATED, input_to="b"), manifest("b", PLACED, parent="c", component="d"), manifest("c"), manifest("d")
    )
    assert found == {"a": Part.SELF, "b": Part.HISTORY, "c": Part.HISTORY, "d": Part.HISTORY}


def test_an_elements_parent_is_an_element_and_its_input_history():
    found = parts(manifest("a", PLACED, component="b"), manifest("b", parent="c", input_to="d"), manifest("c"), manifest("d"))
    assert found == {"a": Part.SELF, "b": Part.ELEMENT, "c": Part.ELEMENT, "d": Part.HISTORY}


def test_what_is_both_parent_and_component_is_the_nearer():
    for order in (("input", "component", "parent"), ("parent", "component", "input")):
        roles = {"input": "inputTo", "component": "componentOf", "parent": "parentOf"}
        ingredients = tuple(Ingredient(name, roles[name], "b", label="sky") for name in order)
        active = Manifest("a", "", actions=(PLACED,), ingredients=ingredients)
        assert parts(active, manifest("b", component="c"), manifest("c")) == {"a": Part.SELF, "b": Part.SELF, "c": Part.HISTORY}


def test_a_role_that_is_none_is_history():
    active = Manifest("a", "", ingredients=(Ingredient("x", "", "b"), Ingredient("y", "sideways", "c")))
    assert parts(active, manifest("b"), manifest("c")) == {"a": Part.SELF, "b": Part.HISTORY, "c": Part.HISTORY}


def test_manifests_that_nothing_leads_to_say_nothing():
    assert parts(manifest("a"), manifest("stray", CREATED)) == {"a": Part.SELF}


def test_missing_manifests_and_circles_end():
    assert parts(manifest("a", parent="gone")) == {"a": Part.SELF}
    assert parts(manifest("a", parent="a")) == {"a": Part.SELF}
    assert parts(manifest("a", parent="b"), manifest("b", PLACED, parent="a", component="a")) == {"a": Part.SELF, "b": Part.SELF}
    assert walk(ManifestStore("gone", (manifest("a"),))) == ()


def test_the_active_manifest_comes_first_and_history_last():
    order = list(
        parts(manifest("m", PLACED, parent="z", component="b", input_to="a"), manifest("a"), manifest("b"), manifest("z"))
    )
    assert order == ["m", "z", "b", "a"]


LABELS = st.sampled_from("abcde")
INGREDIENTS = st.builds(
    Ingredient, st.just("t"), st.sampled_from(["parentOf", "componentOf", "inputTo", ""]), LABELS | st.none(), label=LABELS
)
ACTIONS = st.builds(
    Action,
    st.sampled_from(["c2pa.created", "c2pa.placed", "c2pa.removed", "c2pa.opened", "c2pa.edited"]),
    st.sampled_from(["", TRAINED, WITH_TRAINED, CAPTURE]),
    ingredients=st.lists(LABELS, max_size=2).map(tuple),
)
MANIFESTS = st.lists(
    st.builds(
        Manifest,
        LABELS,
        st.just(""),
        actions=st.lists(ACTIONS, max_size=3).map(tuple),
        ingredients=st.lists(INGREDIENTS, max_size=4).map(tuple),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda one: one.label,
)


@given(MANIFESTS)
def test_any_tangle_of_manifests_is_walked_once_with_the_active_one_first(manifests):
    walked = walk(store(*manifests))
    labels = [one.label for one, _ in walked]
    assert labels[0] == manifests[0].label
    assert len(set(labels)) == len(labels)


@given(MANIFESTS)
def test_no_tangle_makes_more_of_a_file_than_its_claims_say(manifests):
    marks = find_credential_marks(store(*manifests), Credentials.VALID, MARKS, "c2pa", "1")
    if not any(action.source_type in (TRAINED, WITH_TRAINED) for one in manifests for action in one.actions):
        assert not provenance_of(marks).is_generative


MARKS = MarkCatalogue.load()


# --- marks ------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def find(catalogue):
    """Marks of a store of these manifests, the first being active."""

    def find_in(*manifests: Manifest, state: Credentials = Credentials.TRUSTED) -> tuple[Mark, ...]:
        return find_credential_marks(store(*manifests), state, catalogue, "c2pa", "0.38")

    return find_in


def test_chatgpt_opens_what_its_parent_created(find):
    parent = manifest("p", Action("c2pa.created", TRAINED, "GPT-4o"), Action("c2pa.converted"), generator="OpenAI")
    (mark,) = find(manifest("a", Action("c2pa.opened", ingredients=("parent",)), parent="p"), parent)
    assert (mark.meaning, mark.confidence) == (Meaning.GENERATED, Confidence.DEFINITIVE)
    assert mark.where.startswith("manifest p, action c2pa.created, ")
    assert (mark.reader, mark.reader_version) == ("c2pa", "0.38")


def test_photoshops_generative_fill_is_an_edit(find):
    fill = Action("c2pa.edited", WITH_TRAINED, "Adobe Firefly", regions=('{"type": "spatial"}',))
    marks = find(
        manifest("a", Action("c2pa.opened"), fill, parent="p", generator="Adobe_Photoshop/26.0"), manifest("p", CAPTURED)
    )
    assert provenance_of(marks) is Provenance.EDITED
    (edit,) = [mark for mark in marks if mark.meaning is Meaning.EDITED]
    assert edit.generator
    assert edit.regions == ('{"type": "spatial"}',)


@pytest.mark.parametrize("term", [TRAINED, WITH_TRAINED])
def test_a_generative_edit_of_a_parent_is_never_more_than_an_edit(term, find):
    marks = find(manifest("a", Action("c2pa.edited", term), parent="p"), manifest("p", CAPTURED))
    assert provenance_of(marks) is Provenance.EDITED


def test_a_generative_element_that_is_placed_makes_a_composite(find):
    placing = Action("c2pa.placed", TRAINED, ingredients=("sky",))
    assert provenance_of(find(manifest("a", CAPTURED, placing))) is Provenance.COMPOSITE


def test_bing_names_only_its_agent(find):
    agent = Action("c2pa.created", software_agent="Microsoft Responsible AI Image Provenance", description="AI Generated Image")
    (mark,) = find(manifest("a", agent))
    assert (mark.meaning, mark.confidence) == (Meaning.GENERATED, Confidence.STRONG)
    assert mark.generator == "Microsoft Image Creator"


@pytest.mark.parametrize("name", ["c2pa.opened", "c2pa.placed"])
def test_an_agent_that_only_opened_or_placed_something_claims_nothing(name, find):
    assert find(manifest("a", Action(name, software_agent="Azure OpenAI DALL-E"))) == ()


def test_an_agent_that_edited_made_an_edit(find):
    (mark,) = find(manifest("a", Action("c2pa.edited", software_agent="Azure OpenAI DALL-E")))
    assert mark.meaning is Meaning.EDITED


def test_a_claim_generator_by_itself_counts_where_no_agent_is_named(find):
    (mark,) = find(manifest("a", Action("c2pa.created"), generator="Adobe_Firefly/1.0"))
    assert mark.meaning is Meaning.GENERATED
    assert find(manifest("a", Action("c2pa.created", software_agent="Plain Editor"), generator="Adobe_Firefly/1.0")) == ()


def test_a_vendors_name_alone_claims_nothing(find):
    assert find(manifest("a", Action("c2pa.created"), generator="Adobe_Photoshop/26.0")) == ()


def test_a_name_does_not_overrule_a_declared_source(find):
    marks = find(manifest("a", Action("c2pa.created", CAPTURE, "Azure OpenAI DALL-E")))
    assert provenance_of(marks) is Provenance.DECLARED_OTHER


def test_gemini_describes_what_it_edited(find):
    edited = Action("c2pa.edited", description="Applied imperceptible SynthID watermark.")
    marks = find(manifest("a", Action("c2pa.opened"), edited, parent="p"), manifest("p", CAPTURED))
    assert provenance_of(marks) is Provenance.EDITED
    assert "Google Generative AI" in {mark.generator for mark in marks}


def test_gemini_describes_what_it_created(find):
    created = Action("c2pa.created", description="Created by Google Generative AI.")
    assert provenance_of(find(manifest("a", created))) is Provenance.GENERATED


def test_a_capture_is_declared_otherwise(find):
    (mark,) = find(manifest("a", CAPTURED))
    assert mark.meaning is Meaning.DECLARED_OTHER


def test_a_generative_action_in_an_element_makes_a_composite_and_not_definitively(find):
    marks = find(manifest("a", CAPTURED, PLACED, component="b"), manifest("b", CREATED))
    assert provenance_of(marks) is Provenance.COMPOSITE
    (element,) = [mark for mark in marks if mark.meaning is Meaning.COMPOSITE]
    assert element.confidence is Confidence.STRONG
    assert "an element of it" in element.where


@pytest.mark.parametrize("link", ["component", "input_to"])
def test_a_generative_action_in_the_history_is_history(link, find):
    marks = find(manifest("a", CAPTURED, **{link: "b"}), manifest("b", CREATED))
    assert {mark.meaning for mark in marks} == {Meaning.DECLARED_OTHER, Meaning.HISTORY}
    assert provenance_of(marks) is Provenance.DECLARED_OTHER


def test_a_capture_in_an_element_says_nothing_of_the_asset(find):
    marks = find(manifest("a", CREATED, PLACED, component="b"), manifest("b", CAPTURED))
    assert {mark.meaning for mark in marks} == {Meaning.GENERATED}


@pytest.mark.parametrize("relationship", ["parentOf", "componentOf", "inputTo"])
def test_a_source_type_on_an_ingredient_without_manifest_counts_by_its_role(relationship, find):
    ingredient = Ingredient("x.jpg", relationship, None, source_type=TRAINED, label="sky")
    marks = find(Manifest("a", "", actions=(PLACED,), ingredients=(ingredient,)))
    expected = {"parentOf": Meaning.GENERATED, "componentOf": Meaning.COMPOSITE, "inputTo": Meaning.HISTORY}
    assert [mark.meaning for mark in marks] == [expected[relationship]]


def test_a_broken_binding_makes_a_definitive_claim_strong_and_not_weaker(find):
    for state, confidence in (
        (Credentials.TRUSTED, "definitive"),
        (Credentials.VALID, "definitive"),
        (Credentials.INVALID, "strong"),
    ):
        (mark,) = find(manifest("a", CREATED), state=state)
        assert mark.confidence == confidence
    (named,) = find(manifest("a", Action("c2pa.created", software_agent="Azure OpenAI DALL-E")), state=Credentials.INVALID)
    assert named.confidence is Confidence.STRONG


def test_a_gathered_claim_is_not_the_signers_own(find):
    (mark,) = find(manifest("a", Action("c2pa.created", TRAINED, gathered=True)))
    assert (mark.meaning, mark.confidence) == (Meaning.GENERATED, Confidence.STRONG)


def test_training_and_mining_entries_are_a_permission_and_no_provenance(find):
    entries = (("entries.cawg.ai_generative_training.use", "notAllowed"), ("entries.cawg.ai_inference.use", "allowed"))
    marks = find(manifest("a", assertions=[Assertion("cawg.training-mining", entries)]))
    assert {mark.meaning for mark in marks} == {Meaning.PERMISSION}
    assert provenance_of(marks) is Provenance.NO_MARKS


@pytest.mark.parametrize("label", ["c2pa.soft-binding", "c2pa.soft-binding__1"])
def test_a_soft_binding_says_nothing_of_provenance(label, find):
    fields = (("alg", "com.google.synthid"), ("blocks.value", "abc"))
    assert not any(mark.meaning.is_generative for mark in find(manifest("a", CAPTURED, assertions=[Assertion(label, fields)])))


@pytest.mark.parametrize(
    ("label", "key"),
    [
        ("c2pa.metadata", "Iptc4xmpExt:DigitalSourceType"),
        ("cawg.metadata", "Iptc4xmpExt:DigitalSourceType"),
        ("stds.iptc", "Iptc4xmpExt:DigitalSourceType"),
        ("stds.iptc.photo-metadata", "Iptc4xmpExt:DigitalSourceType"),
        ("stds.schema-org.CreativeWork", "digitalSourceType"),
    ],
)
def test_a_source_type_in_a_metadata_assertion_counts(label, key, find):
    marks = find(manifest("a", assertions=[Assertion(label, ((key, TRAINED),))]))
    assert provenance_of(marks) is Provenance.GENERATED
    assert marks[0].where.startswith(f"manifest a, assertion {label}, ")


def test_a_source_type_in_any_other_assertion_does_not_count(find):
    assert find(manifest("a", assertions=[Assertion("org.example.notes", (("digitalSourceType", TRAINED),))])) == ()


def test_an_ai_disclosure_counts(find):
    disclosure = Assertion("c2pa.ai-disclosure", (("modelName", "Model"), ("modelType", "c2pa.types.model.image")))
    assert provenance_of(find(manifest("a", assertions=[disclosure]))) is Provenance.GENERATED


def test_the_same_mark_is_told_once(find):
    assert len(find(manifest("a", CREATED, CREATED))) == 1


def test_a_signer_of_a_generators_name_alone_claims_nothing(find):
    signed = Manifest("a", "", signer=Signer("OpenAI", "Truepic Lens CLI in ChatGPT"), actions=(CAPTURED,))
    assert provenance_of(find(signed)) is Provenance.DECLARED_OTHER
