"""Kept trust lists: one file each, named by what is known of it."""

from __future__ import annotations

import os
import stat

import pytest

from scanner.model.errors import UsageError
from scanner.model.trust_lists import ListKind, NamedList, age_days, is_outdated
from scanner.store.trust_lists import TrustLists, name_for

ONE = NamedList("house", ListKind.ANCHORS, "2026-08-13", "a list")


@pytest.fixture
def kept(tmp_path):
    return TrustLists(tmp_path / "data" / "trust")


def test_a_folder_that_is_not_there_holds_nothing(kept):
    assert kept.all() == ()


@pytest.mark.parametrize("kind", list(ListKind))
@pytest.mark.parametrize("dated", [True, False])
def test_what_is_kept_comes_back(kept, kind, dated):
    one = NamedList("house-1.2_x", kind, "2026-08-13", "ä\n", dated)
    kept.keep([one])
    assert kept.all() == (one,)


def test_copies_are_readable_by_others_and_nothing_else_is_left(kept):
    before = os.umask(0o022)
    try:
        kept.keep([ONE])
    finally:
        os.umask(before)
    (path,) = kept.folder.iterdir()
    assert path.name == "house@2026-08-13.anchors.pem"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_taken_name_needs_to_be_replaced_even_in_other_letters(kept):
    kept.keep([ONE])
    newer = NamedList("House", ListKind.ALLOWED, "2026-01-01", "newer")
    with pytest.raises(UsageError, match="--replace"):
        kept.keep([NamedList("other", ListKind.EKUS, "2026-01-01", "x"), newer])
    assert kept.all() == (ONE,)
    kept.keep([newer], replace=True)
    assert kept.all() == (newer,)


def test_two_of_one_name_at_once_are_refused(kept):
    with pytest.raises(UsageError, match="two lists"):
        kept.keep([ONE, ONE], replace=True)
    assert kept.all() == ()


@pytest.mark.parametrize("name", ["", "../x", "a b", ".hidden", "x" * 81, "a@b", "ä"])
def test_what_cannot_be_a_file_cannot_be_a_name(kept, name):
    with pytest.raises(UsageError, match="cannot name"):
        kept.keep([NamedList(name, ListKind.ANCHORS, "2026-01-01", "x")])


def test_an_interrupted_replacement_shows_the_newer_and_goes_whole(kept):
    kept.keep([ONE])
    (kept.folder / "house@2026-09-01.anchors.pem").write_text("newer")
    (kept.folder / "notes.md").write_text("not ours")
    assert [one.text for one in kept.all()] == ["newer"]
    kept.remove("HOUSE")
    assert [path.name for path in kept.folder.iterdir()] == ["notes.md"]


def test_removing_says_the_nearest_name(kept):
    with pytest.raises(UsageError, match="None is kept"):
        kept.remove("house")
    kept.keep([ONE])
    with pytest.raises(UsageError, match="Did you mean house"):
        kept.remove("hose")
    with pytest.raises(UsageError, match="Kept are house"):
        kept.remove("zzzz")


def test_names_from_files_are_always_allowed(kept, tmp_path):
    for stem in ("C2PA-TRUST-LIST", "mit Leerzeichen (2)", "...", "ä"):
        kept.keep([NamedList(name_for(tmp_path / f"{stem}.pem"), ListKind.ANCHORS, "2026-01-01", "x")], replace=True)


def test_age_is_counted_from_the_given_moment():
    assert age_days("2026-01-01 (file date)", "2026-01-31T23:59:59Z") == 30
    assert age_days("long ago", "2026-01-31") is None
    assert not is_outdated("2026-01-01", "2026-06-30")
    assert is_outdated("2026-01-01", "2026-07-01")
