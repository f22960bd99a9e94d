from __future__ import annotations

from fractions import Fraction

import pytest
from PIL import Image

from scanner.fingerprint.local_features import local_features, local_query
from scanner.fingerprint.picture import Picture
from scanner.match import clip_search
from scanner.match.clip_search import ClipFrame, ClipSearch
from scanner.model.matching import LocalQuery, Reference, Role
from tests.fingerprint.landscapes import landscape

CLIPS = 9
FRAMES = 9
"""More than are checked of each, and together more than are listed."""


def reference(number):
    return Reference(f"clip {number:02}", Role.AI, f"temp/clip{number:02}.mp4", f"{number:064x}")


def frame_of(number, at):
    """A pan over a landscape: a quarter of it comes and goes."""
    return landscape(number).crop((12 * at, 20, 12 * at + 360, 300))


def picture(image):
    return Picture(image, *image.size)


def query(image) -> LocalQuery:
    return local_query(picture(image))


@pytest.fixture(scope="module")
def search():
    assert CLIPS > clip_search.CHECKED_CLIPS and FRAMES > clip_search.CHECKED_FRAMES
    assert CLIPS * FRAMES > clip_search._LISTED
    names = {(number, at): f"{number}@{at}" for number in range(CLIPS) for at in range(FRAMES)}
    features = {name: local_features(picture(frame_of(*place))) for place, name in names.items()}
    frames = [ClipFrame(reference(number), Fraction(at, 2), name) for (number, at), name in names.items()]
    return ClipSearch(frames, features.get)


def test_a_clip_is_found_once_at_the_frame_that_is_shown(search):
    (match,) = search.find_further((), (), query(frame_of(7, 6).resize((300, 233)).convert("L").convert("RGB")))
    assert match.reference == reference(7)
    assert match.clip_time == 3
    assert match.alignment is not None and not match.alignment.mirrored


def test_a_flopped_one_too(search):
    (match,) = search.find_further((), (), query(frame_of(2, 4).transpose(Image.Transpose.FLIP_LEFT_RIGHT)))
    assert (match.reference, match.clip_time) == (reference(2), 2)
    assert match.alignment is not None and match.alignment.mirrored


def test_two_clips_side_by_side_are_both_found_though_each_has_many_frames(search):
    both = Image.new("RGB", (720, 280))
    both.paste(frame_of(3, 2), (0, 0))
    both.paste(frame_of(8, 5), (360, 0))
    assert {match.reference for match in search.find_further((), (), query(both))} == {reference(3), reference(8)}


def test_what_is_in_no_clip_is_not_found(search):
    assert search.find_further((), (), query(landscape(77))) == ()
    assert search.find_further((), (), None) == ()


def test_without_clips_nothing_is_found():
    assert ClipSearch((), {}.get).find_further((), (), query(landscape(1))) == ()


def test_checks_are_bounded_by_clips_and_frames(search, monkeypatch):
    checked = []
    monkeypatch.setattr(clip_search, "align", lambda *_, **__: checked.append(1))
    search.find_further((), (), query(frame_of(7, 6)))
    assert 0 < len(checked) <= 2 * clip_search.CHECKED_CLIPS * clip_search.CHECKED_FRAMES


def test_the_frames_around_tell_where_it_comes_and_goes(search):
    (match,) = search.find_further((), (), query(frame_of(7, 6)))
    # At 3 s, every half second: from 2 to 4.
    assert len(search.features_near(match)) == 5
