"""The user is the system's, whatever the environment says."""

import os
import pwd

from scanner.tools.user import current_user


def test_the_environment_does_not_count(monkeypatch):
    for name in ("USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.setenv(name, "somebody-else")

    assert current_user()[0] == pwd.getpwuid(os.getuid()).pw_name


def test_a_user_without_a_name(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 4_294_000_000)

    assert current_user() == ("uid 4294000000", "")


def test_the_full_name_is_the_first_part(monkeypatch):
    entry = pwd.struct_passwd(("ines", "x", 7, 7, "Ines Almeida,Room 4,,", "/", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda _: entry)

    assert current_user() == ("ines", "Ines Almeida")
