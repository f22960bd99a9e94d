from __future__ import annotations

import base64
import re
from dataclasses import replace

import pytest

from scanner.model.matching import Alteration, LaidOver, Overlay, Relation
from scanner.report.laid_over import OUTLINES, comparison_of, measured
from scanner.report.pairs import SIDES, pairing
from tests.report.laid import REGIONS, aligned, aligned_match, laid, pictures
from tests.report.parts import asset
from tests.report.scans import blocked
from tests.report.test_html_report import Elements, text_of
from tests.report.written import to_html

THIN = LaidOver(b"a", b"r", b"", 2, 640)


def outline(box):
    match = aligned_match("a.tif", Relation.ALTERED, Alteration(0.1, (box,)))
    return comparison_of(match, pictures(), 0).regions[0]


def test_an_outline_lies_where_the_box_lies():
    drawn = outline((0.125, 0.5, 0.375, 0.75))
    assert (drawn.left, drawn.top, drawn.width, drawn.height) == ("12.50%", "50.00%", "25.00%", "25.00%")
    assert (drawn.label, drawn.where) == ("1", "left")


def test_a_box_beyond_the_picture_is_cut_to_it():
    drawn = outline((-0.5, -1.0, 1.5, 2.0))
    assert (drawn.left, drawn.top, drawn.width, drawn.height, drawn.where) == ("0.00%", "0.00%", "100.00%", "100.00%", "all over")


@pytest.mark.parametrize(
    ("box", "x", "y", "ends", "hangs"),
    [
        ((0.2, 0.4, 0.5, 0.6), "20.00%", "40.00%", False, False),
        ((0.2, 0.02, 0.5, 0.6), "20.00%", "60.00%", False, True),
        ((0.2, 0.02, 0.5, 0.95), "20.00%", "2.00%", False, True),
        ((0.9, 0.4, 1.0, 0.6), "100.00%", "40.00%", True, False),
    ],
    ids=["above", "below", "inside", "from the right"],
)
def test_a_label_stands_where_the_picture_has_room_for_it(box, x, y, ends, hangs):
    drawn = outline(box)
    assert (drawn.label_x, drawn.label_y, drawn.ends, drawn.hangs) == (x, y, ends, hangs)


def test_regions_are_numbered_and_overlays_named():
    found = Alteration(0.1, REGIONS, (Overlay("logo", (0.8, 0.1, 0.9, 0.2)),))
    drawn = comparison_of(aligned_match("a.tif", Relation.ALTERED, found), pictures(), 0)
    assert [each.label for each in (*drawn.regions, *drawn.overlays)] == ["1", "2", "logo"]
    assert drawn.more == 0


def test_what_is_not_outlined_is_counted():
    found = Alteration(0.3, ((0.1, 0.1, 0.2, 0.2),) * (OUTLINES + 5))
    drawn = comparison_of(aligned_match("a.tif", Relation.ALTERED, found), pictures(), 0)
    assert (len(drawn.regions), drawn.more) == (OUTLINES, 5)


@pytest.mark.parametrize(
    ("size", "drawn"), [((640, 427), (704, 470)), ((427, 640), (352, 528)), ((2, 640), (2, 528)), ((0, 0), None)]
)
def test_pictures_are_drawn_to_fit_a_window(size, drawn):
    each = comparison_of(aligned_match("a.tif", Relation.DERIVED, None), replace(THIN, width=size[0], height=size[1]), 0)
    assert (each.width, each.height) == (drawn or (1, 1))


@pytest.mark.parametrize(
    ("difference", "found", "expected"), [(b"png", None, True), (b"", None, False), (b"", Alteration(0.0), False)]
)
def test_a_difference_is_offered_where_there_is_one(difference, found, expected):
    match = aligned_match("a.tif", Relation.DERIVED, found)
    assert comparison_of(match, replace(THIN, difference=difference), 0).has_difference is expected


def test_an_overlay_alone_is_worth_a_look():
    found = Alteration(0.0, (), (Overlay("logo", (0.8, 0.1, 0.9, 0.2)),))
    each = comparison_of(aligned_match("a.tif", Relation.DERIVED, found), THIN, 0)
    assert each.has_difference
    assert not each.altered


def test_what_was_measured_is_told_in_words():
    found = Alteration(0.06, REGIONS)
    assert measured(aligned_match("a.tif", Relation.ALTERED, found, aligned(mirrored=True))) == (
        "differs in 6 % of the area (2 regions), mirrored, 143 matching points"
    )
    assert measured(aligned_match("a.tif", Relation.DERIVED, Alteration(0.0), aligned(reference_share=0.36))) == (
        "shows 36 % of it, 143 matching points"
    )
    assert measured(blocked().assets[4].matches[0]) == ""


def test_only_sides_with_pictures_are_compared():
    scan = laid()
    sides = pairing(scan)
    assert [side.comparison is not None for index, record in enumerate(scan.assets) for side in sides(index, record)] == [
        *(True, True, True, True, False)
    ]
    assert [side.comparison for side in pairing(blocked())(4, blocked().assets[4])] == [None, None, None]


def test_pictures_belong_to_one_asset_and_one_reference():
    # The same reference beside another asset has no pictures of its own: nothing of the first may show there.
    scan = laid()
    scan = replace(scan, assets=(scan.assets[3], *scan.assets[1:]))
    assert [side.comparison for side in pairing(scan)(0, scan.assets[0])] == [None]


def test_no_more_sides_than_a_row_holds():
    matches = tuple(aligned_match("r" * n, Relation.DERIVED, None) for n in range(1, 12))
    scan = replace(laid(), assets=(asset("a.jpg", matches=matches),), laid_over={(0, one.reference.id): THIN for one in matches})
    sides = pairing(scan)(0, scan.assets[0])
    assert len(sides) == SIDES
    assert [side.comparison.asset_from for side in sides] == [None, *[0] * (SIDES - 1)]


def embedded(picture):
    return base64.b64encode(picture).decode()


def test_each_picture_stands_on_the_page_once():
    scan = laid()
    text = to_html(scan)
    assert text.count(embedded(scan.laid_over[0, "owned-00000012"].asset)) == 1, "of both comparisons, and beneath the difference"
    uses = re.findall(r'<use href="#([^"]+)">', text)
    assert uses == ["laid-2-0", "laid-0-0", "laid-0-0"]
    assert set(uses) <= set(Elements(text).values("id"))


def test_words_beside_the_pictures():
    said = text_of(laid())
    for sentence in (
        "Laid over each other: this asset and originals/pier.tif",
        "This asset differs in 11 % of the area (2 regions) from the reference: mirrored, 143 matching points, "
        "a lower third and a timecode laid over it.",
        "Regions that differ: 1 (bottom), 2 (upper left).",
        "Laid over the picture, not counted, dashed: lower third (lower left), timecode (upper right).",
        "Nothing differs beyond grade, noise, grain and compression.",
        "This asset contains the reference: fills 25 % of the picture, 143 matching points.",
        "Owned reference, laid over this asset; black where it does not reach",
        "altered: differs in 11 % of the area (2 regions), mirrored",
    ):
        assert sentence in said, sentence


def test_what_was_not_compared_is_not_said_to_be_equal():
    scan = laid()
    scan = replace(
        scan, assets=(scan.assets[1],), laid_over={(0, scan.assets[1].matches[0].reference.id): pictures(differs=False)}
    )
    assert "Nothing differs" not in text_of(scan)


def test_altered_pictures_are_open_and_others_folded():
    details = [
        attrs for tag, attrs in Elements(to_html(laid())).found if tag == "details" and "compare" in (attrs.get("class") or "")
    ]
    assert ["open" in attrs for attrs in details] == [True, True, False, False], "named.jpg, pier.jpg twice, on_the_wall.jpg"


def test_a_scan_without_such_pictures_has_no_comparison():
    assert not [tag for tag, _ in Elements(to_html(blocked())).found if tag in ("svg", "figure", "fieldset")]
