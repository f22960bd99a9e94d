"""The state of an asset's credentials, from validation codes (C2PA 2.x, section 15), not from the library's one word.

The library says "Invalid" also for a signer that is merely unlisted or expired. Only a broken binding between content, claim
and signature makes credentials invalid here.
"""

from __future__ import annotations

from scanner.model.credentials import Credentials, ManifestStore, ValidationCode
from scanner.model.readings import Failed, Found, NotFound, NotTried, Outcome

_BROKEN = frozenset(
    {
        "claimSignature.mismatch",
        "claimSignature.missing",
        "claim.missing",
        "claim.multiple",
        "assertion.dataHash.mismatch",
        "assertion.bmffHash.mismatch",
        "assertion.boxesHash.mismatch",
        "assertion.collectionHash.mismatch",
        "assertion.multiAssetHash.mismatch",
        "assertion.hashedURI.mismatch",
        "assertion.missing",
        "assertion.undeclared",
        "hashedURI.missing",
        "hashedURI.mismatch",
        "claim.hardBindings.missing",
        "ingredient.manifest.mismatch",
        "ingredient.hashedURI.mismatch",
        "ingredient.claimSignature.mismatch",
    }
)

_MISPLACED_EXCLUSION = "exclusion does not match the manifest location"
"""A data hash that fails only so was written by a signer that placed its exclusion wrongly (Truepic samples)."""

_UNLISTED = "signingCredential.untrusted"
_EXPIRED = "signingCredential.expired"


def state_of(outcome: Outcome) -> Credentials:
    """Return the state of credentials for what the C2PA reader got."""
    match outcome:
        case NotTried():
            return Credentials.NOT_CHECKABLE
        case NotFound():
            return Credentials.NONE
        case Failed():
            return Credentials.UNREADABLE
        case Found(manifests=store, remote_url=url):
            if store is not None:
                return _state_of_store(store)
            return Credentials.REMOTE if url else Credentials.NONE


def problems_of(store: ManifestStore, *, lists_loaded: bool) -> tuple[str, ...]:
    """Return, one sentence each and no two alike, what keeps a store from being trusted."""
    sentences = [_sentence(code, lists_loaded) for code in store.codes if code.level == "failure"]
    return tuple(dict.fromkeys(sentences))


def _state_of_store(store: ManifestStore) -> Credentials:
    if not store.verified:
        return Credentials.NOT_VERIFIED
    failures = [code for code in store.codes if code.level == "failure" and not code.ingredient]
    if any(_is_broken(code) for code in failures):
        return Credentials.INVALID
    trusted = any(code.code == "signingCredential.trusted" and not code.ingredient for code in store.codes)
    return Credentials.TRUSTED if trusted and not failures else Credentials.VALID


def _is_broken(code: ValidationCode) -> bool:
    return code.code in _BROKEN and _MISPLACED_EXCLUSION not in code.explanation


def _sentence(code: ValidationCode, lists_loaded: bool) -> str:
    subject = "an ingredient: " if code.ingredient else ""
    if code.code == _UNLISTED:
        return subject + (
            "signer is in none of the loaded trust lists" if lists_loaded else "signer not checked: no trust list loaded"
        )
    if code.code == _EXPIRED:
        return subject + "the signing certificate had expired"
    if _is_broken(code):
        return f"{subject}changed after signing ({code.code})"
    return f"{subject}{code.code}" + (f": {code.explanation}" if code.explanation else "")
