"""Looking at the files of a sequence in a worker: gaps, damage, and where a still comes and goes."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image

from scanner.model.work import EdgeFound, EdgeTask, FilmTask, FrameFiles
from scanner.pipeline.film_frames import find_edge, look_at_film
from scanner.pipeline.frame_sources import LOST_LIMIT
from tests.fingerprint.landscapes import landscape

RATE = Fraction(8)
ON = range(13, 27)
"""Frames that show the still."""


def drawn(number):
    picture = landscape(4 if number in ON else 30).resize((360, 203))
    pixels = np.asarray(picture).astype(int) + np.random.default_rng(number).normal(0, 3, (203, 360, 3))
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames")
    for number in range(40):
        drawn(number).save(folder / f"a.{number:04}.jpg", quality=85)
    return folder


@pytest.fixture
def own(folder, tmp_path):
    """A copy of the sequence, to be damaged."""
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path


def files(folder, numbers=range(40)):
    names = tuple(f"a.{number:04}.jpg" for number in numbers)
    sizes = tuple((folder / name).stat().st_size if (folder / name).exists() else 0 for name in names)
    return FrameFiles(RATE, str(folder), names, tuple(numbers), sizes)


def look(folder, held):
    return look_at_film(FilmTask(7, f"{folder}/{held.names[0]}", 0, files=held))


def damage(folder, *numbers):
    for number in numbers:
        path = folder / f"a.{number:04}.jpg"
        path.write_bytes(path.read_bytes()[:900])


def edge(folder, shows, lacks, numbers=range(40)):
    features = next(frame.query.features for frame in look(folder, files(folder, [20])).frames if frame.query is not None)
    span = [number for number in numbers if min(shows, lacks) <= number <= max(shows, lacks)]
    found = find_edge(EdgeTask(1, "", 0, shows / RATE, lacks / RATE, (features,), files=files(folder, span)))
    return found.shows * RATE, found.lacks * RATE


def test_a_frame_in_each_second_has_points_and_hashes(folder):
    came = look(folder, files(folder))
    times = [frame.time for frame in came.frames]
    assert times[0] == 0
    assert max(later - earlier for earlier, later in pairwise(times)) <= 1
    assert all(frame.query is not None and frame.prints for frame in came.frames)
    assert (came.why, came.lost, came.damaged) == ("", (), 0)


def test_a_damaged_frame_is_told_and_the_next_one_looked_at(own):
    damage(own, 0, 1)
    came = look(own, files(own, range(8)))
    assert came.lost == (0, Fraction(1, 8))
    assert came.frames[0].time == Fraction(2, 8)
    assert (came.why, came.damaged) == ("", 2)


def test_a_frame_that_vanished_costs_itself(own):
    held = files(own, range(8))
    (own / "a.0000.jpg").unlink()
    assert look(own, held).lost == (0,)


def test_files_of_which_none_decodes_are_not_all_tried(own):
    damage(own, *range(40))
    came = look(own, files(own))
    assert len(came.lost) == LOST_LIMIT
    assert came.frames == ()
    assert "decoded" in came.why


def test_ends_are_found_to_the_frame(folder):
    assert edge(folder, 16, 8) == (13, 12)
    assert edge(folder, 24, 32) == (26, 27)


def test_ends_are_found_beside_damage_and_across_a_gap(own):
    damage(own, 12, 14)
    assert edge(own, 16, 8) == (13, 11)
    gap = [number for number in range(40) if number not in range(25, 29)]
    assert edge(own, 24, 32, gap) == (24, 29)


def test_one_frame_alone_has_no_end(folder):
    held = files(folder, [20])
    features = look(folder, held).frames[0].query.features
    assert find_edge(EdgeTask(1, "", 0, 20 / RATE, 24 / RATE, (features,), files=held)).shows is None


@pytest.mark.parametrize(("shows", "lacks", "numbers"), [(24, 8, range(8, 12)), (16, 32, range(17, 33))])
def test_an_end_is_not_told_where_the_frame_that_shows_it_is_not_among_those_looked_at(folder, shows, lacks, numbers):
    features = look(folder, files(folder, [20])).frames[0].query.features
    held = files(folder, numbers)
    assert find_edge(EdgeTask(1, "", 0, shows / RATE, lacks / RATE, (features,), files=held)) == EdgeFound(1, None)
