"""What rules see of an asset."""

from dataclasses import FrozenInstanceError, replace

import pytest

from scanner.judge.examples import PHOTO, SEQUENCE, SUBTITLES
from scanner.judge.subject import DELIVERABLE_ZONES
from scanner.model.formats import UNKNOWN_FORMAT
from scanner.model.judging import Zone


def test_a_file_has_one_digest_and_a_sequence_one_a_frame():
    assert PHOTO.digests == ("a" * 64,)
    assert replace(PHOTO, sha256=None).digests == ()
    assert replace(SEQUENCE, frame_sha256s=("c", "d")).digests == ("c", "d")
    assert (PHOTO.is_sequence, SEQUENCE.is_sequence) == (False, True)


def test_everything_but_known_non_media_is_judged():
    assert PHOTO.is_judged
    assert replace(PHOTO, format=UNKNOWN_FORMAT).is_judged
    assert not replace(PHOTO, format=SUBTITLES).is_judged


def test_a_rule_cannot_change_its_subject():
    with pytest.raises(FrozenInstanceError):
        PHOTO.path = "elsewhere"


def test_deliverables_are_all_but_temporary_and_reference():
    assert set(Zone) - DELIVERABLE_ZONES == {Zone.TEMPORARY, Zone.REFERENCE}
