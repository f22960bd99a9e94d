"""C2PA content credentials, as far as judging needs them. Names follow the C2PA 2.x specification."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Credentials(StrEnum):
    """The state of an asset's C2PA manifest. Not a verdict: most honest files have none."""

    TRUSTED = "trusted"
    """Content and signature hold, and a loaded trust list made the signer trusted."""
    VALID = "valid"
    """Content and signature hold; the signer is unlisted, expired or the claim has other problems."""
    INVALID = "invalid"
    """Signature, hash or hashed-URI mismatch, or signed content is missing: changed after signing."""
    UNREADABLE = "unreadable"
    REMOTE = "remote"
    """Only a URL to a manifest elsewhere; never fetched."""
    NOT_VERIFIED = "not-verified"
    """A manifest was read but its hash check was put off (very large files)."""
    NONE = "none"
    NOT_CHECKABLE = "not-checkable"


@dataclass(frozen=True, slots=True)
class ValidationCode:
    """One status of the C2PA validation, `C2PA 2.x, section 15`."""

    code: str
    explanation: str
    level: str
    """``success``, ``informational`` or ``failure``."""
    ingredient: bool = False
    """Whether it is about an ingredient and not the active manifest."""


@dataclass(frozen=True, slots=True)
class Action:
    """One entry of a ``c2pa.actions`` assertion, templates and agents already laid over it."""

    name: str
    source_type: str = ""
    software_agent: str = ""
    description: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    """Flattened scalar parameters, ``com.adobe.details`` → text."""
    ingredients: tuple[str, ...] = ()
    """Labels of the ingredient assertions it names, as far as they can be told."""
    when: str = ""
    regions: tuple[str, ...] = ()
    """Regions of interest it names (shapes, frames, times), each as one line of text."""
    gathered: bool = False
    """From a gathered assertion: not the signer's own statement."""


@dataclass(frozen=True, slots=True)
class Ingredient:
    """A file used to make this one."""

    title: str
    relationship: str
    """``parentOf``, ``componentOf`` or ``inputTo``."""
    manifest: str | None
    """Label of its own manifest in the store, if it has one."""
    source_type: str = ""
    label: str = ""
    """Label of the ingredient assertion itself; actions point at it."""
    instance_id: str = ""


@dataclass(frozen=True, slots=True)
class Assertion:
    """Any other assertion: its label and its scalar content, flattened to ``key.path`` → text."""

    label: str
    fields: tuple[tuple[str, str], ...] = ()
    gathered: bool = False


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signed, as the certificate says."""

    issuer: str = ""
    common_name: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One manifest of a store."""

    label: str
    claim_generator: str
    title: str = ""
    signer: Signer = Signer()
    actions: tuple[Action, ...] = ()
    ingredients: tuple[Ingredient, ...] = ()
    assertions: tuple[Assertion, ...] = ()


@dataclass(frozen=True, slots=True)
class TrustList:
    """One loaded list of trust anchors, named in every report."""

    name: str
    date: str
    """ISO date of the list, or of the file where the list says none."""
    sha256: str


@dataclass(frozen=True, slots=True)
class ManifestStore:
    """All manifests of one file."""

    active: str
    manifests: tuple[Manifest, ...]
    codes: tuple[ValidationCode, ...] = ()
    verified: bool = True
    """False where the hash check was put off."""
    origin: str = "embedded"
    """``embedded`` or ``sidecar NAME``."""
    trusted_by: tuple[TrustList, ...] = ()
    """The loaded lists that each by itself make the signer trusted."""
