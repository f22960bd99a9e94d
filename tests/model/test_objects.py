from __future__ import annotations

import pytest

from scanner.model.errors import UsageError
from scanner.model.objects import ObjectPlace, is_address, parse_address


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("s3://delivery", ObjectPlace("s3", "delivery", "")),
        ("s3://delivery/", ObjectPlace("s3", "delivery", "")),
        ("S3://delivery/ep 1/final/", ObjectPlace("s3", "delivery", "ep 1/final")),
        ("gs://a.b_c/x", ObjectPlace("gs", "a.b_c", "x")),
        ("az://$root/ü.jpg", ObjectPlace("az", "$root", "ü.jpg")),
    ],
)
def test_addresses_are_read(text: str, place: ObjectPlace) -> None:
    assert is_address(text)
    assert parse_address(text) == place


def test_a_folder_ends_with_a_slash_and_an_object_does_not() -> None:
    place = ObjectPlace("s3", "b", "ep1/a.jpg")
    assert (place.address, place.folder) == ("s3://b/ep1/a.jpg", "s3://b/ep1/a.jpg/")
    assert ObjectPlace("s3", "b", "").folder == "s3://b/"


@pytest.mark.parametrize(
    "text", ["s3://", "s3:///a", "s3://b//a", "s3://b/../a", "s3://b/a/./c", "s3://b/a//", "s3://ü/a", "s3://b:1/a"]
)
def test_what_is_no_address_is_wrong_usage(text: str) -> None:
    with pytest.raises(UsageError):
        parse_address(text)


@pytest.mark.parametrize("path", ["/Volumes/s3:/b", "s3:/b", "s3", "http://b/a", "./s3://b"])
def test_paths_are_no_addresses(path: str) -> None:
    assert not is_address(path)
