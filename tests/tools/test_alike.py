from scanner.tools.alike import ByIdentity


def text(value):
    return "".join(list(value))


def test_a_value_is_found_by_the_very_objects_only():
    known = ByIdentity()
    one, other = text("jpeg"), text("jpeg")
    known.put((one, 1), "worked out")
    assert known.get((one, 1)) == "worked out"
    assert (known.get((other, 1)), known.get((one,))) == (None, None)


def test_no_other_object_takes_the_place_of_one_that_is_known():
    known = ByIdentity(most=10_000)
    for number in range(5_000):
        known.put((text(f"{number} a"),), number)
    assert all(known.get((text(f"{number} b"),)) is None for number in range(5_000))


def test_all_are_forgotten_when_there_are_too_many():
    known, things = ByIdentity(most=2), [text("one"), text("two"), text("three")]
    for number, thing in enumerate(things):
        assert known.is_full == (number == 2)
        known.put((thing,), number)
    assert [known.get((thing,)) for thing in things] == [None, None, 2]
    assert list(known) == [((things[2],), 2)]
