"""Relations, shares and places in words."""

from dataclasses import replace
from fractions import Fraction

import pytest

from scanner.judge.examples import aligned, differing
from scanner.model.matching import ClipPart, NumberedFrames, Relation, Role, Segment
from scanner.model.relation_words import details, on_screen, percent, place, verb


@pytest.mark.parametrize(
    ("share", "text"), [(0.0, "0 %"), (0.004, "under 1 %"), (0.0099, "under 1 %"), (0.01, "1 %"), (0.064, "6 %"), (1.0, "100 %")]
)
def test_percent(share, text):
    assert percent(share) == text


@pytest.mark.parametrize(
    ("box", "text"),
    [
        ((0.0, 0.0, 0.2, 0.2), "upper left"),
        ((0.4, 0.0, 0.6, 0.2), "top"),
        ((0.8, 0.0, 1.0, 0.2), "upper right"),
        ((0.0, 0.4, 0.2, 0.6), "left"),
        ((0.4, 0.4, 0.6, 0.6), "middle"),
        ((0.8, 0.4, 1.0, 0.6), "right"),
        ((0.0, 0.8, 0.2, 1.0), "lower left"),
        ((0.4, 0.8, 0.6, 1.0), "bottom"),
        ((0.8, 0.8, 1.0, 1.0), "lower right"),
        ((0.0, 0.0, 1.0, 0.2), "top"),
        ((0.0, 0.4, 1.0, 0.6), "middle"),
        ((0.0, 0.0, 0.2, 1.0), "left"),
        ((0.4, 0.0, 0.6, 1.0), "middle"),
        ((0.0, 0.0, 1.0, 1.0), ""),
    ],
)
def test_place(box, text):
    assert place(box) == text


BOX = (0.0, 0.0, 0.2, 0.2)


@pytest.mark.parametrize(
    ("alteration", "text"),
    [
        (None, "differs in a region from"),
        (differing(0.06, BOX), "differs in 6 % of the area (upper left) from"),
        (differing(0.06, BOX, BOX, BOX), "differs in 6 % of the area (3 regions) from"),
        (differing(0.9, (0.0, 0.0, 1.0, 1.0)), "differs in 90 % of the area from"),
        (differing(0.06), "differs in 6 % of the area from"),
    ],
)
def test_what_differs(alteration, text):
    assert verb(aligned(Role.OWNED, Relation.ALTERED, alteration=alteration)) == text


@pytest.mark.parametrize(("share", "text"), [(0.89, "is a crop of"), (0.9, "is derived from"), (1.0, "is derived from")])
def test_a_crop_is_called_one(share, text):
    assert verb(aligned(Role.OWNED, Relation.DERIVED, reference_share=share)) == text


@pytest.mark.parametrize("relation", Relation)
def test_every_relation_has_a_verb_of_its_own(relation):
    others = {verb(aligned(Role.OWNED, other)) for other in Relation if other is not relation}
    assert verb(aligned(Role.OWNED, relation)) not in others


def test_details_say_what_the_relation_leaves_open():
    found = aligned(Role.OWNED, Relation.DERIVED, 1041, asset_share=0.7, reference_share=0.4, mirrored=True)
    assert details(found) == ("mirrored", "shows 40 % of it", "1,041 matching points")
    assert details(replace(found, relation=Relation.CONTAINS)) == (
        "mirrored",
        "fills 70 % of the picture",
        "1,041 matching points",
    )
    assert details(replace(found, relation=Relation.ALTERED)) == ("mirrored", "1,041 matching points")
    assert details(replace(found, alignment=None)) == ()


def test_overlays_are_told_once_each_beside_the_rest():
    over = differing(0.0, overlays=("lower third", "logo", "logo"))
    assert details(aligned(Role.OWNED, Relation.DERIVED, 1, alteration=over)) == (
        "1 matching point",
        "a lower third and a logo laid over it",
    )


def segment(first="10:00:02:00", after="10:00:04:15", part=("00:00:01:00", "00:00:03:15")):
    of_clip = ClipPart(Fraction(1), Fraction(18, 5), *part, Fraction(2)) if part else None
    return Segment(Fraction(2), Fraction(23, 5), first, after, Fraction(3), 3, True, 40, of_clip=of_clip)


def on_film(*segments, relation=Relation.DERIVED):
    return replace(aligned(Role.AI, relation, 115), segments=segments)


def test_a_clip_is_told_with_the_time_in_both_films():
    found = on_film(segment())
    assert verb(found) == "shows the clip"
    assert details(found)[0] == "on screen 10:00:02:00–10:00:04:15 with its 00:00:01:00–00:00:03:15"


def test_films_without_a_rate_are_told_in_seconds():
    (told, *_) = details(on_film(segment("", "", ("", ""))))
    assert told == "on screen 2.0–4.6 s with its 1.0–3.6 s"


def test_what_a_film_has_in_common_with_a_clip_is_not_called_the_clip():
    assert verb(on_film(segment(), relation=Relation.SIMILAR)) == "shows something that is also in the clip"


def test_a_still_on_screen_is_no_clip():
    found = on_film(segment(part=None))
    assert verb(found) == "shows"
    assert details(found)[0] == "on screen 10:00:02:00–10:00:04:15"


STRETCH = Segment(
    Fraction(5, 4), Fraction(25, 8), "10:00:01:06", "10:00:03:03", Fraction(2), 2, True, numbers=NumberedFrames(1031, 1075, 1049)
)


@pytest.mark.parametrize(
    ("segment", "told"),
    [
        (STRETCH, "on screen in frames 1031–1075 at 10:00:01:06–10:00:03:03"),
        (replace(STRETCH, tc_in="", tc_out=""), "on screen in frames 1031–1075"),
        (replace(STRETCH, exact=False), "on screen in frames about 1031–1075 at 10:00:01:06–10:00:03:03"),
        (replace(STRETCH, numbers=NumberedFrames(7, 7, 7), tc_in=""), "on screen in frame 7"),
        (replace(STRETCH, numbers=None), "on screen 10:00:01:06–10:00:03:03"),
        (replace(STRETCH, numbers=None, tc_in="", tc_out=""), "on screen 1.2–3.1 s"),
    ],
)
def test_when_it_is_on_screen(segment, told):
    assert on_screen(replace(aligned(Role.AI, Relation.CONTAINS), segments=(segment,)))[0] == told


def test_what_a_sequence_shows_altered_is_said_to_differ():
    shown = replace(aligned(Role.OWNED, Relation.DERIVED), segments=(STRETCH,))
    assert verb(shown) == "shows"
    differs = replace(aligned(Role.OWNED, Relation.ALTERED, alteration=differing(0.06, BOX)), segments=(STRETCH,))
    assert verb(differs) == "differs in 6 % of the area (upper left) from"
