"""Names of tools and a policy's list of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanner.judge.tool_names import is_approved, tokens


@pytest.mark.parametrize(
    ("generator", "approved", "wanted"),
    [
        ("Adobe Firefly", ("Adobe Firefly",), True),
        ("adobe firefly 3", ("Adobe Firefly",), True),
        ("OpenAI DALL·E", ("openai dall-e",), True),
        ("Adobe Fireflyer", ("Adobe Firefly",), False),
        ("Firefly", ("Adobe Firefly",), False),
        ("Midjourney", (), False),
        ("Midjourney", ("",), False),
        ("", ("Adobe Firefly",), False),
        ("–", ("–",), False),
        ("ADOBE_FIREFLY v3 (Fast)", ("Topaz", "Adobe Firefly"), True),
        ("ＤＡＬＬ·Ｅ 3", ("DALL-E",), True),
        ("Wan 2.2", ("wan",), True),
        ("Taiwan", ("wan",), False),
        ("Wanda", ("wan",), False),
        ("Flux in Photoshop", ("Photoshop",), False),
        ("Midjourney", ("Midjourney v6",), False),
        ("Midjourney v6.1", ("Midjourney v6",), True),
        ("通义万相 2.1", ("通义万相",), True),
    ],
)
def test_is_approved(generator, approved, wanted):
    assert is_approved(generator, approved) is wanted


@given(st.text(max_size=12), st.lists(st.text(max_size=12), max_size=3))
def test_a_longer_list_never_takes_an_approval_back(generator, approved):
    assert not is_approved(generator, approved) or is_approved(generator, [*approved, "Another"])


@given(st.text(max_size=12).filter(tokens), st.text(max_size=12))
def test_a_name_approves_itself_and_itself_with_a_version(name, version):
    assert is_approved(name, [name])
    assert is_approved(f"{name} {version}", [name])
