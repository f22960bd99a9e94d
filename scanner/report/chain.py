"""The chain of C2PA manifests as a tree to read: from the active manifest down to what it was made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scanner.model.credentials import Action, Credentials, Ingredient, Manifest, ManifestStore, TrustList
from scanner.model.marks import Mark, Meaning
from scanner.model.scan import AssetRecord, Scan
from scanner.report import sentences

DEEPEST = 12
"""Steps shown below the active manifest; real chains have up to five."""
MOST_LINKS = 100
"""Links shown of one file: a store can name thousands of ingredients."""
MOST_STEPS = 50
"""Actions shown of one manifest."""

_RELATIONS = {
    "parentOf": "its earlier state",
    "componentOf": "a component, used inside it",
    "inputTo": "an input, fed to a tool or model",
}
_AI = {
    Meaning.GENERATED: "AI generation",
    Meaning.COMPOSITE: "AI element",
    Meaning.EDITED: "generative AI edit",
    Meaning.ENHANCED: "AI enhancement, no generation",
    Meaning.HISTORY: "AI in a component or an earlier state",
    Meaning.MAY_CONTAIN: "AI left open",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One action of a manifest."""

    action: Action
    ai: str
    """What its marks say of AI, in words; empty where they say nothing."""

    @property
    def source_term(self) -> str:
        """Last part of the source type's address: ``trainedAlgorithmicMedia``."""
        return self.action.source_type.rstrip("/").rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class Link:
    """One step: a file, its role in the step above, and its own manifest if the store holds one."""

    title: str
    relationship: str
    """``parentOf``, ``componentOf``, ``inputTo``; empty for the active manifest."""
    manifest: Manifest | None
    note: str = ""
    """Why nothing follows below, where something would."""
    children: tuple[Link, ...] = ()
    steps: tuple[Step, ...] = ()
    steps_left: int = 0
    """Actions that are not in `steps`."""
    claims: tuple[str, ...] = ()
    """What the manifest says of AI elsewhere than in an action."""

    @property
    def role(self) -> str:
        """The relationship in words; a word of the file's own where the specification does not know it."""
        return _RELATIONS.get(self.relationship, self.relationship)


def chain_of(store: ManifestStore, marks: Sequence[Mark] = ()) -> Link | None:
    """Return the tree under the active manifest, or None where the store does not hold that manifest.

    Each manifest is followed once: a store may name one twice, or in a circle. `marks` are the asset's; those of a manifest
    say which of its steps are AI.
    """
    by_label = {manifest.label: manifest for manifest in store.manifests}
    active = by_label.get(store.active)
    return _Chain(by_label, marks).follow(Ingredient("", "", store.active), 0) if active else None


def locators_of(manifest: Manifest) -> tuple[str, ...]:
    """Return the algorithms of a manifest's soft bindings (C2PA 2.x, 9.3): watermarks and fingerprints that find it again."""
    fields = (field for one in manifest.assertions if one.label.startswith("c2pa.soft-binding") for field in one.fields)
    return tuple(dict.fromkeys(value for key, value in fields if key == "alg"))


def standing(scan: Scan, record: AssetRecord) -> str:
    """Return whether the signer of an asset's active manifest is trusted, and by which list."""
    return standing_of(record.credentials, record.manifests, scan.trust_lists, " (see the technical record)")


def standing_of(credentials: Credentials, store: ManifestStore | None, loaded: Sequence[TrustList], elsewhere: str = "") -> str:
    """Return the same of what is known by itself: state and manifests of an asset, and the lists that the scan had loaded.

    `elsewhere` says where the lists are told, where there are too many to be named here.
    """
    if credentials is Credentials.TRUSTED:
        return f"Trusted{sentences.listed_in(store.trusted_by if store else ()).replace(';', ':', 1)}"
    if not loaded:
        return "Not trusted: no trust list was loaded, so the signer was not looked up"
    codes = store.codes if store else ()
    if any(each.code == "signingCredential.untrusted" and not each.ingredient for each in codes):
        return f"Not trusted: signer not listed in {_lists(loaded, elsewhere)}"
    return "Not trusted: the problems and codes say why"


def _lists(loaded: Sequence[TrustList], elsewhere: str) -> str:
    if len(loaded) > 2:
        return f"any of the {len(loaded)} loaded trust lists{elsewhere}"
    return " or ".join(f"{each.name} of {each.date}" for each in loaded)


class _Chain:
    """The walk's memory: which manifests were followed, and how many links are left."""

    def __init__(self, by_label: dict[str, Manifest], marks: Sequence[Mark]) -> None:
        self._by_label = by_label
        self._marks = [mark for mark in marks if mark.where.startswith("manifest ") and mark.meaning in _AI]
        self._followed: set[str] = set()
        self._left = MOST_LINKS

    def follow(self, ingredient: Ingredient, depth: int) -> Link:
        manifest = self._by_label.get(ingredient.manifest or "")
        title = (manifest.title if manifest else "") or ingredient.title
        if manifest is None:
            return Link(title, ingredient.relationship, None)
        if manifest.label in self._followed:
            return Link(title, ingredient.relationship, None, "its manifest is told of elsewhere in this chain")
        if depth > DEEPEST:
            return Link(title, ingredient.relationship, None, "deeper steps are in scan.json")
        self._followed.add(manifest.label)
        below = manifest.ingredients[: max(self._left, 0)]
        self._left -= len(below)
        omitted = len(manifest.ingredients) - len(below)
        note = f"{sentences.counted(omitted, 'more ingredient is', 'more ingredients are')} in scan.json" if omitted else ""
        children = tuple(self.follow(each, depth + 1) for each in below)
        return self._link(title, ingredient.relationship, manifest, note, children)

    def _link(self, title: str, relationship: str, manifest: Manifest, note: str, children: tuple[Link, ...]) -> Link:
        marks = [mark for mark in self._marks if _is_of(mark, manifest)]
        actions = manifest.actions[:MOST_STEPS]
        steps = tuple(Step(action, _said(mark for mark in marks if _is_about(mark, action))) for action in actions)
        elsewhere = (mark for mark in marks if not any(_is_about(mark, action) for action in manifest.actions))
        return Link(
            title,
            relationship,
            manifest,
            note,
            children,
            steps,
            steps_left=len(manifest.actions) - len(actions),
            claims=tuple(dict.fromkeys(_AI[mark.meaning] for mark in elsewhere)),
        )


def _is_of(mark: Mark, manifest: Manifest) -> bool:
    # Written by interpret/content_credentials: ``manifest LABEL, action NAME, FIELD``, or ``manifest LABEL (its history), …``.
    return mark.where.removeprefix("manifest ").startswith((f"{manifest.label},", f"{manifest.label} ("))


def _is_about(mark: Mark, action: Action) -> bool:
    named = f", action {action.name}, " in mark.where
    return named and (mark.value == action.source_type or not mark.where.endswith("DigitalSourceType"))


def _said(marks: Iterable[Mark]) -> str:
    return ", ".join(dict.fromkeys(_AI[mark.meaning] for mark in marks))
