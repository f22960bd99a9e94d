"""Near copies inside a delivery: found exactly, quickly, and only where marks could have been lost."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
from PIL import Image

from scanner.judge.subject import AssetKey
from scanner.match.search import THRESHOLD_BITS
from scanner.model.judging import Zone
from scanner.model.marks import Provenance
from scanner.model.matching import Fingerprint, NearCopy, Relation
from scanner.model.scan import AssetRecord
from scanner.pipeline.near_copies import NEAREST, Pictures, find_near_copies
from tests.pipeline.conftest import RunScan, generated, picture


def pictures(path: str, *hashes: int, identity: str = "", algorithm: str = "phash64", zone: Zone = Zone.FINAL) -> Pictures:
    prints = tuple(Fingerprint(algorithm, f"{one:016x}", 96, 96, flat=False) for one in hashes)
    copy = NearCopy(0, path, zone, Provenance.NO_MARKS, 0)
    return Pictures(copy, prints, frozenset({identity} - {""}))


def distances(found: dict[AssetKey, tuple[NearCopy, ...]], path: str = "a") -> list[tuple[str, int | None]]:
    return [(copy.path, copy.distance_bits) for copy in found.get((0, path), ())]


def test_the_threshold_is_that_of_matching() -> None:
    edge = (1 << THRESHOLD_BITS) - 1
    marked = [pictures("near", edge), pictures("far", (edge << 1) | 1)]

    assert distances(find_near_copies([pictures("a", 0)], marked)) == [("near", THRESHOLD_BITS)]


def test_a_sequence_is_as_near_as_its_nearest_frame_and_told_once() -> None:
    marked = [pictures("other", 0xFFFF), pictures("shot", 0xFF00, 0x7, 0x1)]

    assert distances(find_near_copies([pictures("a", 0, 0x3)], marked)) == [("shot", 1)]


def test_equal_contents_are_the_same_and_come_first() -> None:
    marked = [pictures("b", 0), pictures("c", 0, identity="reference 7")]

    found = find_near_copies([pictures("a", 0, identity="reference 7")], marked)[0, "a"]

    assert [(copy.path, copy.relation) for copy in found] == [("c", Relation.SAME), ("b", Relation.SIMILAR)]


def test_other_algorithms_are_not_compared_and_nothing_is_found_in_nothing() -> None:
    assert find_near_copies([pictures("a", 0)], [pictures("b", 0, algorithm="phash64/2")]) == {}
    assert find_near_copies([pictures("a", 0)], []) == {}
    assert find_near_copies([], [pictures("b", 0)]) == {}


def test_as_brute_force_says() -> None:
    made = np.random.default_rng(7)
    base = [int(one) for one in made.integers(0, 1 << 63, 12)]
    flipped = [value ^ sum(1 << int(bit) for bit in made.integers(0, 63, 8)) for value in base * 3]
    marked = [pictures(f"m{at:02}", value) for at, value in enumerate(flipped)]

    for value in base:
        wanted = sorted(((value ^ other).bit_count(), f"m{at:02}") for at, other in enumerate(flipped))
        nearest = [(path, bits) for bits, path in wanted if bits <= THRESHOLD_BITS][:NEAREST]
        assert distances(find_near_copies([pictures("a", value)], marked)) == nearest


def test_ten_thousand_assets_are_not_compared_one_by_one() -> None:
    made = np.random.default_rng(3)
    random = [int(one) for one in made.integers(0, 1 << 63, 10_000)]
    marked = [pictures(f"m{at}", value) for at, value in enumerate(random[:5000])]
    # A held shot: thousands of pictures that are all near to each other.
    held = [pictures(f"h{at}", 1 << (at % 9)) for at in range(2500)]
    unmarked = [pictures(f"u{at}", value) for at, value in enumerate(random[5000:7500])]

    started = time.process_time()
    found = find_near_copies([*unmarked, *held], [*marked, *held])
    # 0.3 s of this process; each with each, one by one, would take a minute, on a busy machine too.
    assert time.process_time() - started < 5
    assert len(found[0, "h0"]) == NEAREST


def by_path(run: RunScan, root: Path) -> dict[str, AssetRecord]:
    return {asset.path: asset for asset in run(root).assets}


def test_a_stripped_smaller_copy_is_told_without_a_library(run: RunScan, tmp_path: Path) -> None:
    for zone in ("temp", "final"):
        (tmp_path / zone).mkdir()
    generated(tmp_path / "temp" / "idea.png")
    picture(2).resize((80, 80)).save(tmp_path / "final" / "still.jpg", quality=60)
    picture(9).save(tmp_path / "final" / "other.png")

    found = by_path(run, tmp_path)

    assert [copy.path for copy in found["final/still.jpg"].near_copies] == ["temp/idea.png"]
    assert [finding.rule for finding in found["final/still.jpg"].findings] == ["ai-marks-lost"]
    assert found["final/still.jpg"].verdict == "review"
    assert (found["final/other.png"].verdict, found["temp/idea.png"].near_copies) == ("pass", ())


def test_flat_pictures_and_unmarked_temporaries_are_silent(run: RunScan, tmp_path: Path) -> None:
    for zone in ("temp", "final"):
        (tmp_path / zone).mkdir()
        Image.new("RGB", (96, 96), "black").save(tmp_path / zone / f"slate_{zone}.png")
    picture(2).save(tmp_path / "temp" / "idea.png")
    picture(2).save(tmp_path / "final" / "still.jpg")
    (tmp_path / "temp" / "slate_temp.xmp").write_text(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description xmlns:e='http://iptc.org/std/Iptc4xmpExt/2008-02-29/' e:DigitalSourceType="
        "'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia'/></rdf:RDF></x:xmpmeta>"
    )

    found = by_path(run, tmp_path)

    assert found["temp/slate_temp.png"].provenance is Provenance.GENERATED
    assert [asset.near_copies for asset in found.values()] == [()] * 4
