from __future__ import annotations

from scanner.cli.scan_options import GROUPS, environment_name, headings, key_of, options_of_a_scan


def test_every_option_has_a_heading_a_key_and_a_variable_of_its_own() -> None:
    options = options_of_a_scan()
    keys = [key_of(option) for option in options]

    assert list(headings()) == keys
    assert len(set(keys)) == len(keys) == sum(len(group) for _, group in GROUPS)
    assert len({option.envvar for option in options}) == len(options)


def test_names_follow_from_the_long_flag() -> None:
    option = next(option for option in options_of_a_scan() if option.name == "fail_on")

    assert (key_of(option), environment_name(option)) == ("fail-on", "SCANNER_FAIL_ON")
