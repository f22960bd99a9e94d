"""Names of tools and a policy's list of them."""

import pytest

from scanner.judge.tool_names import is_approved


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
    ],
)
def test_is_approved(generator, approved, wanted):
    assert is_approved(generator, approved) is wanted
