"""The chain of C2PA manifests as a tree to read: from the active manifest down to what it was made of."""

from __future__ import annotations

from dataclasses import dataclass

from scanner.model.credentials import Ingredient, Manifest, ManifestStore

DEEPEST = 12
"""Steps shown below the active manifest; real chains have up to five."""
MOST_LINKS = 100
"""Links shown of one file: a store can name thousands of ingredients."""


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


def chain_of(store: ManifestStore) -> Link | None:
    """Return the tree under the active manifest, or None where the store does not hold that manifest.

    Each manifest is followed once: a store may name one twice, or in a circle.
    """
    by_label = {manifest.label: manifest for manifest in store.manifests}
    active = by_label.get(store.active)
    return _Chain(by_label).follow(Ingredient("", "", store.active), 0) if active else None


def locators_of(manifest: Manifest) -> tuple[str, ...]:
    """Return the algorithms of a manifest's soft bindings (C2PA 2.x, 9.3): watermarks and fingerprints that find it again."""
    fields = (field for one in manifest.assertions if one.label.startswith("c2pa.soft-binding") for field in one.fields)
    return tuple(dict.fromkeys(value for key, value in fields if key == "alg"))


class _Chain:
    """The walk's memory: which manifests were followed, and how many links are left."""

    def __init__(self, by_label: dict[str, Manifest]) -> None:
        self._by_label = by_label
        self._followed: set[str] = set()
        self._left = MOST_LINKS

    def follow(self, ingredient: Ingredient, depth: int) -> Link:
        manifest = self._by_label.get(ingredient.manifest or "")
        title = (manifest.title if manifest else "") or ingredient.title
        if manifest is None:
            return Link(title, ingredient.relationship, None)
        if manifest.label in self._followed or depth > DEEPEST:
            return Link(title, ingredient.relationship, None, "its manifest is told of elsewhere in this chain")
        self._followed.add(manifest.label)
        below = manifest.ingredients[: max(self._left, 0)]
        self._left -= len(below)
        omitted = len(manifest.ingredients) - len(below)
        note = f"{omitted} more ingredients are not shown" if omitted else ""
        return Link(title, ingredient.relationship, manifest, note, tuple(self.follow(each, depth + 1) for each in below))
