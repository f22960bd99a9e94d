"""Evidence as people read it."""

from dataclasses import replace

import pytest

from scanner.judge.evidence import best_first, cite, count, declares, firm, noun
from scanner.judge.examples import PHOTO, SEQUENCE, TRUST_LIST, mark
from scanner.judge.rule import ALONE
from scanner.judge.subject import Surroundings
from scanner.model.credentials import Credentials
from scanner.model.marks import Confidence, Meaning

TRUSTING = Surroundings(trust_lists=(TRUST_LIST,))
SIGNED = mark(Meaning.GENERATED, reader="c2pa", where="manifest urn:c2pa:1, C2PA:DigitalSourceType")


@pytest.mark.parametrize(
    ("state", "around", "words"),
    [
        (Credentials.TRUSTED, TRUSTING, "signed, signer listed in a loaded trust list"),
        (Credentials.VALID, TRUSTING, "signed, signer unlisted or expired"),
        (Credentials.VALID, ALONE, "signed, no trust list loaded"),
        (Credentials.INVALID, TRUSTING, "signed, changed after signing"),
        (Credentials.NOT_VERIFIED, ALONE, "signed, hash check put off"),
        (Credentials.UNREADABLE, ALONE, "in content credentials, not verified"),
    ],
)
def test_signed_marks_say_how_far_the_signature_goes(state, around, words):
    assert cite(replace(PHOTO, credentials=state), (SIGNED,), around) == f" ({words}, C2PA:DigitalSourceType)"


def test_metadata_is_unsigned_even_beside_trusted_credentials():
    subject = replace(PHOTO, credentials=Credentials.TRUSTED)
    assert cite(subject, (mark(Meaning.GENERATED),), TRUSTING) == " (unsigned, XMP-iptcExt:DigitalSourceType)"


def test_credentials_that_only_exiftool_decoded_are_not_verified():
    seen = mark(Meaning.GENERATED, where="file, JUMBF:ActionsDigitalSourceType")
    assert cite(PHOTO, (seen,), ALONE) == " (in content credentials, not verified, JUMBF:ActionsDigitalSourceType)"


def test_more_marks_are_counted():
    one = mark(Meaning.GENERATED, generator="Midjourney")
    assert cite(PHOTO, (one,) * 2, ALONE).endswith("; Midjourney; and 1 more mark)")
    assert cite(PHOTO, (one,) * 1235, ALONE).endswith("; and 1,234 more marks)")
    assert cite(PHOTO, (), ALONE) == ""


def test_the_tool_is_named_where_another_mark_than_the_first_names_it():
    declared = mark(Meaning.GENERATED)
    system = mark(Meaning.COMPOSITE, where="file, XMP-iptcExt:AISystemUsed", value=" Adobe Firefly\n")
    assert cite(PHOTO, (declared, system), ALONE) == " (unsigned, XMP-iptcExt:DigitalSourceType; Adobe Firefly; and 1 more mark)"
    named = mark(Meaning.GENERATED, generator="Midjourney")
    assert "; Midjourney; " in cite(PHOTO, (declared, named, system), ALONE)
    assert cite(PHOTO, (system,), ALONE) == " (unsigned, XMP-iptcExt:AISystemUsed; Adobe Firefly)"


def test_a_tool_named_by_the_file_cannot_steer_the_sentence():
    system = mark(Meaning.COMPOSITE, where="file, XMP-iptcExt:AISystemUsed", value="\x1b[2J" + "x" * 500)
    text = cite(PHOTO, (mark(Meaning.GENERATED), system), ALONE)
    assert text.isprintable()
    assert len(text) < 200


def test_text_of_the_file_cannot_steer_the_sentence():
    hostile = mark(Meaning.GENERATED, generator="\x1b[2J\u202eevil\n" + "x" * 500, where="sidecar a\n.xmp, XMP:Tool")
    text = cite(PHOTO, (hostile,), ALONE)
    assert text.isprintable()
    assert "\\x1b[2J\\u202eevil\\n" in text
    assert "sidecar a\\n.xmp, XMP:Tool" in text
    assert len(text) < 300


@pytest.mark.parametrize(
    ("frames", "words"),
    [
        ((), "all 96 frames declare AI"),
        (("",), "all 96 frames declare AI"),
        (("1003",), "frame 1003 of a sequence of 96 declares AI"),
        (("1003", "1003"), "frame 1003 of a sequence of 96 declares AI"),
        (("1003-1007",), "frames 1003-1007 of a sequence of 96 declare AI"),
        (("1003", "1005"), "frames 1003,1005 of a sequence of 96 declare AI"),
        (("1003", ""), "all 96 frames declare AI"),
    ],
)
def test_sequences_name_their_frames(frames, words):
    marks = [mark(Meaning.GENERATED, frames=ranges) for ranges in frames]
    assert declares(SEQUENCE, marks, "AI") == words


def test_a_file_has_no_frames():
    assert declares(PHOTO, [mark(Meaning.GENERATED, frames="3")], "AI") == "the file declares AI"
    assert (noun(PHOTO), noun(SEQUENCE)) == ("the file", "the sequence")


def test_the_best_mark_leads():
    weak, strong = mark(Meaning.GENERATED, Confidence.WEAK), mark(Meaning.GENERATED, Confidence.STRONG)
    some, whole = mark(Meaning.EDITED, frames="3"), mark(Meaning.EDITED)
    assert best_first((weak, strong, some, whole)) == (whole, some, strong, weak)
    assert firm((weak, strong, whole), Meaning.GENERATED) == (strong,)


def test_counting():
    assert (count(1, "frame"), count(0, "frame"), count(40_000, "frame")) == ("1 frame", "0 frames", "40,000 frames")
