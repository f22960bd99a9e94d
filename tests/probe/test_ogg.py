"""Ogg: the chain of pages, and what may stand behind it."""

from tests.probe.opened import damage_of


def page(content: bytes) -> bytes:
    return b"OggS" + bytes(22) + bytes([1, len(content)]) + content


PAGES = page(b"OpusHead" + bytes(11)) + page(b"OpusTags" + bytes(40)) + page(bytes(200))


def test_whole_pages_and_appended_tags():
    assert damage_of(PAGES, "opus") is None
    assert damage_of(PAGES + b"TAG" + bytes(125), "ogg") is None


def test_a_page_without_segments():
    assert damage_of(PAGES + b"OggS" + bytes(23), "ogg") is None


def test_every_cut_in_a_page_is_told():
    for end in range(len(PAGES) - 224, len(PAGES)):
        assert damage_of(PAGES[:end], "ogg") == "the file ends inside an Ogg page"


def test_bytes_between_pages():
    assert damage_of(PAGES + b"????" + page(b"more"), "ogg") == "Ogg pages do not follow each other"
