"""From a manifest store to marks: what the credentials declare of this asset, of its elements, and of its inputs.

The chain of ``parentOf`` ingredients is this picture's own history; real generators put the generative action one step down.
A ``componentOf`` ingredient that an action placed is an element of the picture, so its AI claim makes a composite at most. A
component that nothing placed, and ``inputTo``, are history (DOMAIN: C2PA 2.x sections 9, 18.15, 18.16).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from scanner.interpret.catalogue import GeneratorName, MarkCatalogue
from scanner.model.credentials import Action, Credentials, Ingredient, Manifest, ManifestStore
from scanner.model.marks import Confidence, Mark, Meaning
from scanner.model.readings import Found, Reading, Statement


class Part(StrEnum):
    """What a manifest is to the asset."""

    SELF = "this asset"
    ELEMENT = "an element of it"
    HISTORY = "its history"


_EDITING_ACTIONS = frozenset(
    {"c2pa.edited", "c2pa.filtered", "c2pa.drawing", "c2pa.color_adjustments", "c2pa.adjustedColor", "c2pa.removed"}
)
_METADATA_ASSERTIONS = ("c2pa.metadata", "cawg.metadata", "stds.iptc", "stds.exif", "stds.schema-org.CreativeWork")
_SOURCE_TYPE_KEYS = ("digitalsourcetype", "digitalsourcefiletype")


@dataclass(frozen=True, slots=True)
class _Reader:
    """What marks say of where they come from."""

    catalogue: MarkCatalogue
    name: str
    version: str

    def marks(self, field: str, value: str, where: str) -> tuple[Mark, ...]:
        if not value:
            return ()
        statement = Statement(field, value, where)
        return self.catalogue.find_marks(Reading(self.name, self.version, Found((statement,))))


def find_credential_marks(
    store: ManifestStore, state: Credentials, catalogue: MarkCatalogue, reader: str, version: str
) -> tuple[Mark, ...]:
    """Return the marks of a store, strongest part first; with a broken binding no claim is more than strong."""
    source = _Reader(catalogue, reader, version)
    marks: list[Mark] = []
    for manifest, part in walk(store):
        found = [_in_part(mark, part) for mark in _manifest_marks(manifest, part, source)]
        marks += [mark for mark in found if mark is not None]
    if state is Credentials.INVALID:
        marks = [_at_most_strong(mark) for mark in marks]
    return tuple(dict.fromkeys(marks))


def walk(store: ManifestStore) -> tuple[tuple[Manifest, Part], ...]:
    """Return each manifest that belongs to the asset and what it is to it, the active one first; safe against cycles."""
    by_label = {manifest.label: manifest for manifest in store.manifests}
    order = (Part.SELF, Part.ELEMENT, Part.HISTORY)
    parts: dict[str, Part] = {}
    waiting = [(store.active, Part.SELF)]
    while waiting:
        label, part = waiting.pop()
        known = parts.get(label)
        if label not in by_label or (known is not None and order.index(known) <= order.index(part)):
            continue
        parts[label] = part
        manifest = by_label[label]
        waiting += [
            (ingredient.manifest, _part_of(ingredient, manifest, part))
            for ingredient in manifest.ingredients
            if ingredient.manifest
        ]
    labels = sorted(parts, key=lambda label: (order.index(parts[label]), label != store.active))
    return tuple((by_label[label], parts[label]) for label in labels)


def _part_of(ingredient: Ingredient, manifest: Manifest, part: Part) -> Part:
    if part is Part.HISTORY or ingredient.relationship not in ("parentOf", "componentOf"):
        return Part.HISTORY
    if ingredient.relationship == "parentOf":
        return part
    return Part.ELEMENT if _is_placed(ingredient, manifest) else Part.HISTORY


def _is_placed(ingredient: Ingredient, manifest: Manifest) -> bool:
    names = {ingredient.label, ingredient.instance_id} - {""}
    if any(action.name == "c2pa.removed" and names & set(action.ingredients) for action in manifest.actions):
        return False
    placing = [action for action in manifest.actions if action.name == "c2pa.placed"]
    # Early writers place without naming what: then every component counts as placed.
    return any(not action.ingredients or names & set(action.ingredients) for action in placing)


def _manifest_marks(manifest: Manifest, part: Part, source: _Reader) -> Iterator[Mark]:
    where = f"manifest {manifest.label}" + ("" if part is Part.SELF else f" ({part.value})")
    vendor = _vendor(manifest, source.catalogue)
    own = [mark for action in manifest.actions for mark in _action_marks(action, manifest, vendor, where, source)]
    own += [*_assertion_marks(manifest, where, source), *_ingredient_marks(manifest, where, source)]
    yield from own
    declares_source = any(action.source_type for action in manifest.actions)
    if not declares_source and not any(mark.meaning.is_generative for mark in own):
        yield from _named_claims(manifest, where, source)


def _vendor(manifest: Manifest, catalogue: MarkCatalogue) -> GeneratorName | None:
    """The generator that the manifest names: the acting agent says more than the claim generator, that more than the signer."""
    candidates = [("C2PA:SoftwareAgent", action.software_agent) for action in manifest.actions]
    candidates += [("C2PA:ClaimGenerator", manifest.claim_generator), ("C2PA:Signer", manifest.signer.issuer)]
    candidates += [("C2PA:SignerCommonName", manifest.signer.common_name)]
    named = (catalogue.generator_of(field, value) for field, value in candidates if value)
    return next((name for name in named if name is not None), None)


def _action_marks(
    action: Action, manifest: Manifest, vendor: GeneratorName | None, where: str, source: _Reader
) -> Iterator[Mark]:
    place = f"{where}, action {action.name}"
    found = list(source.marks("C2PA:DigitalSourceType", action.source_type, place))
    for key, value in action.parameters:
        found += source.marks(f"C2PA:Parameter.{key}", value, place)
    if not action.source_type:
        found += source.marks("C2PA:ActionDescription", action.description, place)
    for mark in found:
        meaning = _meaning_in_action(mark.meaning, action, manifest)
        generator = mark.generator or (vendor.name if vendor else "") or action.software_agent
        weighed = _at_most_strong(mark) if action.gathered else mark
        yield replace(weighed, meaning=meaning, generator=generator, regions=action.regions)


def _meaning_in_action(meaning: Meaning, action: Action, manifest: Manifest) -> Meaning:
    """A generative source type on an edit of a parent makes an edit, on a placed element a composite."""
    if meaning is not Meaning.GENERATED:
        return meaning
    if action.name == "c2pa.placed":
        return Meaning.COMPOSITE
    has_parent = any(ingredient.relationship == "parentOf" for ingredient in manifest.ingredients)
    return Meaning.EDITED if action.name in _EDITING_ACTIONS and has_parent else meaning


def _assertion_marks(manifest: Manifest, where: str, source: _Reader) -> Iterator[Mark]:
    for assertion in manifest.assertions:
        place = f"{where}, assertion {assertion.label}"
        found = list(source.marks("C2PA:AssertionLabel", assertion.label, place))
        for key, value in assertion.fields:
            if assertion.label.startswith(_METADATA_ASSERTIONS) and _is_source_type(key):
                found += source.marks("C2PA:MetadataSourceType", value, place)
            else:
                found += source.marks(f"C2PA:AssertionField.{key}", value, place)
        for mark in found:
            yield _at_most_strong(mark) if assertion.gathered else mark


def _is_source_type(key: str) -> bool:
    return key.rpartition(".")[2].rpartition(":")[2].lower() in _SOURCE_TYPE_KEYS


def _ingredient_marks(manifest: Manifest, where: str, source: _Reader) -> Iterator[Mark]:
    """Source types that ingredients bear themselves (C2PA 2.x), where they have no manifest that says more."""
    for ingredient in manifest.ingredients:
        if ingredient.manifest or not ingredient.source_type:
            continue
        part = _part_of(ingredient, manifest, Part.SELF)
        for mark in source.marks("C2PA:IngredientSourceType", ingredient.source_type, f"{where}, ingredient {ingredient.title}"):
            adjusted = _in_part(mark, part)
            if adjusted is not None:
                yield adjusted


def _named_claims(manifest: Manifest, where: str, source: _Reader) -> Iterator[Mark]:
    """AI claims made without any source type: the name of a generator in the acting agent or the claim generator."""
    candidates = [("C2PA:SoftwareAgent", action.software_agent, action.name) for action in manifest.actions]
    if not any(value for _, value, _ in candidates):
        candidates += [("C2PA:ClaimGenerator", manifest.claim_generator, "")]
    for field, value, action_name in candidates:
        named = source.catalogue.generator_of(field, value) if value else None
        if named is None or not named.by_itself or action_name in ("c2pa.opened", "c2pa.placed"):
            continue
        meaning = Meaning.EDITED if named.meaning is Meaning.GENERATED and action_name in _EDITING_ACTIONS else named.meaning
        place = f"{where}, {field}"
        mark = Mark(named.id, meaning, named.confidence, named.name, place, value, source.name, source.version)
        yield _at_most_strong(replace(mark, value_is_public=named.value_is_public))
        return


def _at_most_strong(mark: Mark) -> Mark:
    """A claim that is not the signer's own, or whose binding is broken, still is a claim: strong, never definitive."""
    return replace(mark, confidence=Confidence.STRONG) if mark.confidence is Confidence.DEFINITIVE else mark


def _in_part(mark: Mark, part: Part) -> Mark | None:
    """A mark's meaning, given what its manifest is to the asset; None where it says nothing of the asset."""
    if part is Part.SELF:
        return mark
    if part is Part.ELEMENT and mark.meaning.is_generative:
        return replace(_at_most_strong(mark), meaning=Meaning.COMPOSITE)
    return replace(mark, meaning=Meaning.HISTORY) if mark.meaning.is_generative else None
