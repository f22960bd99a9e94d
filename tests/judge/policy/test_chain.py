"""A policy and what it extends: found beside the file, followed once, all of it in the digest."""

import hashlib

import pytest

from scanner.judge.policy import load_policy
from scanner.judge.policy.chain import LONGEST, read_chain
from scanner.judge.policy.loading import source_of
from scanner.judge.policy.mistakes import WrongPolicy


@pytest.fixture
def write(tmp_path):
    def writer(name, text):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return writer


def test_a_path_is_relative_to_the_file_that_extends(write):
    write("studio/house.toml", 'name = "house"\nextends = "default"\n')
    show = write("shows/one/show.toml", 'name = "show"\nextends = "../../studio/house.toml"\n')
    policy = load_policy(show)
    assert (policy.name, policy.extends) == ("show", ("house", "default"))
    assert policy.where == str(show)


def test_a_name_extends_the_shipped_policy_though_a_file_bears_it(write):
    write("default", "no policy")
    assert load_policy(write("show.toml", 'name = "show"\nextends = "default"\n')).extends == ("default",)


def test_the_digest_covers_every_file_of_the_chain(write):
    house = write("house.toml", 'name = "house"\nextends = "default"\n')
    show = write("show.toml", 'name = "show"\nextends = "house.toml"\n')
    chain = read_chain(source_of(show))
    assert len(chain.files) == 3
    joined = "".join(f"{file.sha256}\n" for file in chain.files)
    before = load_policy(show).sha256
    assert before == hashlib.sha256(joined.encode()).hexdigest()
    house.write_text('name = "house"\nextends = "default"\n# another byte\n')
    assert load_policy(show).sha256 != before


def test_a_link_is_followed_and_still_no_way_around_a_cycle(write, tmp_path):
    write("a.toml", 'name = "a"\nextends = "link.toml"\n')
    (tmp_path / "link.toml").symlink_to("a.toml")
    with pytest.raises(WrongPolicy, match="extends itself"):
        load_policy(tmp_path / "a.toml")
    (tmp_path / "right.toml").symlink_to(write("b.toml", 'name = "b"\nextends = "default"\n'))
    assert load_policy(tmp_path / "right.toml").name == "b"


def test_the_longest_chain_is_taken_and_one_more_is_not(write):
    write("p1.toml", 'name = "p1"\nextends = "default"\n')
    for number in range(2, LONGEST + 1):
        last = write(f"p{number}.toml", f'name = "p{number}"\nextends = "p{number - 1}.toml"\n')
    assert len(load_policy(last.with_name(f"p{LONGEST - 1}.toml")).extends) == LONGEST - 1
    with pytest.raises(WrongPolicy, match=r"p1\.toml:2: is the end of a chain of more than 8 policies"):
        load_policy(last)


def test_mistakes_of_a_parent_name_the_parent(write):
    parent = write("parent.toml", 'name = "parent"\nextends = "default"\n[rules.ai-hnt]\nfinal = "high"\n')
    with pytest.raises(WrongPolicy) as caught:
        load_policy(write("child.toml", 'name = "child"\nextends = "parent.toml"\n'))
    assert caught.value.where == f"{parent}:3"


def test_a_parent_that_is_not_toml_is_the_only_mistake(write):
    write("parent.toml", "name = \n")
    with pytest.raises(WrongPolicy) as caught:
        load_policy(write("child.toml", 'name = "child"\nextends = "parent.toml"\n'))
    assert len(caught.value.mistakes) == 1
