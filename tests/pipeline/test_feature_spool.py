from __future__ import annotations

from contextlib import closing

import pytest

from scanner.model.matching import LocalFeatures
from scanner.pipeline.feature_spool import FeatureSpool


def features(points: int, fill: int) -> LocalFeatures:
    return LocalFeatures("sift128/1", 40 + points, 30, bytes([fill]) * 8 * points, b"c" * 16 * points, b"w" * 4 * points)


def test_what_was_laid_aside_comes_back_in_any_order() -> None:
    laid = {f"p{number}": features(number, number) for number in range(40)}
    with closing(FeatureSpool()) as spool:
        for name, one in laid.items():
            spool.add(name, one)
        assert len(spool) == 40
        for name in sorted(laid, reverse=True):
            assert spool.features_of(name) == laid[name]
        spool.add("late", features(3, 9))
        assert spool.features_of("late") == features(3, 9)
        assert spool.features_of("p7") == laid["p7"]


def test_a_known_name_stays_and_an_unknown_one_has_nothing() -> None:
    with closing(FeatureSpool()) as spool:
        spool.add("a", features(2, 1))
        spool.add("a", features(5, 2))
        assert spool.features_of("a") == features(2, 1)
        assert spool.features_of("b") is None


def test_nothing_of_it_can_be_seen_in_the_folder(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with closing(FeatureSpool()) as spool:
        spool.add("a", features(2, 1))
        assert list(tmp_path.iterdir()) == []
    spool.close()
