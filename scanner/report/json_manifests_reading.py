"""The content credentials of one asset of ``scan.json``, read back: the reverse of what `json_asset` writes of them."""

from __future__ import annotations

from scanner.model.credentials import (
    Action,
    Assertion,
    Ingredient,
    Manifest,
    ManifestStore,
    Signer,
    TrustList,
    ValidationCode,
)
from scanner.report.json_nodes import Node


def read_manifests(asset: Node) -> ManifestStore | None:
    """Read the manifests of an asset; None where it has none. Of assertions reports have the labels only."""
    store = asset.optional_node("manifests")
    if store is None:
        return None
    return ManifestStore(
        active=store.text("active"),
        manifests=store.nodes("chain", _manifest),
        codes=store.nodes("codes", _code),
        verified=store.flag("verified"),
        origin=store.text("origin"),
        trusted_by=store.nodes("trusted_by", read_trust_list),
    )


def read_trust_list(node: Node) -> TrustList:
    """Read which list of trust anchors was loaded."""
    return TrustList(node.text("name"), node.text("date"), node.text("sha256"))


def _manifest(node: Node) -> Manifest:
    signer = node.node("signer")
    return Manifest(
        label=node.text("label"),
        claim_generator=node.text("claim_generator"),
        title=node.text("title"),
        signer=Signer(signer.text("issuer"), signer.text("common_name"), signer.text("time")),
        actions=node.nodes("actions", _action),
        ingredients=node.nodes("ingredients", _ingredient),
        assertions=tuple(map(Assertion, node.texts("assertions"))),
    )


def _action(node: Node) -> Action:
    return Action(
        name=node.text("name"),
        source_type=node.text("source_type"),
        software_agent=node.text("software_agent"),
        description=node.text("description"),
        when=node.text("when"),
        regions=node.texts("regions"),
        gathered=node.flag("gathered"),
    )


def _ingredient(node: Node) -> Ingredient:
    return Ingredient(
        title=node.text("title"),
        relationship=node.text("relationship"),
        manifest=node.optional_text("manifest") or None,
        source_type=node.text("source_type"),
    )


def _code(node: Node) -> ValidationCode:
    return ValidationCode(node.text("code"), node.text("explanation"), node.text("level"), node.flag("ingredient"))
