"""Pictures laid over each other: what is seen in each view, by hand, by keyboard, without script and on paper."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from scanner.model.matching import Alteration, Relation
from scanner.model.pair import Pair, PairSide
from scanner.report.pair_page import pair_page
from tests.report.laid import REGIONS, aligned, laid, pictures
from tests.report.scans import blocked

FIRST = "document.querySelector('#asset-0 .compare')"
ASSET, ORIGINAL = (0, 0, 192), (0, 192, 0)
KEYS = {"ArrowLeft": 37, "ArrowRight": 39, "Enter": 13, " ": 32, "Home": 36}


def choose(tab, view):
    tab.evaluate(f"{FIRST}.querySelector('.views [value={view}]').click()")


def colours(tab, places, figure="of-asset"):
    """Colours on the screen at shares of the width of a picture, a third from its top."""
    tab.evaluate(f"{FIRST}.scrollIntoView()")
    box = tab.evaluate(
        f"(({{x, y, width, height}}) => [x, y, width, height])({FIRST}.querySelector('.{figure} .frame').getBoundingClientRect())"
    )
    screen = Image.open(io.BytesIO(tab.screenshot())).convert("RGB")
    return [screen.getpixel((int(box[0] + share * box[2]), int(box[1] + 0.35 * box[3]))) for share in places]


def near(colour, other):
    return all(abs(one - two) < 24 for one, two in zip(colour, other, strict=True))


def hold(tab, key, times=1):
    """Press a key that acts on what has the focus, and let it repeat."""
    text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else "")
    for number in range(times):
        code = KEYS.get(key, 0)
        tab.send("Input.dispatchKeyEvent", type="keyDown", key=key, text=text, windowsVirtualKeyCode=code, autoRepeat=number > 0)
    tab.send("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=KEYS.get(key, 0))


def visible(tab, selector):
    return tab.evaluate(f"[...{FIRST}.querySelectorAll({selector!r})].some(e => e.checkVisibility({{visibilityProperty: true}}))")


def shown_figures(tab):
    return [figure for figure in ("of-asset", "of-reference", "of-difference") if visible(tab, f".{figure}")]


def test_side_by_side_is_first_with_the_difference_beside_it(opened):
    tab = opened(laid())
    assert shown_figures(tab) == ["of-asset", "of-reference", "of-difference"]
    assert near(colours(tab, [0.5])[0], ASSET)
    assert near(colours(tab, [0.5], "of-reference")[0], ORIGINAL)
    assert near(colours(tab, [0.5], "of-difference")[0], ASSET)


def test_the_line_of_the_swipe_parts_asset_and_reference(opened):
    tab = opened(laid())
    choose(tab, "swipe")
    left, right = colours(tab, [0.4, 0.6])
    assert near(left, ASSET)
    assert near(right, ORIGINAL)


def test_the_swipe_is_moved_by_arrows_and_told_in_words(opened):
    tab = opened(laid())
    choose(tab, "swipe")
    tab.evaluate(f"{FIRST}.querySelector('.swipe input').focus()")
    for _ in range(20):
        hold(tab, "ArrowRight")
    assert tab.evaluate(f"{FIRST}.querySelector('.swipe input').ariaValueText") == "70 % this asset, 30 % the reference"
    assert [near(each, ASSET) for each in colours(tab, [0.6, 0.8])] == [True, False]
    nodes = tab.send("Accessibility.getFullAXTree")["nodes"]
    sliders = [node["name"]["value"] for node in nodes if node.get("role", {}).get("value") == "slider"]
    assert sliders == ["This asset left of the line, the reference right of it"]


def test_the_swipe_follows_a_drag_over_the_picture(opened):
    tab = opened(laid())
    choose(tab, "swipe")
    tab.evaluate(f"{FIRST}.scrollIntoView()")
    x, y, width = tab.evaluate(f"(({{x, y, width}}) => [x, y, width])({FIRST}.querySelector('.stage').getBoundingClientRect())")
    for kind, share in (("mousePressed", 0.5), ("mouseMoved", 0.2), ("mouseReleased", 0.2)):
        buttons = 0 if kind == "mouseReleased" else 1
        tab.send(
            "Input.dispatchMouseEvent", type=kind, x=x + share * width, y=y + 40, button="left", buttons=buttons, clickCount=1
        )
    assert tab.evaluate(f"{FIRST}.querySelector('.swipe input').value") == "20"


def blinked(tab):
    return near(colours(tab, [0.5])[0], ORIGINAL)


def test_blink_changes_by_hand_and_says_what_is_shown(opened):
    tab = opened(laid())
    choose(tab, "blink")
    button = f"{FIRST}.querySelector('.blink button')"
    tab.evaluate(f"{button}.focus()")
    seen = []
    for key in ("", " ", "Enter", "Enter"):
        if key:
            hold(tab, key)
        said = tab.evaluate(f"[{button}.ariaPressed, {FIRST}.querySelector('.blink [role=status]').textContent]")
        seen.append((blinked(tab), *said))
    asset, reference = (False, "false", "Shown: this asset"), (True, "true", "Shown: the reference")
    assert seen == [asset, reference, asset, reference]


@pytest.mark.parametrize("key", ["Enter", " "])
def test_a_key_held_down_does_not_make_the_picture_flash(opened, key):
    # WCAG 2.3.1: a key repeats thirty times a second, and three flashes are the limit.
    tab = opened(laid())
    choose(tab, "blink")
    tab.evaluate(
        f"{FIRST}.querySelector('.blink button').focus();"
        f"window.changes = 0; new MutationObserver(() => window.changes++).observe({FIRST}, {{attributeFilter: ['class']}})"
    )
    hold(tab, key, times=12)
    assert tab.evaluate("window.changes") <= 1


def test_b_opens_the_blink_of_the_entry_and_then_blinks(opened):
    tab = opened(laid())
    tab.evaluate("document.getElementById('asset-0').tabIndex = -1; document.getElementById('asset-0').focus()")
    tab.press("b")
    assert tab.evaluate(f"{FIRST}.dataset.view") == "blink"
    pressed = []
    for _ in range(2):
        tab.press("b")
        pressed.append(tab.evaluate(f"{FIRST}.querySelector('button').ariaPressed"))
    assert pressed == ["true", "false"]
    hold(tab, "b", times=12)
    assert tab.evaluate(f"{FIRST}.querySelector('button').ariaPressed") == "true", "once, however long it is held"


def test_b_works_from_the_views_and_the_slider_and_not_from_the_search(opened):
    tab = opened(laid())
    for control in (".views input", ".swipe input"):
        choose(tab, "swipe")
        tab.evaluate(f"{FIRST}.querySelector({control!r}).focus()")
        tab.press("b")
        assert tab.evaluate(f"{FIRST}.dataset.view") == "blink", control
    choose(tab, "swipe")
    tab.evaluate("document.getElementById('find').focus()")
    tab.press("b")
    assert tab.evaluate(f"{FIRST}.dataset.view") == "swipe"


def test_b_without_a_comparison_does_nothing(opened):
    tab = opened(blocked())
    tab.press("b")
    assert tab.console == []


def test_the_difference_lies_over_the_asset_with_its_outlines(opened):
    tab = opened(laid())
    choose(tab, "difference")
    assert shown_figures(tab) == ["of-difference"]
    assert near(colours(tab, [0.4], "of-difference")[0], ASSET)
    assert tab.evaluate(f"[...{FIRST}.querySelectorAll('.outlines text')].map(e => e.textContent)") == [
        *("1", "2", "lower third", "timecode")
    ]
    frame, box, dashes = tab.evaluate(
        f"""(() => {{ const frame = {FIRST}.querySelector('.of-difference .frame').getBoundingClientRect();
        const rect = {FIRST}.querySelector('rect.region').getBoundingClientRect();
        return [[frame.width, frame.height], [(rect.x - frame.x) / frame.width, (rect.y - frame.y) / frame.height],
            getComputedStyle({FIRST}.querySelector('rect.overlay')).strokeDasharray]; }})()"""
    )
    assert frame == pytest.approx([704, 440], abs=1)
    assert box == pytest.approx([0.5, 0.5], abs=0.01)
    assert dashes != "none"


def test_pictures_that_equal_offer_no_difference(opened):
    tab = opened(laid())
    views = (
        "[...document.querySelectorAll('#asset-0 .compare')].map(e => [...e.querySelectorAll('.views input')].map(i => i.value))"
    )
    assert tab.evaluate(views) == [["side", "swipe", "blink", "difference"], ["side", "swipe", "blink"]]


def test_controls_and_picture_have_one_width_at_any_size(opened):
    for width in (1280, 400):
        tab = opened(laid(), width=width)
        choose(tab, "swipe")
        widths = tab.evaluate(f"['.swipe input', '.stage'].map(e => {FIRST}.querySelector(e).getBoundingClientRect().width)")
        assert widths[0] == pytest.approx(widths[1], abs=1)
        assert tab.evaluate("document.documentElement.scrollWidth") == width


def test_without_script_all_three_stand_there(opened):
    tab = opened(laid())
    tab.send("Emulation.setScriptExecutionDisabled", value=True)
    try:
        tab = opened(laid())
        assert shown_figures(tab) == ["of-asset", "of-reference", "of-difference"]
        assert [visible(tab, each) for each in (".views", ".swipe", ".blink")] == [False, False, False]
        assert near(colours(tab, [0.5], "of-difference")[0], ASSET)
    finally:
        tab.send("Emulation.setScriptExecutionDisabled", value=False)


@pytest.mark.parametrize("view", ["swipe", "blink", "difference"])
def test_paper_has_both_pictures_and_the_difference_whatever_is_chosen(opened, view):
    tab = opened(laid())
    choose(tab, view)
    if view == "blink":
        tab.evaluate(f"{FIRST}.querySelector('.blink button').click()")
    tab.look(medium="print")
    assert shown_figures(tab) == ["of-asset", "of-reference", "of-difference"]
    assert [visible(tab, each) for each in (".views", ".swipe", ".blink")] == [False, False, False]
    assert near(colours(tab, [0.2], "of-reference")[0], ORIGINAL)


def test_folded_comparisons_are_printed(opened):
    tab = opened(laid(), medium="print")
    folded = "[...document.querySelectorAll('#asset-0 .compare:not([open]) .stage')].map(e => e.checkVisibility())"
    assert tab.evaluate(folded) == [True]


def test_the_page_about_one_pair_blinks_too_and_complains_of_nothing(tab, tmp_path):
    # It has neither filters nor table: the script must do without them.
    sides = [PairSide(path, "jpeg", None, 500, "") for path in ("a.jpg", "b.tif")]
    pair = Pair(*sides, False, False, None, 10, None, "", 143, aligned(), Alteration(0.1, REGIONS), Relation.ALTERED, pictures())
    path = tmp_path / "pair.html"
    path.write_text(pair_page(pair), "utf-8")
    tab.look()
    tab.open(path)
    assert tab.console == []
    tab.evaluate("document.querySelector('.views [value=blink]').click(); document.querySelector('.blink button').click()")
    assert tab.evaluate("document.querySelector('.blink [role=status]').textContent") == "Shown: the reference"
    tab.press("b")
    assert tab.evaluate("document.querySelector('.blink button').ariaKeyShortcuts") is None
