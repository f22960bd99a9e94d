"""Pictures that were made, on the room's own disk space: private, bounded, gone at the end."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from scanner.review.kept_files import KeptFiles


@pytest.fixture(autouse=True)
def _temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def test_what_is_kept_comes_back_and_is_private() -> None:
    kept = KeptFiles()
    assert kept.get(("a", 1)) is None
    kept.put(("a", 1), b"picture")
    kept.put(("b", "\udcff"), b"")
    assert (kept.get(("a", 1)), kept.get(("b", "\udcff"))) == (b"picture", b"")
    assert stat.S_IMODE(os.stat(kept.folder).st_mode) == 0o700
    kept.close()


def test_the_longest_unused_goes_first() -> None:
    kept = KeptFiles(limit_bytes=30)
    for name in "abc":
        kept.put(name, name.encode() * 10)
    kept.get("a")
    kept.put("d", b"d" * 10)
    assert [kept.get(name) is not None for name in "abcd"] == [True, False, True, True]
    assert sum(each.stat().st_size for each in Path(kept.folder).iterdir()) == 30
    kept.put("e", b"e" * 31)
    assert kept.get("e") is None
    kept.close()


def test_nothing_stays_behind_and_nothing_comes_after(tmp_path: Path) -> None:
    kept = KeptFiles()
    kept.put("a", b"a")
    kept.close()
    kept.put("b", b"b")
    kept.close()
    assert list(tmp_path.iterdir()) == [] and kept.get("a") is None


def test_a_picture_that_somebody_removed_is_made_again() -> None:
    kept = KeptFiles()
    kept.put("a", b"a")
    for each in Path(kept.folder).iterdir():
        each.unlink()
    assert kept.get("a") is None
    kept.put("a", b"again")
    assert kept.get("a") == b"again"
    kept.close()
