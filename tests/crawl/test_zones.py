from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.crawl.zones import DEFAULT_GLOBS, ZoneMap, choose_zone, parse_zone_option
from scanner.model.errors import UsageError
from scanner.model.judging import Zone, ZoneGlob

EXAMPLES = {
    "final": [
        "final/a.jpg",
        "Finals/a.jpg",
        "01_FINAL/a.jpg",
        "FINAL_STILLS/a.jpg",
        "final-v2/a.jpg",
        "Final2/a.jpg",
        "DELIVERABLES/ep101/a.mov",
        "show/delivery 2024-05-01/a.mov",
        "Masters/a.mov",
        "dcdm/a.tif",
        "NAM/a.tif",
        "MyFilm_DCP/a.mxf",
        "temp/final/a.jpg",
        "temp/final_export/a.jpg",
        "temp_final/a.jpg",
        "final/temp/a.jpg",
        "final/ep1/x/_temp/wip/a.jpg",
        "reference/final/a.jpg",
    ],
    "temporary": [
        "temp/a.jpg",
        "_temp/a.jpg",
        "TMP/a.jpg",
        "ai_temp/a.png",
        "temp_ai/a.png",
        "GenAI_Temp/a.png",
        "Temp 01/a.png",
        "placeholders/a.png",
        "wip/a.psd",
        "02.previz/a.mov",
        "animatic/a.mov",
        "scratch/a.wav",
        "archival/temp/a.jpg",
        "temp_archival/a.jpg",
        "gfx_wip/a.png",
        "stand-ins/a.png",
    ],
    "archival": [
        "archival/a.jpg",
        "ARCHIVE/a.jpg",
        "archive_stills/a.jpg",
        "historical/a.jpg",
        "delivery/archival/a.jpg",
        "delivery/archival/temp/a.jpg",
        "archival/viet_nam/a.jpg",
        "archival_refs/a.jpg",
    ],
    "graphics": [
        "graphics/a.png",
        "03_GFX/a.png",
        "lower_thirds/a.png",
        "LowerThirds/a.png",
        "Lower Third v3/a.png",
        "motion-graphics/a.mov",
        "main titles/a.mov",
        "final/gfx/temp/a.png",
    ],
    "reference": ["reference/a.jpg", "refs/a.jpg", "_ref/a.jpg", "owned/a.jpg", "temp/references/a.jpg"],
    "unassigned": [
        "a.jpg",
        "final.jpg",
        "temp",
        "stills/final_01.jpg",
        "finalist/a.jpg",
        "semifinals/a.jpg",
        "contemporary/a.jpg",
        "temperature/a.jpg",
        "attempt/a.jpg",
        "mastering notes/a.txt",
        "preferences/a.jpg",
        "subtitles/a.srt",
        "architecture/a.jpg",
        "ai/a.png",
        "AI_images/a.png",
        "AI/genai/midjourney/a.png",
        "exports/a.mov",
        "output/a.mov",
        "offline/a.mov",
        "stock/a.mov",
        "lower/third/a.png",
        "naming/a.png",
        "viet_nam/a.jpg",
    ],
}


@pytest.mark.parametrize(("zone", "path"), [(zone, path) for zone, examples in EXAMPLES.items() for path in examples])
def test_what_the_defaults_say(zone: str, path: str) -> None:
    assert choose_zone(path).zone == zone


def test_the_reason_names_folder_and_glob() -> None:
    assert choose_zone("a/01_FINAL/temp/x.jpg").reason == "folder `01_FINAL` matches `**/~final/**`"
    assert choose_zone("x.jpg").reason == "no zone glob matches"
    user = (*DEFAULT_GLOBS, parse_zone_option("GFX/**=graphics"))
    assert choose_zone("gfx/final/x.jpg", user).reason == "path matches `GFX/**` of --zone"


def zone_with(path: str, *options: str) -> str:
    return choose_zone(path, (*DEFAULT_GLOBS, *(parse_zone_option(option) for option in options))).zone.value


@pytest.mark.parametrize(
    ("path", "options", "zone"),
    [
        ("a.jpg", ["final"], "final"),
        ("deep/er/a.jpg", ["final"], "final"),
        ("temp/a.jpg", ["final"], "final"),
        ("temp/a.jpg", ["final", "temp/**=temporary"], "temporary"),
        ("temp/a.jpg", ["temp/**=temporary", "final"], "temporary"),
        ("final/temp/a.jpg", ["**/temp/**=temporary"], "temporary"),
        ("out/temp/a.jpg", ["out/**=final"], "final"),
        ("out/gfx/a.jpg", ["out/**=final", "out/gfx=graphics"], "graphics"),
        ("out/gfx/a.jpg", ["out/gfx=graphics", "out/**=final"], "graphics"),
        ("out/a.png", ["out/**=final", "out/*.png=graphics"], "graphics"),
        ("out/a.jpg", ["out/**=final", "out/*.png=graphics"], "final"),
        ("out/a.jpg", ["out/**=final", "out=archival"], "archival"),
        ("other/gfx/a.jpg", ["out/**=final"], "graphics"),
        ("final/a.jpg", ["final/**=unassigned"], "unassigned"),
        ("a=b/x.jpg", ["a=b/**=reference"], "reference"),
        ("x/STOCK_01/a.jpg", ["**/~stock=archival"], "archival"),
    ],
)
def test_what_the_user_says_beats_defaults_and_the_most_specific_wins(path: str, options: list[str], zone: str) -> None:
    assert zone_with(path, *options) == zone


def test_the_command_line_beats_the_settings_file_at_equal_specificity() -> None:
    globs = (ZoneGlob("a/**", Zone.FINAL, "--zone"), ZoneGlob("a/**", Zone.TEMPORARY, "scanner.toml"))
    assert choose_zone("a/x", globs).zone is Zone.FINAL
    assert choose_zone("a/x", globs[::-1]).zone is Zone.FINAL


@pytest.mark.parametrize(
    ("path", "option", "zone", "reason"),
    [
        ("GFX/a", "", "temporary", "path matches `GFX/**` of policy my show"),
        ("final/temp/a", "", "temporary", "path matches `final/temp/**` of policy my show"),
        ("GFX/a", "**/a=archival", "archival", "path matches `**/a` of --zone"),
        ("GFX/a", "final", "final", "path matches `**` of --zone"),
        ("other/gfx/a", "", "graphics", "folder `gfx` matches `**/~gfx/**`"),
    ],
)
def test_a_policy_beats_the_defaults_and_yields_to_the_user(path: str, option: str, zone: str, reason: str) -> None:
    policy = [ZoneGlob(pattern, Zone.TEMPORARY, "policy my show") for pattern in ("GFX/**", "final/temp/**")]
    user = [parse_zone_option(option)] if option else []
    for globs in ((*DEFAULT_GLOBS, *policy, *user), (*user, *policy, *DEFAULT_GLOBS)):
        choice = choose_zone(path, globs)
        assert (choice.zone, choice.reason) == (zone, reason)


def test_of_two_policy_globs_the_later_wins() -> None:
    globs = (ZoneGlob("a/**", Zone.FINAL, "policy studio"), ZoneGlob("a/**", Zone.TEMPORARY, "policy show"))
    assert choose_zone("a/x", globs).reason == "path matches `a/**` of policy show"


def test_a_default_of_another_shape_loses_to_the_user_only() -> None:
    shaped = ZoneGlob("show/gfx/**", Zone.ARCHIVAL)
    assert choose_zone("show/gfx/a", (*DEFAULT_GLOBS, shaped)).zone is Zone.ARCHIVAL
    assert choose_zone("show/gfx/a", (shaped, parse_zone_option("final"))).zone is Zone.FINAL


def test_options_are_read() -> None:
    assert parse_zone_option("final") == ZoneGlob("**", Zone.FINAL, "--zone")
    assert parse_zone_option(" Final ") == ZoneGlob("**", Zone.FINAL, "--zone")
    assert parse_zone_option("GFX/**=graphics") == ZoneGlob("GFX/**", Zone.GRAPHICS, "--zone")
    assert parse_zone_option("a=final", "scanner.toml").origin == "scanner.toml"


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("finl", "Did you mean 'final'?"),
        ("GFX/**=graphix", "Did you mean 'graphics'?"),
        ("x=gfx", "Did you mean 'graphics'?"),
        ("x=temp", "Did you mean 'temporary'?"),
        ("x=archive", "Did you mean 'archival'?"),
        ("x=qqq", "Zones are final, archival"),
        ("GFX/**=", "Zones are final, archival"),
        ("", "Zones are final, archival"),
        ("=final", "is empty"),
        ("/abs/**=final", "below the root"),
        ("a/../b=final", "climbs out"),
        ("bad\nline=nope", r"bad\nline"),
    ],
)
def test_wrong_options_name_what_would_be_right(text: str, hint: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_zone_option(text)
    assert hint in str(caught.value)
    assert "\n" not in str(caught.value)


COMPONENTS = st.sampled_from(["final", "temp", "gfx", "archival", "ref", "x", "01_FINAL", "tmp_final", "bad\udcff", "ai"])


@given(st.lists(st.lists(COMPONENTS, min_size=1, max_size=6).map("/".join), max_size=20))
def test_a_map_says_the_same_in_any_order(paths: list[str]) -> None:
    forward, backward = ZoneMap(), ZoneMap()
    said = {path: forward.choose(path) for path in paths}
    assert said == {path: backward.choose(path) for path in reversed(paths)}
    assert all(choice == choose_zone(path) for path, choice in said.items())


@given(st.lists(COMPONENTS, max_size=5), st.sampled_from(["temp", "TMP", "placeholder"]))
def test_temporary_never_takes_a_deliverable_over(above: list[str], name: str) -> None:
    path = "/".join(["final", *above, "a.jpg"])
    nested = "/".join(["final", *above, name, "a.jpg"])
    assert choose_zone(nested).zone is choose_zone(path).zone


def test_many_and_deep_paths_are_fast() -> None:
    zones = ZoneMap((*DEFAULT_GLOBS, parse_zone_option("**/x/*.png=graphics")))
    started = time.process_time()
    assert zones.choose("d/" * 5000 + "a").zone is Zone.UNASSIGNED
    for number in range(20_000):
        zones.choose(f"ep{number % 50}/final/{number}.jpg")
    assert time.process_time() - started < 5
