from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scanner.match.postings import POSTING_BYTES, WORDS, build_postings, map_postings, poses_of, save_postings, unpacked
from tests.match.point_clouds import features


def test_each_point_is_in_the_list_of_its_word():
    held = [features(50, 1, words=20), features(0, 2), features(70, 3, words=20)]
    postings = build_postings(held)
    assert postings.references == 3
    assert len(postings.rows) == 120
    for row, one in enumerate(held):
        words, codes = np.frombuffer(one.words, "<u4"), np.frombuffer(one.codes, "<u8").reshape(-1, 2)
        for word, code in zip(words, codes, strict=True):
            own = slice(postings.starts[word], postings.starts[word + 1])
            assert row in postings.rows[own][postings.signatures[own] == code[0]]


def test_no_references_make_no_postings():
    postings = build_postings([])
    assert postings.references == 0
    assert not postings.starts.any()


def test_a_foreign_word_is_refused():
    with pytest.raises(ValueError, match="vocabulary"):
        build_postings([replace(features(1, 1), words=np.array([WORDS], "<u4").tobytes())])


def test_mapped_postings_are_the_same(tmp_path):
    postings = build_postings([features(60, seed) for seed in range(5)])
    save_postings(postings, str(tmp_path))
    mapped = map_postings(str(tmp_path))
    assert mapped.references == 5
    for name in ("starts", "rows", "poses", "signatures"):
        assert np.array_equal(getattr(mapped, name), getattr(postings, name))
    assert sum(getattr(postings, name).itemsize for name in ("rows", "poses", "signatures")) == POSTING_BYTES


def test_poses_are_kept_to_a_byte():
    exact = poses_of(features(500, 7))
    postings = build_postings([features(500, 7)])
    kept = unpacked(np.sort(postings.poses))
    assert np.abs(np.sort(kept.sizes) - np.sort(exact.sizes)).max() <= 1 / 32
    assert np.abs(np.sort(kept.angles) - np.sort(exact.angles)).max() <= 1 / 128
