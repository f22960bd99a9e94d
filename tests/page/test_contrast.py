"""The colours of the page against each other, in each scheme and on paper (WCAG 2.2, 1.4.3 and 1.4.11)."""

from __future__ import annotations

import re
from importlib import resources

import pytest

FOLDER = resources.files("scanner.report") / "templates"
COLOURS = (FOLDER / "colours.css").read_text("utf-8")
PAPER = (FOLDER / "print.css").read_text("utf-8")
SCHEMES = {
    **dict(zip(("light", "dark"), re.findall(r":root \{(.*?)\}", COLOURS, re.DOTALL), strict=True)),
    "paper": re.findall(r":root \{(.*?)\}", PAPER, re.DOTALL)[0],
}
TEXTS = ("ink", "quiet", "link", "blocked", "incomplete", "review", "pass", "allowed")
GROUNDS = ("page", "sheet", "tint")


def colours_of(scheme: str) -> dict[str, str]:
    found = dict(re.findall(r"--(\w+): (#[0-9a-f]{3,6});", SCHEMES[scheme]))
    return {name: value if len(value) == 7 else "#" + "".join(digit * 2 for digit in value[1:]) for name, value in found.items()}


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_the_standards():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("text", TEXTS)
def test_texts_stand_out_from_every_ground(scheme, text):
    colours = colours_of(scheme)
    assert min(contrast(colours[text], colours[ground]) for ground in GROUNDS) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("edge", ["edge", "link"])
def test_edges_of_controls_and_the_focus_ring_stand_out(scheme, edge):
    colours = colours_of(scheme)
    assert min(contrast(colours[edge], colours[ground]) for ground in ("page", "sheet")) >= 3


def test_lines_over_pictures_show_on_any_picture():
    # A light line between dark edges: one of the two stands out from whatever lies below.
    colours = colours_of("light")
    assert contrast(colours["drawn"], colours["casing"]) >= 9
    assert not {"drawn", "casing"} & colours_of("dark").keys() & colours_of("paper").keys()


def test_every_colour_of_the_styles_is_one_of_these():
    for name in ("page.css", "parts.css", "compare.css", "filters.css"):
        used = re.findall(r"(?<![\w-])(#[0-9a-f]{3,8}\b|rgb\([^)]*\))", (FOLDER / name).read_text("utf-8"))
        assert set(used) <= {"rgb(0 0 0 / 0.5)"}, name
