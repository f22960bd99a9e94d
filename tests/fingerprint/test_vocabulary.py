from __future__ import annotations

import numpy as np
import pytest

from scanner.fingerprint.vocabulary import DESCRIPTION, NEAR_WORDS, rooted, shipped_vocabulary
from scanner.match.postings import WORDS


@pytest.fixture(scope="module")
def descriptions():
    random = np.random.default_rng(1)
    return rooted(random.gamma(0.5, 40, (200, DESCRIPTION)).astype(np.float32))


def test_rooted_descriptions_have_length_one_and_do_not_know_contrast(descriptions):
    assert np.allclose((descriptions**2).sum(axis=1), 1)
    plain = np.random.default_rng(2).gamma(0.5, 40, (5, DESCRIPTION)).astype(np.float32)
    assert np.allclose(rooted(plain), rooted(plain * 3), atol=1e-6)
    assert not rooted(np.zeros((1, DESCRIPTION), np.float32)).any()


def test_near_words_are_the_nearest_of_all_pairs(descriptions):
    vocabulary = shipped_vocabulary()
    halves = (descriptions - vocabulary.mean) @ vocabulary.to_halves
    far = [((halves[:, at * 16 : at * 16 + 16, None] - vocabulary.centres[at].T[None]) ** 2).sum(axis=1) for at in (0, 1)]
    every = (far[0][:, :, None] + far[1][:, None, :]).reshape(len(descriptions), -1)
    expected = np.sort(every, axis=1)[:, :NEAR_WORDS]
    words = vocabulary.near_words(descriptions)
    assert words.shape == (len(descriptions), NEAR_WORDS)
    assert np.allclose(np.take_along_axis(every, words.astype(np.intp), axis=1), expected, atol=1e-4)


def test_a_word_is_the_first_of_the_near_ones(descriptions):
    vocabulary = shipped_vocabulary()
    words = vocabulary.words(descriptions)
    assert len(set(words.tolist())) > 100
    assert np.array_equal(words, vocabulary.near_words(descriptions)[:, 0])


def test_words_are_of_the_number_that_the_index_counts_on(descriptions):
    centres = shipped_vocabulary().centres
    assert centres.shape[1] ** 2 == WORDS
    assert int(shipped_vocabulary().near_words(descriptions).max()) < WORDS


def test_codes_differ_more_the_farther_apart(descriptions):
    vocabulary = shipped_vocabulary()
    near = rooted(descriptions**2 * 1000 + np.random.default_rng(3).uniform(0, 1, descriptions.shape).astype(np.float32))

    def differing(one, other):
        return np.unpackbits(vocabulary.codes(one) ^ vocabulary.codes(other), axis=1).sum(axis=1)

    assert differing(descriptions, near).mean() < 16
    assert differing(descriptions, descriptions[::-1]).mean() > 40


def test_no_descriptions_have_no_words():
    none = np.zeros((0, DESCRIPTION), np.float32)
    assert shipped_vocabulary().near_words(none).shape == (0, NEAR_WORDS)
    assert shipped_vocabulary().words(none).shape == (0,)
    assert shipped_vocabulary().codes(none).shape == (0, 16)
