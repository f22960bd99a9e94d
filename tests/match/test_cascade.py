from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from scanner.fingerprint.local_features import FRAME, local_features, local_query
from scanner.fingerprint.phash import fingerprint
from scanner.fingerprint.picture import Picture
from scanner.fingerprint.prints import prints_of
from scanner.match import cascade as cascade_module
from scanner.match.cascade import Cascade, LocalSearch, Sought
from scanner.match.global_search import MATCH_BITS, VERIFY_BITS
from scanner.match.search import NEAREST_PER_ROLE, ExactSearch
from scanner.model.algorithms import LOCAL_FEATURES
from scanner.model.matching import Reference, Relation, Role
from tests.fingerprint.landscapes import landscape

FEW = 12
PHOTOS = Path(__file__).parents[3] / "shared" / "corpus" / "photos"


def picture(image):
    return Picture(image, *image.size)


def reference(name, image, role=Role.OWNED, **options):
    digest = f"{abs(hash((name, role))):064x}"[-64:]
    return Reference(name, role, name, digest, fingerprint(picture(image)), **options)


def sought(image, **options):
    return Sought(fingerprint=fingerprint(picture(image)), local=local_query(picture(image)), **options)


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch):
    """A library of the tests is larger than one that is checked without an index."""
    monkeypatch.setattr(cascade_module, "EXHAUSTIVE", FEW)


@pytest.fixture(scope="module")
def library():
    pictures = {f"landscape {seed}": landscape(seed) for seed in range(18)}
    assert len(pictures) > FEW
    references = [reference(name, image, list(Role)[number % 4]) for number, (name, image) in enumerate(pictures.items())]
    return references, {name: local_features(picture(image)) for name, image in pictures.items()}


def names(matches):
    return [(match.reference.id, match.relation) for match in matches]


def test_equal_bytes_settle_it(library, monkeypatch):
    references, features = library
    monkeypatch.setattr(LocalSearch, "find", lambda *_, **__: pytest.fail("local features were asked"))
    found = Cascade.of(references, features).find(sought(landscape(3), sha256=references[3].sha256))
    assert found[0].reference is references[3]
    assert (found[0].relation, found[0].basis) == (Relation.SAME, "bytes")


def test_equal_pixels_settle_it(library, monkeypatch):
    references, features = library
    monkeypatch.setattr(LocalSearch, "find", lambda *_, **__: pytest.fail("local features were asked"))
    held = [replace(references[3], pixel_digest="pixels1/x:1"), *references[:3]]
    found = Cascade.of(held, features).find(sought(landscape(3), pixel_digest="pixels1/x:1"))
    assert names(found) == [("landscape 3", Relation.SAME)]
    assert found[0].basis == "pixels"


def test_a_near_hash_becomes_a_relation(library):
    found = Cascade.of(*library).find(sought(landscape(4).resize((240, 160))))
    assert names(found) == [("landscape 4", Relation.DERIVED)]
    assert found[0].basis == LOCAL_FEATURES
    assert found[0].distance_bits is not None
    assert found[0].inliers > 50


def test_without_local_features_a_near_hash_stays_similar(library):
    found = Cascade.of(*library).find(Sought(fingerprint=fingerprint(picture(landscape(4)))))
    assert names(found) == [("landscape 4", Relation.SIMILAR)]
    assert found[0].inliers is None


CHANGES = {
    "crop": lambda image: image.crop((150, 50, 430, 250)),
    "mirror": lambda image: image.transpose(Image.Transpose.FLIP_LEFT_RIGHT),
    "rotation": lambda image: image.rotate(5, Image.Resampling.BICUBIC),
    "push-in": lambda image: image.crop((100, 80, 340, 240)).resize((480, 320), Image.Resampling.BICUBIC),
    "dark": lambda image: image.point(lambda level: level * 0.4),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_a_hash_cannot_find_is_found(library, change):
    for seed in (5, 17):
        found = Cascade.of(*library).find(sought(CHANGES[change](landscape(seed))))
        assert names(found) == [(f"landscape {seed}", Relation.DERIVED)]
        assert found[0].alignment.mirrored is (change == "mirror")


def test_two_references_in_one_asset_are_both_told(library):
    frame = landscape(6).resize((960, 640))
    frame.paste(landscape(7).resize((360, 240)), (550, 350))
    found = Cascade.of(*library).find(sought(frame))
    assert set(names(found)) == {("landscape 6", Relation.DERIVED), ("landscape 7", Relation.CONTAINS)}


def test_a_stranger_matches_nothing(library):
    assert Cascade.of(*library).find(sought(landscape(99))) == ()


def test_the_order_of_the_references_does_not_matter(library):
    references, features = library
    backwards = [references[row] for row in np.random.default_rng(1).permutation(len(references))]
    for image in (CHANGES["crop"](landscape(8)), CHANGES["mirror"](landscape(9)), landscape(99)):
        asked = sought(image)
        assert Cascade.of(references, features).find(asked) == Cascade.of(backwards, features).find(asked)


def test_many_of_one_role_leave_room_for_another(library):
    references, features = library
    copies = {f"copy {number:02d}": landscape(10) for number in range(2 * cascade_module.CHECKED_PER_ROLE)}
    held = [*references, *(reference(name, image) for name, image in copies.items())]
    held.append(reference("temporary", CHANGES["crop"](landscape(10)), Role.AI))
    own = dict.fromkeys(copies, features["landscape 10"]) | features
    own["temporary"] = local_features(picture(CHANGES["crop"](landscape(10))))
    found = Cascade.of(held, own).find(sought(landscape(10).rotate(4)))
    roles = [match.reference.role for match in found]
    assert roles.count(Role.OWNED) == NEAREST_PER_ROLE
    assert "temporary" in [match.reference.id for match in found]


def test_no_more_than_a_few_of_each_role_are_checked(library, monkeypatch):
    references, features = library
    copies = [reference(f"copy {number:02d}", landscape(15)) for number in range(40)]
    checked = []
    monkeypatch.setattr(cascade_module, "align", lambda *_, mirrored: checked.append(mirrored))
    own = features | dict.fromkeys((one.id for one in copies), features["landscape 15"])
    LocalSearch([*references, *copies], own.get).find(sought(landscape(15)).local)
    assert checked.count(False) <= len(Role) * cascade_module.CHECKED_PER_ROLE
    assert checked.count(False) >= cascade_module.CHECKED_PER_ROLE


def test_without_an_index_the_answers_are_the_same(library, monkeypatch):
    references, features = library
    asked = [sought(change(landscape(11))) for change in CHANGES.values()]
    indexed = [Cascade.of(references, features).find(one) for one in asked]
    monkeypatch.setattr(cascade_module, "EXHAUSTIVE", 1000)
    assert [Cascade.of(references, features).find(one) for one in asked] == indexed


@pytest.mark.parametrize("change", CHANGES)
def test_a_frame_shows_what_a_still_shows(library, change):
    image = CHANGES[change](landscape(5))
    found = Cascade.of(*library).find_in_frame(prints_of(picture(image))[1], local_query(picture(image), FRAME))
    assert names(found) == [("landscape 5", Relation.DERIVED)]


def test_in_a_frame_a_hash_alone_is_nothing(library):
    references, features = library
    prints = {name: prints_of(picture(landscape(seed)))[1] for seed, name in enumerate(features)}
    cascade = Cascade.of(references, features, prints)
    stranger = local_query(picture(landscape(99)), FRAME)
    assert cascade.find(Sought(prints=prints["landscape 5"], local=stranger))
    assert cascade.find_in_frame(prints["landscape 5"], stranger) == ()


def test_a_frame_is_checked_where_votes_say_more_than_chance_does(library, monkeypatch):
    references, features = library
    checked = []
    monkeypatch.setattr(cascade_module, "align", lambda *_, mirrored: checked.append(mirrored))
    search, few = LocalSearch(references[:FEW], features.get), local_query(picture(landscape(99)), FRAME)
    search.find(few)
    assert len(checked) == 2 * FEW
    checked.clear()
    search.find(few, fewest_votes=cascade_module.FRAME_VOTES)
    assert len(checked) <= 1
    search.find(few, also=["landscape 2"], fewest_votes=cascade_module.FRAME_VOTES)
    assert len(checked) >= 1


def test_features_of_another_algorithm_are_never_compared(library):
    references, features = library
    old = {name: replace(one, algorithm="sift128/0") for name, one in features.items()}
    assert Cascade.of(references, old).find(sought(CHANGES["crop"](landscape(12)))) == ()


def test_references_without_features_are_no_trouble(library):
    references, features = library
    some = {name: one for name, one in features.items() if name != "landscape 13"}
    assert Cascade.of(references, some).find(sought(CHANGES["crop"](landscape(13)))) == ()
    assert names(Cascade.of(references, some).find(sought(CHANGES["crop"](landscape(14))))) == [
        ("landscape 14", Relation.DERIVED)
    ]
    assert Cascade(ExactSearch([]), LocalSearch([], features.get)).find(sought(landscape(1))) == ()


def prints(image):
    return prints_of(picture(image))[1]


@pytest.fixture(scope="module")
def hashed(library):
    references, _ = library
    return references, {}, {one.id: prints(landscape(int(one.id.split()[1]))) for one in references}


def flipped(hashes, count):
    """The first of the hashes with so many of its bits turned over."""
    bits = int(hashes[0].bits, 16) ^ int("1" * count + "0" * 40, 2)
    return (replace(hashes[0], bits=f"{bits:064x}"),)


@pytest.mark.parametrize("way", [Image.Transpose.FLIP_LEFT_RIGHT, Image.Transpose.ROTATE_90])
def test_a_picture_that_lies_otherwise_is_similar_by_its_hash_alone(hashed, way):
    asked = landscape(4).transpose(way)
    (found,) = Cascade.of(*hashed).find(Sought(fingerprint=fingerprint(picture(asked)), prints=prints(asked)))
    assert (found.reference.id, found.relation, found.basis) == ("landscape 4", Relation.SIMILAR, "dct256/1")
    assert found.distance_bits <= MATCH_BITS


def test_what_is_to_be_verified_is_no_match_by_hash(hashed):
    held = hashed[2]["landscape 4"]
    assert [one.distance_bits for one in Cascade.of(*hashed).find(Sought(prints=flipped(held, MATCH_BITS)))] == [MATCH_BITS]
    assert Cascade.of(*hashed).find(Sought(prints=flipped(held, MATCH_BITS + 1))) == ()


def test_what_is_to_be_verified_is_checked_whatever_the_index_says(library, hashed, monkeypatch):
    monkeypatch.setattr(cascade_module.LocalIndex, "shortlist", lambda *_: ())
    references, features = library
    asked = sought(CHANGES["crop"](landscape(4)))
    cascade = Cascade.of(references, features, hashed[2])
    assert cascade.find(asked) == ()
    assert names(cascade.find(replace(asked, prints=flipped(hashed[2]["landscape 4"], VERIFY_BITS)))) == [
        ("landscape 4", Relation.DERIVED)
    ]
    assert cascade.find(replace(asked, prints=flipped(hashed[2]["landscape 4"], VERIFY_BITS + 1))) == ()


def test_a_match_by_either_hash_is_told_once_and_becomes_a_relation(library, hashed):
    references, features = library
    asked = landscape(4).resize((240, 160))
    by_hash = Sought(fingerprint=fingerprint(picture(asked)), prints=prints(asked))
    (found,) = Cascade.of(*hashed).find(by_hash)
    assert found.basis == references[4].fingerprint.algorithm
    aligned = Cascade.of(references, features, hashed[2]).find(replace(by_hash, local=local_query(picture(asked))))
    assert names(aligned) == [("landscape 4", Relation.DERIVED)]


def test_of_many_alike_by_hash_a_few_of_each_role_are_told_and_checked(library, hashed, monkeypatch):
    references, features = library
    copies = [replace(references[4], id=f"copy {number:02d}", sha256=f"{number:064x}") for number in range(40)]
    held, own = [*copies, *references], features | dict.fromkeys((one.id for one in copies), features["landscape 4"])
    cascade = Cascade.of(held, own, hashed[2] | dict.fromkeys((one.id for one in copies), hashed[2]["landscape 4"]))
    mirrored = prints(CHANGES["mirror"](landscape(4)))
    assert [one.reference.id for one in cascade.find(Sought(prints=mirrored))] == [
        f"copy {n:02d}" for n in range(NEAREST_PER_ROLE)
    ]
    checked = []
    monkeypatch.setattr(cascade_module.LocalIndex, "shortlist", lambda *_: ())
    monkeypatch.setattr(cascade_module, "align", lambda *_, mirrored: checked.append(mirrored))
    cascade.find(Sought(prints=mirrored, local=local_query(picture(landscape(99)))))
    assert checked.count(False) == cascade_module.CHECKED_PER_ROLE


def test_hashes_of_what_is_no_reference_are_not_found(hashed):
    references, features, all_prints = hashed
    assert Cascade.of(references[5:], features, all_prints).find(Sought(prints=all_prints["landscape 4"])) == ()


@pytest.mark.skipif(not PHOTOS.is_dir(), reason="the corpus is not on this machine")
def test_photographs_are_found_after_a_hard_push_in_and_nothing_else_is():
    paths = sorted(PHOTOS.glob("*.jpg"))[::9]
    images = [Image.open(path).convert("RGB") for path in paths]
    references = [reference(path.name, image) for path, image in zip(paths, images, strict=True)]
    cascade = Cascade.of(
        references, {one.id: local_features(picture(image)) for one, image in zip(references, images, strict=True)}
    )
    found = []
    for own, image in list(zip(references, images, strict=True))[::2]:
        width, height = image.size
        inner = image.crop((width * 0.2, height * 0.15, width * 0.8, height * 0.75)).resize(image.size, Image.Resampling.BICUBIC)
        graded = inner.point([min(255, int(255 * (level / 255) ** 0.8 * 0.9 + 12)) for level in range(256)] * 3)
        found.append([match.reference.id == own.id for match in cascade.find(sought(graded))])
    assert all(all(one) for one in found), "a wrong reference"
    assert sum(map(bool, found)) >= len(found) - 1
