"""The state of credentials goes by validation codes, never by the library's one word."""

from __future__ import annotations

import pytest

from scanner.interpret.credentials import problems_of, state_of
from scanner.model.credentials import Credentials, Manifest, ManifestStore, ValidationCode
from scanner.model.readings import Failed, Found, NotFound, NotTried

TRUSTED_SIGNER = ValidationCode("signingCredential.trusted", "", "success")
MISPLACED = "exclusion does not match the manifest location"


def store(*codes: ValidationCode, verified: bool = True) -> ManifestStore:
    return ManifestStore("m", (Manifest("m", "maker"),), codes, verified=verified)


def failure(code: str, explanation: str = "", *, ingredient: bool = False) -> ValidationCode:
    return ValidationCode(code, explanation, "failure", ingredient)


def state(*codes: ValidationCode, verified: bool = True) -> Credentials:
    return state_of(Found(manifests=store(*codes, verified=verified)))


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (NotTried("no such place"), Credentials.NOT_CHECKABLE),
        (NotFound(), Credentials.NONE),
        (Failed("broken"), Credentials.UNREADABLE),
        (Found(remote_url="https://example.org/m"), Credentials.REMOTE),
        (Found(), Credentials.NONE),
    ],
)
def test_what_the_reader_got_without_a_store(outcome, expected):
    assert state_of(outcome) is expected


BROKEN = [
    "claimSignature.mismatch",
    "claimSignature.missing",
    "claim.missing",
    "claim.multiple",
    "assertion.dataHash.mismatch",
    "assertion.bmffHash.mismatch",
    "assertion.boxesHash.mismatch",
    "assertion.collectionHash.mismatch",
    "assertion.hashedURI.mismatch",
    "assertion.missing",
    "assertion.undeclared",
    "hashedURI.missing",
    "hashedURI.mismatch",
    "claim.hardBindings.missing",
]
HARMLESS = [
    "signingCredential.untrusted",
    "signingCredential.expired",
    "signingCredential.invalid",
    "signingCredential.ocsp.unknown",
    "assertion.action.malformed",
    "assertion.action.ingredientMismatch",
    "timeStamp.mismatch",
    "timeStamp.untrusted",
    "claimSignature.outsideValidity",
    "assertion.json.invalid",
    "general.error",
    "some.code.of.the.future",
]


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_binding_is_invalid_whoever_signed(code):
    assert state(failure(code)) is Credentials.INVALID
    assert state(TRUSTED_SIGNER, failure(code)) is Credentials.INVALID


@pytest.mark.parametrize("code", HARMLESS)
def test_any_other_problem_leaves_credentials_valid_yet_not_trusted(code):
    assert state(failure(code)) is Credentials.VALID
    assert state(TRUSTED_SIGNER, failure(code)) is Credentials.VALID


def test_a_listed_signer_without_problems_is_trusted():
    assert state(TRUSTED_SIGNER) is Credentials.TRUSTED


def test_no_word_on_the_signer_is_valid():
    assert state() is Credentials.VALID


@pytest.mark.parametrize("level", ["success", "informational"])
def test_only_failures_count(level):
    assert state(TRUSTED_SIGNER, ValidationCode("assertion.dataHash.mismatch", "", level)) is Credentials.TRUSTED


def test_a_misplaced_exclusion_is_no_change_of_content():
    assert state(failure("assertion.dataHash.mismatch", f"asset hash error: {MISPLACED}")) is Credentials.VALID
    assert state(failure("assertion.dataHash.mismatch", MISPLACED), failure("claimSignature.mismatch")) is Credentials.INVALID


@pytest.mark.parametrize("code", BROKEN)
def test_what_is_wrong_with_an_ingredient_is_not_held_against_the_asset(code):
    assert state(TRUSTED_SIGNER, failure(code, ingredient=True)) is Credentials.TRUSTED


def test_an_ingredients_signer_makes_nobody_trusted():
    assert state(ValidationCode("signingCredential.trusted", "", "success", ingredient=True)) is Credentials.VALID


def test_a_check_put_off_is_neither_valid_nor_invalid():
    assert state(TRUSTED_SIGNER, verified=False) is Credentials.NOT_VERIFIED
    assert state(failure("assertion.dataHash.mismatch"), verified=False) is Credentials.NOT_VERIFIED


@pytest.mark.parametrize(
    ("code", "lists_loaded", "sentence"),
    [
        (failure("signingCredential.untrusted"), True, "signer is in none of the loaded trust lists"),
        (failure("signingCredential.untrusted"), False, "signer not checked: no trust list loaded"),
        (failure("signingCredential.expired"), True, "the signing certificate had expired"),
        (failure("assertion.dataHash.mismatch"), True, "changed after signing (assertion.dataHash.mismatch)"),
        (
            failure("claimSignature.mismatch", ingredient=True),
            True,
            "an ingredient: changed after signing (claimSignature.mismatch)",
        ),
        (failure("assertion.action.malformed", "no source type"), True, "assertion.action.malformed: no source type"),
        (failure("timeStamp.mismatch"), True, "timeStamp.mismatch"),
        (failure("assertion.dataHash.mismatch", MISPLACED), True, f"assertion.dataHash.mismatch: {MISPLACED}"),
    ],
)
def test_each_problem_has_its_sentence(code, lists_loaded, sentence):
    assert problems_of(store(code), lists_loaded=lists_loaded) == (sentence,)


def test_problems_are_told_once_and_successes_not_at_all():
    codes = (TRUSTED_SIGNER, failure("signingCredential.expired"), failure("signingCredential.expired"))
    assert problems_of(store(*codes), lists_loaded=True) == ("the signing certificate had expired",)


@pytest.mark.parametrize("code", [*BROKEN, *HARMLESS])
def test_no_sentence_uses_a_word_that_reports_may_not(code):
    (sentence,) = problems_of(store(failure(code)), lists_loaded=True)
    for word in ("tampered", "authentic", "clear", "clean", "certified", "compliant"):
        assert word not in sentence
