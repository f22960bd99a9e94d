from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.globs import compile_glob, folded, words_of


def fits(pattern: str, path: str) -> bool:
    """Whether the glob fits the path or, not counting its last component alone, a folder above it."""
    glob, positions = compile_glob(pattern), compile_glob(pattern).start
    components = path.split("/")
    for count, component in enumerate(components):
        if glob.fits(positions):
            return True
        positions = glob.step(positions, folded(component))
        if glob.fits(positions) and (not glob.inside or count + 1 < len(components)):
            return True
    return False


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**", "a", True),
        ("**", "a/b/c", True),
        ("GFX/**", "gfx/a.png", True),
        ("GFX/**", "gfx/deep/er/a.png", True),
        ("GFX/**", "gfx", False),
        ("GFX", "gfx", True),
        ("GFX", "gfx/a.png", True),
        ("GFX/", "gfx/a.png", True),
        ("./GFX", "gfx/a.png", True),
        ("GFX/**", "show/gfx/a.png", False),
        ("**/GFX/**", "show/gfx/a.png", True),
        ("**/GFX/**", "gfx/a.png", True),
        ("a/**/z", "a/z", True),
        ("a/**/z", "a/b/c/z", True),
        ("a/**/z", "a/b/c/y", False),
        ("**/**/z", "z", True),
        ("*/z", "a/z", True),
        ("*/z", "a/b/z", False),
        ("a*", "abc/d", True),
        ("a*c", "abxc", True),
        ("a*c", "ab/c", False),
        ("?", "x", True),
        ("?", "xy", False),
        ("v[0-3]", "v2/a", True),
        ("v[!0-3]", "v2/a", False),
        ("V[A-C]", "vb", True),
        ("[", "[", True),
        ("*.png", "a.PNG", True),
        ("*.png", "line\nbreak.png", True),
        ("*.png", "bad\udcff.png", True),
        ("caf\u00e9", "CAFE\u0301/a", True),
        ("~final", "01_FINAL/a", True),
        ("~final", "Final2/a", True),
        ("~final", "finalist/a", False),
        ("~lower-third", "x_Lower Third_y/a", True),
        ("~lower-third", "lower/third/a", False),
        ("~", "~/a", True),
        ("[~]x", "~x/a", True),
    ],
)
def test_what_a_glob_fits(pattern: str, path: str, expected: bool) -> None:
    assert fits(pattern, path) is expected


@pytest.mark.parametrize("pattern", ["", "/", "/abs", ".", "a/../b", ".."])
def test_what_is_no_glob(pattern: str) -> None:
    with pytest.raises(ValueError):
        compile_glob(pattern)


def test_more_literal_components_say_more_then_more_characters() -> None:
    rising = ["**", "*", "v?", "VFX_*", "**/gfx/**", "**/graphics/**", "a/b/**"]
    ranks = [compile_glob(pattern).specificity for pattern in rising]
    assert ranks == sorted(ranks)
    assert compile_glob("a/b").specificity == compile_glob("a/b/**").specificity


def test_words_split_at_everything_but_letters_and_between_letters_and_digits() -> None:
    assert words_of("01_final-v2 (temp).x") == ("01", "final", "v", "2", "temp", "x")
    assert words_of("été") == ("été",)


def test_a_glob_of_many_stars_stays_fast() -> None:
    assert not fits("**/a/" * 12 + "end", "a/" * 400 + "x")
    assert not fits("*a" * 12 + "b", "a" * 255)


@given(st.text(max_size=60).map(lambda text: text.replace("/", "")).filter(lambda text: text not in ("", ".", "..")))
def test_a_quoted_name_fits_itself(name: str) -> None:
    quoted = "".join(f"[{char}]" if char in "*?[~" else char for char in name)
    assert fits(quoted, name)
